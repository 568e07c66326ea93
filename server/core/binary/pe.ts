import type { Machine, PeBinary, UndefinedSymbol } from "./binary.ts";
import { Bytes, malformed } from "./bytes.ts";
import { isCoffObject, readCoffObject } from "./coff.ts";

const machines: Readonly<Record<number, Machine>> = {
  0x14c: "i686",
  0x8664: "x86_64",
  0xaa64: "aarch64",
  0x1c4: "armv7l",
};
const IMAGE_FILE_DLL = 0x2000;
const EXPORT_DIRECTORY = 0;
const IMPORT_DIRECTORY = 1;
const DELAY_IMPORT_DIRECTORY = 13;
/** Import tables have no length: with more entries than this in all of them, one is damaged. */
const MOST_ENTRIES = 0x100000;

interface Section {
  readonly address: number;
  readonly size: number;
  readonly offset: number;
}

/** The processor of a PE or COFF machine number, if Zlig knows it. */
export function peMachine(number: number): Machine | undefined {
  return machines[number];
}

/**
 * Reads a Windows DLL or program (PE32, PE32+), or a COFF object.
 * @throws {ZligError} `binary-unreadable` for a malformed file or one of another kind.
 */
export function readPe(file: Uint8Array): PeBinary {
  const bytes = new Bytes(file, true);
  if (bytes.length < 20) throw malformed("it is of no kind that Zlig knows");
  if (bytes.u16(0) === 0x5a4d) return readImage(bytes);
  if (isCoffObject(bytes)) return readCoffObject(bytes);
  throw malformed("it is of no kind that Zlig knows");
}

function readImage(bytes: Bytes): PeBinary {
  const header = bytes.u32(0x3c);
  if (bytes.u32(header) !== 0x4550) throw malformed("its PE header is missing");
  const coff = header + 4;
  const number = bytes.u16(coff);
  const optional = coff + 20;
  const magic = bytes.u16(optional);
  if (magic !== 0x10b && magic !== 0x20b) throw malformed("its PE header is damaged");
  const wide = magic === 0x20b;
  const image = new Image(
    bytes,
    readSections(bytes, optional + bytes.u16(coff + 16), bytes.u16(coff + 2)),
    wide,
    optional,
  );
  const imports = [...image.imports(), ...image.delayedImports()];
  return {
    format: "pe",
    kind: (bytes.u16(coff + 18) & IMAGE_FILE_DLL) === 0 ? "executable" : "shared",
    bits: wide ? 64 : 32,
    machine: machines[number] ?? `unknown-${number}`,
    exports: image.exports(),
    undefined: imports.flatMap(({ symbols }) => symbols),
    needed: [...new Set(imports.map(({ library }) => library))],
    runPaths: [],
  };
}

function readSections(bytes: Bytes, table: number, count: number): Section[] {
  return Array.from({ length: count }, (_, index) => {
    const at = table + index * 40;
    return {
      address: bytes.u32(at + 12),
      size: Math.max(bytes.u32(at + 8), bytes.u32(at + 16)),
      offset: bytes.u32(at + 20),
    };
  });
}

interface Import {
  readonly library: string;
  readonly symbols: readonly UndefinedSymbol[];
}

class Image {
  readonly #bytes: Bytes;
  readonly #sections: readonly Section[];
  readonly #wide: boolean;
  readonly #optional: number;
  #entriesLeft = MOST_ENTRIES;

  constructor(bytes: Bytes, sections: readonly Section[], wide: boolean, optional: number) {
    this.#bytes = bytes;
    this.#sections = sections;
    this.#wide = wide;
    this.#optional = optional;
  }

  exports(): string[] {
    const bytes = this.#bytes;
    const directory = this.#directory(EXPORT_DIRECTORY);
    if (directory === undefined) return [];
    const count = bytes.u32(directory + 24);
    if (count === 0) return [];
    const names = this.#offset(bytes.u32(directory + 32));
    bytes.check(names, count * 4);
    return Array.from({ length: count }, (_, index) => this.#string(bytes.u32(names + index * 4)));
  }

  imports(): Import[] {
    const bytes = this.#bytes;
    return this.#descriptors(IMPORT_DIRECTORY, 20, 12, (at) => bytes.u32(at) || bytes.u32(at + 16));
  }

  delayedImports(): Import[] {
    const bytes = this.#bytes;
    return this.#descriptors(DELAY_IMPORT_DIRECTORY, 32, 4, (at) => bytes.u32(at + 16));
  }

  /** A table of descriptors that ends with one without a library; `thunksOf` gives the address of a descriptor's list of names. */
  #descriptors(directory: number, size: number, nameAt: number, thunksOf: (at: number) => number): Import[] {
    const bytes = this.#bytes;
    const imports: Import[] = [];
    const table = this.#directory(directory);
    if (table === undefined) return imports;
    for (let at = table; bytes.u32(at + nameAt) !== 0; at += size) {
      const library = this.#string(bytes.u32(at + nameAt));
      imports.push({ library, symbols: this.#thunks(thunksOf(at)).map((name) => ({ name, weak: false, library })) });
      this.#countEntry();
    }
    return imports;
  }

  /** The names of a list of imports; `#7` where a function is imported by its number. */
  #thunks(address: number): string[] {
    const bytes = this.#bytes;
    const names: string[] = [];
    const step = this.#wide ? 8 : 4;
    for (let at = this.#offset(address); ; at += step) {
      const low = bytes.u32(at);
      const high = this.#wide ? bytes.u32(at + 4) : low;
      if (low === 0 && high === 0) return names;
      names.push(high >>> 31 === 1 ? `#${low & 0xffff}` : this.#string(low, 2));
      this.#countEntry();
    }
  }

  #countEntry(): void {
    this.#entriesLeft -= 1;
    if (this.#entriesLeft < 0) throw malformed("its import table has no end");
  }

  /** Where a data directory is in the file. */
  #directory(index: number): number | undefined {
    const bytes = this.#bytes;
    const count = this.#optional + (this.#wide ? 108 : 92);
    if (bytes.u32(count) <= index) return undefined;
    const address = bytes.u32(count + 4 + index * 8);
    return address === 0 ? undefined : this.#offset(address);
  }

  #offset(address: number): number {
    const section = this.#sections.find(({ address: start, size }) => address >= start && address < start + size);
    if (section === undefined) throw malformed("a table of it is in no section");
    return address - section.address + section.offset;
  }

  #string(address: number, skip = 0): string {
    return this.#bytes.cString(this.#offset(address) + skip);
  }
}
