import licenseIds from "spdx-license-ids/index.json" with { type: "json" };
import deprecatedLicenseIds from "spdx-license-ids/deprecated.json" with { type: "json" };
import exceptionIds from "spdx-exceptions/index.json" with { type: "json" };
import deprecatedExceptionIds from "spdx-exceptions/deprecated.json" with { type: "json" };
import { PackagingSyntaxError } from "./packaging-syntax-error.ts";
import { maxNesting } from "./scanner.ts";

/** Exceptions of SPDX licence list 3.27 that the data package still lacks; package indexes accept them. */
const furtherExceptions = [
  "Asterisk-linking-protocols-exception",
  "CGAL-linking-exception",
  "Digia-Qt-LGPL-exception-1.1",
  "erlang-otp-linking-exception",
  "GPL-3.0-389-ds-base-exception",
  "harbour-exception",
  "Independent-modules-exception",
  "mxml-exception",
  "PCRE2-exception",
  "polyparse-exception",
  "romic-exception",
  "RRDtool-FLOSS-exception-2.0",
];

const byLowerCase = (ids: readonly string[]): ReadonlyMap<string, string> =>
  new Map(ids.map((id) => [id.toLowerCase(), id]));
const licenses = byLowerCase([...deprecatedLicenseIds, ...licenseIds]);
const exceptions = byLowerCase([...deprecatedExceptionIds, ...exceptionIds, ...furtherExceptions]);

/** The identifiers of the SPDX licence list that are not deprecated. */
export const licenseIdentifiers: readonly string[] = licenseIds;

interface Token {
  readonly text: string;
  readonly start: number;
}

const operators = ["AND", "OR", "WITH", "(", ")"];

/** Gives the identifier in the case the SPDX list has it in. */
function canonicalLicense({ text, start }: Token): string {
  const end = start + text.length;
  const reference = /^LicenseRef-(.*)$/is.exec(text)?.[1];
  if (reference !== undefined) {
    if (/^[A-Za-z0-9.-]+$/.test(reference)) return `LicenseRef-${reference}`;
    throw new PackagingSyntaxError("a name after `LicenseRef-` is letters, digits, `.` and `-`", start, end);
  }
  const plus = text.endsWith("+") ? "+" : "";
  const id = licenses.get(text.slice(0, text.length - plus.length).toLowerCase());
  if (id === undefined) {
    throw new PackagingSyntaxError(`${JSON.stringify(text)} is not a licence identifier of the SPDX list`, start, end);
  }
  return id + plus;
}

function canonicalException({ text, start }: Token): string {
  const id = exceptions.get(text.toLowerCase());
  if (id !== undefined) return id;
  throw new PackagingSyntaxError(
    `${JSON.stringify(text)} is not a licence exception of the SPDX list`,
    start,
    start + text.length,
  );
}

/**
 * Gives the canonical form of an SPDX licence expression (PEP 639): identifiers in the case of the SPDX list, operators in capitals.
 * @throws {PackagingSyntaxError} at the place that is wrong.
 */
export function canonicalizeLicenseExpression(expression: string): string {
  const tokens: readonly Token[] = [...expression.matchAll(/[()]|[^\s()]+/g)].map((match) => ({
    text: operators.includes(match[0].toUpperCase()) ? match[0].toUpperCase() : match[0],
    start: match.index,
  }));
  let next = 0;

  function fail(message: string): never {
    const token = tokens[next];
    if (token === undefined) throw new PackagingSyntaxError(message, 0, expression.length);
    throw new PackagingSyntaxError(message, token.start, token.start + token.text.length);
  }

  function take(text: string): boolean {
    const matches = tokens[next]?.text === text;
    if (matches) next += 1;
    return matches;
  }

  function identifier(missing: string): Token {
    const token = tokens[next];
    if (token === undefined || operators.includes(token.text)) return fail(missing);
    next += 1;
    return token;
  }

  function term(nesting: number): string {
    if (take("(")) {
      if (nesting > maxNesting) fail("parentheses are nested too deeply");
      const inner = compound(nesting + 1);
      if (!take(")")) fail("a parenthesis is not closed");
      return `(${inner})`;
    }
    const license = canonicalLicense(identifier("a licence identifier is missing"));
    if (!take("WITH")) return license;
    return `${license} WITH ${canonicalException(identifier("a licence exception is missing after WITH"))}`;
  }

  function compound(nesting: number): string {
    let text = term(nesting);
    for (;;) {
      if (take("AND")) text += ` AND ${term(nesting)}`;
      else if (take("OR")) text += ` OR ${term(nesting)}`;
      else return text;
    }
  }

  const canonical = compound(0);
  if (next < tokens.length) fail("AND, OR or WITH is missing");
  return canonical;
}
