import { describe, expect, test } from "vitest";
import type { Interpreter } from "../../../server/core/toolchain/interpreter.ts";
import { nativeTarget, sameFamily, targetFromTag } from "../../../server/core/toolchain/target.ts";
import { makeInterpreter } from "../../support/interpreter.ts";
import { errorOf } from "../../support/problem.ts";

const native = (parts: Partial<Interpreter>, machine = "x86_64", env: NodeJS.ProcessEnv = {}) =>
  nativeTarget(makeInterpreter(parts), env, machine);

describe("the target of a Linux interpreter", () => {
  test.each([
    ["linux-x86_64", "x86_64", "x86_64-linux-gnu.2.17", [2, 17]],
    ["linux-aarch64", "aarch64", "aarch64-linux-gnu.2.17", [2, 17]],
    ["linux-armv7l", "armv7l", "arm-linux-gnueabihf.2.17", [2, 17]],
    ["linux-i686", "i686", "x86-linux-gnu.2.17", [2, 17]],
    ["linux-ppc64le", "ppc64le", "powerpc64le-linux-gnu.2.19", [2, 19]],
    ["linux-s390x", "s390x", "s390x-linux-gnu.2.17", [2, 17]],
    ["linux-riscv64", "riscv64", "riscv64-linux-gnu.2.31", [2, 31]],
  ])("%s is the oldest glibc of its family, whatever runs here", (platform, machine, triple, version) => {
    const bits = ["armv7l", "i686"].includes(machine) ? 32 : 64;
    expect(native({ platform, bits, glibc: "2.39" })).toEqual({
      os: "linux",
      machine,
      triple,
      libc: { kind: "glibc", version },
    });
  });

  test.each([
    ["linux-x86_64", 64, "x86_64-linux-musl"],
    ["linux-aarch64", 64, "aarch64-linux-musl"],
    ["linux-armv7l", 32, "arm-linux-musleabihf"],
  ])("%s without glibc is musl", (platform, bits, triple) => {
    expect(native({ platform, bits, glibc: undefined })).toMatchObject({
      triple,
      libc: { kind: "musl", version: [1, 2] },
    });
  });

  test.each([
    ["linux-x86_64", "i686"],
    ["linux-i386", "i686"],
    ["linux-i586", "i686"],
    ["linux-aarch64", "armv7l"],
    ["linux-armv8l", "armv7l"],
  ])("%s with 32 bits is for a 64-bit kernel's older processor: %s", (platform, machine) => {
    expect(native({ platform, bits: 32 }).machine).toBe(machine);
  });

  test.each(["linux-loongarch64", "linux-armv6l", "linux-constructor", "linux-"])("%s is refused", async (platform) => {
    expect((await errorOf(() => native({ platform }))).code).toBe("platform-unsupported");
  });
});

describe("the target of a macOS interpreter", () => {
  test.each([
    ["macosx-11.0-arm64", "arm64", "arm64", "aarch64-macos.11.0-none", [11, 0]],
    ["macosx-14.4-arm64", "arm64", "arm64", "aarch64-macos.14.0-none", [14, 0]],
    ["macosx-10.9-x86_64", "x86_64", "x86_64", "x86_64-macos.10.9-none", [10, 9]],
    ["macosx-10.13-universal2", "x86_64", "x86_64", "x86_64-macos.10.13-none", [10, 13]],
    ["macosx-10.13-universal2", "arm64", "arm64", "aarch64-macos.11.0-none", [11, 0]],
    ["macosx-12.0-universal2", "arm64", "arm64", "aarch64-macos.12.0-none", [12, 0]],
  ])("%s on %s", (platform, machine, own, triple, minimum) => {
    expect(native({ platform, glibc: undefined }, machine)).toEqual({ os: "macos", machine: own, triple, minimum });
  });

  test.each([
    ["12.0", [12, 0]],
    ["12", [12, 0]],
    ["12.7.1", [12, 0]],
    ["10.15", [11, 0]],
    ["", [11, 0]],
  ])("is the version of MACOSX_DEPLOYMENT_TARGET %j, not below what the processor needs", (version, minimum) => {
    expect(native({ platform: "macosx-11.0-arm64" }, "arm64", { MACOSX_DEPLOYMENT_TARGET: version })).toMatchObject({
      minimum,
    });
  });

  test("of an Intel processor may be older than 11", () => {
    const env = { MACOSX_DEPLOYMENT_TARGET: "10.12" };
    expect(native({ platform: "macosx-11.0-universal2" }, "x86_64", env)).toMatchObject({
      triple: "x86_64-macos.10.12-none",
    });
  });

  test.each(["eleven", "11.", "-1", "11.0.0.0"])("with MACOSX_DEPLOYMENT_TARGET %j is wrong usage", async (version) => {
    const error = await errorOf(() =>
      native({ platform: "macosx-11.0-arm64" }, "arm64", { MACOSX_DEPLOYMENT_TARGET: version }),
    );
    expect(error.code).toBe("usage");
    expect(error.message).toContain(`"${version}"`);
  });

  test.each(["macosx-10.6-intel", "macosx-10.4-ppc", "macosx-11.0-fat64"])("%s is refused", async (platform) => {
    expect((await errorOf(() => native({ platform }))).code).toBe("platform-unsupported");
  });
});

