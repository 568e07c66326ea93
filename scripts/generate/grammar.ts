import type { Option, TableOption } from "../../server/core/options/option.ts";
import { optionTable } from "../../server/core/options/table.ts";

type Rule = Readonly<Record<string, unknown>>;

/** How the strings in a key's value are coloured. */
type StringKind = "glob" | "module" | "target" | "choice" | "text";

/** The wheel platform tags that targets are named by. */
const targetTag =
  "(?:manylinux(?:_\\d+_\\d+|1|2010|2014)|musllinux_\\d+_\\d+|macosx_\\d+_\\d+)_\\w+|win_(?:amd64|arm64)|win32";

function stringKind(key: string, option: Option): StringKind {
  switch (option.kind) {
    case "string":
      if (option.values !== undefined) return "choice";
      if (option.role === "glob" || option.role === "path") return "glob";
      return option.role === "module-name" ? "module" : key === "targets" ? "target" : "text";
    case "array":
      return stringKind(key, option.item);
    case "map":
      return stringKind(key, option.value);
    case "union":
      return stringKind(key, option.members[0] ?? { kind: "string", role: "text", doc: "" });
    case "boolean":
    case "integer":
    case "table":
      return "text";
  }
}

/** Every key of the option table, at any depth, with the way its strings are coloured. */
function collectKeys(option: Option, found: Map<string, StringKind>): Map<string, StringKind> {
  switch (option.kind) {
    case "table":
      for (const [key, value] of Object.entries((option satisfies TableOption).keys)) {
        found.set(key, stringKind(key, value));
        collectKeys(value, found);
      }
      return found;
    case "array":
      return collectKeys(option.item, found);
    case "map":
      return collectKeys(option.value, found);
    case "union":
      for (const member of option.members) collectKeys(member, found);
      return found;
    case "string":
    case "boolean":
    case "integer":
      return found;
  }
}

/** The allowed values of a key that has a closed set of them. */
function collectChoices(option: Option, found: Set<string>): Set<string> {
  if (option.kind === "string") for (const value of option.values ?? []) found.add(value);
  if (option.kind === "table") for (const value of Object.values(option.keys)) collectChoices(value, found);
  if (option.kind === "array") collectChoices(option.item, found);
  return found;
}

const insideString: Readonly<Record<StringKind, readonly Rule[]>> = {
  glob: [
    { match: "(?<=[\"'])!", name: "keyword.operator.negation.zlig.toml" },
    { match: "\\*\\*?|\\?|\\[[^\\]\"']*\\]|\\{[^}\"']*\\}", name: "constant.character.wildcard.zlig.toml" },
  ],
  module: [{ match: "[^.\"'\\s]+(?=[\"'])", name: "entity.name.type.module.zlig.toml" }],
  target: [{ match: `(?<=["'])(?:${targetTag})(?=["'])`, name: "constant.other.target.zlig.toml" }],
  choice: [
    {
      match: `(?<=["'])(?:${[...collectChoices(optionTable, new Set())].join("|")})(?=["'])`,
      name: "constant.language.zlig.toml",
    },
  ],
  text: [],
};

function quoted(kind: StringKind): readonly Rule[] {
  const string = (quote: string, scope: string, escapes: readonly Rule[]): Rule => ({
    begin: quote,
    end: `${quote}|$`,
    name: `string.quoted.${scope}.toml`,
    beginCaptures: { "0": { name: "punctuation.definition.string.begin.toml" } },
    endCaptures: { "0": { name: "punctuation.definition.string.end.toml" } },
    patterns: [...escapes, ...insideString[kind]],
  });
  const escape = { match: '\\\\(?:[btnfr"\\\\]|u\\h{4}|U\\h{8})', name: "constant.character.escape.toml" };
  return [string('"(?!"")', "double", [escape]), string("'(?!'')", "single", [])];
}

