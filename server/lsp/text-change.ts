import type { OffsetRange, Range } from "../core/location.ts";
import { LineIndex } from "../core/manifest/lines.ts";

/**
 * What lies between two states of a text, taken as one replaced stretch: where something of the old text stands in the new
 * one. It carries diagnostics of the old text over until they are found anew.
 */
export class TextChange {
  readonly #same: boolean;
  readonly #prefix: number;
  readonly #suffixStart: number;
  readonly #delta: number;
  readonly #before: LineIndex;
  readonly #after: LineIndex;

  constructor(before: string, after: string) {
    this.#same = before === after;
    this.#before = new LineIndex(before);
    this.#after = this.#same ? this.#before : new LineIndex(after);
    const shorter = Math.min(before.length, after.length);
    let prefix = 0;
    while (prefix < shorter && before.charCodeAt(prefix) === after.charCodeAt(prefix)) prefix++;
    let suffix = 0;
    while (
      suffix < shorter - prefix &&
      before.charCodeAt(before.length - 1 - suffix) === after.charCodeAt(after.length - 1 - suffix)
    )
      suffix++;
    this.#prefix = prefix;
    this.#suffixStart = before.length - suffix;
    this.#delta = after.length - before.length;
  }

  /** A stretch of the old text in the new one; `undefined` when the change touches it. */
  move({ start, end }: OffsetRange): OffsetRange | undefined {
    if (end <= this.#prefix) return { start, end };
    if (start >= this.#suffixStart) return { start: start + this.#delta, end: end + this.#delta };
    return undefined;
  }

  /** A range of the old text in the new one; `undefined` when the change touches it. */
  range(range: Range): Range | undefined {
    if (this.#same) return range;
    const moved = this.move({ start: this.#before.offsetAt(range.start), end: this.#before.offsetAt(range.end) });
    return moved === undefined ? undefined : this.#after.rangeOf(moved);
  }
}
