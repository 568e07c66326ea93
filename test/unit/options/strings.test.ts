import { describe, expect, test } from "vitest";
import type { StringRole } from "../../../server/core/options/option.ts";
import { checkString } from "../../../server/core/options/strings.ts";

const accepted: readonly (readonly [StringRole, ...string[]])[] = [
  ["text", "", "anything, also\nlines", "ä"],
  ["glob", "a.c", "src/**/*.c", "!src/x.c", "src/{a,b}.c", "a..b/c...c", "[ab].c", "...", "src/größe.c", "./a.c"],
  ["path", "include", "/usr/include", "../up", "C:/Windows"],
  ["module-name", "_speedups", "a.b._c", "größe.模块", "console.x", "match", "type"],
  ["macro-name", "NDEBUG", "_x1", "SQUARE(x)", "LOG(fmt, ...)"],
  ["macro-value", "", '"text"', "1 + 2"],
  ["flag", "-O2", "-DX=a b", "x"],
  ["library", "z", "stdc++", "ssl.1.1"],
  ["standard", "c11", "c++17", "gnu++2b", "gnu17", "iso9899:1999"],
  ["python-version", "3.2", "3.9", "3.15"],
  ["build-tag", "1", "2abc", "1_x.y"],
];

const refused: readonly (readonly [StringRole, code: string, ...string[]])[] = [
  ["glob", "invalid-value", "", "!"],
  ["glob", "glob-syntax", "a\\b.c", "/abs/*.c", "!/abs.c", "C:/x.c", "c:x"],
  [
    "glob",
    "path-outside-project",
    "..",
    "../x.c",
    "a/../b.c",
    "a/..",
    "!../x.c",
    "{..,src}/*.c",
    "src/{a,..}/x.c",
    "@(..|a)/x.c",
  ],
  ["path", "invalid-value", ""],
  ["path", "glob-syntax", "vendor\\lib"],
  [
    "module-name",
    "invalid-name",
    "",
    "a.",
    ".a",
    "a..b",
    "1a",
    "a-b",
    "a b",
    "demo.class",
    "None.x",
    "demo.con",
    "NUL",
    "a.b.com1",
  ],
  ["macro-name", "invalid-value", "", "1A", "A=1", "A B", "-DA"],
  ["macro-value", "invalid-value", "a\nb", "a\rb"],
  ["flag", "invalid-value", ""],
  ["library", "invalid-value", "", "lib/z", "a b", "a\\b", "-lz"],
  ["standard", "invalid-value", "", "11", "C11", "c", "c++ 17"],
  ["python-version", "invalid-value", "", "3", "2.7", "3.1", "3.9.1", "3.x", "cp39", "3.09"],
  ["build-tag", "invalid-value", "", "a1", "1-2", "1 "],
];

describe("a string is taken by its role", () => {
  test.each(accepted.flatMap(([role, ...values]) => values.map((value) => [role, value] as const)))(
    "%s: %j",
    (role, value) => {
      expect(checkString(role, value)).toBeUndefined();
    },
  );
});

describe("a string is refused by its role", () => {
  test.each(refused.flatMap(([role, code, ...values]) => values.map((value) => [role, code, value] as const)))(
    "%s, %s: %j",
    (role, code, value) => {
      expect(checkString(role, value)?.code).toBe(code);
    },
  );
});

test.each([...accepted.map(([role]) => role)])("no string has a NUL character: %s", (role) => {
  expect(checkString(role, "a\0b")).toMatchObject({ code: "invalid-value", message: "the text has a NUL character" });
});

test("a path with backslashes is shown with slashes", () => {
  expect(checkString("glob", "src\\a\\*.c")?.hint).toBe('Use `/` between folders: "src/a/*.c".');
});

test("the part of a module name that is wrong is told", () => {
  expect(checkString("module-name", "a.1b.c")?.message).toBe(
    '"a.1b.c" is no dotted Python name: "1b" is no identifier',
  );
  expect(checkString("module-name", "a..c")?.message).toBe('"a..c" is no dotted Python name: a part is empty');
});
