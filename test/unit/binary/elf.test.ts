import { expect, test } from "vitest";
import { readElf } from "../../../server/core/binary/elf.ts";
import { samples } from "../../fixtures/binary/samples.ts";
import { patched } from "../../support/byte-writer.ts";

test("reads a 64-bit little-endian shared object", () => {
  expect(readElf(samples.elfX86_64)).toEqual({
    format: "elf",
    kind: "shared",
    machine: "x86_64",
    bits: 64,
    endian: "little",
    flags: 0,
    exports: ["divide", "PyInit_sample"],
    undefined: [
      { name: "nowhere", weak: false },
      { name: "pow", weak: false, version: "GLIBC_2.2.5", library: "libm.so.6" },
      { name: "printf", weak: false, version: "GLIBC_2.2.5", library: "libc.so.6" },
      { name: "perhaps", weak: true },
      { name: "PyModule_Create2", weak: false },
    ],
    needed: ["libm.so.6", "libc.so.6"],
    runPaths: [],
    versionNeeds: { "libm.so.6": ["GLIBC_2.2.5"], "libc.so.6": ["GLIBC_2.2.5"] },
  });
});

test("reads a 32-bit shared object, with its old-style run path", () => {
  const binary = readElf(samples.elfI686);
  expect(binary).toMatchObject({
    machine: "i686",
    bits: 32,
    exports: ["divide", "PyInit_sample"],
    runPaths: ["$ORIGIN", "/opt/lib"],
  });
  expect(binary.undefined).toContainEqual({
    name: "__divdi3",
    weak: false,
    version: "GLIBC_2.0",
    library: "libc.so.6",
  });
});

test("reads a big-endian shared object, with its soname and run path", () => {
  const binary = readElf(samples.elfS390x);
  expect(binary).toMatchObject({
    machine: "s390x",
    endian: "big",
    soname: "libsample.so.1",
    runPaths: ["$ORIGIN/lib"],
  });
  expect(binary.versionNeeds).toEqual({ "libm.so.6": ["GLIBC_2.2"], "libc.so.6": ["GLIBC_2.4"] });
});

test("reads relocatable objects of both widths and byte orders", () => {
  const missing = [
    { name: "nowhere", weak: false },
    { name: "pow", weak: false },
    { name: "printf", weak: false },
    { name: "perhaps", weak: true },
    { name: "PyModule_Create2", weak: false },
  ];
  expect(readElf(samples.elfObjectS390x)).toMatchObject({
    kind: "object",
    endian: "big",
    exports: ["divide", "PyInit_sample"],
    undefined: missing,
    needed: [],
  });
  const narrow = readElf(samples.elfObjectI686);
  expect(narrow).toMatchObject({ kind: "object", bits: 32, exports: ["divide", "PyInit_sample"] });
  expect(narrow.undefined.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["__divdi3", "_GLOBAL_OFFSET_TABLE_", ...missing.map(({ name }) => name)]),
  );
});

test.each([
  ["64-bit", samples.elfX86_64, 40, 60],
  ["big-endian", samples.elfS390x, 40, 60],
  ["32-bit", samples.elfI686, 32, 48],
])("needs no section headers: %s", (_, file, tableAt, countAt) => {
  const stripped = patched(
    file,
    [tableAt, [0, 0, 0, 0]],
    [tableAt + (countAt === 60 ? 4 : 0), [0, 0, 0, 0]],
    [countAt, [0, 0]],
  );
  expect(readElf(stripped)).toEqual(readElf(file));
});

test("finds the number of symbols in the old hash table where there is no other", () => {
  const file = samples.elfX86_64;
  const tag = Buffer.from([0xf5, 0xfe, 0xff, 0x6f, 0, 0, 0, 0]);
  const at = Buffer.from(file).indexOf(tag);
  expect(at).toBeGreaterThan(0);
  // DT_NULL would end the table: DT_BIND_NOW says nothing about symbols.
  const stripped = patched(file, [40, [0, 0, 0, 0, 0, 0, 0, 0]], [60, [0, 0]], [at, [24, 0, 0, 0, 0, 0, 0, 0]]);
  expect(readElf(stripped)).toEqual(readElf(file));
});

test("names a machine it does not know by its number", () => {
  expect(readElf(patched(samples.elfX86_64, [18, [8, 0]])).machine).toBe("unknown-8");
});

test.each([
  ["another file", Uint8Array.of(1, 2, 3)],
  ["an empty file", new Uint8Array()],
  ["a header alone", samples.elfX86_64.slice(0, 16)],
  ["half a file", samples.elfX86_64.slice(0, samples.elfX86_64.length / 2)],
  ["an unknown class", patched(samples.elfX86_64, [4, [7]])],
])("refuses %s", (_, file) => {
  expect(() => readElf(file)).toThrow(expect.objectContaining({ code: "binary-unreadable" }));
});
