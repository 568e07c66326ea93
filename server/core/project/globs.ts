import { lstat, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import fastGlob from "fast-glob";

/** Folders that no glob looks into: version control, environments and caches. */
export const unsearchedFolders = ["**/.git", "**/.hg", "**/.svn", "**/node_modules", "**/__pycache__"];

/** What a list of globs matched. */
export interface GlobMatches {
  /** Every file matched and not taken away again, relative to the root with `/`, sorted by code unit. */
  readonly files: readonly string[];
  /** For each glob, in the order given, what it alone matches before `!` globs take away. A `!glob` has an empty list. */
  readonly perGlob: readonly (readonly string[])[];
}

/** Compares two strings by UTF-16 code unit: the same order on every machine and in every locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function matchOne(root: string, glob: string, dot: boolean): Promise<readonly string[]> {
  // `src//x.c` and `src/./x.c` are `src/x.c`: a file has one name, however it is spelt.
  const plain = posix.normalize(glob);
  // A file may have a bracket or star in its name, and a plain path needs no walk.
  if (await isFile(join(root, plain))) return [plain];
  if (!fastGlob.isDynamicPattern(plain)) return [];
  const entries = await fastGlob.glob(plain, {
    cwd: root,
    dot,
    followSymbolicLinks: false,
    onlyFiles: false,
    objectMode: true,
    ignore: unsearchedFolders.map((folder) => `${folder}/**`),
    suppressErrors: true,
  });
  const found: string[] = [];
  for (const entry of entries) {
    if (entry.dirent.isFile()) found.push(entry.path);
    else if (entry.dirent.isSymbolicLink() && (await isFile(join(root, entry.path)))) found.push(entry.path);
  }
  return found.sort(byCodeUnit);
}

/**
 * Expands globs below a folder. `!glob` takes away what the others matched, wherever it stands in the list.
 * Links to files are matched; folders that are links are not walked, so that a loop cannot trap it.
 * @param root absolute path of the folder
 * @param dot whether `*` matches names that begin with a dot
 */
export async function expandGlobs(root: string, globs: readonly string[], { dot = false } = {}): Promise<GlobMatches> {
  const matches = await Promise.all(
    globs.map(async (glob) => ({
      taken: glob.startsWith("!"),
      files: await matchOne(root, glob.startsWith("!") ? glob.slice(1) : glob, dot),
    })),
  );
  const away = new Set(matches.filter((match) => match.taken).flatMap((match) => match.files));
  const files = new Set(matches.filter((match) => !match.taken).flatMap((match) => match.files));
  return {
    files: [...files].filter((file) => !away.has(file)).sort(byCodeUnit),
    perGlob: matches.map((match) => (match.taken ? [] : match.files)),
  };
}

/** Names the deepest folder of a glob's plain beginning that exists, to explain why it matches nothing. */
export async function explainEmptyGlob(root: string, glob: string): Promise<string> {
  const parts = posix.normalize(glob).split("/");
  let folder = "";
  for (const part of parts.slice(0, -1)) {
    if (fastGlob.isDynamicPattern(part)) break;
    const next = folder === "" ? part : `${folder}/${part}`;
    try {
      if (!(await lstat(join(root, next))).isDirectory() && !(await stat(join(root, next))).isDirectory())
        return `\`${next}\` is no folder.`;
    } catch {
      return `There is no folder \`${next}\`.`;
    }
    folder = next;
  }
  if ((await stat(join(root, glob)).catch(() => undefined))?.isDirectory() === true)
    return `It is a folder; name the files in it: \`${posix.join(glob, "*.c")}\`.`;
  return `Nothing below \`${folder === "" ? "." : folder}\` matches; letter case counts.`;
}
