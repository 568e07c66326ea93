import { isBlank, isQuote, unit } from "./characters.ts";
import { scanKey } from "./keys.ts";
import type { Reader } from "./reader.ts";
import type { KeyNode, PairNode, ValueNode } from "./syntax.ts";
import type { Place } from "./values.ts";
import { scanValue } from "./values.ts";

/** Reads `key = value`, or as much of it as there is. It may take nothing, if no key begins here. */
export function scanPair(reader: Reader, place: Place, depth: number): PairNode {
  const brokenBefore = reader.broken;
  reader.broken = false;
  const key = scanKey(reader);
  const afterKey = reader.offset;
  const equals = scanEquals(reader, key, place);
  if (equals === undefined) reader.offset = afterKey;
  const value = equals === undefined ? undefined : scanPairValue(reader, equals, place, depth);
  const faulty = reader.broken;
  reader.broken ||= brokenBefore;
  const end = value?.end ?? (equals === undefined ? key.end : equals + 1);
  return {
    key,
    ...(equals === undefined ? {} : { equals }),
    ...(value === undefined ? {} : { value }),
    faulty,
    start: key.start,
    end,
  };
}

function scanEquals(reader: Reader, key: KeyNode, place: Place): number | undefined {
  const nothing = reader.offset === key.start;
  reader.skipBlanks();
  const code = reader.peek();
  let equals: number | undefined = reader.offset;
  if (code === unit.colon) {
    reader.fault("colon", equals, equals + 1, "TOML writes `=` between a key and its value, not `:`");
  } else if (code !== unit.equals) {
    equals = findEquals(reader, place);
    const at = reader.offset;
    if (nothing) {
      reader.fault("key-missing", at, at + 1, `a key cannot begin with \`${reader.text.charAt(at)}\``);
    } else if (equals === undefined) {
      reader.fault(
        "equals-missing",
        key.start,
        Math.max(key.end, key.start + 1),
        "`=` and a value are missing after this key",
      );
    } else {
      const words = reader.text.slice(key.start, equals).trimEnd().length;
      reader.fault("key-character", key.start, key.start + words, "a key of several words needs quotes");
    }
    if (equals === undefined) return undefined;
  } else if (nothing) {
    reader.fault("key-missing", equals, equals + 1, "a key is missing before this `=`");
  }
  reader.offset = equals + 1;
  return equals;
}

/** Looks for an `=` further on in the line, behind words that are no key. */
function findEquals(reader: Reader, place: Place): number | undefined {
  for (let offset = reader.offset; offset < reader.text.length; offset += 1) {
    const code = reader.text.charCodeAt(offset);
    if (code === unit.equals) return offset;
    if (code === unit.lineFeed || code === unit.hash || isQuote(code)) return undefined;
    if (code === unit.openBracket || code === unit.openBrace) return undefined;
    if (place !== "line" && (code === unit.comma || code === unit.closeBrace)) return undefined;
  }
  return undefined;
}

function scanPairValue(reader: Reader, equals: number, place: Place, depth: number): ValueNode | undefined {
  reader.skipBlanks();
  if (reader.peek() === unit.equals) {
    reader.fault("equals-extra", reader.offset, reader.offset + 1, "one `=` is enough");
    while (reader.peek() === unit.equals || isBlank(reader.peek())) reader.offset += 1;
  }
  const value = scanValue(reader, place, depth);
  if (value === undefined) {
    reader.fault("value-missing", equals, equals + 1, "a value is missing after this `=`");
  }
  return value;
}
