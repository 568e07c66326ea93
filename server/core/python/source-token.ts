import { maxNesting } from "./scanner.ts";
import { decodeEscapes } from "./string-escape.ts";

/** A piece of a logical line of Python. */
export interface SourceToken {
  /** `string` is a text literal, `other-literal` one of bytes or with replacement fields. */
  readonly kind: "name" | "operator" | "string" | "other-literal";
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Value of a `string`; `undefined` where it cannot be told without Python. */
  readonly value?: string | undefined;
}

const stringStart = /([a-z]{0,2})("""|'''|"|')/iy;
const word = /[\w\u{80}-\u{10ffff}]+/uy;
const operator = /\*\*=|\/\/=|<<=|>>=|->|[-+*/%&|^@=!<>:]=|[^]/y;
const prefixes = new Set(["", "r", "u", "b", "br", "rb", "f", "fr", "rf", "t", "tr", "rt"]);

/** Finds the end of a string literal whose content begins at `position`; line ends are `\n`. */
function endOfString(
  text: string,
  position: number,
  quote: string,
  fields: boolean,
  raw: boolean,
  nesting: number,
): number {
  let index = position;
  while (index < text.length) {
    if (text.startsWith(quote, index)) return index + quote.length;
    const character = text.charAt(index);
    if (character === "\\") {
      const named = fields && !raw ? /\\N\{[^}\n]*\}/y : undefined;
      if (named !== undefined) named.lastIndex = index;
      // A backslash does not keep a brace from beginning a field.
      index += named?.exec(text)?.[0].length ?? (fields && text.charAt(index + 1) === "{" ? 1 : 2);
    } else if (character === "\n" && quote.length === 1) {
      return index;
    } else if (fields && character === "{" && text.charAt(index + 1) !== "{") {
      index = endOfField(text, index + 1, quote, raw, nesting + 1);
    } else {
      index += fields && character === "{" ? 2 : 1;
    }
  }
  return text.length;
}

/** Finds the end of a replacement field `{…}`, which holds Python again, strings with the same quotes among it (PEP 701). */
function endOfField(text: string, position: number, quote: string, raw: boolean, nesting: number): number {
  // Python itself allows far fewer; what follows cannot be told any more.
  if (nesting > maxNesting) return text.length;
  let index = position;
  let depth = 0;
  while (index < text.length) {
    const nested = stringAt(text, index, nesting);
    if (nested !== undefined) {
      index = nested.end;
      continue;
    }
    const character = text.charAt(index);
    index += 1;
    if ("([{".includes(character)) depth += 1;
    else if (character === "}" && depth === 0) return index;
    else if (")]}".includes(character)) depth -= 1;
    else if (character === "#") while (index < text.length && text.charAt(index) !== "\n") index += 1;
    else if (character === ":" && depth === 0) {
      // A format specification is text once more, with fields in it.
      while (index < text.length && text.charAt(index) !== "}") {
        if (text.charAt(index) === "\n" && quote.length === 1) return index;
        index = text.charAt(index) === "{" ? endOfField(text, index + 1, quote, raw, nesting + 1) : index + 1;
      }
      return index + 1;
    }
  }
  return index;
}

/** Gives the string literal that begins at a place, prefix included. */
function stringAt(text: string, position: number, nesting = 0): SourceToken | undefined {
  stringStart.lastIndex = position;
  const match = stringStart.exec(text);
  const prefix = match?.[1]?.toLowerCase();
  const quote = match?.[2];
  if (match === null || prefix === undefined || quote === undefined || !prefixes.has(prefix)) return undefined;
  const raw = prefix.includes("r");
  const fields = /[ft]/.test(prefix);
  const from = position + match[0].length;
  const end = endOfString(text, from, quote, fields, raw, nesting);
  const token = { text: text.slice(position, end), start: position, end };
  if (fields || prefix.includes("b")) return { kind: "other-literal", ...token };
  const content = text.slice(from, Math.max(from, end - quote.length));
  return { kind: "string", ...token, value: raw ? content : decodeEscapes(content) };
}

/** Gives the logical lines of a Python source that stand at its top level, each as its tokens. Line ends of the text are `\n`. */
export function* topLevelLines(text: string): Generator<readonly SourceToken[]> {
  let tokens: SourceToken[] = [];
  let depth = 0;
  let indented = false;
  let lineStart = true;
  let index = 0;
  while (index < text.length) {
    if (lineStart) {
      // A form feed sets the column back, as in Python's own tokenizer.
      const indentation = /[ \t\f]*/y;
      indentation.lastIndex = index;
      const blanks = indentation.exec(text)?.[0] ?? "";
      indented = blanks.slice(blanks.lastIndexOf("\f") + 1) !== "";
      index += blanks.length;
      lineStart = false;
      continue;
    }
    const character = text.charAt(index);
    if (character === "#") {
      while (index < text.length && text.charAt(index) !== "\n") index += 1;
    } else if (character === "\n") {
      index += 1;
      if (depth > 0) continue;
      if (tokens.length > 0 && !indented) yield tokens;
      tokens = [];
      lineStart = true;
    } else if (character === "\\" && text.charAt(index + 1) === "\n") {
      index += 2;
    } else if (" \t\f".includes(character)) {
      index += 1;
    } else {
      const token = tokenAt(text, index);
      if (token.kind === "operator") {
        if ("([{".includes(token.text)) depth += 1;
        else if (")]}".includes(token.text)) depth = Math.max(0, depth - 1);
      }
      tokens.push(token);
      index = token.end;
    }
  }
  if (tokens.length > 0 && !indented) yield tokens;
}

function tokenAt(text: string, start: number): SourceToken {
  const string = stringAt(text, start);
  if (string !== undefined) return string;
  word.lastIndex = start;
  const name = word.exec(text)?.[0];
  if (name !== undefined) return { kind: "name", text: name, start, end: start + name.length };
  operator.lastIndex = start;
  const symbol = operator.exec(text)?.[0] ?? text.charAt(start);
  return { kind: "operator", text: symbol, start, end: start + symbol.length };
}
