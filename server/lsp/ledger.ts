import type { Diagnostic } from "vscode-languageserver";
import { TextChange } from "./text-change.ts";
import type { Workspace } from "./workspace.ts";

/** Diagnostics of one file, and the text that their ranges are of. */
export interface FileDiagnostics {
  readonly text: string;
  readonly items: readonly Diagnostic[];
}

/** Hands diagnostics of a file to the client. */
export type Publish = (uri: string, diagnostics: readonly Diagnostic[], version: number | undefined) => void;

/**
 * The book of diagnostics that are pushed: those of compiler, linker and import check. Each owner (an extension of a project) has its own page,
 * replaced as a whole, so that a finding leaves with its cause; a page of an older generation never overwrites a newer one.
 */
export class Ledger {
  readonly #workspace: Workspace;
  readonly #publish: Publish;
  readonly #pages = new Map<
    string,
    { readonly generation: number; readonly files: ReadonlyMap<string, FileDiagnostics> }
  >();
  /** What was last told for a file, so that nothing is told twice. */
  readonly #told = new Map<string, string>();
  #generation = 0;

  constructor(workspace: Workspace, publish: Publish) {
    this.#workspace = workspace;
    this.#publish = publish;
  }

  /** A number for work that begins now. */
  nextGeneration(): number {
    return ++this.#generation;
  }

  /** Replaces the page of an owner, unless a newer one is there. Gives whether it was taken. */
  set(owner: string, generation: number, files: ReadonlyMap<string, FileDiagnostics>): boolean {
    const before = this.#pages.get(owner);
    if (before !== undefined && before.generation > generation) return false;
    this.#pages.set(owner, { generation, files });
    this.#tell(new Set([...(before?.files.keys() ?? []), ...files.keys()]));
    return true;
  }

  /** Takes away the pages of owners. */
  remove(gone: (owner: string) => boolean): void {
    const touched = new Set<string>();
    for (const [owner, { files }] of this.#pages) {
      if (!gone(owner)) continue;
      for (const file of files.keys()) touched.add(file);
      this.#pages.delete(owner);
    }
    this.#tell(touched);
  }

  /** Takes away what was said of a file that is gone. */
  forget(file: string): void {
    let touched = false;
    for (const [owner, { generation, files }] of this.#pages) {
      if (!files.has(file)) continue;
      touched = true;
      this.#pages.set(owner, { generation, files: new Map([...files].filter(([path]) => path !== file)) });
    }
    if (touched) this.#tell(new Set([file]));
  }

  /** The diagnostics of a file as the client has them, owner by owner. */
  of(file: string): readonly Diagnostic[] {
    const current = this.#workspace.document(file)?.getText();
    const found = new Map<string, Diagnostic>();
    for (const { files } of this.#pages.values()) {
      const page = files.get(file);
      if (page === undefined) continue;
      const change = current === undefined || current === page.text ? undefined : new TextChange(page.text, current);
      for (const item of page.items) {
        const range = change === undefined ? item.range : change.range(item.range);
        // A header's message comes with every extension that includes it.
        if (range !== undefined)
          found.set(JSON.stringify([range, item.severity, item.code, item.message]), { ...item, range });
      }
    }
    return [...found.values()];
  }

  /** The pages whose owner is asked for. */
  page(owner: string): ReadonlyMap<string, FileDiagnostics> | undefined {
    return this.#pages.get(owner)?.files;
  }

  #tell(files: ReadonlySet<string>): void {
    for (const file of files) {
      const items = this.of(file);
      const text = JSON.stringify(items);
      if ((this.#told.get(file) ?? "[]") === text) continue;
      if (items.length === 0) this.#told.delete(file);
      else this.#told.set(file, text);
      this.#publish(this.#workspace.uri(file), items, this.#workspace.document(file)?.version);
    }
  }
}
