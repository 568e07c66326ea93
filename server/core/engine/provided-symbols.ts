import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Binary } from "../binary/binary.ts";
import { readBinary } from "../binary/read.ts";
import { muslSymbols, needsMusl } from "../binary/undefined.ts";
import type { Toolchain } from "../plan/toolchain.ts";

/** Libraries of glibc: their symbols carry versions, which say enough. */
const glibcLibrary = /^(?:lib(?:c|m|dl|rt|pthread|util|resolv)\.so\.\d+|ld-linux.*)$/;

/** The folders that a link command searches for libraries, as it names them. */
export function libraryFolders(command: readonly string[]): readonly string[] {
  return command.filter((word) => /^-L./.test(word)).map((word) => word.slice(2));
}

/** Symbols that libraries provide. */
export interface ProvidedSymbols {
  readonly names: ReadonlySet<string>;
  /** Every library was read: what is not among the names is nowhere. */
  readonly complete: boolean;
}

/** Reads the library of a name in the first folder that has one. Linker scripts and libraries of another kind are passed over. */
async function readLibrary(name: string, folders: readonly string[]): Promise<Binary | undefined> {
  for (const folder of folders) {
    const bytes = await readFile(join(folder, name)).catch(() => undefined);
    if (bytes === undefined) continue;
    try {
      return readBinary(bytes);
    } catch {
      // The next folder may have the real one.
    }
  }
  return undefined;
}

/**
 * The symbols that the libraries a module needs provide, as far as they are not told by symbol versions.
 * @param command of the link: it names the folders of the libraries
 * @param root absolute path of the project folder, from which it is run
 */
export async function providedSymbols(
  binary: Binary,
  { zig, system }: Toolchain,
  command: readonly string[],
  root: string,
): Promise<ProvidedSymbols> {
  const names = new Set<string>();
  let complete = true;
  if (needsMusl(binary)) {
    const text =
      zig.libDir === undefined
        ? undefined
        : await readFile(join(zig.libDir, "libc", "musl", "libc.S"), "utf8").catch(() => undefined);
    if (text === undefined) complete = false;
    else for (const name of muslSymbols(text)) names.add(name);
  }
  const folders = [...libraryFolders(command).map((folder) => resolve(root, folder)), ...system.libraryDirs];
  for (const library of binary.format === "elf" ? binary.needed : []) {
    if (glibcLibrary.test(library) || /^libc\.(?:so|musl-\w+\.so\.1)$/.test(library)) continue;
    const found = await readLibrary(library, folders);
    if (found === undefined) complete = false;
    else for (const name of found.exports) names.add(name);
  }
  return { names, complete };
}
