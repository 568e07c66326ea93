import picomatch from "picomatch";
import { sortEntries } from "./archive-entry.ts";
import type { Tree, TreeFile } from "./tree.ts";

/** Tells whether a project-relative path matches. */
export type PathMatcher = (path: string) => boolean;

const options = { dot: false, nocase: false, windows: false };

/**
 * Makes a matcher of globs. A glob that matches a folder means everything in it, as in Flit's and Git's patterns;
 * `!glob` takes away, wherever it stands. Globs are project-relative, match letter case, and `*` does not match a
 * leading dot.
 */
export function pathMatcher(globs: readonly string[]): PathMatcher {
  const matchers = globs.map((glob) => {
    const literal = plain(glob.replace(/^!/, ""));
    const matches = picomatch(literal, options);
    // A name with a bracket is also itself, as in `expandGlobs`.
    return {
      taken: glob.startsWith("!"),
      matches: (path: string) => literal === "." || path === literal || matches(path),
    };
  });
  return (path) => {
    const parts = selfAndFolders(path);
    const applies = (taken: boolean): boolean =>
      matchers.some((matcher) => matcher.taken === taken && parts.some((part) => matcher.matches(part)));
    return applies(false) && !applies(true);
  };
}

/** A file that a glob matched. */
export interface GlobMatch extends TreeFile {
  /** The glob, as it was written. */
  readonly glob: string;
  /** The path below the fixed folder of the glob: `a/x.h` of `include/a/x.h` for `include/**`; the file name for a file's path. */
  readonly below: string;
}

/** What globs matched, and which of them matched nothing. */
export interface GlobMatches {
  /** Ordered by path, each file once: under the first glob that matches it. */
  readonly files: readonly GlobMatch[];
  /** Indices of globs that match nothing, and do not begin with `!`. */
  readonly empty: readonly number[];
}

/** Lists the files that globs match, by the rules of {@link pathMatcher}. */
export async function matchFiles(tree: Tree, globs: readonly string[]): Promise<GlobMatches> {
  const wanted = pathMatcher(globs);
  const found = new Map<string, GlobMatch>();
  const empty: number[] = [];
  for (const [index, glob] of globs.entries()) {
    if (glob.startsWith("!")) continue;
    const matches = await matchGlob(tree, glob);
    if (matches.length === 0) empty.push(index);
    for (const match of matches) {
      if (!found.has(match.path) && wanted(match.path)) found.set(match.path, match);
    }
  }
  return { files: sortEntries([...found.values()]), empty };
}

async function matchGlob(tree: Tree, glob: string): Promise<GlobMatch[]> {
  const literal = plain(glob);
  const file = literal === "." ? undefined : await tree.file(literal);
  if (file !== undefined) return [{ ...file, glob, below: literal.slice(literal.lastIndexOf("/") + 1) }];
  const { base, isGlob } = picomatch.scan(literal, {});
  const start = isGlob ? base : literal;
  const folder = start === "." ? "" : start;
  const matches = pathMatcher([glob]);
  const skip = (name: string): boolean => folder === "" && name === "node_modules";
  const files = (await tree.files(folder, skip)).filter(({ path }) => matches(path));
  return files.map((match) => ({
    ...match,
    glob,
    below: folder === "" ? match.path : match.path.slice(folder.length + 1),
  }));
}

/** `./a/` is `a`: the forms a user may write for one path. */
function plain(glob: string): string {
  const trimmed = glob.replace(/^(?:\.\/+)+/, "").replace(/\/+$/, "");
  return trimmed === "" ? "." : trimmed;
}

/** `a/b/c` gives `a/b/c`, `a/b`, `a`. */
function selfAndFolders(path: string): string[] {
  const all = [path];
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) all.push(path.slice(0, at));
  return all;
}
