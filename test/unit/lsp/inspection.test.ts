import { mkdtempSync, mkdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { inspectManifest } from "../../../server/core/manifest/read.ts";
import { inspectFiles, inspectText } from "../../../server/lsp/inspection.ts";
import { covered } from "../../support/language-client.ts";

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function projectWith(files: Readonly<Record<string, string>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "zlig-inspection-")));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function textProblems(text: string): readonly string[] {
  const reading = inspectManifest("/project/pyproject.toml", text);
  return inspectText(reading).problems.map(({ code, location }) =>
    location?.range === undefined ? code : `${code} at ${covered(text, location.range)}`,
  );
}

async function fileProblems(root: string, text: string): Promise<readonly string[]> {
  const reading = inspectManifest(join(root, "pyproject.toml"), text);
  const { problems } = await inspectFiles(reading, root, () => Promise.resolve("void PyInit_x(void) {}"));
  return problems.map(({ code, location }) =>
    location?.range === undefined ? code : `${code} at ${covered(text, location.range)}`,
  );
}

const head = '[build-system]\nrequires = ["zlig"]\nbuild-backend = "zlig"\n[project]\nname = "demo"\nversion = "1"\n';

describe("a manifest that is broken elsewhere", () => {
  it.each([
    ["an open string", 'k = "open\n'],
    ["an open array", "k = [1,\n"],
    ["a key without a value", "key =\n"],
    ["an open header", "[open\n"],
    ["a bare word", "k = word\n"],
    ["an unfinished key", "key\n"],
  ])("is still checked in its intact tables, with %s", (_what, broken) => {
    const text = `[tool.other]\n${broken}\n[tool.zlig]\npakages = []\nextensions = [{ name = 1, sources = ["a.c"] }]\n`;
    const found = textProblems(text);
    expect(found).toContain("unknown-key at pakages");
    expect(found).toContain("wrong-type at 1");
    expect(found.some((one) => one.startsWith("toml-syntax"))).toBe(true);
  });

  it("is not blamed for lacking what the fault may hide", () => {
    const text = `${head}[[tool.zlig.extensions]]\nname = "a"\nsources = ["a.c\n`;
    expect(textProblems(text).filter((one) => !one.startsWith("toml-syntax"))).toEqual([]);
  });

  it("is blamed for what an intact extension lacks while another is typed", () => {
    const text = `${head}[[tool.zlig.extensions]]\nname = "a"\n[[tool.zlig.extensions]]\nname = "b\n`;
    expect(textProblems(text)).toContain("missing-key at [[tool.zlig.extensions]]");
  });

  it("has its globs held against the files where they are whole", async () => {
    const root = projectWith({ "demo/__init__.py": "", "demo/x.c": "" });
    const text = `${head}[tool.zlig]\nextensions = [{ name = "demo.x", sources = ["demo/*.c", "no/*.c", "dem\n`;
    expect(await fileProblems(root, text)).toEqual(['glob-empty at "no/*.c"']);
  });

  it("shows problems behind a broken element at their own place", () => {
    const text = `${head}[tool.zlig]\npackages = [1x, "a\\\\b"]\n`;
    expect(textProblems(text)).toContain('glob-syntax at "a\\\\b"');
  });

  it("never makes the checks throw, wherever the text is cut", async () => {
    const root = projectWith({ "demo/__init__.py": "", "demo/x.c": "" });
    const whole = `${head}dynamic = ["description"]\n[tool.zlig]\npackages = ["demo"]\nextensions = [{ name = "demo.x", sources = ["demo/*.c", { path = "b.c", define-macros = { A = 1 } }], py-limited-api = "3.9" }]\n[tool.zlig.wheel]\ndata = { "share" = ["x"] }\n`;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length),
        fc.nat(40),
        fc.constantFrom("", '"', "]", "=", "{", "\n"),
        async (at, length, added) => {
          const text = whole.slice(0, at) + added + whole.slice(at + length);
          textProblems(text);
          await fileProblems(root, text);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("a manifest with a wrong value", () => {
  it("has the rest held against the files", async () => {
    const root = projectWith({ "demo/__init__.py": "", "demo/x.c": "" });
    const text = `${head}[tool.zlig]\nunknown = 1\nextensions = [{ name = 7, sources = ["a"] }, { name = "demo.x", sources = [true, "gone.c"] }]\n`;
    expect(await fileProblems(root, text)).toEqual(['glob-empty at "gone.c"']);
  });

  it("is not said to lie outside packages that may be the wrong value", async () => {
    const root = projectWith({ "demo/__init__.py": "", "demo/x.c": "" });
    const text = `${head}[tool.zlig]\npackages = [1]\nextensions = [{ name = "other.x", sources = ["demo/x.c"] }]\n`;
    expect(await fileProblems(root, text)).toEqual([]);
  });
});
