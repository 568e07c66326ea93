import { readFile, stat } from "node:fs/promises";
import { ZligError } from "../error.ts";

interface EntryFacts {
  /** Path in the archive, with `/`. */
  readonly path: string;
  /** Why it is there: a short phrase for `--dry-run` and its JSON. */
  readonly why: string;
  /** Whether it gets mode 0755; else 0644. Taken from the file's owner bit when absent. */
  readonly executable?: boolean;
}

/** An archive member whose content is a file: an absolute path. */
export interface FileEntry extends EntryFacts {
  readonly file: string;
}

/** An archive member that was made in memory. */
export interface ContentEntry extends EntryFacts {
  readonly content: Uint8Array;
}

/** One member of a wheel or an sdist. Folders have no members of their own. */
export type ArchiveEntry = FileEntry | ContentEntry;

/** What of an entry goes into the archive. */
export interface EntryContent {
  readonly content: Uint8Array;
  /** Mode bits, without the file type: 0644 or 0755. */
  readonly mode: number;
}

/** Orders paths by their UTF-8 bytes, as every platform and language can. */
export function comparePaths(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Gives the entries ordered by path. */
export function sortEntries<Entry extends { readonly path: string }>(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((a, b) => comparePaths(a.path, b.path));
}

/**
 * Reads what an entry stands for.
 * @throws {ZligError} `file-unreadable`.
 */
export async function readEntry(entry: ArchiveEntry): Promise<EntryContent> {
  if ("content" in entry) return { content: entry.content, mode: entry.executable === true ? 0o755 : 0o644 };
  try {
    const content = await readFile(entry.file);
    // The owner's bit: group and others depend on the umask of whoever checked the project out.
    const executable = entry.executable ?? ((await stat(entry.file)).mode & 0o100) !== 0;
    return { content, mode: executable ? 0o755 : 0o644 };
  } catch (error) {
    throw new ZligError("file-unreadable", `${entry.path} cannot be read: ${(error as Error).message}`, {
      location: { file: entry.file },
      cause: error,
    });
  }
}

/**
 * Checks the paths of an archive: each stays inside it and is writable on every platform, and no two of them meet.
 * @throws {ZligError} `archive-path` or `archive-conflict`.
 */
export function checkEntries(entries: readonly ArchiveEntry[]): void {
  const seen = new Map<string, ArchiveEntry>();
  for (const entry of entries) {
    const fault = pathFault(entry.path);
    if (fault !== undefined) {
      throw new ZligError("archive-path", `${JSON.stringify(entry.path)} cannot be packed: it ${fault}`, {
        location: locationOf(entry),
        hint: "Rename the file, or leave it out with `exclude`.",
      });
    }
    const other = seen.get(foldPath(entry.path));
    if (other !== undefined) throw conflict(entry, other);
    seen.set(foldPath(entry.path), entry);
  }
  for (const entry of entries) {
    for (let at = entry.path.indexOf("/"); at !== -1; at = entry.path.indexOf("/", at + 1)) {
      const other = seen.get(foldPath(entry.path.slice(0, at)));
      if (other !== undefined) throw conflict(entry, other);
    }
  }
}

/** The spelling that file systems without letter case, or with their own Unicode normalisation, see. */
function foldPath(path: string): string {
  return path.normalize("NFC").toLowerCase();
}

function pathFault(path: string): string | undefined {
  if (path === "") return "is empty";
  if (!path.isWellFormed() || path.includes("\uFFFD")) return "is not valid Unicode";
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\x00-\x1f\x7f]/.test(path)) return "has a control character";
  if (path.includes("\\")) return "has a backslash";
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "is absolute";
  const parts = path.split("/");
  if (parts.includes("..")) return "leads out of the archive";
  if (parts.includes("") || parts.includes(".")) return "has an empty part";
  return undefined;
}

function conflict(entry: ArchiveEntry, other: ArchiveEntry): ZligError {
  const [first, second] = sortEntries([other, entry]) as [ArchiveEntry, ArchiveEntry];
  const what =
    first.path === second.path
      ? `two files go to ${first.path}`
      : foldPath(first.path) === foldPath(second.path)
        ? `${first.path} and ${second.path} are one path where letter case does not count`
        : `${first.path} is a file and a folder`;
  return new ZligError("archive-conflict", `${what}: ${source(first)} and ${source(second)}`, {
    location: locationOf(second),
    hint: "Rename one of them, or leave it out with `exclude`.",
  });
}

function source(entry: ArchiveEntry): string {
  return "file" in entry ? `${entry.file} (${entry.why})` : entry.why;
}

function locationOf(entry: ArchiveEntry): { file: string } | undefined {
  return "file" in entry ? { file: entry.file } : undefined;
}
