import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir, open, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ZligError } from "../error.ts";

/** The layout of the cache: another number means another folder, so that versions of Zlig never read each other's files. */
const layout = "v1";

/** What marks a folder as a cache to backup programs. */
const cacheTag = "Signature: 8a477f597d28d172789f06886806bc55\n# This file marks a cache folder of Zlig.\n";

/** What a blob is: an object or a linked module. Zig tells objects from sources by their suffix. */
export type BlobKind = "o" | "so";

/** SHA-256 in hexadecimal. */
export function digestOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function failure(error: unknown, folder: string): ZligError {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const reason =
    code === "ENOSPC" || code === "EDQUOT"
      ? "the disk is full"
      : code === "EROFS" || code === "EACCES" || code === "EPERM"
        ? "it may not be written"
        : (error as Error).message;
  return new ZligError("cache-unwritable", `The cache folder ${folder} cannot be used: ${reason}`, {
    hint: "Check its permissions and the free space, or name another folder in `ZLIG_CACHE_DIR`.",
    cause: error,
  });
}

/**
 * The per-user cache: blobs under the SHA-256 of their content, and records under keys. Files come into being whole, by
 * a rename, so several processes may use it at once and a kill leaves nothing half-written.
 */
export class Cache {
  /** The folder of this layout. */
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * Opens the cache, making its folder.
   * @throws {ZligError} `cache-unwritable`
   */
  static async open(base: string): Promise<Cache> {
    const cache = new Cache(join(base, layout));
    try {
      await mkdir(join(cache.folder, "tmp"), { recursive: true });
      await access(join(cache.folder, "tmp"), constants.W_OK);
      await writeFile(join(base, "CACHEDIR.TAG"), cacheTag, { flag: "wx" }).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      });
    } catch (error) {
      throw failure(error, base);
    }
    return cache;
  }

  /** The folder of Zig's own caches. */
  get zigFolder(): string {
    return join(this.folder, "zig");
  }

  /** A folder of one's own for unfinished work; remove it with {@link discard}. */
  async scratch(): Promise<string> {
    const folder = join(this.folder, "tmp", `${process.pid}-${randomUUID()}`);
    try {
      await mkdir(folder, { recursive: true });
    } catch (error) {
      throw failure(error, this.folder);
    }
    return folder;
  }

  /** Removes a scratch folder. */
  async discard(folder: string): Promise<void> {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Removes scratch folders that killed processes left behind. */
  async sweep(): Promise<void> {
    for (const name of await readdir(join(this.folder, "tmp")).catch(() => [])) {
      const pid = Number(name.split("-")[0]);
      if (pid === process.pid || isAlive(pid)) continue;
      await this.discard(join(this.folder, "tmp", name)).catch(() => undefined);
    }
  }

  /** Where the blob of a digest lies, or would. */
  blobPath(digest: string, kind: BlobKind): string {
    return join(this.folder, "blobs", digest.slice(0, 2), `${digest.slice(2)}.${kind}`);
  }

  /** Whether a blob is there and whole; one that is not is removed, to be made again. */
  async hasBlob(digest: string, kind: BlobKind): Promise<boolean> {
    const path = this.blobPath(digest, kind);
    try {
      if (digestOf(await readFile(path)) === digest) return true;
      await rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw failure(error, this.folder);
    }
    return false;
  }

  /** Keeps a finished file as a blob, moving it. Gives its digest. */
  async adopt(file: string, kind: BlobKind): Promise<{ digest: string; content: Uint8Array }> {
    const content = await readFile(file);
    const digest = digestOf(content);
    const path = this.blobPath(digest, kind);
    try {
      await mkdir(dirname(path), { recursive: true });
      await rename(file, path);
    } catch (error) {
      throw failure(error, this.folder);
    }
    return { digest, content };
  }

  #recordPath(kind: string, key: string): string {
    return join(this.folder, kind, key.slice(0, 2), `${key.slice(2)}.json`);
  }

  /** Reads a record. One that is missing or damaged counts as never written. */
  async readRecord(kind: string, key: string): Promise<unknown> {
    try {
      return JSON.parse(await readFile(this.#recordPath(kind, key), "utf8")) as unknown;
    } catch {
      return undefined;
    }
  }

  /** Writes a record, whole or not at all. */
  async writeRecord(kind: string, key: string, value: unknown): Promise<void> {
    const path = this.#recordPath(kind, key);
    const temporary = join(this.folder, "tmp", `${process.pid}-${randomUUID()}`);
    try {
      await mkdir(dirname(path), { recursive: true });
      const file = await open(temporary, "wx");
      try {
        await file.writeFile(JSON.stringify(value));
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw failure(error, this.folder);
    }
  }
}

/** Whether a process is running. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
