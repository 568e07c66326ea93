import { stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { Problems, ZligError } from "../error.ts";
import type { Manifest, ManifestPath } from "../manifest/manifest.ts";
import type { BuildOptions, ExtensionOptions, ZligOptions } from "../options/table.ts";
import type { Placement } from "./containment.ts";
import { placementOf, toPosix } from "./containment.ts";
import { expandGlobs, explainEmptyGlob } from "./globs.ts";
import { languageOf, sourceSuffixes } from "./language.ts";
import type { Extension, Macro, PythonPackage, Source } from "./project.ts";

interface Context {
  readonly root: string;
  readonly manifest: Manifest;
  readonly packages: readonly PythonPackage[];
  /** Some package was not found, which is told already: a name outside the others may be in that one. */
  readonly packagesIncomplete: boolean;
  /** The project's version, for `{version}` in macros. */
  readonly version: string;
  readonly problems: Problems;
}

type MacroOptions = NonNullable<BuildOptions["define-macros"]>;

function macrosOf(options: MacroOptions | undefined, version: string): Macro[] {
  const macros: Macro[] = [];
  for (const [name, value] of Object.entries(options ?? {}))
    if (value === true) macros.push({ name });
    else if (value !== false) macros.push({ name, value: String(value).replaceAll("{version}", version) });
  return macros;
}

/** Puts an extension's own values over the defaults of `[tool.zlig.build]`: lists appended, tables merged, single values replaced. */
function withDefaults(own: ExtensionOptions, defaults: BuildOptions): ExtensionOptions {
  const merged: Record<string, unknown> = { ...defaults, ...own };
  for (const [key, value] of Object.entries(defaults) as [keyof BuildOptions, unknown][]) {
    const ownValue = own[key];
    if (ownValue === undefined) continue;
    if (Array.isArray(value)) merged[key] = [...(value as unknown[]), ...(ownValue as unknown[])];
    else if (typeof value === "object") merged[key] = { ...value, ...(ownValue as object) };
  }
  return merged as unknown as ExtensionOptions;
}

/** Where the artefact of an extension goes, in the project and in the wheel. */
function directoriesOf(
  name: string,
  packages: readonly PythonPackage[],
): { directory: string; archive: string } | undefined {
  const parts = name.split(".");
  if (parts.length === 1) {
    const base = packages.find((one) => one.kind !== "stubs")?.base ?? "";
    return { directory: base, archive: "" };
  }
  const home = packages
    .filter((one) => one.kind === "package" || one.kind === "namespace")
    .filter((one) => name.startsWith(`${one.name}.`))
    .sort((a, b) => b.name.length - a.name.length)[0];
  if (home === undefined) return undefined;
  const below = parts.slice(home.name.split(".").length, -1);
  return {
    directory: [home.path, ...below].join("/"),
    archive: [...home.name.split("."), ...below].join("/"),
  };
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/** Reports a path of the manifest that leads out of the project. Gives whether it stays inside. */
async function checkInside(
  context: Context,
  path: string,
  at: ManifestPath,
  placed: Promise<Placement> = placementOf(context.root, path),
): Promise<boolean> {
  const placement = await placed;
  if (placement.kind !== "outside") return true;
  context.problems.add(
    new ZligError("path-outside-project", `"${path}" lies outside the project`, {
      location: context.manifest.locate(at),
      hint: "Move the file into the project, or copy it there: an sdist could not carry it.",
    }),
  );
  return false;
}

async function sourcesOf(context: Context, options: ExtensionOptions, at: ManifestPath): Promise<Source[]> {
  const { root, manifest, problems } = context;
  const path = [...at, "sources"];
  const globs = options.sources.map((source) => (typeof source === "string" ? source : source.path));
  for (const [index, source] of options.sources.entries())
    if (typeof source !== "string" && source.path.startsWith("!"))
      problems.add(
        new ZligError("invalid-value", `"${source.path}" takes files away, and has flags for them`, {
          location: manifest.locate([...path, index, "path"]),
          hint: `Write it as a glob of its own: \`"${source.path}"\`.`,
        }),
      );
  const { files, perGlob } = await expandGlobs(root, globs);
  for (const [index, matches] of perGlob.entries()) {
    const glob = globs[index] ?? "";
    if (matches.length > 0 || glob.startsWith("!")) continue;
    problems.add(
      new ZligError("glob-empty", `"${glob}" matches no file`, {
        location: manifest.locate([...path, index]),
        hint: await explainEmptyGlob(root, glob),
      }),
    );
  }
  if (globs.length === 0 || globs.every((glob) => glob.startsWith("!")))
    problems.add(
      new ZligError("missing-key", `The extension "${options.name}" has no sources`, {
        location: manifest.locate(path),
        hint: 'Name the files to compile: `sources = ["src/**/*.c"]`.',
      }),
    );
  else if (files.length === 0 && perGlob.some((matches) => matches.length > 0))
    problems.add(
      new ZligError("glob-empty", `The \`!\` globs leave no source for "${options.name}"`, {
        location: manifest.locate(path),
      }),
    );
  const sources: Source[] = [];
  // A project may have thousands of sources: the system is asked about all of them at once.
  const placements = files.map((file) => placementOf(root, file));
  for (const [place, file] of files.entries()) {
    const index = perGlob.findIndex((matches) => matches.includes(file));
    if (!(await checkInside(context, file, [...path, index], placements[place]))) continue;
    const language = languageOf(file);
    if (language === undefined) {
      problems.add(
        new ZligError("source-kind", `"${file}" is no source that Zlig compiles`, {
          location: manifest.locate([...path, index]),
          hint: `Sources end in ${sourceSuffixes.join(" ")}; headers and other inputs belong in \`depends\`.`,
        }),
      );
      continue;
    }
    const tables = options.sources.filter(
      (source, place) => typeof source !== "string" && perGlob[place]?.includes(file) === true,
    );
    sources.push({
      path: file,
      language,
      extraCompileArgs: tables.flatMap((table) =>
        typeof table === "string" ? [] : (table["extra-compile-args"] ?? []),
      ),
      defineMacros: tables.flatMap((table) =>
        typeof table === "string" ? [] : macrosOf(table["define-macros"], context.version),
      ),
    });
  }
  return sources;
}

/** Checks the paths of an extension, or of the defaults of all, each where it stands. */
async function checkPaths(context: Context, options: BuildOptions, at: ManifestPath): Promise<void> {
  const { root, manifest, problems } = context;
  for (const key of ["include-dirs", "library-dirs", "extra-objects"] as const)
    for (const [index, value] of (options[key] ?? []).entries()) {
      const place = [...at, key, index];
      if (!isAbsolute(value) && !(await checkInside(context, value, place))) continue;
      const full = isAbsolute(value) ? value : join(root, value);
      const good =
        key === "extra-objects" ? (await stat(full).catch(() => undefined))?.isFile() === true : await isFolder(full);
      if (!good)
        problems.add(
          new ZligError("path-missing", `There is no ${key === "extra-objects" ? "file" : "folder"} "${value}"`, {
            location: manifest.locate(place),
            hint: "Paths are relative to pyproject.toml; letter case counts.",
            // The compiler goes on without a folder that is not there; without an object it cannot.
            severity: key === "extra-objects" ? "error" : "warning",
          }),
        );
    }
}

/** Checks the place of an extension's artefact: it is inside the project, and Python would look at it. */
async function checkDirectory(context: Context, name: string, directory: string, at: ManifestPath): Promise<void> {
  const { root, manifest, problems } = context;
  const location = manifest.locate([...at, "name"]);
  if (directory !== "" && !(await isFolder(join(root, directory)))) {
    problems.add(
      new ZligError("name-outside-packages", `"${name}" would be built into \`${directory}\`, which is no folder`, {
        location,
        hint: "Create the package's folder, or correct the name.",
      }),
    );
    return;
  }
  if (directory !== "" && !(await checkInside(context, directory, [...at, "name"]))) return;
  const rival = join(directory, name.slice(name.lastIndexOf(".") + 1), "__init__.py");
  if ((await stat(join(root, rival)).catch(() => undefined))?.isFile() === true)
    problems.add(
      new ZligError(
        "invalid-name",
        `"${name}" is a package too: Python would import \`${toPosix(rival)}\` and never the extension`,
        { location, hint: `Put the extension into the package, under a name such as "${name}._native".` },
      ),
    );
}

async function extensionOf(context: Context, options: ZligOptions, index: number): Promise<Extension | undefined> {
  const own = options.extensions?.[index];
  if (own === undefined) return undefined;
  const { root, manifest, packages, problems } = context;
  const at: ManifestPath = ["tool", "zlig", "extensions", index];
  const effective = withDefaults(own, options.build ?? {});
  const directories = directoriesOf(own.name, packages);
  if (directories !== undefined) await checkDirectory(context, own.name, directories.directory, at);
  else if (!context.packagesIncomplete) {
    const names = packages.filter((one) => one.kind !== "stubs").map((one) => `\`${one.name}\``);
    problems.add(
      new ZligError("name-outside-packages", `"${own.name}" lies in none of the project's packages`, {
        location: manifest.locate([...at, "name"]),
        hint:
          names.length === 0
            ? 'The project has no package; a name without dots makes a top-level module, or add the package: `packages = ["src/NAME"]`.'
            : `The packages are ${names.join(", ")}.`,
      }),
    );
  }
  const sources = await sourcesOf(context, own, at);
  await checkPaths(context, own, at);
  const dependsGlobs = own.depends ?? [];
  const depends = await expandGlobs(root, dependsGlobs);
  for (const [place, matches] of depends.perGlob.entries())
    if (matches.length === 0 && dependsGlobs[place]?.startsWith("!") !== true)
      problems.add(
        new ZligError("glob-empty", `"${dependsGlobs[place] ?? ""}" matches no file`, {
          location: manifest.locate([...at, "depends", place]),
          hint: await explainEmptyGlob(root, dependsGlobs[place] ?? ""),
          severity: "warning",
        }),
      );
  for (const file of depends.files) {
    const place = depends.perGlob.findIndex((matches) => matches.includes(file));
    await checkInside(context, file, [...at, "depends", place]);
  }
  const limitedApi = effective["py-limited-api"]?.split(".").map(Number) as [number, number] | undefined;
  return {
    name: own.name,
    moduleName: own.name.slice(own.name.lastIndexOf(".") + 1),
    manifestPath: at,
    directory: directories?.directory ?? "",
    archiveDirectory: directories?.archive ?? "",
    sources,
    includeDirs: effective["include-dirs"] ?? [],
    defineMacros: macrosOf(effective["define-macros"], context.version),
    undefMacros: effective["undef-macros"] ?? [],
    libraries: effective.libraries ?? [],
    libraryDirs: effective["library-dirs"] ?? [],
    runtimeLibraryDirs: effective["runtime-library-dirs"] ?? [],
    extraObjects: effective["extra-objects"] ?? [],
    extraCompileArgs: effective["extra-compile-args"] ?? [],
    extraLinkArgs: effective["extra-link-args"] ?? [],
    cStd: effective["c-std"],
    cppStd: effective["cpp-std"],
    optimize: effective.optimize ?? "ReleaseFast",
    limitedApi,
    depends: depends.files,
    optional: own.optional ?? false,
  };
}

function reportDuplicates(context: Context, extensions: readonly Extension[]): void {
  const seen = new Map<string, Extension>();
  for (const extension of extensions) {
    const key = extension.name.toLowerCase();
    const before = seen.get(key);
    if (before === undefined) {
      seen.set(key, extension);
      continue;
    }
    context.problems.add(
      new ZligError(
        "duplicate-extension",
        before.name === extension.name
          ? `Two extensions are called "${extension.name}"`
          : `"${extension.name}" and "${before.name}" differ only in letter case, which many file systems ignore`,
        {
          location: context.manifest.locate([...extension.manifestPath, "name"]),
          related: [
            { location: context.manifest.locate([...before.manifestPath, "name"]), message: "The other one is here." },
          ],
          hint: "Give each extension a name of its own, or one extension all the sources.",
        },
      ),
    );
  }
}

/** Expands the `extensions` key: globs to files, defaults merged, places found, every problem reported. */
export async function resolveExtensions(context: Context, options: ZligOptions): Promise<readonly Extension[]> {
  const found: Extension[] = [];
  await checkPaths(context, options.build ?? {}, ["tool", "zlig", "build"]);
  // Side by side, for most of it is waiting for the disk; the problems in the order of the manifest all the same.
  const results = await Promise.all(
    (options.extensions ?? []).map(async (_, index) => {
      const problems = new Problems();
      return { extension: await extensionOf({ ...context, problems }, options, index), problems };
    }),
  );
  for (const { extension, problems } of results) {
    for (const problem of problems.all) context.problems.add(problem);
    if (extension !== undefined) found.push(extension);
  }
  reportDuplicates(context, found);
  return found;
}
