/** A place in a text: zero-based line, and character in UTF-16 code units (as LSP counts). */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** A half-open stretch of a text. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** A file, by absolute path, and the stretch of it that is meant; without a range, the file as a whole. */
export interface Location {
  readonly file: string;
  readonly range?: Range;
}

/** A half-open stretch of a text in UTF-16 code units from its start. */
export interface OffsetRange {
  readonly start: number;
  readonly end: number;
}
