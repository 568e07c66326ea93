import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { Binary } from "../binary/binary.ts";
import { readBinary } from "../binary/read.ts";
import { muslSymbols, needsMusl } from "../binary/undefined.ts";
import type { Toolchain } from "../plan/toolchain.ts";
import type { Extension } from "../project/project.ts";

/** Libraries of glibc: their symbols carry versions, which say enough. */
const glibcLibrary = /^(?:lib(?:c|m|dl|rt|pthread|util|resolv)\.so\.\d+|ld-linux.*)$/;

/**
 * The symbols that the libraries a module needs provide, as far as they are not told by symbol versions.
 * @returns `undefined` when a library cannot be read: then nothing can be said of what is missing
 */
export async function providedSymbols(
  binary: Binary,
  { zig, system }: Toolchain,
  extension: Extension,
  root: string,
): Promise<ReadonlySet<string> | undefined> {
  const provided = new Set<string>();
  if (needsMusl(binary)) {
    const text =
      zig.libDir === undefined
        ? undefined
        : await readFile(join(zig.libDir, "libc", "musl", "libc.S"), "utf8").catch(() => undefined);
    if (text === undefined) return undefined;
    for (const name of muslSymbols(text)) provided.add(name);
  }
  const folders = [
    ...extension.libraryDirs.map((folder) => (isAbsolute(folder) ? folder : join(root, folder))),
    ...system.libraryDirs,
  ];
  for (const library of binary.format === "elf" ? binary.needed : []) {
    if (glibcLibrary.test(library) || /^libc\.(?:so|musl-\w+\.so\.1)$/.test(library)) continue;
    let found: Binary | undefined;
    for (const folder of folders) {
      const bytes = await readFile(join(folder, library)).catch(() => undefined);
      if (bytes === undefined) continue;
      try {
        found = readBinary(bytes);
        break;
      } catch {
        // A linker script, or a library of another kind: the next folder may have the real one.
      }
    }
    if (found === undefined) return undefined;
    for (const name of found.exports) provided.add(name);
  }
  return provided;
}
