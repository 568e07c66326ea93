import { isBareKey, isQuote, lineBreakAt, unit } from "./characters.ts";
import { scanPair } from "./pairs.ts";
import type { Bookmark, Reader } from "./reader.ts";
import { startsStatement } from "./resync.ts";
import type { InlineTableNode, PairNode } from "./syntax.ts";
import type { Place } from "./values.ts";
import { isOpen, reportMissingComma } from "./values.ts";

/**
 * Reads an inline table. One that goes over several lines is read as TOML 1.1 has it, if that leads to its closing brace;
 * if not, it is one that its author has not closed yet, and it ends with its first line.
 */
export function scanInlineTable(reader: Reader, place: Place, depth: number): InlineTableNode {
  return new InlineTableScanner(reader, place, depth).scan();
}

class InlineTableScanner {
  readonly #reader: Reader;
  readonly #place: Place;
  readonly #depth: number;
  readonly #start: number;
  readonly #pairs: PairNode[] = [];
  /** The pair that no comma follows yet. */
  #previous: PairNode | undefined;
  #lastComma: number | undefined;
  #multiLine = false;
  /** Set on the outermost table of a trial: where its first line ends, and how many pairs it had there. */
  #trial: { readonly mark: Bookmark; readonly pairs: number } | undefined;

  constructor(reader: Reader, place: Place, depth: number) {
    this.#reader = reader;
    this.#place = place;
    this.#depth = depth;
    this.#start = reader.offset;
  }

  scan(): InlineTableNode {
    const reader = this.#reader;
    reader.offset += 1;
    for (;;) {
      if (!this.#skipToPair() || reader.atEnd) return this.#giveUp();
      const code = reader.peek();
      if (code === unit.closeBrace) return this.#close();
      if (code === unit.comma) {
        if (this.#previous === undefined)
          reader.fault("comma-extra", reader.offset, reader.offset + 1, "a pair is missing before this comma");
        this.#previous = undefined;
        this.#lastComma = reader.offset;
        reader.offset += 1;
        continue;
      }
      if (!isBareKey(code) && !isQuote(code) && code !== unit.equals && code !== unit.dot) {
        if (this.#multiLine) return this.#giveUp();
        if (code === unit.closeBracket && this.#place === "array") return this.#giveUp();
      }
      if (this.#previous?.value !== undefined) reportMissingComma(reader, this.#previous.value);
      const before = reader.offset;
      const pair = scanPair(reader, "inline-table", this.#depth);
      if (reader.offset === before) {
        reader.offset += 1;
        continue;
      }
      this.#pairs.push(pair);
      if (reader.resyncing) return this.#giveUp();
      if (pair.value !== undefined && isOpen(pair.value) && reader.peek() !== unit.closeBrace) return this.#giveUp();
      this.#previous = pair;
      this.#lastComma = undefined;
    }
  }

  /** Steps to the next pair or brace. False when the table cannot go on over a line break that is met. */
  #skipToPair(): boolean {
    const reader = this.#reader;
    for (;;) {
      reader.skipBlanks();
      if (reader.skipComment()) continue;
      const length = lineBreakAt(reader.text, reader.offset);
      if (length === 0) return true;
      if (!this.#multiLine) {
        if (reader.broken || !(reader.trying || reader.mayGoBack)) return false;
        this.#multiLine = true;
        if (!reader.trying) {
          this.#trial = { mark: reader.bookmark(), pairs: this.#pairs.length };
          reader.trying = true;
        }
      }
      if (this.#isNextStatement(reader.offset + length)) return false;
      reader.skipLineBreak();
    }
  }

  /** After a comma, `key =` on a line is the next pair of this table; a header never is one. */
  #isNextStatement(lineStart: number): boolean {
    if (!startsStatement(this.#reader.text, lineStart)) return false;
    return this.#previous !== undefined || /^[ \t]*\[/.test(this.#reader.text.slice(lineStart, lineStart + 200));
  }

  #close(): InlineTableNode {
    const reader = this.#reader;
    reader.offset += 1;
    const end = reader.offset;
    if (this.#trial !== undefined) reader.trying = false;
    if (this.#multiLine) {
      reader.newForm("inline-table-newline", this.#start, end, "an inline table of several lines needs TOML 1.1");
    }
    if (this.#lastComma !== undefined && this.#pairs.length > 0) {
      const comma = this.#lastComma;
      reader.newForm("inline-table-trailing-comma", comma, comma + 1, "a comma before `}` needs TOML 1.1");
    }
    return { kind: "inline-table", pairs: this.#pairs, closed: true, start: this.#start, end };
  }

  #giveUp(): InlineTableNode {
    const reader = this.#reader;
    if (this.#trial !== undefined) {
      reader.goBack(this.#trial.mark);
      reader.trying = false;
      this.#pairs.length = this.#trial.pairs;
    } else if (this.#multiLine) {
      // The table that began the trial goes back.
      reader.resyncing = true;
    }
    reader.unclosed("inline-table-unclosed", this.#start, this.#start + 1, "this inline table is never closed");
    const length = lineBreakAt(reader.text, reader.offset);
    if (length > 0 && startsStatement(reader.text, reader.offset + length)) reader.resyncing = true;
    return { kind: "inline-table", pairs: this.#pairs, closed: false, start: this.#start, end: reader.offset };
  }
}
