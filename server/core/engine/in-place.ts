import { randomBytes } from "node:crypto";
import { chmod, copyFile, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ZligError } from "../error.ts";
import type { Emit } from "../event.ts";
import { fileErrorCode, fileErrorReason } from "../file-error.ts";
import { isTemporaryName, ownerOfTemporary, writeAtomically } from "../package/atomic-file.ts";
import type { Cache } from "./cache.ts";
import { digestOf, isAlive } from "./cache.ts";
import type { Digests } from "./digests.ts";
import type { BuiltModule } from "./run-plan.ts";

/** Which artefacts of a project are ours: project-relative path to the digest that was written. */
type Installed = ReadonlyMap<string, string>;

/** A record for each artefact, in a folder for each project: builds for two interpreters that end at once do not meet. */
function recordKind(root: string): string {
  return join("installed", digestOf(root));
}

async function readInstalled(cache: Cache, root: string): Promise<Installed> {
  const installed = new Map<string, string>();
  for (const record of await cache.readRecords(recordKind(root))) {
    const { path, digest } = (record ?? {}) as { readonly path?: unknown; readonly digest?: unknown };
    if (typeof path === "string" && typeof digest === "string") installed.set(path, digest);
  }
  return installed;
}

const unwritable = new Set(["EROFS", "EACCES", "EPERM", "ENOSPC", "EDQUOT"]);

/** Windows does not let go of a loaded module, but lets it be renamed. */
async function moveAside(file: string): Promise<void> {
  await rename(file, join(dirname(file), `.old-${randomBytes(6).toString("hex")}.zlig-tmp`));
}

/** Removes what killed builds, and modules that were loaded when they were replaced, left in a folder. What another build is at work on stays. */
async function sweepFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => []))
    if (isTemporaryName(name) && !isAlive(ownerOfTemporary(name) ?? 0))
      await rm(join(folder, name), { force: true }).catch(() => undefined);
}

const hint =
  "Make its folder writable; or pack a wheel elsewhere, which needs no place in the project: `zlig wheel --out-dir DIR`.";

/** The code of the file system's error that an error comes from. */
function causeOf(error: unknown): string | undefined {
  return error instanceof ZligError ? fileErrorCode(error.cause) : undefined;
}

async function install(blob: string, file: string): Promise<void> {
  const write = async (temporary: string): Promise<void> => {
    await copyFile(blob, temporary);
    await chmod(temporary, 0o755);
  };
  try {
    await writeAtomically(file, write, hint);
  } catch (error) {
    const code = causeOf(error);
    if (process.platform !== "win32" || (code !== "EPERM" && code !== "EBUSY" && code !== "EACCES")) throw error;
    await moveAside(file);
    await writeAtomically(file, write, hint);
  }
}

/** Where the modules of a build are to be found. */
export interface InPlaceOptions {
  readonly root: string;
  readonly cache: Cache;
  readonly digests: Digests;
  readonly emit: Emit;
  /** What to do when the project cannot be written: leave the modules in the cache, or fail. */
  readonly whenReadOnly: "keep-in-cache" | "fail";
}

/**
 * Puts modules beside the package's Python files. An artefact whose bytes are the same is left untouched; another one is
 * replaced by a rename, so that at every moment the old or the new one is there, whole.
 * @throws {ZligError} `output-unwritable`
 */
export async function installInPlace(modules: readonly BuiltModule[], options: InPlaceOptions): Promise<void> {
  const { root, cache, digests, emit } = options;
  const installed = await readInstalled(cache, root);
  const written = new Map<string, string>();
  try {
    for (const { artefact, digest } of modules) {
      const { path, extension } = artefact;
      let state: "written" | "unchanged" | "kept-in-cache" = "unchanged";
      if ((await digests.of(path)) !== digest) {
        try {
          await sweepFolder(dirname(join(root, path)));
          await install(cache.blobPath(digest, "so"), join(root, path));
          state = "written";
          digests.forget(path);
        } catch (error) {
          if (options.whenReadOnly === "fail" || !unwritable.has(causeOf(error) ?? "")) throw error;
          state = "kept-in-cache";
        }
      }
      if (state !== "kept-in-cache" && installed.get(path) !== digest) written.set(path, digest);
      emit({ event: "artefact", extension: extension.name, path, state });
    }
  } finally {
    // Also what was written before one could not be: else it would count as somebody else's for ever.
    for (const [path, digest] of written) await cache.writeRecord(recordKind(root), digestOf(path), { path, digest });
  }
}

async function remove(file: string): Promise<void> {
  try {
    await rm(file, { force: true });
  } catch (error) {
    throw new ZligError("output-unwritable", `${file} cannot be removed: ${fileErrorReason(error)}`, {
      hint: "Make its folder writable; on Windows end the Python that has the module loaded.",
      cause: error,
    });
  }
}

/**
 * Removes the artefacts that earlier builds put into a project: those whose bytes are still what was written. Anything
 * else, whoever made it, stays.
 * @param wanted tells whether an artefact, by its project-relative path, is to go
 * @returns what was removed and what stayed because it is not ours any more
 * @throws {ZligError} `output-unwritable`
 */
export async function removeInPlace(
  root: string,
  cache: Cache,
  digests: Digests,
  wanted: (path: string) => boolean,
): Promise<{ removed: readonly string[]; foreign: readonly string[] }> {
  const installed = await readInstalled(cache, root);
  const removed: string[] = [];
  const foreign: string[] = [];
  const gone: string[] = [];
  try {
    for (const [path, digest] of installed) {
      if (!wanted(path)) continue;
      const found = await digests.of(path);
      if (found !== undefined && found !== digest) {
        foreign.push(path);
        continue;
      }
      if (found !== undefined) {
        await remove(join(root, path));
        removed.push(path);
        digests.forget(path);
      }
      gone.push(path);
    }
  } finally {
    for (const path of gone) await cache.removeRecord(recordKind(root), digestOf(path));
  }
  return { removed, foreign };
}
