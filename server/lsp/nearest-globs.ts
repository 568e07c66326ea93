import { posix } from "node:path";
import { expandGlobs } from "../core/project/globs.ts";
import { sourceSuffixes } from "../core/project/language.ts";
import { distance } from "../core/options/nearest.ts";

/** Files looked at for a suggestion; beyond, the project is too large to guess in. */
const maxFiles = 20_000;

/** Globs that match something and are nearest to one that matches nothing; the best first, three at most. */
export async function nearestGlobs(root: string, glob: string): Promise<readonly string[]> {
  const suffix = posix.extname(glob);
  const suffixes =
    suffix === "" || /[*{[]/.test(suffix)
      ? sourceSuffixes
      : [suffix, ...sourceSuffixes.filter((one) => one !== suffix)];
  const { files } = await expandGlobs(
    root,
    suffixes.map((one) => `**/*${one}`),
  );
  const candidates = new Set<string>();
  const base = posix.basename(glob);
  const isPattern = /[*?[{]/.test(base);
  for (const file of files.slice(0, maxFiles)) {
    if (!isPattern) {
      candidates.add(file);
      continue;
    }
    const folder = posix.dirname(file);
    const own = `*${posix.extname(file)}`;
    candidates.add(folder === "." ? own : `${folder}/${own}`);
    const [top = ""] = folder.split("/");
    if (glob.includes("**") && top !== "" && top !== ".") candidates.add(`${top}/**/${own}`);
  }
  const ranked = [...candidates]
    .map((candidate) => ({ candidate, far: distance(candidate, glob) }))
    .sort((a, b) => a.far - b.far || a.candidate.length - b.candidate.length);
  return ranked.slice(0, 3).map(({ candidate }) => candidate);
}
