import { normalizeName } from "./name.ts";
import { PackagingSyntaxError } from "./packaging-syntax-error.ts";
import { parseSpecifier, specifierContains } from "./specifier.ts";
import { decodeEscapes } from "./string-escape.ts";
import { maxNesting, Scanner } from "./scanner.ts";

/** The variables of an environment that have one value for a whole build. */
export type EnvironmentVariable =
  | "implementation_name"
  | "implementation_version"
  | "os_name"
  | "platform_machine"
  | "platform_python_implementation"
  | "platform_release"
  | "platform_system"
  | "platform_version"
  | "python_full_version"
  | "python_version"
  | "sys_platform";

/** What markers are evaluated against. `extra` is the extra that was asked for, `""` or absent for none. */
export type MarkerEnvironment = Readonly<Record<EnvironmentVariable, string>> & { readonly extra?: string };

/** The operators of a marker's comparison. */
export type MarkerOperator = "===" | "~=" | "==" | "!=" | "<=" | ">=" | "<" | ">" | "in" | "not in";

/** A side of a comparison: a variable, or the text of a quoted string. */
export type MarkerOperand = { readonly variable: string } | { readonly text: string };

/** One comparison: `sys_platform == "win32"`. */
export interface MarkerComparison {
  readonly kind: "comparison";
  readonly left: MarkerOperand;
  readonly operator: MarkerOperator;
  readonly right: MarkerOperand;
  /** Where it stands in the text that was parsed. */
  readonly start: number;
  readonly end: number;
}

/** Terms joined by operators, of which there is one less than terms; `and` binds tighter than `or`. */
export interface MarkerGroup {
  readonly kind: "group";
  readonly terms: readonly Marker[];
  readonly operators: readonly ("and" | "or")[];
}

/** An environment marker (PEP 508). */
export type Marker = MarkerComparison | MarkerGroup;

const variable =
  /\b(?:python_version|python_full_version|os[._]name|sys[._]platform|platform_(?:release|system)|platform[._](?:version|machine|python_implementation)|python_implementation|implementation_(?:name|version)|extras?|dependency_groups)\b/y;
const quoted = /'[^']*'|"[^"]*"/y;
const comparator = /===|==|~=|!=|<=|>=|<|>|\bin\b|\bnot[ \t]+in\b/y;

function parseOperand(scanner: Scanner): MarkerOperand {
  const start = scanner.position;
  const name = scanner.take(variable);
  if (name !== undefined) {
    const plain = name.replace(".", "_");
    return { variable: plain === "python_implementation" ? "platform_python_implementation" : plain };
  }
  const literal = scanner.take(quoted);
  if (literal === undefined) {
    const word = scanner.peek(/[A-Za-z_][A-Za-z0-9_.]*/y);
    return scanner.fail(
      word === undefined
        ? "a marker variable such as `sys_platform`, or a quoted string, is missing here"
        : `\`${word}\` is no marker variable; text has to stand in quotes`,
      start,
      start + (word?.length ?? 0),
    );
  }
  const inner = literal.slice(1, -1);
  const text = inner.includes("\n") ? undefined : decodeEscapes(inner);
  if (text === undefined) return scanner.fail("this is not a valid quoted string", start, scanner.position);
  if (text.includes("'") && text.includes('"')) {
    return scanner.fail("a string in a marker cannot hold both kinds of quotes", start, scanner.position);
  }
  return { text };
}

/** Names of extras and groups are compared in their normal form (PEP 685, PEP 735), so they are kept in it. */
function normalizeOperand(operand: MarkerOperand, other: MarkerOperand, names: readonly string[]): MarkerOperand {
  if (!("text" in operand) || !("variable" in other) || !names.includes(other.variable)) return operand;
  return { text: normalizeName(operand.text) };
}

function parseComparison(scanner: Scanner): MarkerComparison {
  const start = scanner.position;
  const left = parseOperand(scanner);
  scanner.skipBlanks();
  const operator = scanner.take(comparator)?.replace(/[ \t]+/, " ") as MarkerOperator | undefined;
  if (operator === undefined) {
    return scanner.fail("an operator is missing here: one of ==, !=, <=, >=, <, >, ~=, ===, in, not in");
  }
  scanner.skipBlanks();
  const right = parseOperand(scanner);
  return {
    kind: "comparison",
    left: normalizeOperand(left, right, ["extra", "extras", "dependency_groups"]),
    operator,
    right: normalizeOperand(right, left, ["extra"]),
    start,
    end: scanner.position,
  };
}

function parseTerm(scanner: Scanner, nesting: number): Marker {
  scanner.skipBlanks();
  const open = scanner.position;
  if (scanner.take(/\(/y) === undefined) {
    const comparison = parseComparison(scanner);
    scanner.skipBlanks();
    return comparison;
  }
  if (nesting > maxNesting) scanner.fail("parentheses are nested too deeply", open, open + 1);
  const group = readMarker(scanner, nesting + 1);
  if (scanner.take(/\)/y) === undefined) scanner.fail("this parenthesis is not closed", open, open + 1);
  scanner.skipBlanks();
  return group;
}

