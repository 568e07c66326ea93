import { posix } from "node:path";
import { expect, test } from "vitest";
import { readCompileArguments } from "../../../extension/compile-arguments.ts";

const read = (...args: string[]): ReturnType<typeof readCompileArguments> =>
  readCompileArguments(args, "/project", (folder, path) => posix.resolve(folder, path));

test("include folders are found in every form, in order, and made absolute", () => {
  expect(
    read("-Isrc", "-I", "/usr/include", "-isystem", "vendor", "-isystem/opt/x", "-iquote", "q").includePath,
  ).toEqual(["/project/src", "/usr/include", "/project/vendor", "/opt/x", "/project/q"]);
});

test("a later -U takes a macro away, and only that one", () => {
  expect(read("-DA", "-D", "B=1", "-DAB=2", "-UA", "-U", "B").defines).toEqual(["AB=2"]);
  expect(read("-UA", "-DA=3").defines).toEqual(["A=3"]);
});

test("the last standard wins", () => {
  expect(read("-std=c99", "-std=c11").standard).toBe("c11");
  expect(read("-O2").standard).toBeUndefined();
});

test("values of other flags are not taken for flags or sources", () => {
  expect(read("clang", "-o", "-Dnot", "-MF", "-Inot", "-x", "c++", "a.c")).toEqual({
    includePath: [],
    defines: [],
    standard: undefined,
    others: [],
  });
});

test("what changes how a source is read is kept, what tunes the code is not", () => {
  expect(read("-fno-exceptions", "-funsigned-char", "-maes", "-mcpu=native", "-O3", "-pthread").others).toEqual([
    "-fno-exceptions",
    "-maes",
    "-pthread",
  ]);
});
