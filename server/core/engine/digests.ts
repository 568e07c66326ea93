import { readFile, stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { Cache } from "./cache.ts";
import { digestOf } from "./cache.ts";

/** What a file looked like when it was hashed: size, inode, modification and change time in nanoseconds, digest. */
type Memo = readonly [size: number, inode: string, modified: string, changed: string, digest: string];

/** A file as it was looked at: the digest of its content, and when it last changed, in nanoseconds. */
interface Look {
  readonly digest: string;
  readonly changed: bigint;
}

const recordKind = "digests";

/** A file that changed this recently may change again within the same time stamp, so its stamp proves nothing yet. */
const settled = 2_000_000_000n;

/** From so many files on, those that a build did not meet are forgotten. */
const memosKept = 10_000;

/**
 * Digests of files by content. A file whose size, inode and times are as they were is not read again; the times save
 * work and decide nothing, so a file that was touched and is equal has an equal digest.
 */
export class Digests {
  readonly #cache: Cache;
  readonly #root: string;
  readonly #key: string;
  readonly #memos: Map<string, Memo>;
  readonly #fresh = new Map<string, Promise<Look | undefined>>();
  #changed = false;

  private constructor(cache: Cache, root: string, key: string, memos: Map<string, Memo>) {
    this.#cache = cache;
    this.#root = root;
    this.#key = key;
    this.#memos = memos;
  }

  /** Opens the memory of digests of a project. */
  static async open(cache: Cache, root: string): Promise<Digests> {
    const key = digestOf(root);
    const kept = await cache.readRecord(recordKind, key);
    const entries = typeof kept === "object" && kept !== null ? (Object.entries(kept) as [string, Memo][]) : [];
    return new Digests(cache, root, key, new Map(entries.filter(([, memo]) => Array.isArray(memo))));
  }

  /** The digest of a file (project-relative or absolute); `undefined` when it cannot be read. Looked at once a build. */
  async of(path: string): Promise<string | undefined> {
    let found = this.#fresh.get(path);
    if (found === undefined) {
      found = this.#hash(path);
      this.#fresh.set(path, found);
    }
    return (await found)?.digest;
  }

  /**
   * Looks at a file again: the digest of what it is now, if it has not changed since a moment; else `undefined`. For what
   * somebody else has read in between, when a user may have saved the file meanwhile.
   * @param since in milliseconds, as `Date.now()`
   */
  async unchangedSince(path: string, since: number): Promise<string | undefined> {
    const found = this.#hash(path);
    this.#fresh.set(path, found);
    const look = await found;
    return look === undefined || look.changed >= BigInt(since) * 1_000_000n ? undefined : look.digest;
  }

  /** Forgets what was seen of a file in this build, because the build itself has changed it. */
  forget(path: string): void {
    this.#fresh.delete(path);
  }

  async #hash(path: string): Promise<Look | undefined> {
    const full = isAbsolute(path) ? path : join(this.#root, path);
    try {
      const found = await stat(full, { bigint: true });
      if (!found.isFile()) return undefined;
      const stamp = [Number(found.size), String(found.ino), String(found.mtimeNs), String(found.ctimeNs)] as const;
      const memo = this.#memos.get(full);
      // Unlike the modification time, which archives and version control set, this one is the system's.
      const changed = found.ctimeNs;
      if (memo !== undefined && stamp.every((value, index) => memo[index] === value))
        return { digest: memo[4], changed };
      const digest = digestOf(await readFile(full));
      const now = BigInt(Date.now()) * 1_000_000n;
      if (now - found.mtimeNs > settled && now - found.ctimeNs > settled) {
        this.#memos.set(full, [...stamp, digest]);
        this.#changed = true;
      } else if (memo !== undefined) {
        this.#memos.delete(full);
        this.#changed = true;
      }
      return { digest, changed };
    } catch {
      return undefined;
    }
  }

  /** Keeps what was learnt for the next build. */
  async save(): Promise<void> {
    if (!this.#changed) return;
    this.#changed = false;
    const met = (path: string): boolean => this.#fresh.has(path) || this.#fresh.has(path.slice(this.#root.length + 1));
    // A build of one extension does not meet the files of the others; but the memory shall not grow for ever.
    const kept = [...this.#memos].filter(([path]) => this.#memos.size <= memosKept || met(path));
    await this.#cache.writeRecord(recordKind, this.#key, Object.fromEntries(kept));
  }
}
