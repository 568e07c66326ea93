import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type {
  CodeAction,
  Diagnostic,
  DocumentDiagnosticReport,
  InitializeResult,
  Position,
  ProtocolConnection,
  Range,
  TextEdit,
} from "vscode-languageserver/node";
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  TextDocumentSaveReason,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";

const repository = join(import.meta.dirname, "..", "..");

/** The server as it is shipped. */
const bundle = process.env["ZLIG_TEST_SERVER"] ?? join(repository, "dist", "server.js");

/** How a client begins. */
export interface ClientOptions {
  /** Workspace folders. */
  readonly folders: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether the client knows links as definitions. */
  readonly links?: boolean;
  /** Whether the client pulls diagnostics. */
  readonly pull?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** A message about the progress of work. */
export interface ProgressMessage {
  readonly token: unknown;
  readonly value: { readonly kind: string; readonly title?: string; readonly message?: string };
}

interface OpenDocument {
  text: string;
  version: number;
}

/** A client of the real server process over stdio, as an editor is one. */
export class LanguageClient {
  readonly process: ChildProcess;
  readonly connection: ProtocolConnection;
  /** What was published last, by URI. */
  readonly published = new Map<string, readonly Diagnostic[]>();
  /** Every publication in order. */
  readonly publications: { readonly uri: string; readonly diagnostics: readonly Diagnostic[] }[] = [];
  readonly progress: ProgressMessage[] = [];
  readonly messages: string[] = [];
  readonly logs: string[] = [];
  readonly tokens: unknown[] = [];
  statusChanges = 0;
  refreshes = 0;
  initialized: InitializeResult | undefined;
  readonly #open = new Map<string, OpenDocument>();
  readonly #stderr: string[] = [];

  private constructor(process: ChildProcess, connection: ProtocolConnection) {
    this.process = process;
    this.connection = connection;
  }

  /** Starts a server and shakes hands with it. */
  static async start(options: ClientOptions): Promise<LanguageClient> {
    const child = spawn(process.execPath, [bundle, "--stdio"], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, ...options.env },
    });
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    const client = new LanguageClient(child, connection);
    child.stderr.on("data", (data: Buffer) => client.#stderr.push(data.toString()));
    client.#listen();
    connection.listen();
    const pull = options.pull ?? true;
    client.initialized = await connection.sendRequest<InitializeResult>("initialize", {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: options.folders.map((folder) => ({ uri: uriOf(folder), name: folder })),
      initializationOptions: options.settings ?? {},
      capabilities: {
        window: { workDoneProgress: true },
        workspace: {
          workspaceFolders: true,
          diagnostics: { refreshSupport: true },
          didChangeWatchedFiles: { dynamicRegistration: true },
          inlayHint: { refreshSupport: true },
          codeLens: { refreshSupport: true },
        },
        textDocument: {
          ...(pull ? { diagnostic: { relatedDocumentSupport: false } } : {}),
          publishDiagnostics: { relatedInformation: true },
          completion: { completionItem: { snippetSupport: true } },
          rename: { prepareSupport: true },
          definition: { linkSupport: options.links ?? true },
        },
      },
    });
    await connection.sendNotification("initialized", {});
    return client;
  }