/** Reads a marker from where a scanner stands, as far as it goes. @throws {PackagingSyntaxError} */
export function readMarker(scanner: Scanner, nesting = 0): MarkerGroup {
  const terms = [parseTerm(scanner, nesting)];
  const operators: ("and" | "or")[] = [];
  for (;;) {
    const operator = scanner.take(/\b(?:or|and)\b/y);
    if (operator === undefined) return { kind: "group", terms, operators };
    operators.push(operator === "and" ? "and" : "or");
    terms.push(parseTerm(scanner, nesting));
  }
}

/** Parses an environment marker (PEP 508). @throws {PackagingSyntaxError} at the place that is wrong. */
export function parseMarker(text: string): Marker {
  const scanner = new Scanner(text);
  const marker = readMarker(scanner);
  if (!scanner.isAtEnd()) scanner.fail("`and` or `or` is missing here", scanner.position, text.length);
  return marker;
}

function formatOperand(operand: MarkerOperand): string {
  if ("variable" in operand) return operand.variable;
  return operand.text.includes('"') ? `'${operand.text}'` : `"${operand.text}"`;
}

/** Takes off parentheses around a single term. */
function unwrap(marker: Marker): Marker {
  const [only, ...others] = marker.kind === "group" ? marker.terms : [];
  return only === undefined || others.length > 0 ? marker : unwrap(only);
}

function format(marker: Marker, outermost: boolean): string {
  const inner = unwrap(marker);
  if (inner.kind === "comparison") {
    return `${formatOperand(inner.left)} ${inner.operator} ${formatOperand(inner.right)}`;
  }
  const text = inner.terms
    .map((term, index) => (index === 0 ? "" : ` ${inner.operators[index - 1] ?? "and"} `) + format(term, false))
    .join("");
  return outermost ? text : `(${text})`;
}

/** Writes a marker in the canonical form of the Python package `packaging`. */
export function formatMarker(marker: Marker): string {
  return format(marker, true);
}

/** Gives the marker that holds where `marker` does and the extra was asked for. */
export function withExtra(marker: Marker | undefined, extra: string): Marker {
  const condition: MarkerComparison = {
    kind: "comparison",
    left: { variable: "extra" },
    operator: "==",
    right: { text: normalizeName(extra) },
    start: 0,
    end: 0,
  };
  if (marker === undefined) return condition;
  const inner = unwrap(marker);
  if (inner.kind === "comparison" || inner.operators.includes("or")) {
    return { kind: "group", terms: [inner, condition], operators: ["and"] };
  }
  return { kind: "group", terms: [...inner.terms, condition], operators: [...inner.operators, "and"] };
}

const versionVariables = ["implementation_version", "platform_release", "python_full_version", "python_version"];

function compare(comparison: MarkerComparison, left: string, right: string, variableName: string): boolean {
  const { operator } = comparison;
  if (operator === "in") return right.includes(left);
  if (operator === "not in") return !right.includes(left);
  if (versionVariables.includes(variableName)) {
    try {
      return specifierContains(parseSpecifier(`${operator}${right}`), left);
    } catch (error) {
      // What is no version is compared as text, as PEP 508 says.
      if (!(error instanceof PackagingSyntaxError)) throw error;
    }
  }
  switch (operator) {
    case "==":
    case "<=":
    case ">=":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
    case ">":
      return false;
    case "~=":
    case "===":
      throw new PackagingSyntaxError(
        `\`${operator}\` compares versions, and ${JSON.stringify(left)} and ${JSON.stringify(right)} are not both versions`,
        comparison.start,
        comparison.end,
      );
  }
}

function lookUp(comparison: MarkerComparison, operand: MarkerOperand, environment: MarkerEnvironment): string {
  if ("text" in operand) return operand.text;
  const name = operand.variable;
  if (name === "extra") return environment.extra === undefined ? "" : normalizeName(environment.extra);
  const value = (environment as Readonly<Record<string, string | undefined>>)[name];
  if (value === undefined) {
    throw new PackagingSyntaxError(`\`${name}\` has no value here`, comparison.start, comparison.end);
  }
  // A Python built from a checkout calls itself `3.14.0+`, which is no version.
  return name === "python_full_version" && value.endsWith("+") ? `${value}local` : value;
}

function evaluateComparison(comparison: MarkerComparison, environment: MarkerEnvironment): boolean {
  const { left, right } = comparison;
  const variableName = "variable" in left ? left.variable : "variable" in right ? right.variable : "";
  return compare(
    comparison,
    lookUp(comparison, left, environment),
    lookUp(comparison, right, environment),
    variableName,
  );
}

/**
 * Tells whether a marker holds in an environment, by the rules of PEP 508.
 * @throws {PackagingSyntaxError} at a comparison that has no meaning: `~=` between what are no versions, or a variable of lock files.
 */
export function evaluateMarker(marker: Marker, environment: MarkerEnvironment): boolean {
  if (marker.kind === "comparison") return evaluateComparison(marker, environment);
  let holds = false;
  let all = true;
  for (const [index, term] of marker.terms.entries()) {
    if (index > 0 && marker.operators[index - 1] === "or") {
      holds ||= all;
      all = true;
    }
    // Every term is evaluated, so that a meaningless one is reported on all platforms alike.
    all = evaluateMarker(term, environment) && all;
  }
  return holds || all;
}
