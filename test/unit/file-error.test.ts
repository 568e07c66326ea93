import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileErrorCode, fileErrorReason } from "../../server/core/file-error.ts";
import { makeFolder } from "../support/tree.ts";

function failure(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing failed");
}

test("an error of the file system has a code and a reason in words", () => {
  const folder = makeFolder();
  const error = failure(() => readFileSync(folder));
  expect([fileErrorCode(error), fileErrorReason(error)]).toEqual(["EISDIR", "a folder is in its place"]);
  const long = failure(() => {
    mkdirSync(join(folder, "x".repeat(5000)));
  });
  expect(fileErrorReason(long)).toBe("its name is too long");
});

test("a code without words keeps the system's own", () => {
  const error = failure(() => readFileSync(join(makeFolder(), "absent")));
  expect(fileErrorCode(error)).toBe("ENOENT");
  expect(fileErrorReason(error)).toContain("no such file or directory");
});

test("any other error has no code", () => {
  expect(fileErrorCode(new TypeError("x"))).toBeUndefined();
  expect(fileErrorReason(new TypeError("x"))).toBe("x");
  expect(fileErrorReason("words")).toBe("words");
  expect(fileErrorCode(undefined)).toBeUndefined();
});
