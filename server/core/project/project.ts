import type { Manifest } from "../manifest/manifest.ts";
import type { ManifestPath } from "../manifest/manifest.ts";
import type { ProjectMetadata } from "./metadata.ts";

/** What kind of thing an entry of `packages` is. */
export type PackageKind = "package" | "namespace" | "module" | "stubs";

/** An import package or a single module that the project ships. Paths are relative to the project, with `/`. */
export interface PythonPackage {
  /** Import name (`demo`), of a stub-only package with its hyphen (`wrapt-stubs`, PEP 561). May have dots below a namespace (`zope.interface`). */
  readonly name: string;
  readonly kind: PackageKind;
  /** Folder of the package, or file of the module: `src/demo`, `src/single.py`. */
  readonly path: string;
  /** The folder that has to be on `sys.path` for the import to work: `src`, or `""` for the project itself. */
  readonly base: string;
}

/** The language of a source, by its suffix. */
export type Language = "c" | "c++" | "objective-c" | "objective-c++" | "assembler" | "assembler-with-cpp";

/** One source file of an extension. */
export interface Source {
  /** Relative to the project, with `/`. */
  readonly path: string;
  readonly language: Language;
  /** Flags for this file alone. */
  readonly extraCompileArgs: readonly string[];
  readonly defineMacros: readonly Macro[];
}

/** A macro of the preprocessor: `value` absent as in `-DNAME`. */
export interface Macro {
  readonly name: string;
  readonly value?: string;
}

/** Zig's optimisation modes. */
export type Optimize = "ReleaseFast" | "ReleaseSafe" | "ReleaseSmall" | "Debug";

/** An extension module with its globs expanded. Paths are relative to the project with `/`, unless they say absolute. */
export interface Extension {
  /** Dotted import name. */
  readonly name: string;
  /** Last part of the name: what follows `PyInit_`. */
  readonly moduleName: string;
  /** Where it stands in the manifest. */
  readonly manifestPath: ManifestPath;
  /** Folder the artefact is built into: `src/demo`, or `""` for the project itself. */
  readonly directory: string;
  /** The same in the wheel: `demo`, or `""`. */
  readonly archiveDirectory: string;
  readonly sources: readonly Source[];
  /** Project-relative, or absolute for system headers. */
  readonly includeDirs: readonly string[];
  readonly defineMacros: readonly Macro[];
  readonly undefMacros: readonly string[];
  readonly libraries: readonly string[];
  readonly libraryDirs: readonly string[];
  readonly runtimeLibraryDirs: readonly string[];
  readonly extraObjects: readonly string[];
  readonly extraCompileArgs: readonly string[];
  readonly extraLinkArgs: readonly string[];
  readonly cStd: string | undefined;
  readonly cppStd: string | undefined;
  readonly optimize: Optimize;
  /** `[3, 9]` for `py-limited-api = "3.9"`. */
  readonly limitedApi: readonly [number, number] | undefined;
  /** Further inputs, expanded. */
  readonly depends: readonly string[];
  readonly optional: boolean;
}

/** Globs that add to and take from an archive. */
export interface FileSelection {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** `[tool.zlig.wheel]`. */
export interface WheelSettings extends FileSelection {
  /** Extension sources stay out of the wheel; headers do not. */
  readonly excludeSources: boolean;
  readonly buildTag: string | undefined;
  /** Globs of headers that go to `.data/headers`. */
  readonly headers: readonly string[];
  /** Files that go to `.data/scripts`. */
  readonly scripts: readonly string[];
  /** Folder below `.data/data` to the globs of the files that go there. */
  readonly data: Readonly<Record<string, readonly string[]>>;
  /** `[tool.flit.external-data] directory`: its content goes to `.data/data`. */
  readonly externalData: string | undefined;
}

/** A project: everything that `pyproject.toml` and the files it names say, checked. Nothing in it depends on a machine. */
export interface Project {
  /** Absolute path of the project folder, links resolved. */
  readonly root: string;
  readonly manifest: Manifest;
  readonly metadata: ProjectMetadata;
  readonly packages: readonly PythonPackage[];
  readonly extensions: readonly Extension[];
  readonly wheel: WheelSettings;
  readonly sdist: FileSelection;
}
