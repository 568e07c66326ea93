import { expect, test } from "vitest";
import type { TagInterpreter, TagTarget } from "../../../server/core/package/tags.ts";
import {
  abiTag,
  expandTag,
  platformTag,
  pureTag,
  pythonTag,
  refusedByPypi,
  stableAbi,
  wheelTag,
} from "../../../server/core/package/tags.ts";

function cpython(minor: number, rest: Partial<TagInterpreter> = {}): TagInterpreter {
  return {
    implementation: "cpython",
    version: [3, minor, 1],
    soabi: undefined,
    freeThreaded: false,
    debug: false,
    ...rest,
  };
}

const pypy = cpython(10, { implementation: "pypy", soabi: "pypy310-pp73-x86_64-linux-gnu" });

function linux(machine: string, version: readonly [number, number], kind: "glibc" | "musl" = "glibc"): TagTarget {
  return { os: "linux", machine, libc: { kind, version } };
}

test.each([
  [cpython(12), "cp312", "cp312"],
  [cpython(9), "cp39", "cp39"],
  [cpython(14, { freeThreaded: true }), "cp314", "cp314t"],
  [cpython(13, { debug: true }), "cp313", "cp313d"],
  [cpython(13, { debug: true, freeThreaded: true }), "cp313", "cp313td"],
  [pypy, "pp310", "pypy310_pp73"],
  [cpython(11, { implementation: "pypy", soabi: "pypy311-pp73" }), "pp311", "pypy311_pp73"],
  [
    cpython(11, { implementation: "graalpy", soabi: "graalpy311-graalpy242-311-native-x86_64-linux" }),
    "graalpy311",
    "graalpy311_graalpy242_311",
  ],
  [cpython(11, { implementation: "other" }), "other311", "none"],
])("interpreter %# has its python and ABI tag", (interpreter, python, abi) => {
  expect([pythonTag(interpreter), abiTag(interpreter)]).toEqual([python, abi]);
});

test("the limited API gives abi3, and the tag names its version, not the interpreter's", () => {
  expect(stableAbi(cpython(12), [3, 9])).toBe("abi3");
  expect(wheelTag(cpython(12), "win_amd64", [3, 9])).toEqual({ python: "cp39", abi: "abi3", platform: "win_amd64" });
  expect(wheelTag(cpython(12), "win_amd64")).toEqual({ python: "cp312", abi: "cp312", platform: "win_amd64" });
});

test("free-threaded Python and PyPy have no abi3", () => {
  const free = cpython(14, { freeThreaded: true });
  expect(stableAbi(free, [3, 9])).toBeUndefined();
  expect(stableAbi(pypy, [3, 9])).toBeUndefined();
  expect(wheelTag(free, "any", [3, 9])).toMatchObject({ python: "cp314", abi: "cp314t" });
  expect(wheelTag(pypy, "any", [3, 9])).toMatchObject({ python: "pp310", abi: "pypy310_pp73" });
});

test("a limited API newer than the interpreter is none", () => {
  expect(stableAbi(cpython(9), [3, 10])).toBeUndefined();
});

test("free-threaded Python has abi3t from 3.15 on, for a limited API of 3.15", () => {
  const free = cpython(15, { freeThreaded: true });
  expect(stableAbi(free, [3, 14])).toBeUndefined();
  expect(stableAbi(free, [3, 15])).toBe("abi3t");
  expect(wheelTag(free, "any", [3, 15])).toEqual({ python: "cp315", abi: "abi3.abi3t", platform: "any" });
  expect(wheelTag(cpython(16), "any", [3, 15])).toEqual({ python: "cp315", abi: "abi3", platform: "any" });
});

test.each([
  [linux("x86_64", [2, 17]), "manylinux2014_x86_64.manylinux_2_17_x86_64"],
  [linux("aarch64", [2, 17]), "manylinux2014_aarch64.manylinux_2_17_aarch64"],
  [linux("i686", [2, 5]), "manylinux1_i686.manylinux_2_5_i686"],
  [linux("x86_64", [2, 12]), "manylinux2010_x86_64.manylinux_2_12_x86_64"],
  [linux("x86_64", [2, 10]), "manylinux2010_x86_64.manylinux_2_10_x86_64"],
  [linux("x86_64", [2, 28]), "manylinux_2_28_x86_64"],
  [linux("riscv64", [2, 31]), "manylinux_2_31_riscv64"],
  [linux("aarch64", [1, 2], "musl"), "musllinux_1_2_aarch64"],
  [{ os: "macos", machine: "arm64", minimum: [11, 0] } as const, "macosx_11_0_arm64"],
  [{ os: "macos", machine: "x86_64", minimum: [10, 13] } as const, "macosx_10_13_x86_64"],
  [{ os: "macos", machine: "universal2", minimum: [10, 9] } as const, "macosx_10_9_universal2"],
  [{ os: "macos", machine: "arm64", minimum: [12, 3] } as const, "macosx_13_0_arm64"],
  [{ os: "windows", machine: "amd64" } as const, "win_amd64"],
  [{ os: "windows", machine: "arm64" } as const, "win_arm64"],
  [{ os: "windows", machine: "win32" } as const, "win32"],
])("target %# has the platform tag %3$s", (target, tag) => {
  expect(platformTag(target)).toBe(tag);
  expect(refusedByPypi(tag)).toEqual([]);
});

test("PyPI refuses what only one machine can run, and tags that installers do not look for", () => {
  expect(refusedByPypi("linux_x86_64")).toEqual(["linux_x86_64"]);
  expect(refusedByPypi("manylinux_2_17_x86_64.linux_x86_64")).toEqual(["linux_x86_64"]);
  expect(refusedByPypi("macosx_11_3_arm64")).toEqual(["macosx_11_3_arm64"]);
  expect(refusedByPypi("manylinux_2_36_loongarch64")).toEqual(["manylinux_2_36_loongarch64"]);
  expect(refusedByPypi("manylinux2010_aarch64")).toEqual(["manylinux2010_aarch64"]);
  expect(refusedByPypi("linux_armv7l.any")).toEqual([]);
});

test("a compressed tag is expanded to every tag it stands for", () => {
  expect(
    expandTag({ python: "cp315", abi: "abi3.abi3t", platform: "manylinux2014_x86_64.manylinux_2_17_x86_64" }),
  ).toEqual([
    "cp315-abi3-manylinux2014_x86_64",
    "cp315-abi3-manylinux_2_17_x86_64",
    "cp315-abi3t-manylinux2014_x86_64",
    "cp315-abi3t-manylinux_2_17_x86_64",
  ]);
  expect(expandTag(pureTag)).toEqual(["py3-none-any"]);
});
