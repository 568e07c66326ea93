import { describe, expect, test } from "vitest";
import { PackagingSyntaxError } from "../../../server/core/python/packaging-syntax-error.ts";
import {
  formatSpecifierSet,
  parseSpecifier,
  parseSpecifierSet,
  specifierContains,
  specifierSetContains,
} from "../../../server/core/python/specifier.ts";

function errorOf(text: string): PackagingSyntaxError {
  try {
    parseSpecifierSet(text);
  } catch (error) {
    if (error instanceof PackagingSyntaxError) return error;
  }
  throw new Error(`${text} was accepted`);
}

describe("a set of version specifiers", () => {
  test.for([
    [">=3.8", ">=3.8"],
    [" >= 3.8 , != 3.9.* ,, <4 ", "!=3.9.*,<4,>=3.8"],
    ["==1.0,==1", "==1"],
    ["~=1.0,~=1.0.0", "~=1.0,~=1.0.0"],
    ["===whatever/it:is", "===whatever/it:is"],
    ["", ""],
  ])("%j is written as %j", ([text = "", canonical]) => {
    expect(formatSpecifierSet(parseSpecifierSet(text))).toBe(canonical);
  });

  test.for([
    [">=3.8, 3.9", 7, 10, "operator"],
    ["=>3.8", 0, 5, "begins with one of"],
    ["<4,>=3.8.*", 3, 10, "`.*` goes only with"],
    ["~=1", 0, 3, "two numbers"],
    [">=1.0+x", 0, 7, "local version"],
    ["==x", 0, 3, "is not a version"],
  ] as const)("%j is refused at its wrong clause", ([text, start, end, message]) => {
    const error = errorOf(text);
    expect([error.start, error.end]).toEqual([start, end]);
    expect(error.message).toContain(message);
  });
});

describe("a version", () => {
  test.for([
    ["==1.0", "1.0.0+local", true],
    ["==1.0+a", "1.0", false],
    ["==1.0.*", "1", true],
    ["==1.0.*", "1.0.dev1", true],
    ["!=1.0.*", "1.1", true],
    ["~=2.2", "2.10", true],
    ["~=2.2", "3.0", false],
    ["~=2.2.post3", "2.2", false],
    [">1.0", "1.0.post1", false],
    [">1.0", "1.0+local", false],
    [">1.0", "1.0.1", true],
    [">1.0.post1", "1.0.post2", true],
    [">1.0.dev1", "1.0.dev1+x", false],
    ["<1.0", "1.0rc1", false],
    ["<1.0rc2", "1.0rc1", true],
    ["<=1.0", "1.0+local", true],
    [">=1.0", "2.0a1", true],
    ["===1.0", "1.0.0", false],
    ["===Odd", "odd", true],
    [">=1", "odd", false],
  ] as const)("meets or fails %s: %s, %s", ([specifier, candidate, expected]) => {
    expect(specifierContains(parseSpecifier(specifier), candidate)).toBe(expected);
  });

  test("meets a set only if it meets all of it", () => {
    const set = parseSpecifierSet(">=1,<2");
    expect(specifierSetContains(set, "1.5")).toBe(true);
    expect(specifierSetContains(set, "2")).toBe(false);
  });
});
