import { expect, test } from "vitest";
import { isMachO, readMachO } from "../../../server/core/binary/macho.ts";
import { samples } from "../../fixtures/binary/samples.ts";
import { patched } from "../../support/byte-writer.ts";

const libSystem = "/usr/lib/libSystem.B.dylib";

/** A universal file of some slices. */
function universal(slices: readonly Uint8Array[], wide = false): Uint8Array {
  const header = 4096;
  const file = Buffer.alloc(header + slices.reduce((size, slice) => size + slice.length, 0));
  file.writeUInt32BE(wide ? 0xcafebabf : 0xcafebabe, 0);
  file.writeUInt32BE(slices.length, 4);
  let offset = header;
  slices.forEach((slice, index) => {
    const at = 8 + index * (wide ? 32 : 20);
    if (wide) {
      file.writeBigUInt64BE(BigInt(offset), at + 8);
      file.writeBigUInt64BE(BigInt(slice.length), at + 16);
    } else {
      file.writeUInt32BE(offset, at + 8);
      file.writeUInt32BE(slice.length, at + 12);
    }
    file.set(slice, offset);
    offset += slice.length;
  });
  return new Uint8Array(file);
}

/** The offset of the first load command of a kind. */
function commandAt(file: Uint8Array, wanted: number): number {
  const buffer = Buffer.from(file);
  for (let at = 32; at < 32 + buffer.readUInt32LE(20); at += buffer.readUInt32LE(at + 4)) {
    if (buffer.readUInt32LE(at) === wanted) return at;
  }
  throw new Error(`no load command ${wanted.toString(16)}`);
}

test("reads a dylib", () => {
  const [binary, ...others] = readMachO(samples.machO);
  expect(others).toEqual([]);
  expect(binary).toMatchObject({
    format: "mach-o",
    kind: "shared",
    bundle: false,
    machine: "aarch64",
    needed: [libSystem],
    runPaths: ["@loader_path/lib"],
    soname: "@rpath/sample.so",
    minimumMacOS: "11.0",
    signed: true,
    twoLevelNamespace: true,
  });
  expect(binary.exports).toEqual(expect.arrayContaining(["PyInit_sample", "divide"]));
  expect(binary.undefined).toEqual(
    expect.arrayContaining([
      { name: "PyModule_Create2", weak: false },
      { name: "nowhere", weak: false },
      { name: "perhaps", weak: true },
      { name: "printf", weak: false, library: libSystem },
      { name: "pow", weak: false, library: libSystem },
    ]),
  );
});

test("reads an object", () => {
  expect(readMachO(samples.machOObject)[0]).toMatchObject({
    kind: "object",
    exports: ["PyInit_sample", "divide"],
    undefined: [
      { name: "PyModule_Create2", weak: false },
      { name: "nowhere", weak: false },
      { name: "perhaps", weak: true },
      { name: "pow", weak: false },
      { name: "printf", weak: false },
    ],
    signed: false,
  });
});

test("finds exports in the trie when the symbol table is gone", () => {
  const symtab = commandAt(samples.machO, 0x2);
  const [binary] = readMachO(patched(samples.machO, [symtab + 12, [0, 0, 0, 0]]));
  expect(binary.exports).toEqual(expect.arrayContaining(["PyInit_sample", "divide"]));
  expect(binary.undefined).toEqual([]);
});

test("refuses an export trie that runs in a circle", () => {
  const info = commandAt(samples.machO, 0x80000022);
  const trie = Buffer.from(samples.machO).readUInt32LE(info + 40);
  // A node without information, with one child: an edge of no text to itself.
  const circle = patched(samples.machO, [trie, [0, 1, 0, 0]]);
  expect(() => readMachO(circle)).toThrow(expect.objectContaining({ code: "binary-unreadable" }));
});

test("reads the minimum version of old and of patched systems", () => {
  const at = commandAt(samples.machO, 0x32);
  const minimum = (command: number, version: number[], versionAt: number) =>
    readMachO(patched(samples.machO, [at, [command]], [at + versionAt, version]))[0].minimumMacOS;
  expect(minimum(0x24, [0, 9, 10, 0], 8)).toBe("10.9");
  expect(minimum(0x32, [1, 15, 10, 0], 12)).toBe("10.15.1");
});

test("gives no minimum version for another platform", () => {
  const at = commandAt(samples.machO, 0x32);
  expect(readMachO(patched(samples.machO, [at + 8, [2]]))[0]).not.toHaveProperty("minimumMacOS");
});

test("splits universal files", () => {
  const intel = patched(samples.machO, [4, [7, 0, 0, 1]]);
  for (const wide of [false, true]) {
    const slices = readMachO(universal([intel, samples.machO], wide));
    expect(slices.map(({ machine }) => machine)).toEqual(["x86_64", "aarch64"]);
    expect(slices[1]).toEqual(readMachO(samples.machO)[0]);
  }
});

test("tells a Java class from a universal file", () => {
  expect(isMachO(Uint8Array.of(0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 65))).toBe(false);
  expect(isMachO(universal([samples.machO]))).toBe(true);
});

test.each([
  ["a universal file without slices", universal([])],
  ["a slice that is no Mach-O file", universal([samples.elfI686])],
  ["half a file", samples.machOObject.slice(0, 600)],
])("refuses %s", (_, file) => {
  expect(() => readMachO(file)).toThrow(expect.objectContaining({ code: "binary-unreadable" }));
});
