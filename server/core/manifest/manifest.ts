import type { Location } from "../location.ts";

/** A value as TOML has it. */
export type TomlValue = string | number | bigint | boolean | Date | readonly TomlValue[] | TomlTable;

/** A TOML table: keys to values. */
export interface TomlTable {
  readonly [key: string]: TomlValue;
}

/** The way to a value inside a document: keys of tables and indices of arrays. */
export type ManifestPath = readonly (string | number)[];

/** A `pyproject.toml` that was read: its values, and where each of them stands in the text. */
export interface Manifest {
  /** Absolute path of the file. */
  readonly file: string;
  readonly text: string;
  /** All values of the document. */
  readonly values: TomlTable;
  /**
   * Gives the place of a value, or with `"key"` of its key (an element of an array has no key: its value is meant).
   * For a path that is not in the document the nearest place above it that is: the table's header, then the file.
   */
  locate(path: ManifestPath, part?: "key" | "value"): Location;
}
