const simpleEscapes: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const escape = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]))/g;

/**
 * Gives the value of what stands between the quotes of a Python string literal without prefix; line ends are `\n`.
 * `undefined` if it breaks Python's rules, or holds `\N{…}`: the names of characters are not at hand.
 */
export function decodeEscapes(text: string): string | undefined {
  let decoded = "";
  let from = 0;
  for (const match of text.matchAll(escape)) {
    const [whole, octal, short, medium, long, other = ""] = match;
    decoded += text.slice(from, match.index);
    from = match.index + whole.length;
    const hex = short ?? medium ?? long;
    const code =
      octal !== undefined ? Number.parseInt(octal, 8) : hex !== undefined ? Number.parseInt(hex, 16) : undefined;
    if (code === undefined) {
      // The digits behind it, or the name, are not what they have to be.
      if ("xuUN".includes(other)) return undefined;
      decoded += simpleEscapes[other] ?? whole;
    } else {
      if (code > 0x10ffff) return undefined;
      decoded += String.fromCodePoint(code);
    }
  }
  return decoded + text.slice(from);
}
