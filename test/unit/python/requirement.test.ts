import { describe, expect, test } from "vitest";
import { PackagingSyntaxError } from "../../../server/core/python/packaging-syntax-error.ts";
import { formatRequirement, parseRequirement } from "../../../server/core/python/requirement.ts";

function errorOf(text: string): PackagingSyntaxError {
  try {
    parseRequirement(text);
  } catch (error) {
    if (error instanceof PackagingSyntaxError) return error;
  }
  throw new Error(`${text} was accepted`);
}

describe("a requirement", () => {
  test.for([
    [" Foo.Bar ", "Foo.Bar"],
    ["a[ Z , y ]( >=1 , <2 )", "a[Z,y]<2,>=1"],
    ["a [] >= 1,", "a>=1"],
    ["a~=1.4;os_name=='nt'", 'a~=1.4; os_name == "nt"'],
    ["a@https://x.y/z.whl#sha256=0", "a @ https://x.y/z.whl#sha256=0"],
    ["a @ git+https://x.y/z@v1 ; os_name == 'nt'", 'a @ git+https://x.y/z@v1 ; os_name == "nt"'],
    ["a @ file:///x;y", "a @ file:///x;y"],
    ["a===1.0-odd", "a===1.0-odd"],
  ])("%j is written as %j", ([text = "", canonical]) => {
    expect(formatRequirement(parseRequirement(text))).toBe(canonical);
  });

  test.for([
    ["", 0, 0, "begins with the name"],
    ["-x", 0, 2, "begins with the name"],
    ["numpy 1.20", 6, 10, "version specifier"],
    ["numpy>=1.20 <2", 12, 14, "version specifier"],
    ["numpy>=1,=2", 9, 11, "begins with one of"],
    ["numpy (>=1", 6, 7, "not closed"],
    ["numpy>=1.0.*", 5, 12, "`.*` goes only with"],
    ["numpy~=1", 5, 8, "two numbers"],
    ["a[x y]", 4, 4, "comma"],
    ["a[x", 1, 2, "not closed"],
    ["a[x,]", 4, 4, "after the comma"],
    ["a @ ", 4, 4, "URL is missing"],
    ["a @ https://x.y z", 16, 17, "after the URL"],
    ["a @ https://x.y\n", 15, 15, "line break"],
    ["a; os_name == nt", 14, 16, "quotes"],
    ["a; os_name == 'nt' b", 19, 20, "`and` or `or`"],
    ["a-", 1, 2, "version specifier"],
    ["a\n", 1, 2, "version specifier"],
  ] as const)("%j is refused where it is wrong", ([text, start, end, message]) => {
    const error = errorOf(text);
    expect([error.start, error.end]).toEqual([start, end]);
    expect(error.message).toContain(message);
  });
});
