import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Problems } from "../../../server/core/error.ts";
import { inspectManifest } from "../../../server/core/manifest/read.ts";
import { pruneOptions } from "../../../server/core/options/prune.ts";
import { validateOptions } from "../../../server/core/options/validate.ts";

function pruned(text: string) {
  return pruneOptions(inspectManifest("/project/pyproject.toml", `[tool.zlig]\n${text}\n`).manifest);
}

describe("pruning", () => {
  it("leaves options that are right as they are", () => {
    const text = 'packages = []\nextensions = [{ name = "a", sources = ["a.c", { path = "b.c" }] }]';
    const { manifest } = inspectManifest("/project/pyproject.toml", `[tool.zlig]\n${text}`);
    const { options, pruned: changed } = pruneOptions(manifest);
    expect(changed).toBe(false);
    expect(options).toEqual(validateOptions(manifest, new Problems()));
  });

  it("takes out what is wrong, and whatever lacks what it must have then", () => {
    const { options, pruned: changed } = pruned(
      'unknown = 1\npackages = ["a", 1]\nextensions = [{ name = "1" , sources = ["x"] }, { name = "b", sources = [2] }, { name = "c", sources = ["c.c", 3], optimize = "fast" }]',
    );
    expect(changed).toBe(true);
    expect(options).toEqual({ packages: ["a"], extensions: [{ name: "c", sources: ["c.c"] }] });
  });

  it("locates what is left where it stands", () => {
    const text = 'extensions = [1, { name = "c", sources = [2, "c.c"] }]';
    const { manifest } = pruned(text);
    const range = manifest.locate(["tool", "zlig", "extensions", 0, "sources", 0]).range;
    expect(text.slice(range?.start.character, range?.end.character)).toBe('"c.c"');
  });

  it("always leaves what the option table allows", () => {
    const value = fc.oneof(
      fc.constant('"a.c"'),
      fc.constant("1"),
      fc.constant("true"),
      fc.constant("[]"),
      fc.constant("{}"),
      fc.constant('["x", 1]'),
    );
    const key = fc.constantFrom("name", "sources", "libraries", "optimize", "define-macros", "optional", "odd");
    const table = fc
      .uniqueArray(fc.tuple(key, value), { selector: ([name]) => name })
      .map((pairs) => `{ ${pairs.map(([name, text]) => `${name} = ${text}`).join(", ")} }`);
    fc.assert(
      fc.property(fc.array(table, { maxLength: 4 }), (tables) => {
        const { options } = pruned(`extensions = [${tables.join(", ")}]`);
        const problems = new Problems();
        const file = "/project/pyproject.toml";
        validateOptions(
          { file, text: "", values: { tool: { zlig: options as never } }, locate: () => ({ file }) },
          problems,
        );
        expect(problems.all).toEqual([]);
      }),
    );
  });
});
