import type { Location, Range } from "../location.ts";

/** A change of a source text that the compiler proposes: the stretch that `text` takes the place of, on columns counted in bytes. */
export interface FixIt {
  readonly file: string;
  /** Zero-based lines; characters counted in bytes of UTF-8, as clang counts. */
  readonly range: Range;
  readonly text: string;
}

/** One message of the compiler with its place. Columns are counted in bytes of UTF-8, as clang counts; lines and columns are zero-based. */
export interface Diagnostic {
  readonly severity: "error" | "warning" | "note";
  readonly message: string;
  /** The warning's name, `-Wunused-variable`. */
  readonly code?: string;
  /** The place; a message about no file in particular has none. `file` is absolute, or project-relative in what the cache keeps. */
  readonly location?: Location;
  /** The source line and the marks below it, as the compiler printed them. */
  readonly excerpt?: string;
  readonly notes: readonly Diagnostic[];
  readonly fixIts: readonly FixIt[];
}
