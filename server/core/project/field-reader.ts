import type { ErrorCode } from "../error-codes.ts";
import type { Problems, RelatedLocation, Severity } from "../error.ts";
import { ZligError } from "../error.ts";
import type { Location } from "../location.ts";
import type { Manifest, ManifestPath, TomlTable, TomlValue } from "../manifest/manifest.ts";
import { PackagingSyntaxError } from "../python/packaging-syntax-error.ts";

/** What a problem of a field is made of beside its place and message. */
export interface FieldProblem {
  readonly code?: ErrorCode;
  readonly hint?: string | undefined;
  readonly severity?: Severity;
  /** Whether the key or the value is at fault; the value if absent. */
  readonly part?: "key" | "value";
  readonly related?: readonly RelatedLocation[];
}

/** A string of an array, with its place. */
export interface FieldLine {
  readonly text: string;
  readonly path: ManifestPath;
}

function kindOf(value: TomlValue): string {
  if (typeof value === "string") return "a string";
  if (typeof value === "boolean") return "a boolean";
  if (typeof value === "number" || typeof value === "bigint") return "a number";
  if (value instanceof Date) return "a date or time";
  return Array.isArray(value) ? "an array" : "a table";
}

function isTable(value: TomlValue): value is TomlTable {
  return kindOf(value) === "a table";
}

function isArray(value: TomlValue): value is readonly TomlValue[] {
  return Array.isArray(value);
}

/** Reads values of a manifest with their types checked. A problem is kept with its place, and what is wrong reads as absent. */
export class FieldReader {
  readonly #manifest: Manifest;
  readonly #problems: Problems;

  constructor(manifest: Manifest, problems: Problems) {
    this.#manifest = manifest;
    this.#problems = problems;
  }

  locate(path: ManifestPath, part: "key" | "value" = "value"): Location {
    return this.#manifest.locate(path, part);
  }

  /** Keeps a problem: of code `invalid-metadata`, unless another is given. */
  report(path: ManifestPath, message: string, problem: FieldProblem = {}): void {
    const { code = "invalid-metadata", part = "value", ...options } = problem;
    this.#problems.add(new ZligError(code, message, { location: this.locate(path, part), ...options }));
  }

  /**
   * Runs a parser over the string that stands at a path, and keeps its syntax error with the place of the wrong part of the string.
   * @param what what the string should have been, for the message: `a dependency (PEP 508)`
   */
  parse<T>(path: ManifestPath, text: string, what: string, parser: (text: string) => T, hint?: string): T | undefined {
    try {
      return parser(text);
    } catch (error) {
      if (!(error instanceof PackagingSyntaxError)) throw error;
      const location = this.#locateWithin(path, text, error.start, error.end);
      const message = `${JSON.stringify(text)} is not ${what}: ${error.message}`;
      this.#problems.add(new ZligError("invalid-metadata", message, { location, hint }));
      return undefined;
    }
  }

  /** Finds a part of a string where the string is written without escapes and on one line; else the string as a whole. */
  #locateWithin(path: ManifestPath, text: string, start: number, end: number): Location {
    const whole = this.locate(path);
    const range = whole.range;
    if (text === "" || range === undefined || range.start.line !== range.end.line) return whole;
    const line = this.#manifest.text.split(/\r\n|\n/)[range.start.line] ?? "";
    const written = line.slice(range.start.character, range.end.character);
    if (written.slice(1, -1) !== text || !/^["']/.test(written)) return whole;
    const first = range.start.character + 1;
    // A place between two characters, where something is missing, is shown as the character before it.
    const from = start < end || start === 0 ? start : start - 1;
    const to = Math.max(end, from + 1);
    return {
      file: whole.file,
      range: {
        start: { line: range.start.line, character: first + from },
        end: { line: range.start.line, character: first + to },
      },
    };
  }

  #expect<T extends TomlValue>(
    value: TomlValue | undefined,
    path: ManifestPath,
    accepts: (value: TomlValue) => value is T,
    kind: string,
  ): T | undefined {
    if (value === undefined || accepts(value)) return value;
    this.report(path, `\`${fieldName(path)}\` takes ${kind}, not ${kindOf(value)}`, { code: "wrong-type" });
    return undefined;
  }

  string(value: TomlValue | undefined, path: ManifestPath): string | undefined {
    return this.#expect(value, path, (candidate) => typeof candidate === "string", "a string");
  }

  /** A string for a field of one line, as most fields of core metadata are. */
  line(value: TomlValue | undefined, path: ManifestPath): string | undefined {
    const text = this.string(value, path);
    // eslint-disable-next-line no-control-regex -- a control character would break the header it is written to
    if (text === undefined || !/[\u0000-\u001f\u007f]/.test(text)) return text;
    this.report(path, `\`${fieldName(path)}\` has to be one line without control characters`);
    return undefined;
  }

  table(value: TomlValue | undefined, path: ManifestPath): TomlTable | undefined {
    return this.#expect(value, path, isTable, "a table");
  }

  array(value: TomlValue | undefined, path: ManifestPath): readonly TomlValue[] | undefined {
    return this.#expect(value, path, isArray, "an array");
  }

  /** The strings of an array with their paths; elements of another type are reported and left out. */
  lines(value: TomlValue | undefined, path: ManifestPath): readonly FieldLine[] | undefined {
    return this.array(value, path)?.flatMap((element, index) => {
      const text = this.line(element, [...path, index]);
      return text === undefined ? [] : [{ text, path: [...path, index] }];
    });
  }

  /** Reports the keys of a table that are not among the known ones. */
  refuseOtherKeys(table: TomlTable, path: ManifestPath, known: readonly string[]): void {
    for (const key of Object.keys(table).filter((candidate) => !known.includes(candidate))) {
      this.report([...path, key], `\`${fieldName(path)}\` has no key ${JSON.stringify(key)}`, {
        part: "key",
        hint: `It takes ${known.map((name) => `\`${name}\``).join(" and ")}.`,
      });
    }
  }
}

/** Writes a path as users know it: `project.optional-dependencies.test[0]`. */
export function fieldName(path: ManifestPath): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${part}`))
    .join("");
}
