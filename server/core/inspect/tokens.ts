/** The languages that {@link scanTokens} can tell code from text in. */
export type TokenLanguage = "c" | "zig";

/** A word, a string or a sign of a source text; comments are none. Offsets count UTF-16 code units. */
export interface Token {
  readonly kind: "word" | "string" | "sign" | "directive";
  /** Of a string what stands between its quotes, as written; of a preprocessor directive its name and what follows it on the line. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const blanks = /[ \t\f\v\r\n]+/y;
const word = /[\p{ID_Start}_$][\p{ID_Continue}$]*/uy;
const rawString = /R"([^ ()\\\t\v\f\n]{0,16})\(/y;
const directive = /#[ \t]*(\w*)((?:\\\r?\n|\/\*[^]*?\*\/|[^\n])*)/y;
const comments: Readonly<Record<TokenLanguage, RegExp>> = {
  c: /\/\/(?:\\\r?\n|[^\n])*|\/\*[^]*?(?:\*\/|$)/y,
  zig: /\/\/[^\n]*|\\\\[^\n]*/y,
};
const stringLiteral = /"(?:\\[^]|[^"\\\n])*"?/y;
const characterLiteral = /'(?:\\[^]|[^'\\\n])*'?/y;
const number = /[0-9](?:['\w.]|[eEpP][+-])*/y;

/** Reads a source text lightly: enough to tell names in code from names in comments and strings. Never throws, whatever the text. */
export function scanTokens(text: string, language: TokenLanguage): readonly Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  let lineStart = true;
  const at = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = offset;
    return pattern.exec(text);
  };
  const add = (kind: Token["kind"], from: number, to: number, content = text.slice(from, to)): void => {
    tokens.push({ kind, text: content, start: from, end: to });
  };
  while (offset < text.length) {
    const skipped = at(blanks) ?? at(comments[language]);
    if (skipped !== null) {
      if (skipped[0].includes("\n")) lineStart = true;
      offset += skipped[0].length;
      continue;
    }
    const start = offset;
    if (language === "c" && lineStart && text[offset] === "#") {
      const [whole, name = "", rest = ""] = at(directive) ?? ["#"];
      offset += whole.length;
      add("directive", start, offset, `${name} ${rest.trim()}`);
      continue;
    }
    lineStart = false;
    const raw = language === "c" ? at(rawString) : null;
    if (raw !== null) {
      const close = text.indexOf(`)${raw[1] ?? ""}"`, offset);
      offset = close < 0 ? text.length : close + 2 + (raw[1] ?? "").length;
      add("string", start, offset, text.slice(start + raw[0].length, close < 0 ? text.length : close));
      continue;
    }
    const quoted = at(stringLiteral);
    const [found] = quoted ?? at(characterLiteral) ?? at(word) ?? at(number) ?? [text[offset] ?? ""];
    offset += found.length;
    if (quoted !== null) add("string", start, offset, found.replace(/^"|"$/g, ""));
    else if (/^[\p{ID_Start}_$]/u.test(found)) add("word", start, offset);
    else if (!found.startsWith("'") && !/^\d/.test(found)) add("sign", start, offset);
  }
  return tokens;
}
