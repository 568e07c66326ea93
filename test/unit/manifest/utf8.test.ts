import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { locateInvalidUtf8 } from "../../../server/core/manifest/utf8.ts";

describe("locateInvalidUtf8", () => {
  test("finds nothing in UTF-8", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(locateInvalidUtf8(Buffer.from(text, "utf8"))).toBeUndefined();
      }),
    );
  });

  test("finds the first byte that is not, whatever is before and after", () => {
    const wrong = fc.constantFrom(
      [0xff],
      [0xc3],
      [0x80],
      [0xe2, 0x82],
      [0xf0, 0x9f, 0x90],
      [0xed, 0xa0, 0x80],
      [0xc0, 0x80],
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), wrong, fc.constantFrom("", "x", "\n"), (before, bytes, after) => {
        const invalid = locateInvalidUtf8(Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]));
        const lines = before.split(/\r\n|\r|\n/);
        expect(invalid?.position).toEqual({ line: lines.length - 1, character: lines.at(-1)?.length });
      }),
    );
  });
});
