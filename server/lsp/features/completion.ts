import { readdir } from "node:fs/promises";
import { join, posix } from "node:path";
import type { CompletionItem } from "vscode-languageserver";
import { CompletionItemKind, InsertTextFormat, MarkupKind } from "vscode-languageserver";
import type { Cursor } from "../../core/manifest/cursor.ts";
import type { ManifestPath } from "../../core/manifest/manifest.ts";
import type { Option, StringOption } from "../../core/options/option.ts";
import { placementOf } from "../../core/project/containment.ts";
import { sourceSuffixes } from "../../core/project/language.ts";
import type { Position, Range } from "../../core/location.ts";
import type { ManifestProject } from "../manifest-project.ts";
import { asTable, isTableArray, membersOf, optionAt } from "../option-at.ts";
import { tomlString } from "../toml-edits.ts";
import { optionDocs } from "./option-docs.ts";

/** What the client's completion can show. */
export interface CompletionAbilities {
  readonly snippets: boolean;
}

/** Folders that hold no sources of a project. */
const skipped = /^(?:\.|__pycache__$|node_modules$|dist$|build$|venv$|.*\.egg-info$)/;

const standards: readonly (readonly [string, "C" | "C++"])[] = [
  ["c11", "C"],
  ["c17", "C"],
  ["c23", "C"],
  ["gnu17", "C"],
  ["c99", "C"],
  ["c++14", "C++"],
  ["c++17", "C++"],
  ["c++20", "C++"],
  ["c++23", "C++"],
  ["gnu++17", "C++"],
  ["gnu++20", "C++"],
];

const flags: readonly (readonly [string, string])[] = [
  ["-Wextra", "more warnings"],
  ["-Werror", "warnings are errors"],
  ["-Wno-unused-parameter", "no warning about unused parameters"],
  ["-fno-strict-aliasing", "any pointer may point at any object"],
  ["-ffast-math", "floating point that is fast and not exact"],
  ["-fvisibility=hidden", "export only what says so"],
  ["-march=x86_64_v2", "processors since about 2009"],
  ["-march=x86_64_v3", "processors with AVX2"],
  ["-mavx2", "use AVX2"],
  ["-flto", "optimise across sources"],
];

/** Platforms as wheels name them. */
const targets: readonly string[] = [
  "manylinux_2_17_x86_64",
  "manylinux_2_28_x86_64",
  "manylinux_2_17_aarch64",
  "manylinux_2_28_aarch64",
  "musllinux_1_2_x86_64",
  "musllinux_1_2_aarch64",
  "macosx_11_0_arm64",
  "macosx_11_0_x86_64",
  "macosx_11_0_universal2",
  "win_amd64",
  "win_arm64",
  "win32",
];

/** Python packages that carry headers. */
const headerPackages: readonly string[] = ["numpy", "pybind11", "nanobind", "cffi"];

interface Suggestion {
  readonly label: string;
  readonly detail?: string;
  readonly kind?: CompletionItemKind;
  /** A folder: more can follow. */
  readonly open?: boolean;
}

/** Completes a manifest at a position, in the TOML syntax that fits there. Executes nothing and reads nothing outside the project. */
export class ManifestCompletion {
  readonly #project: ManifestProject;
  readonly #abilities: CompletionAbilities;

  constructor(project: ManifestProject, abilities: CompletionAbilities) {
    this.#project = project;
    this.#abilities = abilities;
  }

  async at(position: Position): Promise<readonly CompletionItem[]> {
    const { document, lines } = this.#project.reading;
    const offset = lines.offsetAt(position);
    const cursor = document.pathAt(offset);
    switch (cursor.place) {
      case "comment":
        return [];
      case "header":
        return this.#headers(cursor, offset);
      case "key":
        return this.#keys(cursor, offset);
      case "value":
        return this.#values(cursor, offset);
    }
  }

