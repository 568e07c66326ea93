import { readFile } from "node:fs/promises";
import { dirname, join, relative, isAbsolute, sep } from "node:path";
import type { TextDocuments } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { pathOf, uriOf } from "./uri.ts";

/** Whether a path is a folder or lies in it. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** Files larger than this are not read for an editor. */
const maxSize = 16_000_000;

/** The files of an editor: its open documents, before what the disk has, and its folders. */
export class Workspace {
  readonly #documents: TextDocuments<TextDocument>;
  readonly #open = new Map<string, TextDocument>();
  #folders: readonly string[] = [];

  constructor(documents: TextDocuments<TextDocument>) {
    this.#documents = documents;
    documents.onDidOpen(({ document }) => {
      this.#note(document);
    });
    documents.onDidChangeContent(({ document }) => {
      this.#note(document);
    });
    documents.onDidClose(({ document }) => {
      const path = pathOf(document.uri);
      if (path !== undefined) this.#open.delete(path);
    });
  }

  #note(document: TextDocument): void {
    const path = pathOf(document.uri);
    if (path !== undefined) this.#open.set(path, document);
  }

  get folders(): readonly string[] {
    return this.#folders;
  }

  set folders(folders: readonly string[]) {
    this.#folders = folders;
  }

  /** The open document of a path. */
  document(path: string): TextDocument | undefined {
    const document = this.#open.get(path);
    return document === undefined ? undefined : (this.#documents.get(document.uri) ?? document);
  }

  /** The URI of a path, as the client writes it where it has the file open. */
  uri(path: string): string {
    return this.#open.get(path)?.uri ?? uriOf(path);
  }

  /** Paths of all open documents. */
  openPaths(): readonly string[] {
    return [...this.#open.keys()];
  }

  /** A file's text in the editor, else on the disk; `undefined` when it cannot be read or lies outside every folder. */
  async text(path: string): Promise<string | undefined> {
    const open = this.document(path);
    if (open !== undefined) return open.getText();
    return this.diskText(path);
  }

  /** A file's text on the disk. */
  async diskText(path: string): Promise<string | undefined> {
    try {
      const bytes = await readFile(path);
      return bytes.length > maxSize ? undefined : bytes.toString("utf8");
    } catch {
      return undefined;
    }
  }

  /** The workspace folder that holds a path; a file outside all of them has its own folder. */
  folderOf(path: string): string {
    const [nearest] = this.#folders.filter((folder) => isWithin(folder, path)).sort((a, b) => b.length - a.length);
    return nearest ?? dirname(path);
  }

  /** Every `pyproject.toml` that a file may belong to: in its own folder and above, up to the workspace folder; the nearest first. */
  *manifestsAbove(path: string): Generator<string> {
    const top = this.folderOf(path);
    for (let folder = dirname(path); isWithin(top, folder); folder = dirname(folder)) {
      yield join(folder, "pyproject.toml");
      if (folder === dirname(folder)) return;
    }
  }
}

/** Whether a path is that of a manifest. */
export function isManifest(path: string): boolean {
  return /(?:^|[\\/])pyproject\.toml$/.test(path);
}
