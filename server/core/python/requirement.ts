import type { Marker } from "./marker.ts";
import { formatMarker, readMarker } from "./marker.ts";
import { shiftErrors } from "./packaging-syntax-error.ts";
import { Scanner } from "./scanner.ts";
import type { Specifier } from "./specifier.ts";
import { formatSpecifierSet, parseSpecifier, parseSpecifierSet, specifierGrammar } from "./specifier.ts";

/** A dependency as PEP 508 writes it. */
export interface Requirement {
  /** As written. */
  readonly name: string;
  /** As written, sorted, each once. */
  readonly extras: readonly string[];
  readonly specifiers: readonly Specifier[];
  /** Of a direct reference: `name @ url`. */
  readonly url?: string;
  readonly marker?: Marker;
}

const name = /[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?/y;
const specifier = new RegExp(specifierGrammar, "iy");

function parseExtras(scanner: Scanner): readonly string[] {
  const open = scanner.position;
  if (scanner.take(/\[/y) === undefined) return [];
  const extras = new Set<string>();
  scanner.skipBlanks();
  let extra = scanner.take(name);
  while (extra !== undefined) {
    extras.add(extra);
    scanner.skipBlanks();
    if (scanner.take(/,/y) === undefined) break;
    scanner.skipBlanks();
    extra = scanner.take(name) ?? scanner.fail("the name of an extra is missing after the comma");
  }
  if (scanner.take(/\]/y) === undefined) {
    if (scanner.peek(name) !== undefined) scanner.fail("a comma is missing between the extras");
    scanner.fail("the bracket around the extras is not closed", open, open + 1);
  }
  return [...extras].sort((left, right) => (left < right ? -1 : 1));
}

function parseVersions(scanner: Scanner): readonly Specifier[] {
  const open = scanner.position;
  const parenthesised = scanner.take(/\(/y) !== undefined;
  scanner.skipBlanks();
  const start = scanner.position;
  for (;;) {
    const from = scanner.position;
    const clause = scanner.take(specifier);
    if (clause === undefined || scanner.peek(/\.\*|\+[a-z0-9]/iy) !== undefined) {
      scanner.position = from;
      // What looks like a clause but is none is read as one, for an error that says what is wrong with it.
      const wrong = scanner.take(/[=!<>~][^,;)]*/y);
      if (wrong !== undefined) shiftErrors(() => parseSpecifier(wrong), from);
      break;
    }
    scanner.skipBlanks();
    if (scanner.take(/,/y) === undefined) break;
    scanner.skipBlanks();
  }
  const text = scanner.text.slice(start, scanner.position);
  if (parenthesised && scanner.take(/\)/y) === undefined) {
    scanner.fail("the parenthesis around the versions is not closed", open, open + 1);
  }
  return shiftErrors(() => parseSpecifierSet(text), start);
}

/** Parses a dependency (PEP 508). @throws {PackagingSyntaxError} at the place that is wrong. */
export function parseRequirement(text: string): Requirement {
  const scanner = new Scanner(text);
  scanner.skipBlanks();
  const project = scanner.take(name) ?? scanner.fail("a dependency begins with the name of a project", 0, text.length);
  scanner.skipBlanks();
  const extras = parseExtras(scanner);
  scanner.skipBlanks();
  let url: string | undefined;
  let specifiers: readonly Specifier[] = [];
  if (scanner.take(/@/y) !== undefined) {
    scanner.skipBlanks();
    url = scanner.take(/\S+/y) ?? scanner.fail("a URL is missing after `@`");
    const blanks = scanner.take(/[ \t]+/y);
    if (blanks === undefined && !scanner.isAtEnd()) scanner.fail("a line break cannot follow a URL");
  } else {
    specifiers = parseVersions(scanner);
  }
  scanner.skipBlanks();
  let marker: Marker | undefined;
  if (!scanner.isAtEnd()) {
    if (scanner.take(/;/y) === undefined) {
      scanner.fail(
        url === undefined
          ? "a version specifier, a `;` with a marker, or the end is expected here"
          : "a `;` with a marker, or the end, is expected after the URL",
        scanner.position,
        text.length,
      );
    }
    marker = readMarker(scanner);
    if (!scanner.isAtEnd()) scanner.fail("`and` or `or` is missing here", scanner.position, text.length);
  }
  return {
    name: project,
    extras,
    specifiers,
    ...(url === undefined ? {} : { url }),
    ...(marker === undefined ? {} : { marker }),
  };
}

/** Writes a requirement in the canonical form of the Python package `packaging`: its `str(Requirement(…))`. */
export function formatRequirement({ name, extras, specifiers, url, marker }: Requirement): string {
  return [
    name,
    extras.length === 0 ? "" : `[${extras.join(",")}]`,
    formatSpecifierSet(specifiers),
    url === undefined ? "" : ` @ ${url}`,
    url === undefined || marker === undefined ? "" : " ",
    marker === undefined ? "" : `; ${formatMarker(marker)}`,
  ].join("");
}
