import { randomBytes } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ZligError } from "../error.ts";

const temporarySuffix = ".zlig-tmp";

/** Whether a file name is one that {@link writeAtomically} gives while it works: left behind only by a kill. */
export function isTemporaryName(name: string): boolean {
  return name.startsWith(".") && name.endsWith(temporarySuffix);
}

/**
 * Writes a file so that at every moment either the old one or the whole new one is there: `write` fills a temporary
 * file in the same folder (which is made if needed), and that is renamed. If `write` fails nothing remains.
 * @throws {ZligError} whatever `write` throws, and `output-unwritable` for errors of the file system.
 */
export async function writeAtomically(file: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const folder = dirname(file);
  const temporary = join(folder, `.${basename(file)}.${randomBytes(6).toString("hex")}${temporarySuffix}`);
  try {
    await mkdir(folder, { recursive: true });
    await write(temporary);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    // Only errors of the file system are about the file; others are what `write` meant to throw.
    if (error instanceof ZligError || !("syscall" in (error as Error))) throw error;
    throw new ZligError("output-unwritable", `${file} cannot be written: ${(error as Error).message}`, {
      hint: "Check the permissions and the free space of the folder, or name another one with `--out-dir`.",
      cause: error,
    });
  }
}
