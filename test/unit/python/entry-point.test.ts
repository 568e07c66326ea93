import { describe, expect, test } from "vitest";
import {
  entryPointNameProblem,
  isEntryPointGroup,
  normalizeObjectReference,
} from "../../../server/core/python/entry-point.ts";
import { PackagingSyntaxError } from "../../../server/core/python/packaging-syntax-error.ts";

describe("an object reference", () => {
  test.for([
    ["a.b:c.d", "a.b:c.d"],
    [" a.b : c [x , y] ", "a.b:c [x,y]"],
    ["a.b", "a.b"],
  ])("%j is written as %j", ([text = "", plain]) => {
    expect(normalizeObjectReference(text, false)).toBe(plain);
  });

  test.for(["", "a:", ":b", "a..b", "a:b:c", "a-b:c", "a b:c", "a:b [", "a:b [x] y", "a:b [-]", "a:b()", "a\nb:c"])(
    "%j is refused",
    (text) => {
      expect(() => normalizeObjectReference(text, false)).toThrow(PackagingSyntaxError);
    },
  );

  test("of a script needs a function", () => {
    expect(() => normalizeObjectReference("a.b", true)).toThrow("the function is missing");
  });
});

describe("the name of an entry point", () => {
  test.for(["a", "a-b.c_d", "größe", "with space", "a:b"])("may be %j", (name) => {
    expect(entryPointNameProblem(name, "plugins")).toBeUndefined();
  });

  test.for(["", " a", "a ", "a=b", "[a", "#a", "a\nb"])("may not be %j", (name) => {
    expect(entryPointNameProblem(name, "plugins")).toBeTypeOf("string");
  });

  test.for(["../a", "a\\b", "a:b", "..", "a?"])("may not be %j for a script", (name) => {
    expect(entryPointNameProblem(name, "console_scripts")).toContain("name of a file");
  });

  test("stands in a group of words with dots", () => {
    expect(["pytest11", "babel.extractors", "a-b", "a..b", "", "a\n"].map(isEntryPointGroup)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
