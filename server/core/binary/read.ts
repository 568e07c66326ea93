import type { Binary } from "./binary.ts";
import { malformed } from "./bytes.ts";
import { isElf, readElf } from "./elf.ts";
import { isMachO, readMachO } from "./macho.ts";
import { readPe } from "./pe.ts";

/**
 * Reads a compiled file: an ELF or Mach-O shared library or object, a Windows DLL or COFF object.
 * Gives one entry, or one for each architecture of a universal Mach-O file.
 * @throws {ZligError} `binary-unreadable` for a malformed file, and for kinds without symbols to read: archives, import libraries, LTO bitcode.
 */
export function readBinaries(bytes: Uint8Array): readonly [Binary, ...Binary[]] {
  if (isElf(bytes)) return [readElf(bytes)];
  if (isMachO(bytes)) return readMachO(bytes);
  if (startsWith(bytes, "!<arch>\n") || startsWith(bytes, "!<thin>\n")) throw malformed("it is an archive");
  if (startsWith(bytes, "BC\xc0\xde")) throw malformed("it is LLVM bitcode, as `-flto` makes it");
  return [readPe(bytes)];
}

/**
 * Reads a compiled file for one processor, as {@link readBinaries}.
 * @throws {ZligError} `binary-unreadable`, also for a Mach-O file of several architectures.
 */
export function readBinary(bytes: Uint8Array): Binary {
  const [binary, ...others] = readBinaries(bytes);
  if (others.length > 0) throw malformed("it is for several processors");
  return binary;
}

function startsWith(bytes: Uint8Array, magic: string): boolean {
  return Array.from(magic).every((character, index) => bytes[index] === character.charCodeAt(0));
}
