import type { BinaryKind, ElfBinary, Machine, UndefinedSymbol } from "./binary.ts";
import { Bytes, malformed } from "./bytes.ts";

const kinds: Readonly<Record<number, BinaryKind>> = { 1: "object", 2: "executable", 3: "shared" };

// Section types, dynamic tags and symbol numbers of the System V ABI and its GNU extensions.
const SHT_SYMTAB = 2;
const SHT_DYNSYM = 11;
const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const DT_NEEDED = 1;
const DT_HASH = 4;
const DT_STRTAB = 5;
const DT_SYMTAB = 6;
const DT_STRSZ = 10;
const DT_SONAME = 14;
const DT_RPATH = 15;
const DT_RUNPATH = 29;
const DT_GNU_HASH = 0x6ffffef5;
const DT_VERSYM = 0x6ffffff0;
const DT_VERNEED = 0x6ffffffe;
const STB_WEAK = 2;
const globalBindings = new Set([1, STB_WEAK, 10]);
const exportedVisibilities = new Set([0, 3]);

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
}

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

interface Version {
  readonly library: string;
  readonly version: string;
}

interface StringTable {
  readonly offset: number;
  readonly size: number;
}

/** Whether a file begins as an ELF file. */
export function isElf(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
}

/**
 * Reads an ELF shared object or program as its loader does (segments and dynamic table, so stripped section headers do not matter),
 * an object as a linker does (sections).
 * @throws {ZligError} `binary-unreadable` for a malformed file.
 */
export function readElf(bytes: Uint8Array): ElfBinary {
  if (!isElf(bytes)) throw malformed("it is not an ELF file");
  const [, , , , elfClass, data] = bytes;
  if ((elfClass !== 1 && elfClass !== 2) || (data !== 1 && data !== 2)) throw malformed("its ELF header is damaged");
  return new ElfReader(new Bytes(bytes, data === 1), elfClass === 2, data === 1).read();
}

class ElfReader {
  readonly #bytes: Bytes;
  readonly #wide: boolean;
  readonly #littleEndian: boolean;
  /** The size of an address or offset. */
  readonly #word: 4 | 8;

  constructor(bytes: Bytes, wide: boolean, littleEndian: boolean) {
    this.#bytes = bytes;
    this.#wide = wide;
    this.#littleEndian = littleEndian;
    this.#word = wide ? 8 : 4;
  }

  read(): ElfBinary {
    const bytes = this.#bytes;
    const kind = kinds[bytes.u16(16)] ?? "other";
    const facts = {
      format: "elf",
      kind,
      machine: machineOf(bytes.u16(18), this.#littleEndian),
      bits: this.#wide ? 64 : 32,
      endian: this.#littleEndian ? "little" : "big",
      flags: bytes.u32(this.#wide ? 48 : 36),
    } as const;
    return kind === "object" ? { ...facts, ...this.#readObject() } : { ...facts, ...this.#readDynamic() };
  }

  #readObject() {
    const sections = this.#sections();
    const symtab = sections.find((section) => section.type === SHT_SYMTAB);
    const strings = symtab && sections[symtab.link];
    const symbols =
      symtab === undefined || strings === undefined
        ? { exports: [], undefined: [] }
        : this.#symbols(symtab.offset, Math.floor(symtab.size / this.#symbolSize), strings);
    return { ...symbols, needed: [], runPaths: [], versionNeeds: {} };
  }

  #readDynamic() {
    const segments = this.#segments();
    const entries = this.#dynamicEntries(segments);
    const first = (tag: number) => entries.find((entry) => entry.tag === tag)?.value;
    const at = (tag: number) => {
      const address = first(tag);
      return address === undefined ? undefined : fileOffset(segments, address);
    };

    const stringsAt = at(DT_STRTAB);
    const strings = stringsAt === undefined ? undefined : { offset: stringsAt, size: first(DT_STRSZ) ?? 0 };
    const texts = (tag: number) =>
      strings === undefined
        ? []
        : entries.filter((entry) => entry.tag === tag).map((entry) => this.#string(strings, entry.value));

    const verneed = at(DT_VERNEED);
    const versions =
      verneed === undefined || strings === undefined ? new Map<number, Version>() : this.#versions(verneed, strings);
    const symtab = at(DT_SYMTAB);
    const symbols =
      symtab === undefined || strings === undefined
        ? { exports: [], undefined: [] }
        : this.#symbols(symtab, this.#dynamicSymbolCount(symtab, at), strings, at(DT_VERSYM), versions);

    const runPaths = texts(DT_RUNPATH);
    const [soname] = texts(DT_SONAME);
    return {
      ...symbols,
      needed: texts(DT_NEEDED),
      runPaths: (runPaths.length > 0 ? runPaths : texts(DT_RPATH)).flatMap((paths) => paths.split(":")).filter(Boolean),
      ...(soname === undefined ? {} : { soname }),
      versionNeeds: groupByLibrary(versions),
    };
  }

  get #symbolSize(): number {
    return this.#wide ? 24 : 16;
  }

  #address(offset: number): number {
    return this.#wide ? this.#bytes.u64(offset) : this.#bytes.u32(offset);
  }

