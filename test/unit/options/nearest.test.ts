import fc from "fast-check";
import { expect, test } from "vitest";
import { nearest } from "../../../server/core/options/nearest.ts";

const keys = ["include-dirs", "libraries", "library-dirs", "sources", "name", "c-std", "cpp-std", "optimize"];

test.each([
  ["include_dirs", "include-dirs"],
  ["Include-Dirs", "include-dirs"],
  ["includedirs", "include-dirs"],
  ["librarys", "libraries"],
  ["library-dir", "library-dirs"],
  ["soruces", "sources"],
  ["nmae", "name"],
  ["cstd", "c-std"],
  ["cxx-std", "cpp-std"],
  ["optimise", "optimize"],
])("%s means %s", (word, meant) => {
  expect(nearest(word, keys)).toBe(meant);
});

test.each(["", "zzz", "headers", "x".repeat(10_000)])("nothing is near to %.20j", (word) => {
  expect(nearest(word, keys)).toBeUndefined();
});

test("a swap of neighbours is one mistake, so that short words are found", () => {
  expect(nearest("ba", ["ab"])).toBe("ab");
});

test("without candidates nothing is near", () => {
  expect(nearest("name", [])).toBeUndefined();
});

test("a word is nearest to itself, whatever else there is", () => {
  const words = fc.array(fc.stringMatching(/^[a-z][a-z-]{0,12}$/), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(words, (candidates) => {
      for (const word of candidates) expect(nearest(word, candidates)).toBe(word);
    }),
  );
});

test("what is suggested is one of the candidates", () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string(), { maxLength: 8 }), (word, candidates) => {
      const found = nearest(word, candidates);
      if (found !== undefined) expect(candidates).toContain(found);
    }),
  );
});
