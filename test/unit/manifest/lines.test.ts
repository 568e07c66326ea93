import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LineIndex } from "../../../server/core/manifest/lines.ts";

const anyText = fc
  .array(fc.constantFrom("a", "é", "🐍", "\n", "\r\n", "\r", "\ufeff", " "), { maxLength: 40 })
  .map((parts) => parts.join(""));

describe("LineIndex", () => {
  test("counts characters in UTF-16 units", () => {
    const lines = new LineIndex("é🐍x\ny");
    expect(lines.positionAt(3)).toEqual({ line: 0, character: 3 });
    expect(lines.positionAt(5)).toEqual({ line: 1, character: 0 });
    expect(lines.offsetAt({ line: 0, character: 3 })).toBe(3);
  });

  test("ends lines at \\n, \\r\\n and a lone \\r", () => {
    const lines = new LineIndex("a\r\nb\rc\nd");
    expect(lines.lineCount).toBe(4);
    expect(["b", "c", "d"].map((letter) => lines.positionAt("a\r\nb\rc\nd".indexOf(letter)))).toEqual([
      { line: 1, character: 0 },
      { line: 2, character: 0 },
      { line: 3, character: 0 },
    ]);
  });

  test("an offset inside a line break is the end of the line", () => {
    const lines = new LineIndex("ab\r\nc");
    expect(lines.positionAt(3)).toEqual({ line: 0, character: 2 });
  });

  test("a byte order mark counts", () => {
    expect(new LineIndex("\ufeffa").positionAt(1)).toEqual({ line: 0, character: 1 });
  });

  test("positions outside the text are pulled inside", () => {
    const lines = new LineIndex("ab\r\nc");
    expect(lines.offsetAt({ line: 0, character: 99 })).toBe(2);
    expect(lines.offsetAt({ line: 9, character: 0 })).toBe(5);
    expect(lines.offsetAt({ line: -1, character: 4 })).toBe(0);
    expect(lines.positionAt(-5)).toEqual({ line: 0, character: 0 });
    expect(lines.positionAt(99)).toEqual({ line: 1, character: 1 });
  });

  test("offset and position lead back to each other, except inside a line break", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const lines = new LineIndex(text);
        for (let offset = 0; offset <= text.length; offset += 1) {
          const insideBreak = text.slice(offset - 1, offset + 1) === "\r\n" && offset > 0;
          expect(lines.offsetAt(lines.positionAt(offset))).toBe(insideBreak ? offset - 1 : offset);
        }
      }),
    );
  });
});