  #string(table: StringTable, index: number): string {
    return this.#bytes.cString(table.offset + index, table.offset + table.size);
  }

  #segments(): Segment[] {
    const bytes = this.#bytes;
    const table = this.#address(this.#wide ? 32 : 28);
    const size = bytes.u16(this.#wide ? 54 : 42);
    const count = bytes.u16(this.#wide ? 56 : 44);
    return Array.from({ length: count }, (_, index) => {
      const at = table + index * size;
      return {
        type: bytes.u32(at),
        offset: this.#address(at + this.#word),
        address: this.#address(at + 2 * this.#word),
        fileSize: this.#address(at + 4 * this.#word),
      };
    });
  }

  #sections(): Section[] {
    const bytes = this.#bytes;
    const table = this.#address(this.#wide ? 40 : 32);
    if (table === 0) return [];
    const size = bytes.u16(this.#wide ? 58 : 46);
    const read = (index: number): Section => {
      const at = table + index * size;
      const word = this.#word;
      return {
        type: bytes.u32(at + 4),
        offset: this.#address(at + 8 + 2 * word),
        size: this.#address(at + 8 + 3 * word),
        link: bytes.u32(at + 8 + 4 * word),
      };
    };
    // An object with more than 65 279 sections keeps their number in the first one.
    const count = bytes.u16(this.#wide ? 60 : 48) || read(0).size;
    bytes.check(table, count * size);
    if (size < 40) throw malformed("its section headers are too small");
    return Array.from({ length: count }, (_, index) => read(index));
  }

  #dynamicEntries(segments: readonly Segment[]): { tag: number; value: number }[] {
    const dynamic = segments.find((segment) => segment.type === PT_DYNAMIC);
    if (dynamic === undefined) return [];
    const entries = [];
    for (let at = dynamic.offset; at < dynamic.offset + dynamic.fileSize; at += 2 * this.#word) {
      const tag = this.#address(at);
      if (tag === 0) break;
      entries.push({ tag, value: this.#address(at + this.#word) });
    }
    return entries;
  }

  /** The dynamic table does not say how many symbols there are: a section header does, else a hash table. */
  #dynamicSymbolCount(symtab: number, at: (tag: number) => number | undefined): number {
    const section = this.#sections().find((candidate) => candidate.type === SHT_DYNSYM && candidate.offset === symtab);
    if (section !== undefined) return Math.floor(section.size / this.#symbolSize);
    const gnuHash = at(DT_GNU_HASH);
    if (gnuHash !== undefined) return this.#gnuHashSymbolCount(gnuHash);
    const hash = at(DT_HASH);
    return hash === undefined ? 0 : this.#bytes.u32(hash + 4);
  }

  #gnuHashSymbolCount(at: number): number {
    const bytes = this.#bytes;
    const bucketCount = bytes.u32(at);
    const firstHashed = bytes.u32(at + 4);
    const buckets = at + 16 + bytes.u32(at + 8) * this.#word;
    bytes.check(buckets, bucketCount * 4);
    let last = 0;
    for (let index = 0; index < bucketCount; index += 1) last = Math.max(last, bytes.u32(buckets + index * 4));
    if (last < firstHashed) return firstHashed;
    const chains = buckets + bucketCount * 4;
    while ((bytes.u32(chains + (last - firstHashed) * 4) & 1) === 0) last += 1;
    return last + 1;
  }

  /** The needed symbol versions, by the index that the version table gives each symbol. */
  #versions(at: number, strings: StringTable): Map<number, Version> {
    const bytes = this.#bytes;
    const versions = new Map<number, Version>();
    for (let need = at; ;) {
      const library = this.#string(strings, bytes.u32(need + 4));
      let aux = need + bytes.u32(need + 8);
      for (let left = bytes.u16(need + 2); left > 0; left -= 1) {
        versions.set(bytes.u16(aux + 6) & 0x7fff, { library, version: this.#string(strings, bytes.u32(aux + 8)) });
        const next = bytes.u32(aux + 12);
        if (next === 0) break;
        if (next < 16) throw malformed("its version table is damaged");
        aux += next;
      }
      const next = bytes.u32(need + 12);
      if (next === 0) return versions;
      if (next < 16) throw malformed("its version table is damaged");
      need += next;
    }
  }

  #symbols(
    table: number,
    count: number,
    strings: StringTable,
    versionTable?: number,
    versions: ReadonlyMap<number, Version> = new Map(),
  ): { exports: string[]; undefined: UndefinedSymbol[] } {
    const bytes = this.#bytes;
    bytes.check(table, count * this.#symbolSize);
    const exports: string[] = [];
    const missing: UndefinedSymbol[] = [];
    // The first symbol is reserved.
    for (let index = 1; index < count; index += 1) {
      const at = table + index * this.#symbolSize;
      const info = bytes.u8(at + (this.#wide ? 4 : 12));
      const visibility = bytes.u8(at + (this.#wide ? 5 : 13)) & 3;
      const section = bytes.u16(at + (this.#wide ? 6 : 14));
      const binding = info >> 4;
      if (!globalBindings.has(binding)) continue;
      const name = this.#string(strings, bytes.u32(at));
      if (section === 0) {
        const version =
          versionTable === undefined ? undefined : versions.get(bytes.u16(versionTable + index * 2) & 0x7fff);
        if (name !== "") missing.push({ name, weak: binding === STB_WEAK, ...version });
      } else if (exportedVisibilities.has(visibility)) {
        exports.push(name);
      }
    }
    return { exports, undefined: missing };
  }
}

function machineOf(number: number, littleEndian: boolean): Machine {
  const machines: Readonly<Record<number, Machine>> = {
    3: "i686",
    21: littleEndian ? "ppc64le" : "ppc64",
    22: "s390x",
    40: "armv7l",
    62: "x86_64",
    183: "aarch64",
    243: "riscv64",
    258: "loongarch64",
  };
  return machines[number] ?? `unknown-${number}`;
}

function fileOffset(segments: readonly Segment[], address: number): number {
  const segment = segments.find(
    ({ type, address: start, fileSize }) => type === PT_LOAD && address >= start && address < start + fileSize,
  );
  if (segment === undefined) throw malformed("a table of it is in no loaded segment");
  return address - segment.address + segment.offset;
}

function groupByLibrary(versions: ReadonlyMap<number, Version>): Record<string, readonly string[]> {
  const grouped = Map.groupBy(versions.values(), ({ library }) => library);
  return Object.fromEntries([...grouped].map(([library, needs]) => [library, needs.map(({ version }) => version)]));
}
