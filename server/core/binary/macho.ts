import type { BinaryKind, MachOBinary, Machine, UndefinedSymbol } from "./binary.ts";
import { Bytes, malformed } from "./bytes.ts";
import { readExportTrie } from "./macho-export-trie.ts";

const MH_BUNDLE = 8;
const kinds: Readonly<Record<number, BinaryKind>> = {
  1: "object",
  2: "executable",
  6: "shared",
  [MH_BUNDLE]: "shared",
};
const machines: Readonly<Record<number, Machine>> = { 0x01000007: "x86_64", 0x0100000c: "aarch64" };

const MH_TWOLEVEL = 0x80;
const PLATFORM_MACOS = 1;
const N_STAB = 0xe0;
const N_PEXT = 0x10;
const N_TYPE = 0x0e;
const N_EXT = 0x01;
const N_WEAK_REF = 0x40;

// Load commands; the high bit means that the loader must know the command.
const LC_SYMTAB = 0x2;
const LC_LOAD_DYLIB = 0xc;
const LC_ID_DYLIB = 0xd;
const LC_CODE_SIGNATURE = 0x1d;
const LC_LAZY_LOAD_DYLIB = 0x20;
const LC_DYLD_INFO = 0x22;
const LC_VERSION_MIN_MACOSX = 0x24;
const LC_BUILD_VERSION = 0x32;
const LC_LOAD_WEAK_DYLIB = 0x80000018;
const LC_RPATH = 0x8000001c;
const LC_REEXPORT_DYLIB = 0x8000001f;
const LC_DYLD_INFO_ONLY = 0x80000022;
const LC_LOAD_UPWARD_DYLIB = 0x80000023;
const LC_DYLD_EXPORTS_TRIE = 0x80000033;

interface LoadCommand {
  readonly command: number;
  readonly offset: number;
  readonly size: number;
}

/** Whether a file begins as a Mach-O file: little-endian 64-bit or universal. Java classes begin as universal files do, but with a version where those count architectures. */
export function isMachO(bytes: Uint8Array): boolean {
  return isThin(bytes) || isUniversal(bytes);
}

/**
 * Reads a Mach-O file: one entry for each architecture.
 * @throws {ZligError} `binary-unreadable` for a malformed file or a 32-bit slice.
 */
export function readMachO(bytes: Uint8Array): [MachOBinary, ...MachOBinary[]] {
  const [first, ...others] = isUniversal(bytes) ? slicesOf(bytes) : [bytes];
  if (first === undefined) throw malformed("it has no architecture in it");
  return [readThin(first), ...others.map(readThin)];
}

function magicOf(bytes: Uint8Array): number {
  return bytes.byteLength < 8 ? 0 : new Bytes(bytes, false).u32(0);
}

function isThin(bytes: Uint8Array): boolean {
  return magicOf(bytes) === 0xcffaedfe;
}

function isUniversal(bytes: Uint8Array): boolean {
  const magic = magicOf(bytes);
  return (magic === 0xcafebabe || magic === 0xcafebabf) && new Bytes(bytes, false).u32(4) < 32;
}

function slicesOf(file: Uint8Array): Uint8Array[] {
  const bytes = new Bytes(file, false);
  const wide = magicOf(file) === 0xcafebabf;
  return Array.from({ length: bytes.u32(4) }, (_, index) => {
    const at = 8 + index * (wide ? 32 : 20);
    const offset = wide ? bytes.u64(at + 8) : bytes.u32(at + 8);
    const size = wide ? bytes.u64(at + 16) : bytes.u32(at + 12);
    return bytes.slice(offset, size);
  });
}

