import { expect, test } from "vitest";
import { readPe } from "../../../server/core/binary/pe.ts";
import { samples } from "../../fixtures/binary/samples.ts";
import { ByteWriter } from "../../support/byte-writer.ts";

interface Symbol {
  readonly name: string;
  readonly value?: number;
  readonly section: number;
  readonly storageClass: number;
  /** The index of the symbol that stands in for a weak one. */
  readonly fallback?: number;
}

/** An object as clang writes it with `/bigobj`: wide symbols, after the header; names of at most eight letters. */
function bigObject(symbols: readonly Symbol[]): Uint8Array {
  const count = symbols.length + symbols.filter(({ fallback }) => fallback !== undefined).length;
  const writer = new ByteWriter(56 + count * 20 + 16).u32(0, 0xffff0000).u16(4, 2).u16(6, 0x8664).u32(48, 56, count);
  let at = 56;
  for (const { name, value = 0, section, storageClass, fallback } of symbols) {
    const auxiliaries = fallback === undefined ? 0 : 1;
    writer
      .text(at, name)
      .u32(at + 8, value, section)
      .u16(at + 16, 0)
      .u16(at + 18, storageClass | (auxiliaries << 8));
    at += 20;
    if (fallback === undefined) continue;
    writer.u32(at, fallback);
    at += 20;
  }
  return writer.bytes();
}

test("reads an object", () => {
  const object = readPe(samples.coffX86_64);
  expect(object).toMatchObject({ format: "pe", kind: "object", bits: 64, machine: "x86_64", needed: [] });
  expect(object.exports).toEqual(expect.arrayContaining(["divide", "PyInit_sample"]));
  expect(object.undefined).toEqual([
    { name: "nowhere", weak: false },
    { name: "pow", weak: false },
    { name: "printf", weak: false },
    { name: "PyModule_Create2", weak: false },
    { name: "perhaps", weak: true },
  ]);
});

test("keeps the underscores of 32-bit names", () => {
  const object = readPe(samples.coffI686);
  expect(object).toMatchObject({ bits: 32, machine: "i686" });
  expect(object.exports).toContain("_PyInit_sample");
  expect(object.undefined).toContainEqual({ name: "___divdi3", weak: false });
});

test("reads an object with many sections", () => {
  const object = readPe(
    bigObject([
      { name: "here", section: 70_000, storageClass: 2 },
      { name: "gone", section: 0, storageClass: 2 },
      { name: "common", section: 0, value: 8, storageClass: 2 },
      { name: "hidden", section: 1, storageClass: 3 },
      { name: "constant", section: -1, value: 1, storageClass: 2 },
    ]),
  );
  expect(object.exports).toEqual(["here", "common", "constant"]);
  expect(object.undefined).toEqual([{ name: "gone", weak: false }]);
});

test("a weak symbol is defined where its default is, undefined where it has none", () => {
  const object = readPe(
    bigObject([
      { name: ".weak.a", section: 3, storageClass: 2 },
      { name: "a", section: 0, storageClass: 105, fallback: 0 },
      { name: ".weak.b", section: -1, storageClass: 2 },
      { name: "b", section: 0, storageClass: 105, fallback: 3 },
    ]),
  );
  expect(object.exports).toEqual(["a"]);
  expect(object.undefined).toEqual([{ name: "b", weak: true }]);
});

test("refuses an import library's entry", () => {
  const entry = new ByteWriter(64).u32(0, 0xffff0000).u16(4, 0).bytes();
  expect(() => readPe(entry)).toThrow("import library");
});

test("refuses a symbol table that points outside the file", () => {
  expect(() => readPe(samples.coffX86_64.slice(0, 800))).toThrow(
    expect.objectContaining({ code: "binary-unreadable" }),
  );
});
