import { PackagingSyntaxError, shiftErrors } from "./packaging-syntax-error.ts";
import type { Version } from "./version.ts";
import {
  blank,
  compareVersions,
  formatVersion,
  isPrerelease,
  localGrammar,
  parseVersion,
  releaseGrammar,
  suffixGrammar,
  trimRelease,
} from "./version.ts";

/** The operators of version specifiers (PEP 440). */
export type SpecifierOperator = "===" | "~=" | "==" | "!=" | "<=" | ">=" | "<" | ">";

/** One clause such as `>=3.9`. */
export interface Specifier {
  readonly operator: SpecifierOperator;
  /** As written, without the white space around it: `3.9`, `1.0.*`. */
  readonly version: string;
}

/** The source of a case-insensitive regular expression for one clause; it takes the longest clause there is. */
export const specifierGrammar = [
  `===${blank}[^\\s;)]*`,
  `(?:==|!=)${blank}${releaseGrammar}(?:\\.\\*|${suffixGrammar}(?:${localGrammar})?)`,
  `~=${blank}v?(?:[0-9]+!)?[0-9]+(?:\\.[0-9]+)+${suffixGrammar}`,
  `(?:<=|>=|<|>)${blank}${releaseGrammar}${suffixGrammar}`,
].join("|");

const clause = new RegExp(`^(?:${specifierGrammar})$`, "i");

function explain(text: string): string {
  const match = /^(===|~=|==|!=|<=|>=|<|>)\s*(.*)$/s.exec(text);
  const [, operator, version = ""] = match ?? [];
  if (operator === undefined) {
    return parseVersion(text) === undefined
      ? "a version specifier begins with one of ===, ~=, ==, !=, <=, >=, <, >"
      : "a version needs an operator in front of it, as `>=` or `==`";
  }
  if (version.endsWith(".*")) return "`.*` goes only with `==` and `!=`, after the numbers of a release";
  const parsed = parseVersion(version);
  if (parsed === undefined) return `${JSON.stringify(version)} is not a version`;
  if (parsed.local !== undefined) return "a local version (after `+`) goes only with `==` and `!=`";
  if (operator === "~=") return "`~=` needs at least two numbers, as in `~=1.0`";
  return "it is not a version specifier as PEP 440 defines it";
}

/** Reads one clause. @throws {PackagingSyntaxError} over all of it if it is none. */
export function parseSpecifier(text: string): Specifier {
  const item = text.trim();
  const operator = /^(?:===|[~=!<>]=|[<>])/.exec(item)?.[0] as SpecifierOperator | undefined;
  if (operator === undefined || !clause.test(item)) {
    const start = text.indexOf(item);
    throw new PackagingSyntaxError(`${JSON.stringify(item)}: ${explain(item)}`, start, start + item.length);
  }
  return { operator, version: item.slice(operator.length).trim() };
}

/** Reads a comma-separated set of version specifiers. @throws {PackagingSyntaxError} at the clause that is wrong. */
export function parseSpecifierSet(text: string): readonly Specifier[] {
  const specifiers: Specifier[] = [];
  let start = 0;
  for (const part of text.split(",")) {
    const from = start;
    if (part.trim() !== "") specifiers.push(shiftErrors(() => parseSpecifier(part), from));
    start += part.length + 1;
  }
  return specifiers;
}

/** What two clauses that mean the same have in common. */
function canonicalClause({ operator, version }: Specifier): string {
  const parsed = operator === "===" || version.endsWith(".*") ? undefined : parseVersion(version);
  if (parsed === undefined) return `${operator}${version}`;
  // `~=1.0` and `~=1` differ in meaning, `==1.0` and `==1` do not.
  const release = operator === "~=" ? parsed.release : trimRelease(parsed.release);
  return `${operator}${formatVersion({ ...parsed, release })}`;
}

/** Writes a set in the canonical form: clauses sorted by their text, equal ones once. */
export function formatSpecifierSet(specifiers: readonly Specifier[]): string {
  const clauses = new Map<string, string>();
  const ordered = specifiers
    .map((specifier) => ({ specifier, text: `${specifier.operator}${specifier.version}` }))
    .sort((left, right) => (left.text < right.text ? -1 : left.text > right.text ? 1 : 0));
  for (const { specifier, text } of ordered) {
    const key = canonicalClause(specifier);
    if (!clauses.has(key)) clauses.set(key, text);
  }
  return [...clauses.values()].join(",");
}

function publicVersion(version: Version): Version {
  const parts: { -readonly [key in keyof Version]: Version[key] } = { ...version };
  delete parts.local;
  return parts;
}

function sameRelease(left: Version, right: Version): boolean {
  const bare = (version: Version): Version => ({ epoch: version.epoch, release: version.release });
  return compareVersions(bare(left), bare(right)) === 0;
}

/** Tells whether a version begins with the numbers of another, missing ones counting as zero. */
function hasPrefix(version: Version, epoch: bigint, prefix: readonly bigint[]): boolean {
  return version.epoch === epoch && prefix.every((number, index) => (version.release[index] ?? 0n) === number);
}

function follows(candidate: Version, limit: Version): boolean {
  if (compareVersions(candidate, limit) <= 0) return false;
  if (limit.dev !== undefined || limit.post !== undefined) {
    return compareVersions(publicVersion(candidate), limit) > 0;
  }
  // PEP 440: `>1.0` takes neither `1.0.post1` nor `1.0+local`.
  return !(
    sameRelease(candidate, limit) &&
    candidate.pre?.phase === limit.pre?.phase &&
    candidate.pre?.number === limit.pre?.number
  );
}

/**
 * Tells whether a version meets one clause. Pre-releases count like any other version, as in environment markers.
 * What is no version meets only `===`.
 */
export function specifierContains(specifier: Specifier, candidate: string): boolean {
  const { operator, version } = specifier;
  if (operator === "===") return candidate.toLowerCase() === version.toLowerCase();
  const parsed = parseVersion(candidate);
  if (parsed === undefined) return false;
  if (version.endsWith(".*")) {
    const prefix = parseVersion(version.slice(0, -2));
    if (prefix === undefined) return false;
    return hasPrefix(parsed, prefix.epoch, prefix.release) === (operator === "==");
  }
  const limit = parseVersion(version);
  if (limit === undefined) return false;
  const comparable = limit.local === undefined ? publicVersion(parsed) : parsed;
  switch (operator) {
    case "==":
      return compareVersions(comparable, limit) === 0;
    case "!=":
      return compareVersions(comparable, limit) !== 0;
    case "<=":
      return compareVersions(comparable, limit) <= 0;
    case ">=":
      return compareVersions(parsed, limit) >= 0;
    case "~=":
      return compareVersions(parsed, limit) >= 0 && hasPrefix(parsed, limit.epoch, limit.release.slice(0, -1));
    case ">":
      return follows(parsed, limit);
    case "<":
      return compareVersions(parsed, isPrerelease(limit) ? limit : { ...limit, dev: 0n }) < 0;
  }
}

/** Tells whether a version meets every clause of a set. */
export function specifierSetContains(specifiers: readonly Specifier[], candidate: string): boolean {
  return specifiers.every((specifier) => specifierContains(specifier, candidate));
}
