import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { ZligError } from "../error.ts";
import { fileErrorReason } from "../file-error.ts";

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
  return new ZligError("cache-unwritable", `The cache folder ${folder} cannot be used: ${fileErrorReason(error)}`, {
    hint: "Check its permissions and the free space, or name another folder in `ZLIG_CACHE_DIR`.",
    cause: error,
  });
}

/** The value of a JSON file; `undefined` when it is missing or damaged. */
async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as unknown;
  } catch {
    return undefined;
  }
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
    const folder = join(this.folder, "tmp", temporaryName());
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
      const path = join(this.folder, "tmp", name);
      if (await isInUse(path, name)) continue;
      await this.discard(path).catch(() => undefined);
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
      // Windows refuses while somebody has the same blob open, which is then as good as ours.
      if (!(await this.hasBlob(digest, kind))) throw failure(error, this.folder);
    }
    return { digest, content };
  }

  #recordPath(kind: string, key: string): string {
    return join(this.folder, kind, key.slice(0, 2), `${key.slice(2)}.json`);
  }

  /** Reads a record. One that is missing or damaged counts as never written. */
  async readRecord(kind: string, key: string): Promise<unknown> {
    return readJson(this.#recordPath(kind, key));
  }

  /** Reads every record of a kind that is whole. */
  async readRecords(kind: string): Promise<readonly unknown[]> {
    const folder = join(this.folder, kind);
    const names = await readdir(folder, { recursive: true }).catch(() => []);
    const records = await Promise.all(
      names.filter((name) => name.endsWith(".json")).map((name) => readJson(join(folder, name))),
    );
    return records.filter((record) => record !== undefined);
  }

  /** Forgets a record. */
  async removeRecord(kind: string, key: string): Promise<void> {
    await rm(this.#recordPath(kind, key), { force: true });
  }

  /** Writes a record, whole or not at all. */
  async writeRecord(kind: string, key: string, value: unknown): Promise<void> {
    const path = this.#recordPath(kind, key);
    const temporary = join(this.folder, "tmp", temporaryName());
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

/** A name that says whose it is: process and machine. */
function temporaryName(): string {
  return `${process.pid}-${randomUUID()}@${ownHost}`;
}

const ownHost = encodeURIComponent(hostname());

/** A build on another machine may take long, but not that long. */
const longestBuild = 24 * 60 * 60 * 1000;

/** Whether a scratch folder may still be worked in. A cache in a home folder on a network, or shared by containers, has users whose processes cannot be seen from here. */
async function isInUse(path: string, name: string): Promise<boolean> {
  const [pid = "", host] = [name.split("-")[0], name.split("@")[1]];
  if (host === undefined || host === ownHost) return Number(pid) === process.pid || isAlive(Number(pid));
  const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: 0 }))).mtimeMs;
  return age < longestBuild;
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