  #listen(): void {
    const { connection } = this;
    connection.onNotification(
      "textDocument/publishDiagnostics",
      (params: { uri: string; diagnostics: Diagnostic[] }) => {
        this.published.set(params.uri, params.diagnostics);
        this.publications.push(params);
      },
    );
    connection.onNotification("window/logMessage", ({ message }: { message: string }) => {
      this.logs.push(message);
    });
    connection.onNotification("window/showMessage", ({ message }: { message: string }) => {
      this.messages.push(message);
    });
    connection.onNotification("zlig/statusChanged", () => {
      this.statusChanges++;
    });
    connection.onNotification("$/progress", (params: ProgressMessage) => {
      this.progress.push(params);
    });
    connection.onRequest("window/workDoneProgress/create", ({ token }: { token: unknown }) => {
      this.tokens.push(token);
      return null;
    });
    connection.onRequest("client/registerCapability", () => null);
    connection.onRequest("workspace/diagnostic/refresh", () => {
      this.refreshes++;
      return null;
    });
    connection.onRequest("workspace/inlayHint/refresh", () => null);
    connection.onRequest("workspace/codeLens/refresh", () => null);
  }

  /** What the server wrote to standard error. */
  get stderr(): string {
    return this.#stderr.join("");
  }

  async request<Result>(method: string, params: object): Promise<Result> {
    return this.connection.sendRequest<Result>(method, params);
  }

  async notify(method: string, params: object): Promise<void> {
    await this.connection.sendNotification(method, params);
  }

  /** Opens a file, with the text it has on the disk unless another is given. */
  async open(path: string, text = readFileSync(path, "utf8")): Promise<void> {
    this.#open.set(path, { text, version: 1 });
    const languageId = path.endsWith(".toml") ? "toml" : path.endsWith(".zig") ? "zig" : "c";
    await this.notify("textDocument/didOpen", { textDocument: { uri: uriOf(path), languageId, version: 1, text } });
  }

  /** The text of an open document. */
  text(path: string): string {
    return this.#document(path).text;
  }

  #document(path: string): OpenDocument {
    const document = this.#open.get(path);
    if (document === undefined) throw new Error(`${path} is not open`);
    return document;
  }

  /** Replaces the whole text of an open document. */
  async change(path: string, text: string): Promise<void> {
    const document = this.#document(path);
    document.text = text;
    document.version++;
    await this.notify("textDocument/didChange", {
      textDocument: { uri: uriOf(path), version: document.version },
      contentChanges: [{ text }],
    });
  }

  /** Edits an open document as typing does. */
  async edit(path: string, range: Range, text: string): Promise<void> {
    const document = this.#document(path);
    document.version++;
    const before = TextDocument.create("", "", 0, document.text);
    document.text = TextDocument.applyEdits(before, [{ range, newText: text }]);
    await this.notify("textDocument/didChange", {
      textDocument: { uri: uriOf(path), version: document.version },
      contentChanges: [{ range, text }],
    });
  }

  /** Writes an open document to the disk and says so, as an editor's save does. */
  async save(path: string, reason: TextDocumentSaveReason = TextDocumentSaveReason.Manual): Promise<void> {
    await this.notify("textDocument/willSave", { textDocument: { uri: uriOf(path) }, reason });
    writeFileSync(path, this.#document(path).text);
    await this.notify("textDocument/didSave", { textDocument: { uri: uriOf(path) } });
  }

  async close(path: string): Promise<void> {
    this.#open.delete(path);
    await this.notify("textDocument/didClose", { textDocument: { uri: uriOf(path) } });
  }

  /** The text of a file on the disk. */
  readDisk(path: string): string {
    return readFileSync(path, "utf8");
  }

  /** Opens a file and pulls its diagnostics. */
  async pullOpened(path: string): Promise<readonly Diagnostic[]> {
    await this.open(path);
    return this.pull(path);
  }

  /** Pulls the diagnostics of a document. */
  async pull(path: string): Promise<readonly Diagnostic[]> {
    const report = await this.report(path);
    if (report.kind !== "full") throw new Error("expected a full report");
    return report.items;
  }

  async report(path: string, previousResultId?: string): Promise<DocumentDiagnosticReport> {
    return this.request("textDocument/diagnostic", {
      textDocument: { uri: uriOf(path) },
      identifier: "zlig",
      ...(previousResultId === undefined ? {} : { previousResultId }),
    });
  }

  /** What was published for a file. */
  pushed(path: string): readonly Diagnostic[] {
    return this.published.get(uriOf(path)) ?? [];
  }

  /** The code actions for diagnostics. */
  async fixes(
    path: string,
    diagnostics: readonly Diagnostic[],
    only?: readonly string[],
  ): Promise<readonly CodeAction[]> {
    const range = diagnostics[0]?.range ?? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    return this.request("textDocument/codeAction", {
      textDocument: { uri: uriOf(path) },
      range,
      context: { diagnostics, ...(only === undefined ? {} : { only }) },
    });
  }

  /** A request about a place in a document. */
  async at<Result>(method: string, path: string, position: Position, more: object = {}): Promise<Result> {
    return this.request(method, { textDocument: { uri: uriOf(path) }, position, ...more });
  }

  /** Waits until something holds. @throws when it does not within a time */
  async until(what: string, holds: () => boolean | Promise<boolean>, milliseconds = 30_000): Promise<void> {
    const end = Date.now() + milliseconds;
    while (!(await holds())) {
      if (Date.now() > end)
        throw new Error(
          `waited in vain: ${what}\n${this.logs.join("\n")}\n${this.stderr}\n${JSON.stringify([...this.published])}`,
        );
      await delay(10);
    }
  }

  /** Ends the server in the orderly way. Gives its exit code. */
  async stop(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.process.once("exit", resolve));
    if (this.process.exitCode === null && this.process.signalCode === null) {
      await this.request("shutdown", {});
      await this.notify("exit", {});
      await ended;
    }
    this.connection.dispose();
    return this.process.exitCode;
  }
}

/** The URI of a path. */
export function uriOf(path: string): string {
  return pathToFileURL(path).href;
}

/** The text of a document after edits. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  return TextDocument.applyEdits(TextDocument.create("", "", 0, text), [...edits]);
}

/** Takes the cursor mark `‸` out of a text and gives its position. */
export function withCursor(marked: string): { readonly text: string; readonly position: Position } {
  const offset = marked.indexOf("‸");
  if (offset < 0) throw new Error("the text has no mark ‸");
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  return { text, position: TextDocument.create("", "", 0, text).positionAt(offset) };
}

/** The part of a text that a range covers. */
export function covered(text: string, range: Range): string {
  return TextDocument.create("", "", 0, text).getText(range);
}
