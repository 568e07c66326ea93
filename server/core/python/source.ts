import type { OffsetRange } from "../location.ts";
import type { SourceToken } from "./source-token.ts";
import { topLevelLines } from "./source-token.ts";

/** What the text of a Python module says about itself. */
export interface ModuleFacts {
  /** The text that is assigned to `__version__`, as written. */
  readonly version?: string;
  /** Where the literal of the version stands in the text. */
  readonly versionRange?: OffsetRange;
  /** The docstring as Python has it in `__doc__`. */
  readonly docstring?: string;
}

/** Files of a package that may hold `__version__`, by falling precedence (as in Flit); a docstring comes from `__init__.py` alone. */
export const versionFileNames = ["__init__.py", "version.py", "_version.py", "__version__.py"] as const;

// Their one-line bodies (`if x: y = 1`) are no top-level statements.
const compoundKeywords = new Set("if elif else for while try except finally with def class async".split(" "));

/** Splits tokens at operators that stand outside brackets. */
function split(tokens: readonly SourceToken[], separator: string): readonly (readonly SourceToken[])[] {
  const parts: SourceToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === "operator") {
      if ("([{".includes(token.text)) depth += 1;
      else if (")]}".includes(token.text)) depth -= 1;
      else if (token.text === separator && depth === 0) {
        parts.push([]);
        continue;
      }
    }
    parts.at(-1)?.push(token);
  }
  return parts;
}

/** Takes off parentheses around an expression. */
function unwrap(tokens: readonly SourceToken[]): readonly SourceToken[] {
  let inner = tokens;
  while (inner.length > 2 && inner[0]?.text === "(" && inner.at(-1)?.text === ")") inner = inner.slice(1, -1);
  return inner;
}

/** Gives the text of an expression that is nothing but string literals, side by side. */
function literalText(
  tokens: readonly SourceToken[],
): { readonly text: string | undefined; readonly range: OffsetRange } | undefined {
  const literals = unwrap(tokens);
  const first = literals[0];
  const last = literals.at(-1);
  if (first === undefined || last === undefined || !literals.every(({ kind }) => kind === "string")) return undefined;
  const values = literals.map(({ value }) => value);
  return {
    text: values.includes(undefined) ? undefined : values.join(""),
    range: { start: first.start, end: last.end },
  };
}

function isVersionName(tokens: readonly SourceToken[]): boolean {
  const inner = unwrap(tokens);
  return inner.length === 1 && inner[0]?.text === "__version__";
}

/** Gives the tokens that a statement assigns to `__version__`. */
function assignedVersion(statement: readonly SourceToken[]): readonly SourceToken[] | undefined {
  const parts = split(statement, "=");
  const value = parts.at(-1);
  if (parts.length < 2 || value === undefined) return undefined;
  const targets = parts.slice(0, -1);
  const [target, annotation] = split(targets[0] ?? [], ":");
  const annotated = annotation !== undefined && targets.length === 1 && isVersionName(target ?? []);
  return annotated || targets.some(isVersionName) ? value : undefined;
}

const byteOrderMark = "\uFEFF";

/** Turns an offset in the text without byte order mark and carriage returns into one in the text as it is. */
function originalOffset(text: string, offset: number): number {
  let original = text.startsWith(byteOrderMark) ? 1 : 0;
  for (let passed = 0; passed < offset; passed += 1) original += text.startsWith("\r\n", original) ? 2 : 1;
  return original;
}

/**
 * Reads what Flit would find in a Python module, without running or importing it: the docstring, and the first string that is assigned to
 * `__version__` at the top level, outside `if`, `try` and the like. A text that is not valid Python gives what can be made out of it.
 */
export function readModuleFacts(text: string): ModuleFacts {
  const source = (text.startsWith(byteOrderMark) ? text.slice(1) : text).replace(/\r\n?/g, "\n");
  let facts: ModuleFacts = {};
  let first = true;
  for (const line of topLevelLines(source)) {
    const statements = compoundKeywords.has(line[0]?.text ?? "") ? [] : split(line, ";");
    const docstring = first ? literalText(statements[0] ?? [])?.text : undefined;
    if (docstring !== undefined) facts = { ...facts, docstring };
    first = false;
    for (const statement of facts.version === undefined ? statements : []) {
      const literal = literalText(assignedVersion(statement) ?? []);
      if (literal?.text === undefined) continue;
      const range = {
        start: originalOffset(text, literal.range.start),
        end: originalOffset(text, literal.range.end),
      };
      facts = { ...facts, version: literal.text, versionRange: range };
      break;
    }
  }
  return facts;
}

/**
 * Joins the facts of a package's files, given in the order of {@link versionFileNames}: the docstring is the first file's,
 * the version that of the last file that has one.
 */
export function mergeModuleFacts(files: readonly ModuleFacts[]): ModuleFacts {
  const docstring = files[0]?.docstring;
  const version = files.findLast((facts) => facts.version !== undefined)?.version;
  return { ...(docstring === undefined ? {} : { docstring }), ...(version === undefined ? {} : { version }) };
}

/** Gives the first line of a docstring, which is a project's description in Flit; `undefined` if it has no text. */
export function summaryOf(docstring: string): string | undefined {
  // eslint-disable-next-line no-control-regex -- the line ends that `str.splitlines` knows
  const [line = ""] = docstring.trimStart().split(/[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
  const summary = line.replaceAll("\t", " ").trimEnd();
  return summary === "" ? undefined : summary;
}
