import { isBareKey, isBlank, isQuote, lineBreakAt, unit } from "./characters.ts";

/** Words that are bare keys and values at once: `[true]` on a line of its own is an element of an array. */
const wordValues: ReadonlySet<string> = new Set(["true", "false", "inf", "nan"]);

/**
 * Tells whether a line, from `lineStart` on, must be a header or the start of a pair, because no array could hold it as an element.
 * A scanner that is lost in something unclosed goes on there. Looks at one line and no further.
 */
export function startsStatement(text: string, lineStart: number): boolean {
  const offset = skipBlanks(text, lineStart);
  return text.charCodeAt(offset) === unit.openBracket ? isHeader(text, offset) : isPair(text, offset);
}

function isPair(text: string, start: number): boolean {
  const end = skipKey(text, start);
  return end > start && text.charCodeAt(end) === unit.equals && text.charCodeAt(end + 1) !== unit.equals;
}

function isHeader(text: string, start: number): boolean {
  const double = text.charCodeAt(start + 1) === unit.openBracket;
  const keyStart = skipBlanks(text, start + (double ? 2 : 1));
  // `["a"]` and `[1]` are arrays as well: only a name that no value can be makes a header.
  if (!/[A-Za-z_]/.test(text.charAt(keyStart))) return false;
  const keyEnd = skipKey(text, keyStart);
  if (wordValues.has(text.slice(keyStart, keyEnd).trimEnd())) return false;
  let offset = keyEnd;
  for (let brackets = double ? 2 : 1; brackets > 0; brackets -= 1, offset += 1) {
    if (text.charCodeAt(offset) !== unit.closeBracket) return false;
  }
  offset = skipBlanks(text, offset);
  return offset >= text.length || text.charCodeAt(offset) === unit.hash || lineBreakAt(text, offset) > 0;
}

/** The offset after a dotted key and the blanks behind it, or `start` if there is none. */
function skipKey(text: string, start: number): number {
  let offset = start;
  for (;;) {
    const part = skipKeyPart(text, offset);
    if (part === offset) return start;
    offset = skipBlanks(text, part);
    if (text.charCodeAt(offset) !== unit.dot) return offset;
    offset = skipBlanks(text, offset + 1);
  }
}

function skipKeyPart(text: string, start: number): number {
  const first = text.charCodeAt(start);
  let offset = start;
  if (!isQuote(first)) {
    while (isBareKey(text.charCodeAt(offset))) offset += 1;
    return offset;
  }
  for (offset += 1; offset < text.length && lineBreakAt(text, offset) === 0; offset += 1) {
    const code = text.charCodeAt(offset);
    if (code === first) return offset + 1;
    if (code === unit.backslash && first === unit.quote) offset += 1;
  }
  return start;
}

function skipBlanks(text: string, start: number): number {
  let offset = start;
  while (isBlank(text.charCodeAt(offset))) offset += 1;
  return offset;
}
