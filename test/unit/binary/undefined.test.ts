import { expect, test } from "vitest";
import type { ElfBinary, UndefinedSymbol } from "../../../server/core/binary/binary.ts";
import { readBinary } from "../../../server/core/binary/read.ts";
import {
  muslSymbols,
  needsMusl,
  unresolvedSymbols,
  unversionedLibraries,
} from "../../../server/core/binary/undefined.ts";
import { samples } from "../../fixtures/binary/samples.ts";

function elf(undefinedSymbols: readonly UndefinedSymbol[], rest: Partial<ElfBinary> = {}): ElfBinary {
  return {
    format: "elf",
    kind: "shared",
    machine: "x86_64",
    bits: 64,
    endian: "little",
    flags: 0,
    exports: [],
    undefined: undefinedSymbols,
    needed: [],
    runPaths: [],
    versionNeeds: {},
    ...rest,
  };
}

const strong = (name: string): UndefinedSymbol => ({ name, weak: false });

test.each([
  ["ELF, 64-bit", samples.elfX86_64],
  ["ELF, 32-bit", samples.elfI686],
  ["ELF, big-endian", samples.elfS390x],
  ["Mach-O", samples.machO],
])("of Python's, the C library's, a weak and a missing symbol only the missing one is unresolved: %s", (_, file) => {
  expect(unresolvedSymbols(readBinary(file))).toEqual(["nowhere"]);
});

test("a DLL has none: its linker saw to that", () => {
  expect(unresolvedSymbols(readBinary(samples.peX86_64))).toEqual([]);
});

test("the names of CPython and PyPy are Python's, others that begin alike are not", () => {
  const names = ["PyList_New", "_Py_Dealloc", "PyPyList_New", "_PyPy_Dealloc", "pyfoo", "XPy_Foo", "__Py_Foo"];
  expect(unresolvedSymbols(elf(names.map(strong)))).toEqual(["pyfoo", "XPy_Foo", "__Py_Foo"]);
});

test("what every ARM object names without using it is not missed", () => {
  expect(unresolvedSymbols(elf([strong("__aeabi_unwind_cpp_pr1"), strong("__aeabi_uidiv")]))).toEqual([
    "__aeabi_uidiv",
  ]);
});

test("libraries without symbol versions provide what the caller says", () => {
  const binary = elf([strong("malloc"), strong("foo"), strong("bar"), strong("foo")], {
    needed: ["libc.so", "libfoo.so.1"],
  });
  expect(unresolvedSymbols(binary)).toEqual(["malloc", "foo", "bar"]);
  expect(unresolvedSymbols(binary, new Set(["malloc", "foo"]))).toEqual(["bar"]);
});

test("names the libraries whose exports must be known", () => {
  const binary = elf([], { needed: ["libc.so.6", "libfoo.so.1"], versionNeeds: { "libc.so.6": ["GLIBC_2.17"] } });
  expect(unversionedLibraries(binary)).toEqual(["libfoo.so.1"]);
  expect(unversionedLibraries(readBinary(samples.machO))).toEqual([]);
});

test("nothing is said of a Mach-O file with a flat namespace", () => {
  const binary = readBinary(samples.machO);
  expect(unresolvedSymbols({ ...binary, twoLevelNamespace: false } as typeof binary)).toEqual([]);
});

test("knows musl's C library by both its names", () => {
  expect(needsMusl(elf([], { needed: ["libc.so"] }))).toBe(true);
  expect(needsMusl(elf([], { needed: ["libc.musl-aarch64.so.1"] }))).toBe(true);
  expect(needsMusl(elf([], { needed: ["libc.so.6"] }))).toBe(false);
});

test("reads musl's names from Zig's stand-in for it", () => {
  const text = [
    ".bss",
    ".weak ___environ",
    ".type ___environ, %object;",
    "___environ:",
    "#ifdef ARCH_x86_64",
    ".globl malloc",
    "malloc:",
    "#endif",
    "WEAKTIME64 clock_gettime",
    "WEAK64 lseek64",
    ".protected __uflow",
  ].join("\n");
  expect([...muslSymbols(text)]).toEqual(["___environ", "malloc", "clock_gettime", "lseek64"]);
});