function valueRules(kind: StringKind): readonly Rule[] {
  return [
    ...quoted(kind),
    {
      begin: "\\[",
      end: "\\]",
      name: "meta.array.toml",
      beginCaptures: { "0": { name: "punctuation.definition.array.begin.toml" } },
      endCaptures: { "0": { name: "punctuation.definition.array.end.toml" } },
      patterns: [
        { include: "#comment" },
        { match: ",", name: "punctuation.separator.array.toml" },
        { include: `#value-${kind}` },
      ],
    },
    { include: "#inline-table" },
    { match: "\\b(?:true|false)\\b", name: "constant.language.boolean.toml" },
    { match: "[-+]?\\b\\d[\\d_]*\\b", name: "constant.numeric.integer.toml" },
  ];
}

function pairRule(kind: StringKind, keys: readonly string[]): Rule {
  const names = keys.map((key) => key.replaceAll("-", "\\-")).sort((a, b) => b.length - a.length);
  return {
    begin: `(?<![\\w."'-])(["']?)(${names.join("|")})\\1\\s*(=)\\s*`,
    end: "(?<=\\S)(?<!=)|$",
    beginCaptures: {
      "2": { name: "support.type.property-name.toml keyword.other.option.zlig.toml" },
      "3": { name: "punctuation.separator.key-value.toml" },
    },
    patterns: [{ include: `#value-${kind}` }],
  };
}

/**
 * The grammar that is injected into TOML: it colours the tables below `[tool.zlig]`, their known keys, globs, module names and
 * targets, whichever TOML grammar is installed. An unknown key keeps that grammar's colour.
 */
export function grammarText(): string {
  const kinds: readonly StringKind[] = ["glob", "module", "target", "choice", "text"];
  const byKind = new Map(kinds.map((kind) => [kind, [] as string[]]));
  for (const [key, kind] of collectKeys(optionTable, new Map())) byKind.get(kind)?.push(key);
  const pairs = [...byKind].filter(([, keys]) => keys.length > 0);
  const grammar = {
    name: "Zlig's tables in pyproject.toml",
    scopeName: "source.toml.zlig",
    injectionSelector: "L:source.toml - meta.table.zlig.toml - comment - string",
    patterns: [{ include: "#table" }],
    repository: {
      table: {
        begin: "^\\s*(\\[\\[?)\\s*(tool\\s*\\.\\s*zlig(?:\\s*\\.\\s*[\\w-]+)*)\\s*(\\]\\]?)",
        end: "^(?=\\s*\\[)",
        name: "meta.table.zlig.toml",
        beginCaptures: {
          "1": { name: "punctuation.definition.section.begin.toml" },
          "2": { name: "entity.name.section.toml support.type.property-name.table.toml" },
          "3": { name: "punctuation.definition.section.end.toml" },
        },
        patterns: [{ include: "#comment" }, { include: "#pairs" }, { include: "source.toml" }],
      },
      pairs: { patterns: pairs.map(([kind]) => ({ include: `#pair-${kind}` })) },
      ...Object.fromEntries(pairs.map(([kind, keys]) => [`pair-${kind}`, pairRule(kind, keys)])),
      ...Object.fromEntries(pairs.map(([kind]) => [`value-${kind}`, { patterns: valueRules(kind) }])),
      "inline-table": {
        begin: "\\{",
        end: "\\}",
        name: "meta.table.inline.toml",
        beginCaptures: { "0": { name: "punctuation.definition.table.inline.begin.toml" } },
        endCaptures: { "0": { name: "punctuation.definition.table.inline.end.toml" } },
        patterns: [
          { include: "#comment" },
          { match: ",", name: "punctuation.separator.table.inline.toml" },
          { include: "#pairs" },
          { include: "source.toml" },
        ],
      },
      comment: {
        match: "(#).*$",
        name: "comment.line.number-sign.toml",
        captures: { "1": { name: "punctuation.definition.comment.toml" } },
      },
    },
  };
  return `${JSON.stringify(grammar, undefined, 2)}\n`;
}
