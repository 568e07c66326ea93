import { describe, expect, test } from "vitest";
import { asZligError } from "../../../server/cli/main.ts";
import { ZligError } from "../../../server/core/error.ts";

function systemError(code: string, path?: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: words of the system`), {
    code,
    syscall: "open",
    ...(path === undefined ? {} : { path }),
  });
}

describe("what a failure is to the user", () => {
  test("an error of Zlig stays as it is", () => {
    const error = new ZligError("zig-missing", "none");
    expect(asZligError(error, false)).toBe(error);
  });

  test("whatever fails after a cancellation is the cancellation", () => {
    for (const error of [new ZligError("tool-failed", "killed"), new Error("x"), undefined])
      expect(asZligError(error, true)).toMatchObject({ code: "cancelled", message: "Cancelled", exitCode: 130 });
    expect(asZligError(new ZligError("cancelled", "deep inside"), false).message).toBe("Cancelled");
  });

  test("a full disk is the environment's fault", () => {
    expect(asZligError(systemError("ENOSPC", "/x/y"), false)).toMatchObject({
      code: "output-unwritable",
      message: "The disk is full: /x/y",
      exitCode: 3,
    });
    expect(asZligError(systemError("EDQUOT"), false).message).toBe("The disk is full");
  });

  test("a refusal of the system is the environment's fault", () => {
    for (const code of ["EACCES", "EPERM", "EROFS"])
      expect(asZligError(systemError(code, "/x"), false)).toMatchObject({ code: "output-unwritable", exitCode: 3 });
    expect(asZligError(systemError("EMFILE"), false)).toMatchObject({ code: "tool-failed", exitCode: 3 });
  });

  test("anything else is a bug to report, whatever was thrown", () => {
    const bug = asZligError(new TypeError("x is undefined"), false);
    expect(bug).toMatchObject({ code: "internal", message: "Zlig failed: x is undefined", exitCode: 3 });
    expect(bug.hint).toContain("report it");
    expect(asZligError("a text", false).message).toBe("Zlig failed: a text");
    expect(asZligError(undefined, false).message).toBe("Zlig failed: undefined");
  });
});
