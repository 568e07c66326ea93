import { readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { ZligError } from "../error.ts";
import { Problems } from "../error.ts";
import type { Manifest, TomlValue } from "../manifest/manifest.ts";
import { readManifest } from "../manifest/read.ts";
import { validateOptions } from "../options/validate.ts";
import type { ZligOptions } from "../options/table.ts";
import type { ModuleFacts } from "../python/source.ts";
import { mergeModuleFacts, readModuleFacts, versionFileNames } from "../python/source.ts";
import { placementOf } from "./containment.ts";
import { resolveExtensions } from "./extensions.ts";
import type { SuppliedNames } from "./import-names.ts";
import type { ProjectMetadata } from "./metadata.ts";
import { findPackages } from "./packages.ts";
import type { Extension, FileSelection, Project, PythonPackage, WheelSettings } from "./project.ts";
import { readMetadata } from "./read-metadata.ts";

/** A project, and what is worth a warning in it. */
export interface LoadedProject {
  readonly project: Project;
  readonly warnings: readonly ZligError[];
}

function flitTable(manifest: Manifest, name: string): Readonly<Record<string, TomlValue>> {
  let value: TomlValue | undefined = manifest.values;
  for (const key of ["tool", "flit", name])
    value =
      typeof value === "object" && !Array.isArray(value) && !(value instanceof Date)
        ? (value as Readonly<Record<string, TomlValue>>)[key]
        : undefined;
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof Date)
    ? (value as Readonly<Record<string, TomlValue>>)
    : {};
}

function stringsOf(value: TomlValue | undefined): string[] {
  return Array.isArray(value) ? (value as readonly TomlValue[]).filter((item) => typeof item === "string") : [];
}

/** `[tool.zlig.sdist]`, else `[tool.flit.sdist]`. */
function sdistSelection(options: ZligOptions, manifest: Manifest): FileSelection {
  if (options.sdist !== undefined)
    return { include: options.sdist.include ?? [], exclude: options.sdist.exclude ?? [] };
  const flit = flitTable(manifest, "sdist");
  return { include: stringsOf(flit["include"]), exclude: stringsOf(flit["exclude"]) };
}

function wheelSettings(options: ZligOptions, manifest: Manifest): WheelSettings {
  const wheel = options.wheel ?? {};
  const externalData = flitTable(manifest, "external-data")["directory"];
  return {
    include: wheel.include ?? [],
    exclude: wheel.exclude ?? [],
    excludeSources: wheel["exclude-sources"] ?? true,
    buildTag: wheel["build-tag"],
    headers: wheel.headers ?? [],
    scripts: wheel.scripts ?? [],
    data: wheel.data ?? {},
    externalData: typeof externalData === "string" ? externalData : undefined,
  };
}

/** The version and the docstring that the source text says, where `dynamic` asks for them: as in Flit, of the first package. */
async function mainFacts(root: string, packages: readonly PythonPackage[]): Promise<ModuleFacts | undefined> {
  const main = packages.find((one) => one.kind === "package" || one.kind === "module");
  if (main === undefined) return undefined;
  const files = main.kind === "module" ? [main.path] : versionFileNames.map((name) => `${main.path}/${name}`);
  const texts = await Promise.all(
    files.map(async (file) =>
      (await placementOf(root, file)).kind === "inside"
        ? readFile(join(root, file), "utf8").catch(() => undefined)
        : undefined,
    ),
  );
  return mergeModuleFacts(texts.map((text) => (text === undefined ? {} : readModuleFacts(text))));
}

/** What PEP 794 calls the import names of a project: its packages and modules, and top-level extensions; namespaces apart. */
function importNamesOf(packages: readonly PythonPackage[], options: ZligOptions | undefined): SuppliedNames {
  const own = packages.filter((one) => one.kind === "package" || one.kind === "module").map((one) => one.name);
  const topLevel = (options?.extensions ?? []).map((extension) => extension.name).filter((name) => !name.includes("."));
  const namespaces = packages.filter((one) => one.kind === "namespace").map((one) => one.name);
  const parents = own.flatMap((name) =>
    name
      .split(".")
      .slice(0, -1)
      .map((_, index, parts) => parts.slice(0, index + 1).join(".")),
  );
  return {
    importNames: [...new Set([...own, ...topLevel])].sort(),
    importNamespaces: [...new Set([...namespaces, ...parents])].sort(),
  };
}

/** What the files of a project say about a manifest: as much of the project as could be found out. */
export interface ProjectFindings {
  readonly packages: readonly PythonPackage[];
  readonly extensions: readonly Extension[];
  /** Absent when something in `[project]` is wrong. */
  readonly metadata: ProjectMetadata | undefined;
}

/**
 * Holds a manifest against the files of its project. Executes nothing and writes nothing.
 * @param root absolute path of the project folder, links resolved
 * @param options `[tool.zlig]`, checked; `undefined` when it is not usable
 * @param problems takes every problem with its place; warnings too
 */
export async function inspectProject(
  manifest: Manifest,
  root: string,
  options: ZligOptions | undefined,
  problems: Problems,
): Promise<ProjectFindings> {
  const before = problems.errors.length;
  const packages = options === undefined ? [] : await findPackages(root, options, manifest, problems);
  const packagesIncomplete = options === undefined || problems.errors.length > before;
  const facts = await mainFacts(root, packages);
  const found = new Problems();
  const metadata = await readMetadata(manifest, root, facts, found, importNamesOf(packages, options));
  // What the source text of an unknown package says is no second problem.
  for (const problem of found.all)
    if (!packagesIncomplete || problem.code !== "dynamic-undetermined") problems.add(problem);
  const extensions =
    options === undefined
      ? []
      : await resolveExtensions(
          { root, manifest, packages, packagesIncomplete, version: metadata?.version ?? "0", problems },
          options,
        );
  return { packages, extensions, metadata };
}

/**
 * Reads a project: `pyproject.toml`, the files it names, the packages. Executes nothing and writes nothing.
 * @param directory the folder of `pyproject.toml`
 * @throws {ProblemsError} with every problem that was found, each with its place
 */
export async function loadProject(directory: string): Promise<LoadedProject> {
  const manifest = await readManifest(directory);
  // The project's own path may go through links; places are compared after resolving them.
  const root = await realpath(directory);
  const problems = new Problems();
  const options = validateOptions(manifest, problems);
  const { packages, extensions, metadata } = await inspectProject(manifest, root, options, problems);
  problems.throwIfErrors();
  if (options === undefined || metadata === undefined) throw new Error("a problem was found and not reported");
  return {
    project: {
      root,
      manifest,
      metadata,
      packages,
      extensions,
      wheel: wheelSettings(options, manifest),
      sdist: sdistSelection(options, manifest),
    },
    warnings: problems.all,
  };
}
