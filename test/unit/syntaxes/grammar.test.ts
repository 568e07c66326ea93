import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import type { IGrammar } from "vscode-textmate";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";
import { beforeAll, describe, expect, test } from "vitest";

const require = createRequire(import.meta.url);
const zligGrammar = "syntaxes/zlig.tmLanguage.json";
const tomlGrammar = require.resolve("tm-grammars/grammars/toml.json");

let toml: IGrammar;

beforeAll(async () => {
  await oniguruma.loadWASM(readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => oniguruma.createOnigScanner(patterns),
      createOnigString: (text) => oniguruma.createOnigString(text),
    }),
    loadGrammar: (scope) => {
      const file = { "source.toml": tomlGrammar, "source.toml.zlig": zligGrammar }[scope];
      return Promise.resolve(
        file === undefined ? null : textmate.parseRawGrammar(readFileSync(file, "utf8"), "grammar.json"),
      );
    },
    getInjections: (scope) => (scope === "source.toml" ? ["source.toml.zlig"] : undefined),
  });
  const loaded = await registry.loadGrammar("source.toml");
  if (loaded === null) throw new Error("there is no TOML grammar");
  toml = loaded;
});

/** Each token and its innermost scopes, a line for each token, blank ones left out. */
function tokenize(text: string): string {
  const lines: string[] = [];
  let stack = textmate.INITIAL;
  for (const line of text.split("\n")) {
    const { tokens, ruleStack } = toml.tokenizeLine(line, stack);
    stack = ruleStack;
    lines.push(`>${line}`);
    for (const { startIndex, endIndex, scopes } of tokens) {
      const token = line.slice(startIndex, endIndex);
      if (token.trim() !== "") lines.push(`  ${token}  ${scopes.slice(1).join(" ")}`);
    }
  }
  return lines.join("\n");
}

/** The scopes of the first token that is exactly this text. */
function scopesOf(text: string, token: string): readonly string[] {
  let stack = textmate.INITIAL;
  for (const line of text.split("\n")) {
    const { tokens, ruleStack } = toml.tokenizeLine(line, stack);
    stack = ruleStack;
    const found = tokens.find(({ startIndex, endIndex }) => line.slice(startIndex, endIndex) === token);
    if (found !== undefined) return found.scopes;
  }
  throw new Error(`no token is “${token}”:\n${tokenize(text)}`);
}

const known = "keyword.other.option.zlig.toml";

describe("the grammar of [tool.zlig]", () => {
  test("colours tables, keys, globs, names and choices, and leaves other tables alone", () => {
    const text = [
      "[project]",
      'name = "demo"',
      "",
      "[tool.zlig] # the table",
      'packages = ["src/demo"]',
      'extensions = [{ name = "demo._fast", sources = ["src/**/*.c", "!src/x?.c"], optional = true }]',
      "unknown = 1",
      "",
      "[[tool.zlig.extensions]]",
      "name = 'demo.deep._x'",
      "sources = [",
      '  "a/{b,c}.c", # one',
      '  { path = "d.c", define-macros = { NAME = "v*", N = 12 } },',
      "]",
      'optimize = "ReleaseSafe"',
      'c-std = "c11"',
      "",
      "[tool.other]",
      'sources = ["src/*.c"]',
    ].join("\n");
    expect(tokenize(text)).toMatchSnapshot();
  });

  test("knows a key in a table header, in an inline table and in quotes", () => {
    expect(scopesOf("[tool.zlig]\npackages = []", "packages")).toContain(known);
    expect(scopesOf('[tool.zlig]\n"packages" = []', "packages")).toContain(known);
    expect(scopesOf("[tool.zlig]\nextensions = [{ name = 'a' }]", "name")).toContain(known);
    expect(scopesOf("[ tool . zlig . build ]\nc-std = 'c11'", "c-std")).toContain(known);
  });

  test("does not take the end of a longer key for a known one", () => {
    expect(scopesOf("[tool.zlig]\nmy-name = 'a'", "my-name")).not.toContain(known);
    expect(scopesOf("[tool.zlig.build]\nlibrary = 'a'", "library")).not.toContain(known);
  });

  test("ends with the next table", () => {
    const text = "[tool.zlig]\npackages = []\n[project]\nname = 'a'\n[[tool.zlig.extensions]]\nname = 'b'";
    expect(scopesOf(text, "a")).not.toContain("meta.table.zlig.toml");
    expect(scopesOf(text, "b")).toContain("meta.table.zlig.toml");
  });

  test("does not begin in a comment, in a string or in a table of a like name", () => {
    expect(scopesOf("# [tool.zlig]\nname = 'a'", "a")).not.toContain("meta.table.zlig.toml");
    expect(scopesOf("[a]\ntext = '''\n[tool.zlig]\n'''\nname = 'a'", "a")).not.toContain("meta.table.zlig.toml");
    expect(scopesOf("[tool.zligs]\nname = 'a'", "a")).not.toContain("meta.table.zlig.toml");
  });

  test("marks wildcards and exclusions only where a glob is meant", () => {
    const wildcard = "constant.character.wildcard.zlig.toml";
    const text = "[[tool.zlig.extensions]]\nname = 'a*b'\nsources = ['!x/**/y.c']";
    expect(scopesOf(text, "**")).toContain(wildcard);
    expect(scopesOf(text, "!")).toContain("keyword.operator.negation.zlig.toml");
    expect(scopesOf(text, "a*b")).not.toContain(wildcard);
  });

  test("an open string does not swallow the next line", () => {
    expect(scopesOf("[tool.zlig.build]\nc-std = 'c11\n[project]\nname = 'a'", "project")).toContain(
      "entity.name.section.toml",
    );
  });
});
