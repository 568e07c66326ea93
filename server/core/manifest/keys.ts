import { isBareKey, isBlank, isQuote, unit } from "./characters.ts";
import type { Reader } from "./reader.ts";
import { scanSingleLine } from "./strings.ts";
import type { KeyNode, KeyPart } from "./syntax.ts";

/** Reads a dotted key as far as it goes. It takes no blanks after it, and may take nothing. */
export function scanKey(reader: Reader): KeyNode {
  const start = reader.offset;
  const parts: KeyPart[] = [];
  let complete = true;
  let end = start;
  for (;;) {
    const part = scanKeyPart(reader);
    if (part !== undefined) {
      parts.push(part);
      end = part.end;
    } else {
      complete = false;
      if (end > start) reader.fault("key-part-missing", end - 1, end, "a part of the key is missing at this dot");
    }
    const afterPart = reader.offset;
    reader.skipBlanks();
    if (reader.peek() !== unit.dot) {
      if (part !== undefined) reader.offset = afterPart;
      break;
    }
    if (part === undefined && end === start) {
      reader.fault("key-part-missing", reader.offset, reader.offset + 1, "a part of the key is missing at this dot");
    }
    reader.offset += 1;
    end = reader.offset;
    reader.skipBlanks();
  }
  return { parts, complete, start, end };
}

function scanKeyPart(reader: Reader): KeyPart | undefined {
  const start = reader.offset;
  const quote = reader.peek();
  if (isQuote(quote)) {
    if (reader.peek(1) === quote && reader.peek(2) === quote) {
      reader.fault("key-character", start, start + 3, "a key cannot be a multi-line string");
    }
    const { value, end } = scanSingleLine(reader, quote);
    return { text: value, style: quote === unit.quote ? "basic" : "literal", start, end };
  }
  while (isBareKey(reader.peek())) reader.offset += 1;
  const strange = reader.offset;
  while (!isEndOfBareKey(reader)) reader.offset += 1;
  if (reader.offset > strange) {
    const length = (reader.text.codePointAt(strange) ?? 0) > 0xffff ? 2 : 1;
    const character = reader.text.slice(strange, strange + length);
    reader.fault("key-character", strange, strange + length, `\`${character}\` cannot stand in a key without quotes`);
  }
  const end = reader.offset;
  return end === start ? undefined : { text: reader.text.slice(start, end), style: "bare", start, end };
}

const endsOfBareKey: ReadonlySet<number> = new Set([
  unit.dot,
  unit.equals,
  unit.colon,
  unit.hash,
  unit.comma,
  unit.openBracket,
  unit.closeBracket,
  unit.openBrace,
  unit.closeBrace,
]);

function isEndOfBareKey(reader: Reader): boolean {
  const code = reader.peek();
  return isBlank(code) || reader.atLineEnd || isQuote(code) || endsOfBareKey.has(code);
}
