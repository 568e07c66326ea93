import { expect, test } from "vitest";
import type { Binary, ElfBinary } from "../../../server/core/binary/binary.ts";
import { readBinary } from "../../../server/core/binary/read.ts";
import type { WheelBinary } from "../../../server/core/package/platform-of-binaries.ts";
import {
  honestTarget,
  macPlatform,
  manylinuxPlatform,
  musllinuxMismatches,
} from "../../../server/core/package/platform-of-binaries.ts";
import { samples } from "../../fixtures/binary/samples.ts";

const x86 = readBinary(samples.elfX86_64) as ElfBinary;
const mac = readBinary(samples.machO);

function file(binary: Binary, path = "demo/_c.so"): WheelBinary {
  return { path, binary };
}

function elf(versionNeeds: Record<string, string[]>, rest: Partial<ElfBinary> = {}): WheelBinary {
  return file({ ...x86, versionNeeds, needed: Object.keys(versionNeeds), ...rest });
}

test.each([
  ["nothing", {}, [2, 5]],
  ["the first glibc", { "libc.so.6": ["GLIBC_2.2.5"] }, [2, 5]],
  ["memcpy of 2.14", { "libc.so.6": ["GLIBC_2.2.5", "GLIBC_2.14"], "libm.so.6": ["GLIBC_2.2.5"] }, [2, 14]],
  ["the loader's", { "ld-linux-x86-64.so.2": ["GLIBC_2.34"] }, [2, 34]],
  ["relative relocations", { "libc.so.6": ["GLIBC_ABI_DT_RELR"] }, [2, 36]],
  ["libstdc++ of GCC 4.8", { "libstdc++.so.6": ["GLIBCXX_3.4.19", "CXXABI_1.3.7"] }, [2, 17]],
  [
    "libstdc++ of GCC 6",
    { "libstdc++.so.6": ["GLIBCXX_3.4.20", "CXXABI_1.3.9"], "libgcc_s.so.1": ["GCC_3.0"] },
    [2, 24],
  ],
  ["libstdc++ of GCC 13", { "libstdc++.so.6": ["GLIBCXX_3.4.32"] }, [2, 39]],
  ["zlib's inflateValidate", { "libz.so.1": ["ZLIB_1.2.9"] }, [2, 27]],
])("the oldest platform that has %s", (_, versionNeeds, glibc) => {
  expect(manylinuxPlatform([elf(versionNeeds)], "x86_64")).toEqual({ glibc, mismatches: [] });
});

test("libraries that came later count too", () => {
  expect(manylinuxPlatform([elf({}, { needed: ["libexpat.so.1"] })], "x86_64").glibc).toEqual([2, 12]);
  expect(manylinuxPlatform([elf({}, { needed: ["libmvec.so.1"] })], "x86_64").glibc).toEqual([2, 24]);
});

test("each machine has an oldest platform of its own", () => {
  const s390x = readBinary(samples.elfS390x);
  expect(manylinuxPlatform([file(s390x)], "s390x").glibc).toEqual([2, 17]);
  expect(manylinuxPlatform([file({ ...x86, machine: "riscv64", versionNeeds: {} })], "riscv64").glibc).toEqual([2, 31]);
});

test("the neediest of several binaries counts", () => {
  const binaries = [elf({ "libc.so.6": ["GLIBC_2.17"] }), elf({ "libc.so.6": ["GLIBC_2.28"] })];
  expect(manylinuxPlatform(binaries, "x86_64").glibc).toEqual([2, 28]);
});

test.each([
  ["a library of no platform", elf({}, { needed: ["libfoo.so.1"] }), "libfoo.so.1", "no part of manylinux"],
  ["libpython", elf({}, { needed: ["libpython3.12.so.1.0"] }), "libpython3.12.so.1.0", "takes Python's symbols"],
  ["a private symbol", elf({ "libc.so.6": ["GLIBC_PRIVATE"] }), "GLIBC_PRIVATE", "no manylinux platform has"],
  [
    "a libstdc++ of the future",
    elf({ "libstdc++.so.6": ["GLIBCXX_3.4.99"] }),
    "GLIBCXX_3.4.99",
    "no manylinux platform has",
  ],
  ["musl", elf({}, { needed: ["libc.so"] }), "libc.so", "no part of manylinux"],
  ["another machine", file(readBinary(samples.elfI686)), "i686", "is for i686, not x86_64"],
])("%s makes a wheel no manylinux wheel", (_, binary, subject, why) => {
  const { glibc, mismatches } = manylinuxPlatform([binary], "x86_64");
  expect(glibc).toBeUndefined();
  expect(mismatches).toContainEqual(
    expect.objectContaining({ path: "demo/_c.so", subject, why: expect.stringContaining(why) as string }),
  );
});

