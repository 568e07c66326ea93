import type { OffsetRange } from "../location.ts";
import type { Token } from "./tokens.ts";
import { scanTokens } from "./tokens.ts";

/** The definition of a function by which Python finds a module in a shared library. */
export interface InitFunction extends OffsetRange {
  readonly name: string;
  /** Whether it depends on the preprocessor that it is there. */
  readonly conditional: boolean;
}

/** What a source text says about the init functions it defines. */
export interface InitFunctions {
  readonly defined: readonly InitFunction[];
  /**
   * Words that stand as the first argument of a macro (`PYBIND11_MODULE(demo, m)`), each of which may make an init function of that name;
   * `"*"` when a function of any name may be made, by pasting tokens or by code that is not looked into.
   */
  readonly mayDefine: ReadonlySet<string>;
}

const initName = /^Py(?:InitU?|ModExportU?)_\w/;

/** The language of a source that can be searched for init functions; `undefined` for others. */
function languageOf(path: string): "c" | "zig" | undefined {
  if (path.endsWith(".zig")) return "zig";
  return /\.(?:c|cc|cpp|cxx|C|h|hh|hpp|hxx|inc|inl|ipp)$/.test(path) ? "c" : undefined;
}

/** Finds the init functions that a source defines, without a compiler: comments, strings and `#if 0` do not count. */
export function findInitFunctions(path: string, text: string): InitFunctions {
  const language = languageOf(path);
  if (language === undefined) return { defined: [], mayDefine: new Set("*") };
  // Most sources have none; looking is far cheaper than reading.
  const tokens = scanTokens(text, language);
  return language === "c" ? inC(tokens) : inZig(tokens);
}

/** The index behind a closing parenthesis, from that of the opening one. */
function behindParentheses(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    const token = tokens[index];
    if (token?.kind !== "sign") continue;
    if (token.text === "(") depth++;
    else if (token.text === ")" && --depth === 0) return index + 1;
  }
  return tokens.length;
}

function inC(tokens: readonly Token[]): InitFunctions {
  const defined: InitFunction[] = [];
  const mayDefine = new Set<string>();
  let depth = 0;
  let skipped = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.kind === "directive") {
      if (/^if/.test(token.text)) {
        depth++;
        if (skipped > 0) skipped++;
        else if (/^if +0\s*$/.test(token.text)) skipped = 1;
      } else if (token.text.startsWith("endif")) {
        depth--;
        if (skipped > 0) skipped--;
      } else if (/^el(?:se|if)/.test(token.text)) {
        if (skipped === 1) skipped = 0;
      } else if (token.text.startsWith("define") && /##|Py(?:Init|ModExport)/.test(token.text)) {
        // A macro that names or pastes together an init function may stand for any.
        if (/Py(?:Init|ModExport)/.test(token.text)) mayDefine.add("*");
      }
      continue;
    }
    if (skipped > 0 || token.kind !== "word" || tokens[index + 1]?.text !== "(") continue;
    if (initName.test(token.text)) {
      const behind = tokens[behindParentheses(tokens, index + 1)];
      if (behind?.text === "{")
        defined.push({ name: token.text, start: token.start, end: token.end, conditional: depth > 0 });
    } else if (/^[A-Z][A-Z0-9_]+$/.test(token.text)) {
      const argument = tokens[index + 2];
      const next = tokens[index + 3]?.text;
      if (argument?.kind === "word" && (next === "," || next === ")")) mayDefine.add(argument.text);
    }
  }
  return { defined, mayDefine };
}

/** `export fn PyInit_x(`, and `@export(&f, .{ .name = "PyInit_x" })`. */
function inZig(tokens: readonly Token[]): InitFunctions {
  const defined: InitFunction[] = [];
  const mayDefine = new Set<string>();
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== "word") continue;
    if (token.text === "export") {
      const name = tokens.slice(index + 1, index + 5).find((_, place, all) => all[place - 1]?.text === "fn");
      if (name !== undefined && initName.test(name.text))
        defined.push({ name: name.text, start: name.start, end: name.end, conditional: false });
      else if (tokens[index - 1]?.text === "@") {
        const end = behindParentheses(tokens, index + 1);
        const named = tokens.slice(index, end).find((one, place, all) => {
          return one.kind === "string" && all[place - 1]?.text === "=" && all[place - 2]?.text === "name";
        });
        if (named === undefined) mayDefine.add("*");
        else if (initName.test(named.text))
          defined.push({ name: named.text, start: named.start + 1, end: named.end - 1, conditional: false });
      }
    } else if (token.text === "import" && tokens[index - 1]?.text === "@") {
      const what = tokens[index + 2]?.text;
      // A library for Python modules may make the function.
      if (what !== "std" && what !== "builtin" && what !== "root") mayDefine.add("*");
    }
  }
  return { defined, mayDefine };
}
