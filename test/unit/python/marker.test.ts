import { describe, expect, test } from "vitest";
import type { MarkerEnvironment } from "../../../server/core/python/marker.ts";
import { evaluateMarker, formatMarker, parseMarker, withExtra } from "../../../server/core/python/marker.ts";
import { PackagingSyntaxError } from "../../../server/core/python/packaging-syntax-error.ts";

const environment: MarkerEnvironment = {
  implementation_name: "cpython",
  implementation_version: "3.10.4",
  os_name: "posix",
  platform_machine: "x86_64",
  platform_python_implementation: "CPython",
  platform_release: "6.1.0-13-amd64",
  platform_system: "Linux",
  platform_version: "#1 SMP",
  python_full_version: "3.10.4",
  python_version: "3.10",
  sys_platform: "linux",
};

function errorOf(action: () => unknown): PackagingSyntaxError {
  try {
    action();
  } catch (error) {
    if (error instanceof PackagingSyntaxError) return error;
  }
  throw new Error("no error");
}

describe("a marker", () => {
  test.for([
    ["os.name=='nt'", 'os_name == "nt"'],
    ["python_implementation == 'x'", 'platform_python_implementation == "x"'],
    ["((os_name == 'a'))", 'os_name == "a"'],
    [
      "(os_name=='a'or os_name=='b')and sys_platform not  in 'c'",
      '(os_name == "a" or os_name == "b") and sys_platform not in "c"',
    ],
    ["extra == 'A_b' and os_name == 'A_b'", 'extra == "a-b" and os_name == "A_b"'],
    ["'A_b' in extras", '"a-b" in extras'],
    [`os_name == 'a"b'`, `os_name == 'a"b'`],
    ["os_name == '\\t'", 'os_name == "\t"'],
  ])("%j is written as %j", ([text = "", canonical]) => {
    expect(formatMarker(parseMarker(text))).toBe(canonical);
  });

  test.for([
    ["os_nam == 'nt'", 0, 6, "`os_nam` is no marker variable"],
    ["os_name = 'nt'", 8, 8, "an operator is missing"],
    ["os_name == nt", 11, 13, "quotes"],
    ["(os_name == 'nt'", 0, 1, "not closed"],
    ["os_name == 'nt' os_name == 'x'", 16, 30, "`and` or `or` is missing"],
    ["os_name == 'nt' and", 19, 19, "is missing here"],
    [`os_name == '\\x22\\x27'`, 11, 21, "both kinds of quotes"],
    ["os_name == '\\x2'", 11, 16, "not a valid quoted string"],
    ["", 0, 0, "is missing here"],
  ] as const)("%j is refused where it is wrong", ([text, start, end, message]) => {
    const error = errorOf(() => parseMarker(text));
    expect([error.start, error.end]).toEqual([start, end]);
    expect(error.message).toContain(message);
  });

  test("is refused where its parentheses are nested too deeply", () => {
    expect(errorOf(() => parseMarker("(".repeat(100_000))).message).toContain("too deeply");
  });

  test.for([
    ["python_version >= '3.9'", true],
    ["python_version < '3.9'", false],
    ["'3.9' <= python_version", true],
    ["python_version in '3.9 3.10'", true],
    ["python_version ~= '3.8'", true],
    ["python_full_version == '3.10.*'", true],
    ["platform_release >= '6'", false],
    ["platform_machine > 'a'", false],
    ["platform_machine >= 'x86_64'", true],
    ["'64' in platform_machine and sys_platform != 'win32'", true],
    ["os_name == 'nt' or os_name == 'posix' and sys_platform == 'linux'", true],
    ["(os_name == 'posix' or os_name == 'nt') and sys_platform == 'win32'", false],
    ["os_name == 'posix' or os_name == 'nt' and sys_platform == 'win32'", true],
    ["extra == 'x'", false],
    ["os_name != os_name", false],
  ] as const)("%s holds: %s", ([text, expected]) => {
    expect(evaluateMarker(parseMarker(text), environment)).toBe(expected);
  });

  test("holds for an extra in any spelling", () => {
    expect(evaluateMarker(parseMarker("extra == 'a-B'"), { ...environment, extra: "A_b" })).toBe(true);
  });

  test("understands the version of a Python built from a checkout", () => {
    const checkout = { ...environment, python_full_version: "3.14.0+" };
    expect(evaluateMarker(parseMarker("python_full_version >= '3.14'"), checkout)).toBe(true);
  });

  test.for([
    ["os_name == 'posix' or sys_platform ~= 'linux'", 22, 45],
    ["'x' in extras", 0, 13],
  ] as const)("%s cannot be evaluated, and says where", ([text, start, end]) => {
    const error = errorOf(() => evaluateMarker(parseMarker(text), environment));
    expect([error.start, error.end]).toEqual([start, end]);
  });

  test.for([
    ["os_name == 'a' and os_name == 'b'", 'os_name == "a" and os_name == "b" and extra == "x-y"'],
    ["os_name == 'a' or os_name == 'b'", '(os_name == "a" or os_name == "b") and extra == "x-y"'],
    ["((os_name == 'a' or os_name == 'b'))", '(os_name == "a" or os_name == "b") and extra == "x-y"'],
    ["os_name == 'a'", 'os_name == "a" and extra == "x-y"'],
  ])("%j keeps its meaning with an extra", ([text = "", expected]) => {
    expect(formatMarker(withExtra(parseMarker(text), "X_y"))).toBe(expected);
  });

  test("may be an extra alone", () => {
    expect(formatMarker(withExtra(undefined, "x"))).toBe('extra == "x"');
  });
});
