import { expect, test } from "vitest";
import { readPe } from "../../../server/core/binary/pe.ts";
import { samples } from "../../fixtures/binary/samples.ts";
import { ByteWriter, patched } from "../../support/byte-writer.ts";

/** A DLL that imports `f` and number 7 of `a.dll`, and delays loading `g` of `b.dll`: one section, at 0x1000 in memory, 0x200 in the file. */
function dllWithImports(): Uint8Array {
  const at = (address: number) => address - 0x1000 + 0x200;
  return new ByteWriter(0x600)
    .u16(0, 0x5a4d)
    .u32(0x3c, 0x40)
    .u32(0x40, 0x4550)
    .u16(0x44, 0x8664)
    .u16(0x46, 1)
    .u16(0x54, 240)
    .u16(0x56, 0x2022)
    .u16(0x58, 0x20b)
    .u32(0x58 + 108, 16)
    .u32(0x58 + 112 + 8, 0x1000, 40)
    .u32(0x58 + 112 + 13 * 8, 0x1100, 64)
    .u32(0x58 + 240 + 8, 0x400, 0x1000, 0x400, 0x200)
    .u32(at(0x1000), 0x1040, 0, 0, 0x1060, 0x1080)
    .u32(at(0x1040), 0x10a0, 0, 7, 0x80000000)
    .text(at(0x1060), "a.dll")
    .text(at(0x10a0) + 2, "f")
    .u32(at(0x1100), 1, 0x1160, 0, 0, 0x1180)
    .text(at(0x1160), "b.dll")
    .u32(at(0x1180), 0x11a0, 0)
    .text(at(0x11a0) + 2, "g")
    .bytes();
}

test.each([
  ["64-bit", samples.peX86_64, 64, "x86_64"],
  ["32-bit", samples.peI686, 32, "i686"],
])("reads a %s DLL", (_, file, bits, machine) => {
  expect(readPe(file)).toEqual({
    format: "pe",
    kind: "shared",
    bits,
    machine,
    exports: ["PyInit_sample", "leave"],
    undefined: [{ name: "ExitProcess", weak: false, library: "kernel32.dll" }],
    needed: ["kernel32.dll"],
    runPaths: [],
  });
});

test("reads imports by number and delayed ones", () => {
  expect(readPe(dllWithImports())).toMatchObject({
    exports: [],
    needed: ["a.dll", "b.dll"],
    undefined: [
      { name: "f", library: "a.dll" },
      { name: "#7", library: "a.dll" },
      { name: "g", library: "b.dll" },
    ],
  });
});

test("tells a program from a DLL", () => {
  expect(readPe(patched(dllWithImports(), [0x56, [0x22, 0]])).kind).toBe("executable");
});

test.each([
  ["text", new TextEncoder().encode("#include <Python.h>\nint f(void);\n")],
  ["an empty file", new Uint8Array()],
  ["a DOS program", patched(samples.peX86_64.slice(0, 128), [0x3c, [64, 0, 0, 0]])],
  ["half a DLL", samples.peX86_64.slice(0, 700)],
])("refuses %s", (_, file) => {
  expect(() => readPe(file)).toThrow(expect.objectContaining({ code: "binary-unreadable" }));
});
