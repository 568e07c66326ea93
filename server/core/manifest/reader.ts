import type { OffsetRange } from "../location.ts";
import { isBlank, isControl, lineBreakAt, unit } from "./characters.ts";
import type { Fault, FaultKind, NewForm } from "./syntax.ts";

/** Where a {@link Reader} was, to go back to when a reading does not hold. */
export interface Bookmark {
  readonly offset: number;
  readonly lineStart: number;
  readonly faults: number;
  readonly comments: number;
  readonly faultyLine: number;
  readonly broken: boolean;
}

/** A place in a text that moves forward, and what was found on the way. */
export class Reader {
  readonly text: string;
  readonly faults: Fault[] = [];
  readonly comments: OffsetRange[] = [];
  offset = 0;
  lineStart = 0;
  /** The statement being read has a fault. */
  broken = false;
  /** Everything open is given up: the next line is a statement of its own. */
  resyncing = false;
  /** An inline table that goes over several lines is being tried (TOML 1.1 allows it; in 1.0 it is unclosed). */
  trying = false;
  #faultyLine = -1;
  // Going back costs; with the sum of it bounded, any text is read in linear time.
  #budget: number;

  constructor(text: string) {
    this.text = text;
    this.#budget = 4 * text.length + 1024;
  }

  get atEnd(): boolean {
    return this.offset >= this.text.length;
  }

  get atLineEnd(): boolean {
    return this.atEnd || lineBreakAt(this.text, this.offset) > 0;
  }

  get mayGoBack(): boolean {
    return this.#budget > 0;
  }

  /** The code unit some way ahead; NaN past the end, which equals nothing. */
  peek(ahead = 0): number {
    return this.text.charCodeAt(this.offset + ahead);
  }

  beginStatement(): void {
    this.broken = false;
    this.resyncing = false;
    this.trying = false;
  }

  skipBlanks(): void {
    while (isBlank(this.text.charCodeAt(this.offset))) this.offset += 1;
  }

  /** Steps over a line break, if there is one here. */
  skipLineBreak(): boolean {
    const length = lineBreakAt(this.text, this.offset);
    if (length === 0) return false;
    this.offset += length;
    this.lineStart = this.offset;
    return true;
  }

  /** Steps over a comment, if there is one here. */
  skipComment(): boolean {
    if (this.peek() !== unit.hash) return false;
    const start = this.offset;
    while (!this.atLineEnd) {
      this.checkControl();
      this.offset += 1;
    }
    this.comments.push({ start, end: this.offset });
    return true;
  }

  /** Steps to the end of the line, over whatever there is. Gives the end of what is not blank. */
  skipLine(): number {
    let end = this.offset;
    while (!this.atLineEnd) {
      const blank = isBlank(this.peek());
      if (this.peek() === unit.hash && isBlank(this.peek(-1))) {
        this.skipComment();
        break;
      }
      this.offset += 1;
      if (!blank) end = this.offset;
    }
    return end;
  }

  /** Records a fault if the character here may not stand in a TOML text. */
  checkControl(): void {
    if (isControl(this.peek())) {
      this.fault("control-character", this.offset, this.offset + 1, describeControl(this.peek()));
    }
  }

  /** Records a fault. Of several on one line only the first is kept: the others mostly follow from it. */
  fault(kind: FaultKind, start: number, end: number, message: string): void {
    this.broken = true;
    if (this.#faultyLine === this.lineStart) return;
    this.#faultyLine = this.lineStart;
    this.faults.push({ kind, start, end, message });
  }

  /** Records that something opened at `start` is never closed, unless a fault inside it already says why. */
  unclosed(kind: FaultKind, start: number, end: number, message: string): void {
    if (!this.broken) this.faults.push({ kind, start, end, message });
    this.broken = true;
    this.#faultyLine = this.lineStart;
  }

  /** Records a form that only TOML 1.1 allows. */
  newForm(form: NewForm, start: number, end: number, message: string): void {
    this.faults.push({ kind: "toml-1-1", form, start, end, message });
  }

  bookmark(): Bookmark {
    return {
      offset: this.offset,
      lineStart: this.lineStart,
      faults: this.faults.length,
      comments: this.comments.length,
      faultyLine: this.#faultyLine,
      broken: this.broken,
    };
  }

  /** Goes back to a bookmark and forgets what was found since. */
  goBack(mark: Bookmark): void {
    this.#budget -= this.offset - mark.offset;
    this.offset = mark.offset;
    this.lineStart = mark.lineStart;
    this.faults.length = mark.faults;
    this.comments.length = mark.comments;
    this.#faultyLine = mark.faultyLine;
    this.broken = mark.broken;
    this.resyncing = false;
  }
}

function describeControl(code: number): string {
  if (code === unit.carriageReturn) return "a carriage return without a line feed after it";
  return `control character U+${code.toString(16).toUpperCase().padStart(4, "0")} is not allowed here`;
}
