import type { Diagnostic } from "vscode-languageserver";
import { DiagnosticSeverity } from "vscode-languageserver";
import { scanTokens } from "../core/inspect/tokens.ts";
import { LineIndex } from "../core/manifest/lines.ts";
import type { Range } from "../core/location.ts";

/** The identifier in a symbol as source texts have it: without a leading underscore of Mach-O, the last name of a mangled C++ one. */
export function sourceName(symbol: string): string {
  const mangled = /^_?_Z(.*)$/.exec(symbol)?.[1];
  if (mangled === undefined) return symbol;
  let rest = mangled.replace(/^N?[rVKRO]*(?:St)?/, "");
  let name = symbol;
  for (let length = /^\d+/.exec(rest)?.[0]; length !== undefined; length = /^\d+/.exec(rest)?.[0]) {
    const start = length.length;
    name = rest.slice(start, start + Number(length));
    rest = rest.slice(start + Number(length)).replace(/^B\d+\w*?(?=\d)/, "");
  }
  return name;
}

/** The first place in a source where a symbol is used; comments and strings do not count. A call counts before a declaration. */
export function findReference(path: string, text: string, symbol: string): Range | undefined {
  const name = sourceName(symbol);
  const tokens = scanTokens(text, path.endsWith(".zig") ? "zig" : "c");
  const uses = tokens.flatMap((token, index) => (token.kind === "word" && token.text === name ? [index] : []));
  const isDeclaration = (index: number): boolean => {
    const before = tokens[index - 1];
    // `extern int f(void);`: a type stands before the name; before a call stand signs, or `return`.
    return before?.text === "*"
      ? tokens[index - 2]?.kind === "word" && tokens[index - 3]?.text === "extern"
      : before?.kind === "word" && !/^(?:return|else|do|case|throw)$/.test(before.text);
  };
  const index = uses.find((use) => !isDeclaration(use)) ?? uses[0];
  const token = index === undefined ? undefined : tokens[index];
  return token === undefined ? undefined : new LineIndex(text).rangeOf(token);
}

/** The diagnostic at the place where an undefined symbol is used. */
export function referenceDiagnostic(range: Range, symbol: string, extension: string): Diagnostic {
  return {
    range,
    severity: DiagnosticSeverity.Error,
    code: "undefined-symbol",
    source: "zlig",
    message: `Nothing that is linked into "${extension}" defines \`${sourceName(symbol)}\``,
  };
}
