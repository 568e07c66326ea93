import { join, posix } from "node:path";
import type { CodeAction, Diagnostic, TextEdit } from "vscode-languageserver";
import { CodeActionKind } from "vscode-languageserver";
import type { Position, Range } from "../../core/location.ts";
import { LineIndex } from "../../core/manifest/lines.ts";
import type { ManifestPath } from "../../core/manifest/manifest.ts";
import type { Fault } from "../../core/manifest/syntax.ts";
import { initFunctionNames } from "../../core/python/init-function.ts";
import type { DiagnosticData } from "../diagnostics.ts";
import type { ManifestProject } from "../manifest-project.ts";
import { moduleStub } from "../module-stub.ts";
import { addPair, addString, addTable, appendToArray, lineEndOf, valueNodeAt } from "../toml-edits.ts";
import type { Workspace } from "../workspace.ts";

/** Fixes every problem that has just one right fix. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.zlig`;

/** What a code action is asked for. */
export interface CodeActionRequest {
  readonly uri: string;
  readonly range: Range;
  readonly diagnostics: readonly Diagnostic[];
  readonly only: readonly string[] | undefined;
}

interface Fix {
  readonly title: string;
  readonly changes: Readonly<Record<string, readonly TextEdit[]>>;
  readonly preferred?: boolean;
}

function wants(only: readonly string[] | undefined, kind: string): boolean {
  return only === undefined || only.some((one) => kind === one || kind.startsWith(`${one}.`));
}

function same(a: Position, b: Position): boolean {
  return a.line === b.line && a.character === b.character;
}

function dataOf(diagnostic: Diagnostic): DiagnosticData {
  return (diagnostic.data ?? {}) as DiagnosticData;
}

/** The fix of a form that only TOML 1.1 has, or of a slip of syntax that has just one cure. */
function syntaxFix(text: string, fault: Fault): { title: string; newText: string } | undefined {
  const written = text.slice(fault.start, fault.end);
  switch (fault.form) {
    case "escape-e":
      return { title: "Write the escape as `\\u001b`", newText: written.replace(/\\e/g, "\\u001b") };
    case "escape-x":
      return { title: "Write the escape with `\\u`", newText: written.replace(/\\x([0-9a-fA-F]{2})/g, "\\u00$1") };
    case "time-without-seconds":
      return { title: "Add the seconds", newText: written.replace(/(\d\d:\d\d)(?!:)/, "$1:00") };
    case "inline-table-trailing-comma":
      return { title: "Remove the comma", newText: "" };
    case "inline-table-newline": {
      if (written.includes("#") || written.includes('"""') || written.includes("'''")) return undefined;
      const joined = written.replace(/[ \t]*\r?\n[ \t]*/g, " ").replace(/,\s*\}$/, " }");
      return { title: "Write the inline table on one line", newText: joined };
    }
    case undefined:
      break;
  }
  if (fault.kind === "boolean") return { title: `Write \`${written.toLowerCase()}\``, newText: written.toLowerCase() };
  if (fault.kind === "colon") return { title: "Write `=`", newText: " =" };
  return undefined;
}

/** Makes the quick fixes of a manifest. */
export class ManifestFixes {
  readonly #project: ManifestProject;
  readonly #workspace: Workspace;
  readonly #uri: string;

  constructor(project: ManifestProject, workspace: Workspace, uri: string) {
    this.#project = project;
    this.#workspace = workspace;
    this.#uri = uri;
  }

  #here(...edits: readonly (TextEdit | undefined)[]): Fix["changes"] {
    return { [this.#uri]: edits.filter((edit) => edit !== undefined) };
  }

  #pathAt(range: Range): ManifestPath {
    const { document, lines } = this.#project.reading;
    return document.pathAt(lines.offsetAt(range.start)).path;
  }

