/** A string of a packaging standard that breaks its grammar. `start` and `end` are UTF-16 offsets of the culprit within the string. */
export class PackagingSyntaxError extends Error {
  readonly start: number;
  readonly end: number;

  constructor(message: string, start: number, end: number) {
    super(message);
    this.name = "PackagingSyntaxError";
    this.start = start;
    this.end = end;
  }
}

/** Runs a parser over a part of a string, and moves the offsets of its error to those of the whole. */
export function shiftErrors<T>(parse: () => T, offset: number): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof PackagingSyntaxError)) throw error;
    throw new PackagingSyntaxError(error.message, error.start + offset, error.end + offset);
  }
}
