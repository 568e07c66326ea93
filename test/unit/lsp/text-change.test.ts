import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineIndex } from "../../../server/core/manifest/lines.ts";
import { TextChange } from "../../../server/lsp/text-change.ts";

const text = fc.string({ unit: fc.constantFrom("a", "b", "\n", "\r\n", "🐍", "=", " "), maxLength: 60 });

describe("text change", () => {
  it("moves a stretch to where the same characters are", () => {
    fc.assert(
      fc.property(text, text, text, text, fc.nat(), fc.nat(), (head, removed, added, tail, from, length) => {
        // Marks around the change, so that there is only one way to see it.
        const before = `${head}«${removed}»${tail}`;
        const after = `${head}«${added}»${tail}`;
        const start = from % (before.length + 1);
        const end = Math.min(before.length, start + (length % 10));
        const moved = new TextChange(before, after).move({ start, end });
        if (moved !== undefined) expect(after.slice(moved.start, moved.end)).toBe(before.slice(start, end));
        // What lies wholly before or behind the change is never lost.
        if (end <= head.length || start >= head.length + removed.length + 2) expect(moved).toBeDefined();
      }),
    );
  });

  it("drops what the change touches", () => {
    expect(new TextChange("sources = [1]", "sources = [2]").move({ start: 8, end: 13 })).toBeUndefined();
  });

  it("moves ranges over inserted lines", () => {
    const before = "a\nb\nc\n";
    const range = new LineIndex(before).rangeOf({ start: 4, end: 5 });
    expect(new TextChange(before, "a\nx\ny\nb\nc\n").range(range)).toEqual({
      start: { line: 4, character: 0 },
      end: { line: 4, character: 1 },
    });
  });

  it("keeps every range of an equal text", () => {
    const range = { start: { line: 3, character: 9 }, end: { line: 4, character: 1 } };
    expect(new TextChange("a", "a").range(range)).toBe(range);
  });
});