  #textOf(range: Range): string {
    const { lines, manifest } = this.#project.reading;
    return manifest.text.slice(lines.offsetAt(range.start), lines.offsetAt(range.end));
  }

  /** The fixes of one diagnostic. */
  async fixes(diagnostic: Diagnostic): Promise<readonly Fix[]> {
    const { range, code } = diagnostic;
    const { replacement } = dataOf(diagnostic);
    if (replacement !== undefined) {
      const written = this.#textOf(range);
      const quote = /^["']/.exec(written)?.[0] ?? "";
      const newText = quote + replacement + quote;
      return [{ title: `Change to \`${replacement}\``, changes: this.#here({ range, newText }), preferred: true }];
    }
    switch (code) {
      case "toml-1-1":
      case "toml-syntax":
        return this.#syntaxFixes(range);
      case "glob-empty":
        return this.#globFixes(range);
      case "init-missing":
        return this.#initFixes(diagnostic);
      case "build-backend":
        return this.#buildBackendFix();
      case "requires-missing":
        return this.#requiresFix(diagnostic);
      case "flag-refused":
        return this.#flagFixes(diagnostic);
      case "missing-key":
        return this.#missingKeyFixes(diagnostic);
      default:
        return [];
    }
  }

  #syntaxFixes(range: Range): readonly Fix[] {
    const { document, lines, manifest } = this.#project.reading;
    return document.faults.flatMap((fault) => {
      const own = lines.rangeOf(fault);
      if (!same(own.start, range.start) || !same(own.end, range.end)) return [];
      const fix = syntaxFix(manifest.text, fault);
      if (fix === undefined) return [];
      return [{ title: fix.title, changes: this.#here({ range: own, newText: fix.newText }), preferred: true }];
    });
  }

  async #globFixes(range: Range): Promise<readonly Fix[]> {
    const written = this.#textOf(range);
    const quote = /^["']/.exec(written)?.[0];
    if (quote === undefined) return [];
    const [root, { nearestGlobs }] = await Promise.all([this.#project.realRoot(), import("../nearest-globs.ts")]);
    const globs = await nearestGlobs(root, written.slice(1, -1));
    return globs.map((glob, index) => ({
      title: `Change to "${glob}"`,
      changes: this.#here({ range, newText: quote + glob + quote }),
      preferred: index === 0 && globs.length === 1,
    }));
  }

  async #initFixes(diagnostic: Diagnostic): Promise<readonly Fix[]> {
    const path = this.#pathAt(diagnostic.range);
    const entry = this.#project.reading.document.entryAt(path);
    if (entry?.kind !== "scalar" || entry.node.kind !== "string") return [];
    const name = entry.node.value;
    const [, init] = initFunctionNames(name);
    const fixes: Fix[] = [];
    const related = diagnostic.relatedInformation?.[0];
    if (related !== undefined) {
      const { uri, range } = related.location;
      fixes.push({
        title: `Rename the function to \`${init}\``,
        changes: { [uri]: [{ range, newText: init }] },
        preferred: true,
      });
      const found = /`PyInit_(\w+)`/.exec(related.message)?.[1];
      if (found !== undefined) {
        const renamed = [...name.split(".").slice(0, -1), found].join(".");
        const written = this.#textOf(diagnostic.range);
        const quote = /^["']/.exec(written)?.[0] ?? '"';
        fixes.push({
          title: `Rename the extension to "${renamed}"`,
          changes: this.#here({ range: diagnostic.range, newText: quote + renamed + quote }),
        });
      }
      return fixes;
    }
    const { extensions } = await this.#project.files();
    const extension = extensions.find((one) => one.name === name);
    const source = extension?.sources[0];
    if (source === undefined) return fixes;
    const file = join(this.#project.folder, source.path);
    const text = await this.#workspace.text(file);
    const stub = text === undefined ? undefined : moduleStub(name, source.path, text);
    if (text === undefined || stub === undefined) return fixes;
    const position = new LineIndex(text).positionAt(text.length);
    fixes.push({
      title: `Add \`${init}\` to ${source.path}`,
      changes: {
        [this.#workspace.uri(file)]: [
          { range: { start: position, end: position }, newText: stub.replaceAll("\n", lineEndOf(text)) },
        ],
      },
      preferred: true,
    });
    return fixes;
  }

  #buildBackendFix(): readonly Fix[] {
    const { reading } = this.#project;
    const { document, lines } = reading;
    const title = "Make Zlig the build backend";
    if (document.entryAt(["build-system"]) === undefined) {
      const start = { line: 0, character: 0 };
      const end = lineEndOf(reading.manifest.text);
      const newText = ["[build-system]", 'requires = ["zlig"]', 'build-backend = "zlig"', "", ""].join(end);
      return [{ title, changes: this.#here({ range: { start, end: start }, newText }), preferred: true }];
    }
    const place = document.entryAt(["build-system", "build-backend"]);
    const edits: (TextEdit | undefined)[] = [
      place?.place === undefined
        ? addPair(reading, ["build-system"], "build-backend", '"zlig"')
        : { range: lines.rangeOf(place.place), newText: '"zlig"' },
    ];
    const requires = valueNodeAt(reading, ["build-system", "requires"]);
    const named =
      requires?.kind === "array" &&
      requires.elements.some((one) => one.kind === "string" && /^\s*zlig\b(?![-.\w])/i.test(one.value));
    if (requires?.kind === "array" && !named) edits.push(appendToArray(reading, requires, '"zlig"'));
    return [{ title, changes: this.#here(...edits), preferred: true }];
  }

  #requiresFix(diagnostic: Diagnostic): readonly Fix[] {
    const name = /does not name `([^`]+)`/.exec(textOfMessage(diagnostic))?.[1];
    const edit = name === undefined ? undefined : addString(this.#project.reading, ["build-system", "requires"], name);
    if (edit === undefined || name === undefined) return [];
    return [{ title: `Add "${name}" to \`requires\``, changes: this.#here(edit), preferred: true }];
  }

  #flagFixes(diagnostic: Diagnostic): readonly Fix[] {
    const { range } = diagnostic;
    const other = /Zig calls it `([^`]+)`|Write `(-flto)`/.exec(textOfMessage(diagnostic))?.slice(1).find(Boolean);
    if (other === undefined) return [];
    const quote = /^["']/.exec(this.#textOf(range))?.[0] ?? '"';
    return [
      {
        title: `Change to "${other}"`,
        changes: this.#here({ range, newText: quote + other + quote }),
        preferred: true,
      },
    ];
  }

  #missingKeyFixes(diagnostic: Diagnostic): readonly Fix[] {
    const key = /lacks the key `(name|sources)`/.exec(textOfMessage(diagnostic))?.[1];
    if (key === undefined) return [];
    const { reading } = this.#project;
    const { lines, document } = reading;
    const start = lines.offsetAt(diagnostic.range.start);
    const value = key === "name" ? '"package.module"' : '["src/**/*.c"]';
    const cursor = document.pathAt(start + 1);
    const edit =
      cursor.place === "header"
        ? addPair(reading, this.#tableOfHeader(start) ?? [], key, value)
        : inlinePair(reading.manifest.text, start, lines, `${key} = ${value}`);
    return edit === undefined ? [] : [{ title: `Add \`${key}\``, changes: this.#here(edit) }];
  }

  #tableOfHeader(start: number): ManifestPath | undefined {
    const { syntax } = this.#project.reading.document;
    const section = syntax.sections.find((one) => one.header?.start === start);
    return section === undefined ? undefined : syntax.tables.get(section)?.path;
  }

  /** Adds what keeps artefacts out of version control and out of Flit's own sdists, where it is not there yet. */
  async ignoreFix(): Promise<Fix | undefined> {
    const { extensions } = await this.#project.files();
    const folders = [...new Set(extensions.map((one) => one.directory))];
    if (folders.length === 0) return undefined;
    const globs = folders.flatMap((folder) => ["*.so", "*.pyd"].map((glob) => posix.join(folder, glob)));
    const changes: Record<string, readonly TextEdit[]> = {};
    const ignoreFile = join(this.#project.folder, ".gitignore");
    const ignored = await this.#workspace.text(ignoreFile);
    const lines = new Set((ignored ?? "").split(/\r?\n/).map((line) => line.trim()));
    const missing = globs.filter(
      (glob) => !lines.has(glob) && !lines.has(`/${glob}`) && !lines.has(posix.basename(glob)),
    );
    // Only a file that is there is changed: a project without Git needs none.
    if (ignored !== undefined && missing.length > 0) {
      const position = new LineIndex(ignored).positionAt(ignored.length);
      const end = lineEndOf(ignored);
      const newText = (ignored === "" || ignored.endsWith("\n") ? "" : end) + missing.join(end) + end;
      changes[this.#workspace.uri(ignoreFile)] = [{ range: { start: position, end: position }, newText }];
    }
    const { reading } = this.#project;
    const flit = valueNodeAt(reading, ["tool", "flit", "sdist", "exclude"]);
    const excluded = new Set(
      flit?.kind === "array" ? flit.elements.map((one) => (one.kind === "string" ? one.value : "")) : [],
    );
    const wanted = globs.filter((glob) => !excluded.has(glob));
    if (wanted.length > 0 && (flit === undefined || flit.kind === "array")) {
      const quoted = wanted.map((glob) => JSON.stringify(glob)).join(", ");
      const edit =
        flit?.kind === "array"
          ? appendToArray(reading, flit, quoted)
          : (addPair(reading, ["tool", "flit", "sdist"], "exclude", `[${quoted}]`) ??
            (reading.document.entryAt(["tool", "flit", "sdist"]) === undefined
              ? addTable(reading, "[tool.flit.sdist]", [["exclude", `[${quoted}]`]])
              : undefined));
      if (edit !== undefined) changes[this.#uri] = [edit];
    }
    if (Object.keys(changes).length === 0) return undefined;
    return { title: "Keep built modules out of version control and source distributions", changes };
  }
}

/** A diagnostic's message as plain text. */
function textOfMessage({ message }: Diagnostic): string {
  return typeof message === "string" ? message : message.value;
}

/** Puts a pair first into the inline table that begins at an offset. */
function inlinePair(text: string, start: number, lines: LineIndex, pair: string): TextEdit | undefined {
  if (text[start] !== "{") return undefined;
  const empty = /^\{\s*\}/.test(text.slice(start));
  const position = lines.positionAt(start + 1);
  return { range: { start: position, end: position }, newText: empty ? ` ${pair} ` : ` ${pair},` };
}

function toAction(fix: Fix, kind: string, diagnostic?: Diagnostic): CodeAction {
  const changes = Object.fromEntries(Object.entries(fix.changes).map(([uri, edits]) => [uri, [...edits]]));
  return {
    title: fix.title,
    kind,
    edit: { changes },
    ...(diagnostic === undefined ? {} : { diagnostics: [diagnostic] }),
    ...(fix.preferred === true ? { isPreferred: true } : {}),
  };
}

function touches(a: Range, b: Range): boolean {
  const before = (x: Position, y: Position): boolean =>
    x.line < y.line || (x.line === y.line && x.character < y.character);
  return !before(a.end, b.start) && !before(b.end, a.start);
}

/**
 * The code actions of a manifest.
 * @param current every diagnostic of the manifest, for `source.fixAll`
 */
export async function manifestCodeActions(
  project: ManifestProject,
  workspace: Workspace,
  request: CodeActionRequest,
  current: () => Promise<readonly Diagnostic[]>,
): Promise<readonly CodeAction[]> {
  const fixes = new ManifestFixes(project, workspace, request.uri);
  const actions: CodeAction[] = [];
  if (wants(request.only, CodeActionKind.QuickFix)) {
    const given = request.diagnostics.filter((one) => one.source === "zlig");
    for (const diagnostic of given)
      for (const fix of await fixes.fixes(diagnostic)) actions.push(toAction(fix, CodeActionKind.QuickFix, diagnostic));
  }
  if (wants(request.only, fixAllKind)) {
    const edits: TextEdit[] = [];
    for (const diagnostic of await current()) {
      const fix = (await fixes.fixes(diagnostic)).find((one) => one.preferred === true);
      const own = fix?.changes[request.uri] ?? [];
      // A fix of several files is for its user to choose; two that touch each other are left for the next time.
      if (fix === undefined || Object.keys(fix.changes).length !== 1 || own.length === 0) continue;
      if (own.some((edit) => edits.some((other) => touches(edit.range, other.range)))) continue;
      edits.push(...own);
    }
    if (edits.length > 0)
      actions.push(
        toAction({ title: "Fix all problems that Zlig can fix", changes: { [request.uri]: edits } }, fixAllKind),
      );
  }
  if (
    wants(request.only, CodeActionKind.Refactor) && request.only !== undefined
      ? true
      : inExtensions(project, request.range)
  ) {
    const ignore = wants(request.only, CodeActionKind.RefactorRewrite) ? await fixes.ignoreFix() : undefined;
    if (ignore !== undefined) actions.push(toAction(ignore, CodeActionKind.RefactorRewrite));
  }
  return actions;
}

function inExtensions(project: ManifestProject, range: Range): boolean {
  const { document, lines } = project.reading;
  const { path } = document.pathAt(lines.offsetAt(range.start));
  return path[0] === "tool" && path[1] === "zlig" && (path.length === 2 || path[2] === "extensions");
}

/** The fixes that the compiler proposes, and those of init functions in a source. */
export function sourceCodeActions(request: CodeActionRequest): readonly CodeAction[] {
  if (!wants(request.only, CodeActionKind.QuickFix)) return [];
  return request.diagnostics.flatMap((diagnostic) => {
    if (diagnostic.source !== "zlig" && diagnostic.source !== "clang") return [];
    const { fixIts = [], replacement } = dataOf(diagnostic);
    if (replacement !== undefined)
      return [
        toAction(
          {
            title: `Rename to \`${replacement}\``,
            changes: { [request.uri]: [{ range: diagnostic.range, newText: replacement }] },
            preferred: true,
          },
          CodeActionKind.QuickFix,
          diagnostic,
        ),
      ];
    if (fixIts.length === 0) return [];
    const changes: Record<string, TextEdit[]> = {};
    for (const { uri, range, newText } of fixIts) (changes[uri] ??= []).push({ range, newText });
    const [first] = fixIts;
    const title = fixIts.length === 1 && first !== undefined ? titleOf(first) : "Apply the compiler's fix";
    return [toAction({ title, changes, preferred: true }, CodeActionKind.QuickFix, diagnostic)];
  });
}

function titleOf({ range, newText }: { readonly range: Range; readonly newText: string }): string {
  if (newText === "") return "Remove it, as the compiler proposes";
  const inserts = same(range.start, range.end);
  return `${inserts ? "Insert" : "Change to"} \`${newText.trim()}\``;
}
