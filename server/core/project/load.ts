import { readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { ZligError } from "../error.ts";
import { Problems } from "../error.ts";
import type { Manifest, TomlValue } from "../manifest/manifest.ts";
import { readManifest } from "../manifest/read.ts";
import { validateOptions } from "../options/validate.ts";
import type { ZligOptions } from "../options/table.ts";
import { readModuleFacts } from "../python/source.ts";
import { resolveExtensions } from "./extensions.ts";
import type { SuppliedNames } from "./import-names.ts";
import { findPackages } from "./packages.ts";
import type { FileSelection, Project, PythonPackage, WheelSettings } from "./project.ts";
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

/** The file that says the version and the description, where `dynamic` asks for them: as in Flit, that of the one package. */
async function mainModule(root: string, packages: readonly PythonPackage[]): Promise<string | undefined> {
  const main = packages.find((one) => one.kind === "package" || one.kind === "module");
  if (main === undefined) return undefined;
  const file = join(root, main.kind === "module" ? main.path : `${main.path}/__init__.py`);
  return readFile(file, "utf8").catch(() => undefined);
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
  const packages = options === undefined ? [] : await findPackages(root, options, manifest, problems);
  const source = await mainModule(root, packages);
  const facts = source === undefined ? undefined : readModuleFacts(source);
  const metadata = await readMetadata(manifest, root, facts, problems, importNamesOf(packages, options));
  const extensions =
    options === undefined
      ? []
      : await resolveExtensions({ root, manifest, packages, version: metadata?.version ?? "0", problems }, options);
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
