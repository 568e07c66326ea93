/** UTF-16 code units that TOML's grammar names. */
export const unit = {
  tab: 0x09,
  lineFeed: 0x0a,
  carriageReturn: 0x0d,
  space: 0x20,
  quote: 0x22,
  hash: 0x23,
  apostrophe: 0x27,
  comma: 0x2c,
  dot: 0x2e,
  colon: 0x3a,
  equals: 0x3d,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
  byteOrderMark: 0xfeff,
} as const;

/** Space or tab: TOML's only white space inside a line. */
export function isBlank(code: number): boolean {
  return code === unit.space || code === unit.tab;
}

/** A character that may stand nowhere but in an escape; a carriage return is one unless a line feed follows. */
export function isControl(code: number): boolean {
  return (code < 0x20 && code !== unit.tab) || code === 0x7f;
}

/** A character of a bare key. */
export function isBareKey(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2d ||
    code === 0x5f
  );
}

/** Either quote that opens a string. */
export function isQuote(code: number): boolean {
  return code === unit.quote || code === unit.apostrophe;
}

/** The length of the line break at an offset: 2 for `\r\n`, 1 for `\n`, 0 for none. A lone `\r` is none. */
export function lineBreakAt(text: string, offset: number): 0 | 1 | 2 {
  const code = text.charCodeAt(offset);
  if (code === unit.lineFeed) return 1;
  return code === unit.carriageReturn && text.charCodeAt(offset + 1) === unit.lineFeed ? 2 : 0;
}