test("a machine without manylinux platforms has none", () => {
  const odd = file({ ...x86, machine: "unknown-8" });
  expect(manylinuxPlatform([odd], "unknown-8").mismatches).toHaveLength(1);
});

test("armv7l wheels pass floats in floating-point registers", () => {
  const arm = (flags: number) =>
    manylinuxPlatform([file({ ...x86, machine: "armv7l", versionNeeds: {}, flags })], "armv7l");
  expect(arm(0x05000400).glibc).toEqual([2, 17]);
  expect(arm(0x05000200).mismatches).toHaveLength(1);
});

test("a library that the wheel brings is not the platform's", () => {
  const user = elf({}, { needed: ["libfoo.so.1", "libbar.so"] });
  const brought = [
    file({ ...x86, soname: "libfoo.so.1" }, "demo.libs/libfoo-123.so"),
    file(x86, "demo.libs/libbar.so"),
  ];
  expect(manylinuxPlatform([user, ...brought], "x86_64").mismatches).toEqual([]);
});

test("musllinux has musl and zlib", () => {
  const ok = elf({}, { needed: ["libc.so", "libz.so.1"] });
  expect(musllinuxMismatches([ok, elf({}, { needed: ["libc.musl-x86_64.so.1"] })], "x86_64")).toEqual([]);
  expect(musllinuxMismatches([elf({ "libc.so.6": ["GLIBC_2.17"] })], "x86_64")).toMatchObject([
    { subject: "libc.so.6" },
  ]);
});

test("macOS: the newest minimum counts, and arm64's 11.0 says nothing about x86_64", () => {
  const intel = { ...mac, machine: "x86_64", minimumMacOS: "10.13" } as Binary;
  expect(macPlatform([file(mac)])).toEqual({ machine: "arm64", minimum: [11, 0] });
  expect(macPlatform([file(intel)])).toEqual({ machine: "x86_64", minimum: [10, 13] });
  expect(macPlatform([file(intel), file(mac)])).toEqual({ machine: "universal2", minimum: [10, 13] });
  expect(macPlatform([file(intel), file({ ...mac, minimumMacOS: "12.1" } as Binary)])?.minimum).toEqual([12, 1]);
  expect(macPlatform([file(intel), file(mac), file(mac, "other.so")])?.machine).toBe("arm64");
  expect(macPlatform([file(intel), file(mac, "other.so")])).toBeUndefined();
});

test("the honest target is the one built for, raised where a binary needs more", () => {
  const target = { os: "linux", machine: "x86_64", libc: { kind: "glibc", version: [2, 17] } } as const;
  expect(honestTarget(target, [file(x86)]).target).toEqual(target);
  expect(honestTarget(target, [elf({ "libc.so.6": ["GLIBC_2.34"] })]).target).toMatchObject({
    libc: { version: [2, 34] },
  });
  expect(honestTarget(target, [elf({}, { needed: ["libfoo.so"] })])).toMatchObject({
    mismatches: [{ subject: "libfoo.so" }],
  });
  expect(honestTarget(target, [file(mac)]).target).toBeUndefined();
});

test("the honest target of macOS and Windows", () => {
  const arm64 = { os: "macos", machine: "arm64", minimum: [11, 0] } as const;
  expect(honestTarget(arm64, [file(mac)])).toEqual({ target: arm64, mismatches: [] });
  expect(honestTarget(arm64, []).target).toEqual(arm64);
  expect(honestTarget(arm64, [file({ ...mac, minimumMacOS: "13.0" } as Binary)]).target).toMatchObject({
    minimum: [13, 0],
  });
  expect(honestTarget({ ...arm64, machine: "universal2" }, [file(mac)]).mismatches).toHaveLength(1);
  expect(honestTarget(arm64, [file(x86)]).mismatches).toHaveLength(1);

  const dll = readBinary(samples.peX86_64);
  expect(honestTarget({ os: "windows", machine: "amd64" }, [file(dll)]).mismatches).toEqual([]);
  expect(honestTarget({ os: "windows", machine: "win32" }, [file(dll)]).mismatches).toHaveLength(1);
});

test("the honest target of musl", () => {
  const target = { os: "linux", machine: "x86_64", libc: { kind: "musl", version: [1, 2] } } as const;
  expect(honestTarget(target, [elf({}, { needed: ["libc.so"] })])).toEqual({ target, mismatches: [] });
  expect(honestTarget(target, [file(x86)]).target).toBeUndefined();
});
