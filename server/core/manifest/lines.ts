import type { OffsetRange, Position, Range } from "../location.ts";

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Converts between offsets (UTF-16 code units from the start of a text) and LSP positions. Lines end at `\n`, `\r\n` or a lone `\r`. */
export class LineIndex {
  readonly #text: string;
  readonly #starts: number[] = [0];

  constructor(text: string) {
    this.#text = text;
    for (let offset = 0; offset < text.length; offset += 1) {
      const unit = text.charCodeAt(offset);
      if (unit === lineFeed || (unit === carriageReturn && text.charCodeAt(offset + 1) !== lineFeed)) {
        this.#starts.push(offset + 1);
      }
    }
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  /** The position of an offset. Outside the text it is the nearest end; inside a line break, the end of the line before it. */
  positionAt(offset: number): Position {
    const inside = Math.max(0, Math.min(offset, this.#text.length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#start(middle) <= inside) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: Math.min(inside, this.#contentEnd(low)) - this.#start(low) };
  }

  /** The offset of a position. As LSP wants it, a character past the end of its line is the end of that line. */
  offsetAt(position: Position): number {
    if (position.line < 0) return 0;
    if (position.line >= this.#starts.length) return this.#text.length;
    const start = this.#start(position.line);
    return Math.max(start, Math.min(start + position.character, this.#contentEnd(position.line)));
  }

  /** The LSP range of a stretch of the text. */
  rangeOf(stretch: OffsetRange): Range {
    return { start: this.positionAt(stretch.start), end: this.positionAt(stretch.end) };
  }

  #start(line: number): number {
    return this.#starts[line] ?? this.#text.length;
  }

  #contentEnd(line: number): number {
    let end = this.#starts[line + 1] ?? this.#text.length;
    if (line + 1 < this.#starts.length) {
      end -= 1;
      if (this.#text.charCodeAt(end) === lineFeed && this.#text.charCodeAt(end - 1) === carriageReturn) end -= 1;
    }
    return end;
  }
}
