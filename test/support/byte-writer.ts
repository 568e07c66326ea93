/** A file under construction: little-endian numbers and texts at offsets; it grows as needed. */
export class ByteWriter {
  #bytes: Buffer;

  constructor(size: number) {
    this.#bytes = Buffer.alloc(size);
  }

  u16(offset: number, value: number): this {
    this.#bytes.writeUInt16LE(value, offset);
    return this;
  }

  u32(offset: number, ...values: number[]): this {
    values.forEach((value, index) => this.#bytes.writeUInt32LE(value >>> 0, offset + index * 4));
    return this;
  }

  text(offset: number, value: string): this {
    this.#bytes.write(`${value}\0`, offset, "latin1");
    return this;
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.#bytes);
  }
}

/** A copy of a file with some bytes replaced. */
export function patched(
  file: Uint8Array,
  ...patches: readonly (readonly [offset: number, bytes: readonly number[]])[]
): Uint8Array {
  const copy = Uint8Array.from(file);
  for (const [offset, bytes] of patches) copy.set(bytes, offset);
  return copy;
}