test.each([
  ["win-amd64", "amd64", "x86_64-windows-gnu"],
  ["win-arm64", "arm64", "aarch64-windows-gnu"],
  ["win32", "win32", "x86-windows-gnu"],
])("the target of a Windows interpreter: %s", (platform, machine, triple) => {
  expect(native({ platform })).toEqual({ os: "windows", machine, triple });
});

test.each([
  "win-arm32",
  "win-ia64",
  "android-24-arm64_v8a",
  "ios-13.0-arm64-iphoneos",
  "emscripten-4.0.9-wasm32",
  "wasi",
  "freebsd-14.0-release-amd64",
  "cygwin-3.4-x86_64",
  "",
])("other platforms are refused: %j", async (platform) => {
  const error = await errorOf(() => native({ platform }));
  expect(error.code).toBe("platform-unsupported");
  expect(error.hint).toMatch(/^It builds for Linux, macOS and Windows/);
});

describe("a platform tag", () => {
  test.each([
    ["manylinux_2_17_x86_64", "x86_64-linux-gnu.2.17"],
    ["manylinux2014_x86_64", "x86_64-linux-gnu.2.17"],
    ["manylinux_2_28_aarch64", "aarch64-linux-gnu.2.28"],
    ["manylinux_2_31_armv7l", "arm-linux-gnueabihf.2.31"],
    ["manylinux_2_39_riscv64", "riscv64-linux-gnu.2.39"],
    ["manylinux_2_19_ppc64le", "powerpc64le-linux-gnu.2.19"],
    ["linux_x86_64", "x86_64-linux-gnu.2.17"],
    ["linux_ppc64le", "powerpc64le-linux-gnu.2.19"],
    ["musllinux_1_2_i686", "x86-linux-musl"],
    ["macosx_11_0_arm64", "aarch64-macos.11.0-none"],
    ["macosx_10_9_x86_64", "x86_64-macos.10.9-none"],
    ["win_amd64", "x86_64-windows-gnu"],
    ["win_arm64", "aarch64-windows-gnu"],
    ["win32", "x86-windows-gnu"],
  ])("%s is %s", (tag, triple) => {
    expect(targetFromTag(tag).triple).toBe(triple);
  });

  test.each([
    ["manylinux1_x86_64", "manylinux_2_17_x86_64"],
    ["manylinux2010_i686", "manylinux_2_17_i686"],
    ["manylinux_2_16_aarch64", "manylinux_2_17_aarch64"],
    ["manylinux2014_ppc64le", "manylinux_2_19_ppc64le"],
    ["manylinux_2_30_riscv64", "manylinux_2_31_riscv64"],
    ["manylinux_1_17_x86_64", "manylinux_2_17_x86_64"],
  ])("%s is older than Zlig builds for: %s", async (tag, oldest) => {
    const error = await errorOf(() => targetFromTag(tag));
    expect(error.code).toBe("tag-unsupported");
    expect(error.hint).toBe(`The oldest platform that Zlig builds for is ${oldest}.`);
  });

  test.each([
    "",
    "any",
    "manylinux_2_17_loongarch64",
    "manylinux_2_17_constructor",
    "manylinux_2_x86_64",
    "musllinux_1_1_x86_64",
    "macosx_11_0_universal2",
    "macosx_11_0_aarch64",
    "macosx_11_arm64",
    "win_ia64",
    "win32 ",
    "linux_",
    "linux_toString",
    "ios_13_0_arm64_iphoneos",
    "manylinux2014_x86_64.manylinux_2_17_x86_64",
  ])("%j is none", async (tag) => {
    const error = await errorOf(() => targetFromTag(tag));
    expect(error.code).toBe("tag-unsupported");
    expect(error.message).toBe(`"${tag}" is no platform that Zlig builds for`);
  });
});

test.each([
  ["manylinux_2_17_x86_64", "manylinux_2_28_x86_64", true],
  ["manylinux_2_17_x86_64", "musllinux_1_2_x86_64", false],
  ["manylinux_2_17_x86_64", "manylinux_2_17_i686", false],
  ["macosx_11_0_arm64", "macosx_12_0_arm64", true],
  ["macosx_11_0_arm64", "macosx_11_0_x86_64", false],
  ["win_amd64", "win_amd64", true],
  ["win_arm64", "macosx_11_0_arm64", false],
])("%s and %s are of one family: %s", (a, b, same) => {
  expect(sameFamily(targetFromTag(a), targetFromTag(b))).toBe(same);
  expect(sameFamily(targetFromTag(b), targetFromTag(a))).toBe(same);
});
