import { isBlank, isQuote, lineBreakAt, unit } from "./characters.ts";
import { scanInlineTable } from "./inline-tables.ts";
import type { Reader } from "./reader.ts";
import { startsStatement } from "./resync.ts";
import { isDate, reportProse, scalarOf } from "./scalars.ts";
import { scanString } from "./strings.ts";
import type { ArrayNode, ValueNode } from "./syntax.ts";

/** What a value stands in, which decides where an unquoted one ends. */
export type Place = "line" | "array" | "inline-table";

/** As many arrays and inline tables may lie in each other; smol-toml has the same limit. */
const maxDepth = 1000;

/** Reads the value that begins here; undefined if none does, and then nothing is taken. */
export function scanValue(reader: Reader, place: Place, depth: number): ValueNode | undefined {
  const code = reader.peek();
  if (isQuote(code)) return scanString(reader);
  if (code === unit.openBracket || code === unit.openBrace) {
    if (depth >= maxDepth) return skipTooDeep(reader);
    return code === unit.openBracket ? scanArray(reader, place, depth + 1) : scanInlineTable(reader, place, depth + 1);
  }
  return scanWord(reader, place);
}

function skipTooDeep(reader: Reader): ValueNode {
  const start = reader.offset;
  reader.fault("nesting", start, start + 1, `more than ${maxDepth} arrays and inline tables lie in each other`);
  const end = reader.skipLine();
  return { kind: "broken", start, end };
}

function scanArray(reader: Reader, place: Place, depth: number): ArrayNode {
  const start = reader.offset;
  const elements: ValueNode[] = [];
  let previous: ValueNode | undefined;
  reader.offset += 1;
  const unclosed = (): ArrayNode => {
    reader.unclosed("array-unclosed", start, start + 1, "this array is never closed");
    return { kind: "array", elements, closed: false, start, end: reader.offset };
  };

  for (;;) {
    if (!skipToElement(reader) || reader.atEnd) return unclosed();
    const code = reader.peek();
    if (code === unit.closeBracket) {
      reader.offset += 1;
      return { kind: "array", elements, closed: true, start, end: reader.offset };
    }
    if (code === unit.comma) {
      if (previous === undefined)
        reader.fault("comma-extra", reader.offset, reader.offset + 1, "a value is missing before this comma");
      previous = undefined;
      reader.offset += 1;
      continue;
    }
    if (code === unit.closeBrace && place === "inline-table") return unclosed();
    if (previous !== undefined) reportMissingComma(reader, previous);
    const element = scanValue(reader, "array", depth);
    if (element === undefined) {
      reader.fault(
        "value-unquoted",
        reader.offset,
        reader.offset + 1,
        `\`${reader.text.charAt(reader.offset)}\` is not a value`,
      );
      reader.offset += 1;
      previous = undefined;
      continue;
    }
    elements.push(element);
    if (reader.resyncing) return unclosed();
    // An unclosed element has eaten the comma too.
    previous = isOpen(element) ? undefined : element;
  }
}

/** Steps to the next element or bracket, over line breaks and comments; false when a line starts a statement of its own. */
function skipToElement(reader: Reader): boolean {
  for (;;) {
    reader.skipBlanks();
    if (reader.skipComment()) continue;
    const length = lineBreakAt(reader.text, reader.offset);
    if (length === 0) return true;
    if (startsStatement(reader.text, reader.offset + length)) {
      reader.resyncing = true;
      return false;
    }
    reader.skipLineBreak();
  }
}

/** Reports that something follows a value without a comma. */
export function reportMissingComma(reader: Reader, value: ValueNode): void {
  if (value.kind === "string" && reader.offset === value.end) {
    // `"a, "b"`: text right behind a string was rather meant to be inside one.
    const message = "a quote is missing in or after this string";
    reader.fault("string-unclosed", value.start, value.end, message);
  } else {
    // The last character of the value: a comma belongs right after it.
    reader.fault("comma-missing", value.end - 1, value.end, "a comma is missing after this value");
  }
}

/** Tells whether a value was never closed. */
export function isOpen(value: ValueNode): boolean {
  return "closed" in value && !value.closed;
}

function scanWord(reader: Reader, place: Place): ValueNode | undefined {
  const start = reader.offset;
  skipWord(reader);
  if (reader.offset === start) return undefined;
  if (isDate(reader.text.slice(start, reader.offset)) && reader.peek() === unit.space && isTime(reader)) {
    reader.offset += 1;
    skipWord(reader);
  }
  const word = scalarOf(reader, start, reader.offset);
  if (word !== undefined) return word;
  const end = skipProse(reader, place);
  reportProse(reader, start, end);
  return { kind: "broken", start, end };
}

/** Steps to the end of text that should have been quoted; it may have several words. Gives the end of the last. */
function skipProse(reader: Reader, place: Place): number {
  let end = reader.offset;
  while (!reader.atLineEnd) {
    const code = reader.peek();
    if (code === unit.hash) break;
    if (place !== "line" && (code === unit.comma || code === unit.closeBracket || code === unit.closeBrace)) break;
    reader.offset += 1;
    if (!isBlank(code)) end = reader.offset;
  }
  reader.offset = end;
  return end;
}

function isTime(reader: Reader): boolean {
  return /^\d\d:/.test(reader.text.slice(reader.offset + 1, reader.offset + 4));
}

function skipWord(reader: Reader): void {
  while (!reader.atLineEnd) {
    const code = reader.peek();
    if (
      isBlank(code) ||
      code === unit.hash ||
      code === unit.comma ||
      code === unit.closeBracket ||
      code === unit.closeBrace
    )
      return;
    reader.offset += 1;
  }
}
