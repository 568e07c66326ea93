import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteColumns } from "../../../server/lsp/columns.ts";

/** Lines of text with characters of one to four bytes. */
const line = fc.string({ unit: fc.constantFrom("a", "\t", "é", "ß", "中", "🐍", "𝔸", "\u0301"), maxLength: 40 });

describe("byte columns", () => {
  it("agree with the length of the text before, for every character of any line", () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), fc.constantFrom("\n", "\r\n"), (lines, end) => {
        const columns = new ByteColumns(lines.join(end));
        for (const [number, text] of lines.entries()) {
          let before = "";
          for (const character of text) {
            expect(columns.character(number, Buffer.byteLength(before))).toBe(before.length);
            before += character;
          }
          expect(columns.character(number, Buffer.byteLength(text))).toBe(text.length);
        }
      }),
    );
  });

  it("never lie outside the line or inside a character, whatever the column", () => {
    fc.assert(
      fc.property(line, fc.nat(200), (text, bytes) => {
        const character = new ByteColumns(text).character(0, bytes);
        expect(character).toBeLessThanOrEqual(text.length);
        // Cut there, both halves are whole characters.
        expect(text.slice(0, character).isWellFormed() && text.slice(character).isWellFormed()).toBe(true);
      }),
    );
  });

  it("are zero on a line beyond the text", () => {
    expect(new ByteColumns("a").character(7, 3)).toBe(0);
  });

  it("do not count a byte order mark", () => {
    expect(new ByteColumns("\ufeffint x;").line(0)).toBe("int x;");
  });

  it("let an empty range grow over the word that begins there", () => {
    const at = { line: 0, character: 6 };
    expect(
      new ByteColumns("é 🐍oops").range({ start: { line: 0, character: 7 }, end: { line: 0, character: 7 } }),
    ).toEqual({
      start: { line: 0, character: 4 },
      end: { line: 0, character: 8 },
    });
    expect(new ByteColumns("int a 中").range({ start: at, end: at })).toEqual({
      start: at,
      end: { line: 0, character: 7 },
    });
  });

  it("show the last character where something is missing behind it", () => {
    const end = { line: 0, character: 5 };
    expect(new ByteColumns("a 𝔸").range({ start: { line: 0, character: 6 }, end: { line: 0, character: 6 } })).toEqual({
      start: { line: 0, character: 2 },
      end: { ...end, character: 4 },
    });
  });
});
