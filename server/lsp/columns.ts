import type { Position, Range } from "../core/location.ts";

const encoder = new TextEncoder();

/** Converts columns of a text from bytes of UTF-8, as clang and Zig count, to UTF-16 code units, as editors do. */
export class ByteColumns {
  readonly #lines: readonly string[];

  constructor(text: string) {
    this.#lines = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/);
  }

  /** A line's text without its end; empty beyond the last. */
  line(number: number): string {
    return this.#lines[number] ?? "";
  }

  /** The UTF-16 character of a byte column. One inside a character is its start; one past the end of the line is the end. */
  character(line: number, bytes: number): number {
    const text = this.line(line);
    let passed = 0;
    let units = 0;
    for (const character of text) {
      const length = encoder.encode(character).length;
      if (passed + length > bytes) break;
      passed += length;
      units += character.length;
    }
    return units;
  }

  position({ line, character }: Position): Position {
    return { line, character: this.character(line, character) };
  }

  /** A range; an empty one grows over the word or the sign that begins there, so that it can be seen. */
  range(range: Range): Range {
    const start = this.position(range.start);
    const end = this.position(range.end);
    if (end.line > start.line || end.character > start.character) return { start, end };
    const rest = this.line(start.line).slice(start.character);
    const [found = ""] = /^(?:[\p{ID_Start}_][\p{ID_Continue}]*|[0-9][\w.]*|"(?:\\.|[^"\\])*"|[^])/u.exec(rest) ?? [];
    if (found !== "") return { start, end: { line: start.line, character: start.character + found.length } };
    // Behind the last character, where something is missing: the character before it is shown.
    const before = this.line(start.line).slice(0, start.character);
    const [last = ""] = /[^]$/u.exec(before) ?? [];
    return { start: { line: start.line, character: start.character - last.length }, end: start };
  }
}
