import { expect, test } from "vitest";
import { languageOf, sourceSuffixes } from "../../../server/core/project/language.ts";

test.each([
  ["a.c", "c"],
  ["a/b.cc", "c++"],
  ["a.cpp", "c++"],
  ["a.cxx", "c++"],
  ["a.C", "c++"],
  ["a.m", "objective-c"],
  ["a.mm", "objective-c++"],
  ["a.S", "assembler-with-cpp"],
  ["a.s", "assembler"],
  ["a.b.c", "c"],
  [".c", "c"],
  ["a.h", undefined],
  ["a.CPP", undefined],
  ["a", undefined],
  ["folder.c/readme", undefined],
  ["a.constructor", undefined],
  ["a.", undefined],
])("%s is %s", (path, language) => {
  expect(languageOf(path)).toBe(language);
});

test("every suffix of a source has a language", () => {
  for (const suffix of sourceSuffixes) expect(languageOf(`x${suffix}`)).toBeDefined();
});
