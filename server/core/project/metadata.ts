/** A person in `authors` or `maintainers`. */
export interface Person {
  readonly name?: string;
  readonly email?: string;
}

/** The content of the readme, for `Description` and its content type. */
export interface Readme {
  readonly text: string;
  /** As in `Description-Content-Type`: `text/markdown`, with parameters if they were given. */
  readonly contentType: string;
  /** The file it came from, relative to the project with `/`; absent when the text stands in `pyproject.toml`. */
  readonly file?: string;
}

/** The `[project]` table (PEP 621, 639, 685, 753, 794, 808), checked and with its dynamic fields filled in. */
export interface ProjectMetadata {
  /** As written. */
  readonly name: string;
  /** Normalised as PEP 440 says. */
  readonly version: string;
  readonly description?: string;
  readonly readme?: Readme;
  readonly requiresPython?: string;
  /** A normalised SPDX expression (PEP 639). */
  readonly licenseExpression?: string;
  /** The text of the deprecated `license` table. */
  readonly licenseText?: string;
  /**
   * Licence files, relative to the project with `/`, sorted; they belong into sdists and wheels. `undefined` if the key is absent and none was
   * found, empty if it is `[]`.
   */
  readonly licenseFiles?: readonly string[];
  readonly authors: readonly Person[];
  readonly maintainers: readonly Person[];
  readonly keywords: readonly string[];
  readonly classifiers: readonly string[];
  readonly urls: Readonly<Record<string, string>>;
  /** PEP 508 requirements, in their canonical form. */
  readonly dependencies: readonly string[];
  /** Normalised extra to its requirements, in their canonical form, without the `extra ==` marker. */
  readonly optionalDependencies: Readonly<Record<string, readonly string[]>>;
  /** Every entry point: group to name to object reference; `scripts` and `gui-scripts` under `console_scripts` and `gui_scripts`. */
  readonly entryPoints: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** PEP 794; `undefined` when neither given nor asked for through `dynamic`. */
  readonly importNames?: readonly string[];
  readonly importNamespaces?: readonly string[];
  /** Keys of `[project]` listed in `dynamic` that Zlig filled in or added to. */
  readonly dynamic: readonly string[];
}
