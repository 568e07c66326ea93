import type { Diagnostic as LspDiagnostic, DiagnosticRelatedInformation } from "vscode-languageserver";
import { DiagnosticSeverity, DiagnosticTag } from "vscode-languageserver";
import type { Diagnostic } from "../core/engine/diagnostic.ts";
import type { Range } from "../core/location.ts";
import { ByteColumns } from "./columns.ts";
import type { DiagnosticData } from "./diagnostics.ts";
import { fileStart } from "./diagnostics.ts";
import type { FileDiagnostics } from "./ledger.ts";

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  note: DiagnosticSeverity.Information,
} as const;

/** Warnings that say that something is not needed: editors fade it. */
const unnecessary = /^-Wunused|^-Wunreachable-code/;

/** Converts the compiler's messages to LSP's diagnostics, with columns in UTF-16. */
export class CompilerDiagnostics {
  readonly #read: (path: string) => Promise<string | undefined>;
  readonly #uri: (path: string) => string;
  readonly #texts = new Map<string, Promise<{ text: string; columns: ByteColumns }>>();

  /**
   * @param read gives the text of a file as the compiler saw it
   * @param uri gives the URI of a path
   */
  constructor(read: (path: string) => Promise<string | undefined>, uri: (path: string) => string) {
    this.#read = read;
    this.#uri = uri;
  }

  #text(path: string): Promise<{ text: string; columns: ByteColumns }> {
    let found = this.#texts.get(path);
    if (found === undefined) {
      found = this.#read(path).then((text = "") => ({ text, columns: new ByteColumns(text) }));
      this.#texts.set(path, found);
    }
    return found;
  }

  async #range(path: string, range: Range | undefined): Promise<Range> {
    return range === undefined ? fileStart : (await this.#text(path)).columns.range(range);
  }

  async #related(notes: readonly Diagnostic[]): Promise<DiagnosticRelatedInformation[]> {
    const related: DiagnosticRelatedInformation[] = [];
    for (const { location, message } of notes) {
      if (location === undefined) continue;
      const { file, range } = location;
      related.push({ location: { uri: this.#uri(file), range: await this.#range(file, range) }, message });
    }
    return related;
  }

  async #data({ fixIts, notes }: Diagnostic): Promise<DiagnosticData> {
    const own = fixIts.length > 0 ? fixIts : notes.flatMap((note) => note.fixIts);
    if (own.length === 0) return {};
    const edits = await Promise.all(
      own.map(async ({ file, range, text }) => {
        const { columns } = await this.#text(file);
        return {
          uri: this.#uri(file),
          range: { start: columns.position(range.start), end: columns.position(range.end) },
          newText: text,
        };
      }),
    );
    return { fixIts: edits };
  }

  /** One message; `fallback` is the file for a message about none. */
  async #convert(diagnostic: Diagnostic): Promise<LspDiagnostic> {
    const { message, severity, code, location, notes } = diagnostic;
    const related = await this.#related(notes);
    const unplaced = notes.filter((note) => note.location === undefined).map((note) => `\n${note.message}`);
    return {
      range: location === undefined ? fileStart : await this.#range(location.file, location.range),
      severity: severities[severity],
      ...(code === undefined ? {} : { code }),
      source: "clang",
      message: message + unplaced.join(""),
      ...(related.length === 0 ? {} : { relatedInformation: related }),
      ...(code !== undefined && unnecessary.test(code) ? { tags: [DiagnosticTag.Unnecessary] } : {}),
      data: await this.#data(diagnostic),
    };
  }

  /**
   * The messages file by file.
   * @param fallback the file that a message about no file is shown in
   */
  async byFile(diagnostics: readonly Diagnostic[], fallback: string): Promise<Map<string, FileDiagnostics>> {
    const files = new Map<string, { text: string; items: LspDiagnostic[] }>();
    for (const diagnostic of diagnostics) {
      const file = diagnostic.location?.file ?? fallback;
      let page = files.get(file);
      if (page === undefined) {
        page = { text: (await this.#text(file)).text, items: [] };
        files.set(file, page);
      }
      page.items.push(await this.#convert(diagnostic));
    }
    return files;
  }
}
