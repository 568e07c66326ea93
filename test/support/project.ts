import { join } from "node:path";
import type { TomlTable } from "../../server/core/manifest/manifest.ts";
import type { ProjectMetadata } from "../../server/core/project/metadata.ts";
import type { Extension, Project, PythonPackage, WheelSettings } from "../../server/core/project/project.ts";

/** Parts of a project that a test cares about. */
export interface ProjectParts {
  readonly metadata?: Partial<ProjectMetadata>;
  readonly packages?: readonly PythonPackage[];
  readonly extensions?: readonly Extension[];
  readonly wheel?: Partial<WheelSettings>;
  readonly sdist?: Partial<Project["sdist"]>;
  readonly values?: TomlTable;
}

/** A project in memory over a folder, without reading its `pyproject.toml`. */
export function makeProject(root: string, parts: ProjectParts = {}): Project {
  const file = join(root, "pyproject.toml");
  return {
    root,
    manifest: { file, text: "", values: parts.values ?? {}, locate: () => ({ file }) },
    metadata: {
      name: "demo",
      version: "1.0",
      authors: [],
      maintainers: [],
      keywords: [],
      classifiers: [],
      urls: {},
      dependencies: [],
      optionalDependencies: {},
      entryPoints: {},
      dynamic: [],
      ...parts.metadata,
    },
    packages: parts.packages ?? [],
    extensions: parts.extensions ?? [],
    wheel: {
      include: [],
      exclude: [],
      excludeSources: true,
      buildTag: undefined,
      headers: [],
      scripts: [],
      data: {},
      externalData: undefined,
      ...parts.wheel,
    },
    sdist: { include: [], exclude: [], ...parts.sdist },
  };
}

/** An extension in memory; its place follows from its name below `base`. */
export function makeExtension(
  name: string,
  sources: readonly string[],
  parts: Partial<Extension> & { readonly base?: string } = {},
): Extension {
  const { base = "src", ...given } = parts;
  const archiveDirectory = name.split(".").slice(0, -1).join("/");
  return {
    name,
    moduleName: name.slice(name.lastIndexOf(".") + 1),
    manifestPath: ["tool", "zlig", "extensions", 0],
    directory: [base, archiveDirectory].filter((part) => part !== "").join("/"),
    archiveDirectory,
    sources: sources.map((path) => ({ path, language: "c", extraCompileArgs: [], defineMacros: [] })),
    includeDirs: [],
    defineMacros: [],
    undefMacros: [],
    libraries: [],
    libraryDirs: [],
    runtimeLibraryDirs: [],
    extraObjects: [],
    extraCompileArgs: [],
    extraLinkArgs: [],
    cStd: undefined,
    cppStd: undefined,
    optimize: "ReleaseFast",
    limitedApi: undefined,
    depends: [],
    optional: false,
    ...given,
  };
}
