import type { ZligError } from "../core/error.ts";
import { Problems } from "../core/error.ts";
import type { ErrorCode } from "../core/error-codes.ts";
import { checkBuildSystem } from "../core/inspect/build-system.ts";
import { checkFlags } from "../core/inspect/flags.ts";
import type { ReadSource } from "../core/inspect/init-checks.ts";
import { checkInitFunctions } from "../core/inspect/init-checks.ts";
import { checkSharedSources } from "../core/inspect/shared-sources.ts";
import type { Location } from "../core/location.ts";
import type { Manifest, ManifestPath } from "../core/manifest/manifest.ts";
import type { ManifestReading } from "../core/manifest/read.ts";
import { pruneOptions } from "../core/options/prune.ts";
import { validateOptions } from "../core/options/validate.ts";
import type { Extension, PythonPackage } from "../core/project/project.ts";

/** What can be said of a manifest by its text alone, at once at every edit. */
export interface TextFindings {
  readonly problems: readonly ZligError[];
}

/** What the project's files say about a manifest. */
export interface FileFindings {
  /** The text that was looked at. */
  readonly text: string;
  readonly problems: readonly ZligError[];
  readonly packages: readonly PythonPackage[];
  readonly extensions: readonly Extension[];
  /** Every glob of the manifest and what it alone matches, without what `!` globs take away. */
  readonly globs: ReadonlyMap<string, readonly string[]>;
}

/** A manifest that remembers for each place it gives which path was asked for. */
function remembering(manifest: Manifest): {
  manifest: Manifest;
  pathOf: (location: Location) => ManifestPath | undefined;
} {
  const paths = new WeakMap<Location, ManifestPath>();
  return {
    manifest: {
      file: manifest.file,
      text: manifest.text,
      values: manifest.values,
      locate(path, part) {
        const location = { ...manifest.locate(path, part) };
        paths.set(location, path);
        return location;
      },
    },
    pathOf: (location) => paths.get(location),
  };
}

/** Whether a manifest has a `[tool.zlig]` table, or makes Zlig its build backend. */
export function concernsZlig({ document }: ManifestReading): boolean {
  if (document.entryAt(["tool", "zlig"]) !== undefined) return true;
  const backend = document.entryAt(["build-system", "build-backend"]);
  return backend?.kind === "scalar" && backend.node.kind === "string" && backend.node.value === "zlig";
}

/** Checks syntax, the option table, compiler flags and `[build-system]`. Reads no file. */
export function inspectText(reading: ManifestReading): TextFindings {
  const { document, complete } = reading;
  const { manifest, pathOf } = remembering(reading.manifest);
  const problems = new Problems();
  validateOptions(manifest, problems);
  for (const problem of [...checkFlags(manifest), ...checkBuildSystem(manifest)]) problems.add(problem);
  // What seems to be missing from a table with a syntax fault may stand there, unread.
  const certain = problems.all.filter((problem) => {
    if (complete || !absences.has(problem.code)) return true;
    const path = problem.location === undefined ? undefined : pathOf(problem.location);
    return path !== undefined && document.intact(path);
  });
  return { problems: [...reading.problems, ...certain] };
}

/** Problems of what is absent: they may be due to a fault elsewhere. */
const absences: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "missing-key",
  "package-not-found",
  "name-outside-packages",
  "dynamic-undetermined",
  "build-backend",
  "requires-missing",
]);

/**
 * Holds a manifest against the files of its project: globs, packages, metadata, init functions. Executes nothing, and reads
 * nothing outside the project folder.
 * @param root absolute path of the project folder, links resolved
 */
export async function inspectFiles(reading: ManifestReading, root: string, read: ReadSource): Promise<FileFindings> {
  const { options, manifest, pruned } = pruneOptions(reading.manifest);
  const [{ inspectProject }, { expandGlobs }] = await Promise.all([
    import("../core/project/load.ts"),
    import("../core/project/globs.ts"),
  ]);
  const problems = new Problems();
  const { packages, extensions } = await inspectProject(manifest, root, options, problems);
  const globs = new Map<string, readonly string[]>();
  const all = new Set(
    (options.extensions ?? []).flatMap((one) => [
      ...one.sources.map((source) => (typeof source === "string" ? source : source.path)),
      ...(one.depends ?? []),
    ]),
  );
  for (const glob of all) {
    const { perGlob } = await expandGlobs(root, [glob.replace(/^!/, "")]);
    globs.set(glob, perGlob[0] ?? []);
  }
  const globOf = (extension: Extension, source: string): ManifestPath => {
    const index = extension.manifestPath.at(-1);
    const sources = typeof index === "number" ? options.extensions?.[index]?.sources : undefined;
    const place = sources?.findIndex((one) => globs.get(typeof one === "string" ? one : one.path)?.includes(source));
    return [...extension.manifestPath, "sources", ...(place === undefined || place < 0 ? [] : [place])];
  };
  const found = [
    ...problems.all,
    ...checkSharedSources(manifest, extensions, globOf),
    ...(await checkInitFunctions(manifest, root, extensions, read)),
  ];
  const whole = reading.complete || (reading.document.intact(["project"]) && reading.document.intact(["tool", "zlig"]));
  const certain = found.filter((problem) => {
    if (!whole && absences.has(problem.code)) return false;
    return !(pruned && (problem.code === "package-not-found" || problem.code === "name-outside-packages"));
  });
  return { text: reading.manifest.text, problems: certain, packages, extensions, globs };
}
