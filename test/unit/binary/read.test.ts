import fc from "fast-check";
import { expect, test } from "vitest";
import { readBinaries, readBinary } from "../../../server/core/binary/read.ts";
import { ZligError } from "../../../server/core/error.ts";
import { samples } from "../../fixtures/binary/samples.ts";

/** Whether a file is read or refused with an error meant for it; anything else is thrown on. */
function isHandled(file: Uint8Array): boolean {
  try {
    return readBinaries(file).length > 0;
  } catch (error) {
    if (error instanceof ZligError && error.code === "binary-unreadable") return true;
    throw error;
  }
}

test("knows every format", () => {
  expect(Object.values(samples).map((file) => readBinary(file).format)).toEqual([
    "elf",
    "elf",
    "elf",
    "elf",
    "elf",
    "mach-o",
    "mach-o",
    "pe",
    "pe",
    "pe",
    "pe",
  ]);
});

test.each([
  ["an archive", "!<arch>\nfoo.o/", "archive"],
  ["bitcode", "BC\xc0\xde\x35\x14", "-flto"],
  ["a text", "hello, world: twenty letters", "kind"],
])("says what %s is", (_, text, words) => {
  expect(() => readBinary(new Uint8Array(Buffer.from(text, "latin1")))).toThrow(words);
});

test("reads a file that lies within a larger buffer", () => {
  const larger = new Uint8Array(samples.elfI686.length + 32);
  larger.set(samples.elfI686, 16);
  expect(readBinary(larger.subarray(16, 16 + samples.elfI686.length))).toEqual(readBinary(samples.elfI686));
});

test("any damage is survived: bytes replaced", () => {
  const file = fc.constantFrom(...Object.values(samples));
  const damage = fc.array(fc.tuple(fc.nat(4000), fc.oneof(fc.nat(255), fc.constantFrom(0, 0xff, 0x7f, 0x80))), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(file, damage, (original, replacements) => {
      const copy = Uint8Array.from(original);
      for (const [at, byte] of replacements) copy[at % Math.min(copy.length, 4000)] = byte;
      return isHandled(copy);
    }),
    { numRuns: 8000 },
  );
});

test("any damage is survived: cut off, and with noise behind a good beginning", () => {
  const file = fc.constantFrom(...Object.values(samples));
  fc.assert(
    fc.property(file, fc.nat(), fc.uint8Array({ maxLength: 300 }), (original, cut, noise) => {
      const kept = original.subarray(0, cut % original.length);
      return isHandled(kept) && isHandled(Uint8Array.from([...kept.subarray(0, 600), ...noise]));
    }),
    { numRuns: 2000 },
  );
});

test("random bytes are survived", () => {
  const magic = fc.constantFrom(
    [],
    [0x7f, 0x45, 0x4c, 0x46, 2, 1],
    [0xcf, 0xfa, 0xed, 0xfe],
    [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2],
    [0x4d, 0x5a],
    [0, 0, 0xff, 0xff, 2, 0],
  );
  fc.assert(
    fc.property(magic, fc.uint8Array({ maxLength: 400 }), (start, rest) =>
      isHandled(Uint8Array.from([...start, ...rest])),
    ),
    {
      numRuns: 4000,
    },
  );
});