  #range(cursor: Cursor, offset: number): Range {
    const { lines } = this.#project.reading;
    return lines.rangeOf(cursor.range ?? { start: offset, end: offset });
  }

  #headers(cursor: Cursor, offset: number): readonly CompletionItem[] {
    const range = this.#range(cursor, offset);
    const depth = cursor.table.filter((step) => typeof step === "string");
    const array = cursor.section.header?.array === true;
    const item = (label: string, documentation: string | undefined): CompletionItem => ({
      label,
      kind: CompletionItemKind.Module,
      textEdit: { range, newText: label },
      ...(documentation === undefined ? {} : { documentation: { kind: MarkupKind.Markdown, value: documentation } }),
    });
    if (depth.length === 0) return [item("tool.zlig", undefined), item("tool", undefined)];
    if (depth.length === 1 && depth[0] === "tool") return [item("zlig", undefined)];
    const table = asTable(optionAt(depth));
    if (table === undefined) return [];
    return Object.entries(table.keys)
      .filter(([, option]) => (array ? isTableArray(option) : option.kind === "table" || option.kind === "map"))
      .map(([name, option]) => item(name, optionDocs(name, option)));
  }

  #keys(cursor: Cursor, offset: number): readonly CompletionItem[] {
    const table = asTable(optionAt(cursor.table));
    const range = this.#range(cursor, offset);
    if (table === undefined) return this.#otherKeys(cursor, range);
    const { document } = this.#project.reading;
    const entry = document.entryAt(cursor.table);
    const own = cursor.range === undefined ? undefined : cursor.path.at(-1);
    const present = entry?.kind === "table" ? entry.children : new Map<string, unknown>();
    return Object.entries(table.keys)
      .filter(([name]) => name === own || !present.has(name))
      .map(([name, option]) => this.#keyItem(name, option, range, cursor, table.required.includes(name)));
  }

  #keyItem(name: string, option: Option, range: Range, cursor: Cursor, required: boolean): CompletionItem {
    const hasValue = cursor.pair?.equals !== undefined;
    const snippet = hasValue ? name : `${name} = ${this.#valueSnippet(option)}`;
    const plain = hasValue ? name : `${name} = `;
    return {
      label: name,
      kind: CompletionItemKind.Property,
      // What must be there comes first.
      sortText: `${required ? "0" : "1"}${name}`,
      documentation: { kind: MarkupKind.Markdown, value: optionDocs(name, option) },
      insertTextFormat: this.#abilities.snippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
      textEdit: { range, newText: this.#abilities.snippets ? snippet : plain },
    };
  }

  #valueSnippet(option: Option): string {
    const [first = option] = membersOf(option);
    switch (first.kind) {
      case "string":
        return first.values === undefined ? '"$0"' : `"\${1|${first.values.join(",")}|}"`;
      case "boolean":
        return "${1|true,false|}";
      case "integer":
        return "$0";
      case "array": {
        const [item] = membersOf(first.item);
        if (item?.kind === "table") return `[{ name = "$1", sources = ["$2"] }]`;
        return item?.kind === "string" ? '["$0"]' : "[$0]";
      }
      case "table":
      case "map":
        return "{ $0 }";
      case "union":
        return "$0";
    }
  }

  #otherKeys(cursor: Cursor, range: Range): readonly CompletionItem[] {
    if (JSON.stringify(cursor.table) !== '["build-system"]') return [];
    const present = this.#project.reading.document.entryAt(["build-system"]);
    return (
      [
        ["build-backend", 'build-backend = "zlig"'],
        ["requires", 'requires = ["zlig"]'],
      ] as const
    )
      .filter(([name]) => present?.kind !== "table" || !present.children.has(name) || name === cursor.path.at(-1))
      .map(([label, newText]) => ({
        label,
        kind: CompletionItemKind.Property,
        textEdit: { range, newText: cursor.pair?.equals === undefined ? newText : label },
      }));
  }

  async #values(cursor: Cursor, offset: number): Promise<readonly CompletionItem[]> {
    const { path } = cursor;
    if (JSON.stringify(path) === '["build-system","build-backend"]')
      return this.#strings(cursor, offset, [{ label: "zlig", detail: "Zlig" }]);
    if (path[0] === "build-system" && path[1] === "requires") {
      const more = headerPackages.map((label) => ({ label, detail: "brings C headers" }));
      return this.#strings(cursor, offset, [{ label: "zlig", detail: "the build backend" }, ...more]);
    }
    const option = optionAt(path);
    if (option === undefined) return [];
    const items: CompletionItem[] = [];
    for (const member of membersOf(option)) items.push(...(await this.#memberValues(member, cursor, offset)));
    return items;
  }

  async #memberValues(option: Option, cursor: Cursor, offset: number): Promise<readonly CompletionItem[]> {
    const inString = cursor.value?.kind === "string";
    const range = this.#range(cursor, offset);
    switch (option.kind) {
      case "boolean":
        if (inString) return [];
        return ["true", "false"].map((label) => ({
          label,
          kind: CompletionItemKind.Value,
          textEdit: { range, newText: label },
        }));
      case "string":
        return this.#strings(cursor, offset, await this.#suggestions(option, cursor, offset));
      case "array":
      case "table":
      case "map":
        if (inString || cursor.range !== undefined) return [];
        return [
          {
            label: option.kind === "array" ? "[ ]" : "{ }",
            kind: CompletionItemKind.Struct,
            insertTextFormat: this.#abilities.snippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
            textEdit: {
              range,
              newText: this.#abilities.snippets ? this.#tableSnippet(option) : option.kind === "array" ? "[]" : "{}",
            },
          },
        ];
      case "integer":
      case "union":
        return [];
    }
  }

  #tableSnippet(option: Option): string {
    if (option.kind !== "table" || option.required.length === 0) return this.#valueSnippet(option);
    const pairs = option.required.map((name, index) => {
      const key = option.keys[name];
      return `${name} = ${key?.kind === "array" ? `["$${index + 1}"]` : `"$${index + 1}"`}`;
    });
    return `{ ${pairs.join(", ")} }`;
  }

  /** Strings with their quotes, in place of the whole string at the cursor. */
  #strings(cursor: Cursor, offset: number, suggestions: readonly Suggestion[]): readonly CompletionItem[] {
    const { manifest, lines } = this.#project.reading;
    const range = this.#range(cursor, offset);
    const written = cursor.value?.kind === "string" ? manifest.text.slice(cursor.value.start, cursor.value.end) : "";
    // A string that is not closed yet ends at the line's end, with what is not a part of it.
    const inString = cursor.value?.kind === "string";
    const literal = written.startsWith("'");
    const edit = inString && !cursor.value.closed ? { ...range, end: lines.positionAt(offset) } : range;
    return suggestions.map(({ label, detail, kind, open }, index) => {
      const newText = literal && !label.includes("'") ? `'${label}'` : tomlString(label);
      return {
        label,
        kind: kind ?? CompletionItemKind.Value,
        sortText: String(index).padStart(4, "0"),
        filterText: newText,
        ...(detail === undefined ? {} : { detail }),
        textEdit: { range: edit, newText },
        ...(open === true ? { command: { title: "More", command: "editor.action.triggerSuggest" } } : {}),
      };
    });
  }

  async #suggestions(option: StringOption, cursor: Cursor, offset: number): Promise<readonly Suggestion[]> {
    const { path } = cursor;
    if (option.values !== undefined)
      return option.values.map((label) => ({ label, kind: CompletionItemKind.EnumMember }));
    const key = path.findLast((step) => typeof step === "string");
    if (key === "include-from") return headerPackages.map((label) => ({ label, detail: "brings C headers" }));
    if (key === "targets") return targets.map((label) => ({ label }));
    switch (option.role) {
      case "glob":
        return this.#paths(this.#typed(cursor, offset), path.includes("sources") ? "sources" : "files");
      case "path":
        return this.#paths(this.#typed(cursor, offset), pathKind(path));
      case "standard":
        return standards
          .filter(([, language]) =>
            key === "c-std" ? language === "C" : key === "cpp-std" ? language === "C++" : true,
          )
          .map(([label, detail]) => ({ label, detail }));
      case "python-version":
        return ["3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15"].map((label) => ({ label }));
      case "flag":
        return key === "extra-compile-args" ? flags.map(([label, detail]) => ({ label, detail })) : [];
      case "module-name": {
        const packages = this.#project.lastFiles?.packages ?? [];
        return packages
          .filter((one) => one.kind === "package" || one.kind === "namespace")
          .map((one) => ({ label: `${one.name}.`, kind: CompletionItemKind.Module, open: true }));
      }
      case "library": {
        const { document } = this.#project.reading;
        const own = document.entryAt(["tool", "zlig", "libraries"]);
        const names = own?.kind === "array" ? own.elements : [];
        return names.flatMap((element) => {
          const name = element.kind === "table" ? element.children.get("name") : undefined;
          return name?.kind === "scalar" && name.node.kind === "string" ? [{ label: name.node.value }] : [];
        });
      }
      default:
        return [];
    }
  }

  /** The part of the string before the cursor. */
  #typed(cursor: Cursor, offset: number): string {
    const { value } = cursor;
    if (value?.kind !== "string") return "";
    return this.#project.reading.manifest.text.slice(value.start + 1, Math.max(offset, value.start + 1));
  }

  /** Files and folders that go on from what is typed, with globs for folders that hold sources. */
  async #paths(typed: string, kind: PathKind): Promise<readonly Suggestion[]> {
    const negation = kind !== "folders" && typed.startsWith("!") ? "!" : "";
    const plain = typed.slice(negation.length);
    const slash = plain.lastIndexOf("/");
    const folder = plain.slice(0, slash + 1);
    if (/[*?[{\\]/.test(folder) || folder.startsWith("/") || folder.split("/").includes("..")) return [];
    const root = await this.#project.realRoot();
    if ((await placementOf(root, folder === "" ? "." : folder)).kind !== "inside") return [];
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
    const found: Suggestion[] = [];
    const suffixes = new Set<string>();
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (skipped.test(entry.name)) continue;
      const label = negation + folder + entry.name;
      if (entry.isDirectory()) {
        if (kind === "folders" || kind === "packages") found.push({ label, kind: CompletionItemKind.Folder });
        else found.push({ label: `${label}/`, kind: CompletionItemKind.Folder, open: true });
      } else if (entry.isFile() && accepts(kind, entry.name)) {
        found.push({ label, kind: CompletionItemKind.File });
        if (kind === "sources") suffixes.add(posix.extname(entry.name));
      }
    }
    const globs = [...suffixes].flatMap((suffix) => [`${folder}*${suffix}`, `${folder}**/*${suffix}`]);
    return [
      ...globs.map((glob) => ({ label: negation + glob, detail: "glob", kind: CompletionItemKind.Operator })),
      ...found,
    ];
  }
}

type PathKind = "sources" | "files" | "folders" | "packages" | "objects";

function pathKind(path: ManifestPath): PathKind {
  if (path.includes("packages")) return "packages";
  return path.includes("extra-objects") ? "objects" : "folders";
}

function accepts(kind: PathKind, name: string): boolean {
  switch (kind) {
    case "sources":
      return sourceSuffixes.includes(posix.extname(name));
    case "files":
      return true;
    case "packages":
      return name.endsWith(".py");
    case "objects":
      return /\.(?:o|obj|a|lib)$/.test(name);
    case "folders":
      return false;
  }
}
