import { isBlank, lineBreakAt, unit } from "./characters.ts";
import type { Bookmark, Reader } from "./reader.ts";
import { startsStatement } from "./resync.ts";
import type { StringNode } from "./syntax.ts";

const escapes: Readonly<Record<string, string>> = {
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
  '"': '"',
  "\\": "\\",
};

/** Reads a string of any of the four kinds; the reader stands at its opening quote. */
export function scanString(reader: Reader): StringNode {
  const quote = reader.peek();
  if (reader.peek(1) === quote && reader.peek(2) === quote) return scanMultiLine(reader, quote);
  return scanSingleLine(reader, quote);
}

/** Reads a string that ends on its line. Unclosed, it reaches to the end of the line. */
export function scanSingleLine(reader: Reader, quote: number): StringNode {
  const start = reader.offset;
  const basic = quote === unit.quote;
  const style = basic ? "basic" : "literal";
  reader.offset += 1;
  let value = "";
  let from = reader.offset;
  while (!reader.atLineEnd) {
    const code = reader.peek();
    if (code === quote) {
      value += reader.text.slice(from, reader.offset);
      reader.offset += 1;
      return { kind: "string", style, value, closed: true, start, end: reader.offset };
    }
    if (basic && code === unit.backslash) {
      value += reader.text.slice(from, reader.offset) + scanEscape(reader);
      from = reader.offset;
    } else {
      reader.checkControl();
      reader.offset += 1;
    }
  }
  value += reader.text.slice(from, reader.offset);
  const end = reader.offset;
  reader.fault("string-unclosed", start, end, "this string has no closing quote");
  return { kind: "string", style, value, closed: false, start, end };
}

/** An unclosed string to return to when the one being read turns out to be that. */
interface WayOut {
  readonly mark: Bookmark;
  readonly value: string;
}

function scanMultiLine(reader: Reader, quote: number): StringNode {
  const start = reader.offset;
  const basic = quote === unit.quote;
  const style = basic ? "multi-line-basic" : "multi-line-literal";
  const mayGoBack = reader.mayGoBack;
  reader.offset += 3;
  let wayOut: WayOut | undefined;
  let value = "";
  let from = reader.offset;
  // As Python does, so that a checkout with other line ends gives the same values.
  const take = (): string => value + reader.text.slice(from, reader.offset).replaceAll("\r\n", "\n");

  while (!reader.atEnd) {
    const code = reader.peek();
    if (code === quote && reader.peek(1) === quote && reader.peek(2) === quote) {
      // Up to two quotes may stand before the closing three.
      for (let extra = 0; extra < 2 && reader.peek(3) === quote; extra += 1) reader.offset += 1;
      value = take();
      reader.offset += 3;
      if (wayOut === undefined || isEndOfValue(reader)) {
        return { kind: "string", style, value, closed: true, start, end: reader.offset };
      }
      break;
    }
    const lineBreak = lineBreakAt(reader.text, reader.offset);
    if (lineBreak > 0) {
      if (wayOut === undefined && (!mayGoBack || startsStatement(reader.text, reader.offset + lineBreak))) {
        wayOut = { mark: reader.bookmark(), value: take() };
        if (!mayGoBack) break;
      }
      // A line break right after the opening quotes is not part of the string.
      if (reader.offset === start + 3) from += lineBreak;
      reader.skipLineBreak();
    } else if (basic && code === unit.backslash) {
      value = take();
      value += skipEscapedLineBreak(reader) ? "" : scanEscape(reader);
      from = reader.offset;
    } else {
      reader.checkControl();
      reader.offset += 1;
    }
  }
  if (wayOut === undefined) {
    value = take();
  } else {
    value = wayOut.value;
    reader.goBack(wayOut.mark);
  }
  reader.unclosed("string-unclosed", start, start + 3, `this string has no closing ${basic ? '"""' : "'''"}`);
  return { kind: "string", style, value, closed: false, start, end: reader.offset };
}

/** Tells whether what follows can follow a value. If not, the closing quotes were rather another string's opening ones. */
function isEndOfValue(reader: Reader): boolean {
  let ahead = 0;
  while (isBlank(reader.peek(ahead))) ahead += 1;
  if (reader.offset + ahead >= reader.text.length || lineBreakAt(reader.text, reader.offset + ahead) > 0) return true;
  const code = reader.peek(ahead);
  return code === unit.hash || code === unit.comma || code === unit.closeBracket || code === unit.closeBrace;
}

/** Steps over a backslash at the end of a line and all white space after it. */
function skipEscapedLineBreak(reader: Reader): boolean {
  let ahead = 1;
  while (isBlank(reader.peek(ahead))) ahead += 1;
  if (lineBreakAt(reader.text, reader.offset + ahead) === 0) return false;
  reader.offset += ahead;
  do reader.skipBlanks();
  while (reader.skipLineBreak());
  return true;
}

/** Reads an escape; the reader stands at the backslash. A wrong one is kept as written. */
function scanEscape(reader: Reader): string {
  const start = reader.offset;
  const letter = reader.text.charAt(start + 1);
  const plain = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined;
  if (plain !== undefined) {
    reader.offset += 2;
    return plain;
  }
  if (letter === "e") {
    reader.offset += 2;
    reader.newForm("escape-e", start, reader.offset, "the escape `\\e` needs TOML 1.1");
    return "\u001b";
  }
  const digits = letter === "u" ? 4 : letter === "U" ? 8 : letter === "x" ? 2 : 0;
  const hex = reader.text.slice(start + 2, start + 2 + digits);
  const code = digits > 0 && hex.length === digits && /^[0-9A-Fa-f]+$/.test(hex) ? Number.parseInt(hex, 16) : -1;
  if (code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)) {
    reader.offset += 2 + digits;
    if (letter === "x") {
      reader.newForm("escape-x", start, reader.offset, `the escape \`\\x${hex}\` needs TOML 1.1`);
    }
    return String.fromCodePoint(code);
  }
  // A line break or the closing quote is no part of the escape.
  const length = letter === "" || lineBreakAt(reader.text, start + 1) > 0 ? 1 : 1 + letter.length;
  const end = code >= 0 ? start + 2 + digits : start + length;
  reader.fault(
    "escape",
    start,
    end,
    code >= 0 ? "this escape names no Unicode character" : describeEscape(reader, start, end),
  );
  reader.offset += length;
  return reader.text.slice(start, start + length);
}

function describeEscape(reader: Reader, start: number, end: number): string {
  const written = reader.text.slice(start, end);
  return /^\\[uUx]$/.test(written)
    ? `\`${written}\` needs ${written === "\\u" ? "four" : written === "\\U" ? "eight" : "two"} hexadecimal digits`
    : `\`${written}\` is not an escape that TOML knows`;
}
