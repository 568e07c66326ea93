import { ZligError } from "../error.ts";

/** The error for a compiled file that cannot be read. */
export function malformed(what: string): ZligError {
  return new ZligError("binary-unreadable", `A compiled file cannot be read: ${what}.`);
}

/** Numbers and strings at offsets of a file. Every read outside it throws `binary-unreadable`. */
export class Bytes {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #littleEndian: boolean;

  constructor(bytes: Uint8Array, littleEndian: boolean) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#littleEndian = littleEndian;
  }

  get length(): number {
    return this.#bytes.byteLength;
  }

  /** @throws {ZligError} `binary-unreadable` if the stretch is not within the file. */
  check(offset: number, size: number): void {
    if (
      !Number.isSafeInteger(offset) ||
      offset < 0 ||
      !Number.isSafeInteger(size) ||
      size < 0 ||
      offset + size > this.length
    ) {
      throw malformed("it ends too early, or one of its tables points outside it");
    }
  }

  u8(offset: number): number {
    this.check(offset, 1);
    return this.#view.getUint8(offset);
  }

  u16(offset: number): number {
    this.check(offset, 2);
    return this.#view.getUint16(offset, this.#littleEndian);
  }

  i16(offset: number): number {
    this.check(offset, 2);
    return this.#view.getInt16(offset, this.#littleEndian);
  }

  u32(offset: number): number {
    this.check(offset, 4);
    return this.#view.getUint32(offset, this.#littleEndian);
  }

  i32(offset: number): number {
    this.check(offset, 4);
    return this.#view.getInt32(offset, this.#littleEndian);
  }

  /** A 64-bit number. Beyond 2^53 it is not exact: no file is that long, so a later read at it throws. */
  u64(offset: number): number {
    this.check(offset, 8);
    return Number(this.#view.getBigUint64(offset, this.#littleEndian));
  }

  /** The string from an offset to the next NUL, which must come before `end`. */
  cString(offset: number, end = this.length): string {
    this.check(offset, 0);
    const nul = this.#bytes.indexOf(0, offset);
    if (nul < 0 || nul >= end) throw malformed("a name in it has no end");
    return this.text(offset, nul - offset);
  }

  /** The string of a fixed field, less the NULs that fill it. */
  padded(offset: number, size: number): string {
    return this.text(offset, size).replace(/\0.*$/su, "");
  }

  /** The UTF-8 text of a stretch. */
  text(offset: number, size: number): string {
    return new TextDecoder().decode(this.slice(offset, size));
  }

  /** A stretch of the file, not copied. */
  slice(offset: number, size: number): Uint8Array {
    this.check(offset, size);
    return this.#bytes.subarray(offset, offset + size);
  }
}
