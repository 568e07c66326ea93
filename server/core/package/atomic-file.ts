import { randomBytes } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ZligError } from "../error.ts";
import { fileErrorCode, fileErrorReason } from "../file-error.ts";

const temporarySuffix = ".zlig-tmp";

/** Whether a file name is one that {@link writeAtomically} gives while it works: left behind only by a kill. */
export function isTemporaryName(name: string): boolean {
  return name.startsWith(".") && name.endsWith(temporarySuffix);
}

/** The process that works on a temporary file; `undefined` when its name does not tell. */
export function ownerOfTemporary(name: string): number | undefined {
  const pid = /\.(\d+)-[0-9a-f]+\.zlig-tmp$/.exec(name)?.[1];
  return pid === undefined ? undefined : Number(pid);
}

/**
 * Writes a file so that at every moment either the old one or the whole new one is there: `write` fills a temporary
 * file in the same folder (which is made if needed), and that is renamed. If `write` fails nothing remains.
 * @param hint what the user can do when the file system refuses
 * @throws {ZligError} whatever `write` throws, and `output-unwritable` for errors of the file system.
 */
export async function writeAtomically(
  file: string,
  write: (temporary: string) => Promise<void>,
  hint = "Check the permissions and the free space of the folder, or name another one with `--out-dir`.",
): Promise<void> {
  const folder = dirname(file);
  const temporary = join(
    folder,
    `.${basename(file)}.${process.pid}-${randomBytes(6).toString("hex")}${temporarySuffix}`,
  );
  try {
    await mkdir(folder, { recursive: true });
    await write(temporary);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    // Only errors of the file system are about the file; others are what `write` meant to throw.
    if (fileErrorCode(error) === undefined) throw error;
    throw new ZligError("output-unwritable", `${file} cannot be written: ${fileErrorReason(error)}`, {
      hint,
      cause: error,
    });
  }
}