function readThin(file: Uint8Array): MachOBinary {
  if (!isThin(file)) throw malformed("it is not a 64-bit little-endian Mach-O file");
  const bytes = new Bytes(file, true);
  const fileType = bytes.u32(12);
  const kind = kinds[fileType] ?? "other";
  const twoLevelNamespace = (bytes.u32(24) & MH_TWOLEVEL) !== 0;
  const commands = loadCommands(bytes);
  const having = (...numbers: number[]) => commands.filter(({ command }) => numbers.includes(command));

  const text = (command: LoadCommand) =>
    bytes.cString(command.offset + bytes.u32(command.offset + 8), command.offset + command.size);
  // The order matters: symbols name their library by its place in it.
  const needed = having(
    LC_LOAD_DYLIB,
    LC_LOAD_WEAK_DYLIB,
    LC_REEXPORT_DYLIB,
    LC_LAZY_LOAD_DYLIB,
    LC_LOAD_UPWARD_DYLIB,
  ).map(text);
  const symbols = having(LC_SYMTAB).map((command) =>
    readSymbols(bytes, command, twoLevelNamespace && kind !== "object" ? needed : []),
  );
  // A stripped library may keep its exports in the trie alone.
  const tries = [
    ...having(LC_DYLD_INFO, LC_DYLD_INFO_ONLY).map(
      ({ offset }) => [bytes.u32(offset + 40), bytes.u32(offset + 44)] as const,
    ),
    ...having(LC_DYLD_EXPORTS_TRIE).map(({ offset }) => [bytes.u32(offset + 8), bytes.u32(offset + 12)] as const),
  ];
  const exports = new Set([
    ...symbols.flatMap((table) => table.exports),
    ...tries.flatMap(([offset, size]) => readExportTrie(bytes, offset, size)),
  ]);
  const [soname] = having(LC_ID_DYLIB).map(text);
  const minimumMacOS = minimumMacOSOf(bytes, commands);

  return {
    format: "mach-o",
    kind,
    bundle: fileType === MH_BUNDLE,
    machine: machines[bytes.u32(4)] ?? `unknown-${bytes.u32(4)}`,
    exports: [...exports].map(cName),
    undefined: symbols.flatMap((table) => table.undefined),
    needed,
    runPaths: having(LC_RPATH).map(text),
    ...(soname === undefined ? {} : { soname }),
    ...(minimumMacOS === undefined ? {} : { minimumMacOS }),
    signed: having(LC_CODE_SIGNATURE).length > 0,
    twoLevelNamespace,
  };
}

function loadCommands(bytes: Bytes): LoadCommand[] {
  const count = bytes.u32(16);
  const commands: LoadCommand[] = [];
  let offset = 32;
  for (let index = 0; index < count; index += 1) {
    const size = bytes.u32(offset + 4);
    if (size < 8) throw malformed("its load commands are damaged");
    bytes.check(offset, size);
    commands.push({ command: bytes.u32(offset), offset, size });
    offset += size;
  }
  return commands;
}

function readSymbols(bytes: Bytes, { offset }: LoadCommand, libraries: readonly string[]) {
  const table = bytes.u32(offset + 8);
  const count = bytes.u32(offset + 12);
  const strings = bytes.u32(offset + 16);
  const stringsEnd = strings + bytes.u32(offset + 20);
  bytes.check(table, count * 16);
  const exports: string[] = [];
  const missing: UndefinedSymbol[] = [];
  for (let at = table; at < table + count * 16; at += 16) {
    const type = bytes.u8(at + 4);
    if ((type & N_STAB) !== 0 || (type & N_EXT) === 0) continue;
    const name = bytes.cString(strings + bytes.u32(at), stringsEnd);
    // An undefined symbol of an object with a value is a common one: the value is its size.
    if ((type & N_TYPE) === 0 && bytes.u64(at + 8) === 0) {
      const description = bytes.u16(at + 6);
      const library = libraries[(description >> 8) - 1];
      missing.push({
        name: cName(name),
        weak: (description & N_WEAK_REF) !== 0,
        ...(library === undefined ? {} : { library }),
      });
    } else if ((type & N_PEXT) === 0) {
      exports.push(name);
    }
  }
  return { exports, undefined: missing };
}

function minimumMacOSOf(bytes: Bytes, commands: readonly LoadCommand[]): string | undefined {
  for (const { command, offset } of commands) {
    if (command === LC_BUILD_VERSION && bytes.u32(offset + 8) === PLATFORM_MACOS)
      return version(bytes.u32(offset + 12));
    if (command === LC_VERSION_MIN_MACOSX) return version(bytes.u32(offset + 8));
  }
  return undefined;
}

/** `0x000b0000` is 11.0, `0x000a0f01` is 10.15.1. */
function version(packed: number): string {
  const patch = packed & 0xff;
  return `${packed >>> 16}.${(packed >> 8) & 0xff}${patch === 0 ? "" : `.${patch}`}`;
}

function cName(name: string): string {
  return name.startsWith("_") ? name.slice(1) : name;
}
