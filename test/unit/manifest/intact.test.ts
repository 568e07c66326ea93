import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ManifestDocument } from "../../../server/core/manifest/document.ts";
import { intactValues } from "../../../server/core/manifest/intact.ts";
import { inspectManifest } from "../../../server/core/manifest/read.ts";

describe("the intact values of a text", () => {
  it("are all values of a valid one", () => {
    const text = 'a = [1, "x", { b = true }]\n[c.d]\ne = 1979-05-27\n[[f]]\ng = 1\n';
    const document = new ManifestDocument(text);
    expect(intactValues(document).values).toEqual(document.toValues());
  });

  it("lack what a fault touches, and nothing else", () => {
    const { values } = intactValues(new ManifestDocument('a = "open\nb = [1, 2x, 3]\nc = "bad \\q"\nd = 4\n'));
    expect(values).toEqual(Object.assign(Object.create(null), { b: [1, 3], d: 4 }));
  });

  it("are located where they stand, though elements before them are left out", () => {
    const text = "a = [1x, [2x, 3]]\n";
    const { manifest, complete } = inspectManifest("/project/pyproject.toml", text);
    expect(complete).toBe(false);
    expect(manifest.values["a"]).toEqual([[3]]);
    const range = manifest.locate(["a", 0, 0]).range;
    expect(text.slice(range?.start.character, range?.end.character)).toBe("3");
  });
});

describe("a reading without smol-toml's judgement", () => {
  it("gives the same values and problems for any text that typing may make of a manifest", () => {
    const whole =
      '[tool.zlig]\nextensions = [{ name = "a.b", sources = ["x/*.c"] }] # c\nwheel.exclude = [\n  "a",\n]\n[x]\ny = 1.5e3\n';
    fc.assert(
      fc.property(
        fc.nat(whole.length),
        fc.nat(10),
        fc.constantFrom("", '"', "[", "=", "\n", ","),
        (at, length, added) => {
          const text = whole.slice(0, at) + added + whole.slice(at + length);
          const quick = inspectManifest("/p/pyproject.toml", text, false);
          const judged = inspectManifest("/p/pyproject.toml", text);
          expect(quick.manifest.values).toEqual(judged.manifest.values);
          expect(quick.problems.map(({ message }) => message)).toEqual(judged.problems.map(({ message }) => message));
        },
      ),
      { numRuns: 500 },
    );
  });
});
