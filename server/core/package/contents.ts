import { Problems, ZligError } from "../error.ts";
import type { ManifestPath } from "../manifest/manifest.ts";
import type { Project } from "../project/project.ts";
import { distributionFileName } from "../python/name.ts";
import type { ArchiveEntry } from "./archive-entry.ts";
import type { GlobMatch } from "./patterns.ts";
import { matchFiles } from "./patterns.ts";
import { Tree } from "./tree.ts";

/** A file that was looked at and does not go into the archive. */
export interface LeftOut {
  /** Relative to the project, with `/`. */
  readonly path: string;
  readonly why: string;
}

/** What goes into an archive, decided but not yet written. */
export interface Contents {
  /** Ordered by path. */
  readonly entries: readonly ArchiveEntry[];
  readonly leftOut: readonly LeftOut[];
  /** For the stream of events: nothing here stops the build. */
  readonly warnings: readonly ZligError[];
}

/** Name and version of the distribution as file names have them (PEP 427, 625). */
export function archiveNames(metadata: Pick<Project["metadata"], "name" | "version">): {
  readonly name: string;
  readonly version: string;
} {
  return { name: distributionFileName(metadata.name), version: metadata.version.replaceAll("-", "_") };
}

/** Lists what the globs of one key of the manifest match; a glob that matches nothing becomes a warning. */
export async function matchKey(
  project: Project,
  tree: Tree,
  globs: readonly string[],
  key: ManifestPath,
  warnings: ZligError[],
): Promise<readonly GlobMatch[]> {
  const { files, empty } = await matchFiles(tree, globs);
  for (const index of empty) {
    warnings.push(
      new ZligError("glob-empty", `${key.join(".")}: ${JSON.stringify(globs[index])} matches no file`, {
        severity: "warning",
        location: project.manifest.locate([...key, index]),
        hint: "Globs are relative to `pyproject.toml`, use `/`, and match letter case.",
      }),
    );
  }
  return files;
}

/**
 * Finds the licence files for `.dist-info/licenses` (PEP 639).
 * @throws {ZligError} for files that are missing or lead out of the project.
 */
export async function licenseFiles(project: Project): Promise<{ path: string; file: string }[]> {
  const tree = new Tree(project.root);
  const problems = new Problems();
  const found: { path: string; file: string }[] = [];
  for (const path of project.metadata.licenseFiles ?? []) {
    const file = await tree.file(path);
    const fault = file === undefined ? new ZligError("file-unreadable", `${path} does not exist`) : file.fault;
    if (fault !== undefined) problems.add(fault);
    else if (file !== undefined) found.push({ path, file: file.file });
  }
  problems.throwIfErrors();
  return found;
}
