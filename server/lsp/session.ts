import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { basename } from "node:path";
import type {
  ClientCapabilities,
  CodeAction,
  Connection,
  Diagnostic,
  DocumentDiagnosticReport,
  InitializeParams,
  InitializeResult,
} from "vscode-languageserver";
import {
  CodeActionKind,
  DidChangeWatchedFilesNotification,
  DocumentDiagnosticReportKind,
  FileChangeType,
  MessageType,
  ShowMessageNotification,
  TextDocuments,
  TextDocumentSaveReason,
  TextDocumentSyncKind,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { ZligError } from "../core/error.ts";
import { version } from "../core/version.ts";
import { artefactDiagnostics, artefactReports } from "./artefact-states.ts";
import { Builds } from "./builds.ts";
import { registerCommands, serverCommands } from "./commands.ts";
import { DiagnosticRenderer } from "./diagnostics.ts";
import { fixAllKind, manifestCodeActions, sourceCodeActions } from "./features/code-actions.ts";
import { registerLanguageFeatures } from "./features/register.ts";
import { sourceDiagnostics } from "./features/source-diagnostics.ts";
import { collectWhenIdle } from "./heap.ts";
import { Ledger } from "./ledger.ts";
import type { ManifestProject } from "./manifest-project.ts";
import { noProgress, ownProgress } from "./progress.ts";
import { Projects } from "./projects.ts";
import { setPythonNotification, statusChangedNotification, trustedNotification } from "./protocol.ts";
import type { Settings } from "./settings.ts";
import { defaultSettings, readSettings } from "./settings.ts";
import { pathOf } from "./uri.ts";
import { isManifest, Workspace } from "./workspace.ts";

/** Files whose change can change what is said of a project. */
const watched =
  "**/{pyproject.toml,.gitignore,__init__.py,*.{c,cc,cpp,cxx,C,m,mm,S,s,zig,pyx,pxd,pxi,h,hh,hpp,hxx,inc,inl,so,pyd}}";

/** Sources and headers whose save can start a build. */
const buildInput = /\.(?:c|cc|cpp|cxx|C|m|mm|S|s|zig|pyx|pxd|pxi|h|hh|hp|hpp|hxx|H|inc|inl|ipp|tcc|tpp|def|tbl)$/;

/** How long artefacts are left alone after a change before they are looked at, in milliseconds. */
const settling = 400;

/** One client and everything that is done for it. */
export class Session {
  readonly connection: Connection;
  readonly documents = new TextDocuments(TextDocument);
  readonly workspace: Workspace;
  readonly projects: Projects;
  readonly ledger: Ledger;
  readonly renderer: DiagnosticRenderer;
  readonly builds: Builds;
  settings: Settings = defaultSettings;
  /** What the client can do. */
  readonly can = {
    pull: false,
    refresh: false,
    progress: false,
    watch: false,
    folders: false,
    refreshLens: false,
    refreshHints: false,
  };
  readonly #saveReasons = new Map<string, TextDocumentSaveReason>();
  readonly #stateTimers = new Map<ManifestProject, NodeJS.Timeout>();
  readonly #told = new Set<string>();
  readonly #listeners: ((capabilities: ClientCapabilities) => void)[] = [];

  constructor(connection: Connection) {
    this.connection = connection;
    this.workspace = new Workspace(this.documents);
    this.renderer = new DiagnosticRenderer(
      (path) => this.workspace.uri(path),
      () => this.settings.docsBase,
    );
    this.ledger = new Ledger(this.workspace, (uri, diagnostics, documentVersion) => {
      void connection.sendDiagnostics({
        uri,
        diagnostics: [...diagnostics],
        ...(documentVersion === undefined ? {} : { version: documentVersion }),
      });
    });
    this.projects = new Projects(this.workspace, (project) => {
      this.#manifestChanged(project);
    });
    this.projects.onError = (error) => {
      this.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    };
    this.builds = new Builds({
      workspace: this.workspace,
      ledger: this.ledger,
      renderer: this.renderer,
      settings: () => this.settings,
      log: (message) => {
        this.log(message);
      },
      backgroundProgress: (title) => (this.can.progress ? ownProgress(connection, title, 400) : noProgress),
      built: (project) => {
        this.lookAtArtefacts(project, 0);
      },
      failed: (project, problem) => {
        this.#backgroundFailed(project, problem);
      },
    });
  }

  /** Calls back with what the client can do, once that is known. */
  onCapabilities(listener: (capabilities: ClientCapabilities) => void): void {
    this.#listeners.push(listener);
  }

  /** Starts to answer. */
  listen(): void {
    const { connection } = this;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => {
      this.#initialized();
    });
    connection.onShutdown(() => {
      this.builds.stop();
      this.projects.dispose();
      for (const timer of this.#stateTimers.values()) clearTimeout(timer);
    });
    connection.onDidChangeConfiguration(({ settings }) => {
      const given = settings as { readonly zlig?: unknown } | undefined;
      this.#changeSettings(given?.zlig ?? given);
    });
    connection.onNotification(trustedNotification, ({ trusted }) => {
      this.#changeSettings({ trusted });
    });
    connection.onNotification(setPythonNotification, ({ uri, python }) => this.#setPython(uri, python));
    connection.onDidChangeWatchedFiles(async ({ changes }) => {
      for (const { uri, type } of changes) await this.#fileChanged(uri, type);
    });
    connection.languages.diagnostics.on(async ({ textDocument, previousResultId }) =>
      this.#report(await this.diagnostics(textDocument.uri), previousResultId),
    );
    connection.onCodeAction(async ({ textDocument: { uri }, range, context }): Promise<CodeAction[]> => {
      const path = pathOf(uri);
      if (path === undefined) return [];
      const request = { uri, range, diagnostics: context.diagnostics, only: context.only };
      if (!isManifest(path)) return [...sourceCodeActions(request)];
      const project = this.projects.at(path);
      if (!project.concernsZlig) return [];
      const current = (): Promise<readonly Diagnostic[]> => project.diagnostics(this.renderer);
      return [...(await manifestCodeActions(project, this.workspace, request, current))];
    });
    registerLanguageFeatures(this);
    registerCommands(this);

    this.documents.onDidOpen(({ document }) => {
      void this.#opened(document);
    });
    this.documents.onDidChangeContent(({ document }) => {
      this.#edited(document.uri);
    });
    this.documents.onDidClose(({ document }) => {
      const path = pathOf(document.uri);
      if (path !== undefined) this.#touch(path);
      this.#saveReasons.delete(document.uri);
    });
    this.documents.onWillSave(({ document, reason }) => {
      this.#saveReasons.set(document.uri, reason);
    });
    this.documents.onDidSave(({ document }) => {
      void this.#saved(document.uri);
    });
    this.documents.listen(connection);
    connection.listen();
  }

  log(message: string): void {
    this.connection.console.log(message);
  }

  /** Shows a message to the user, without waiting for an answer. */
  tell(kind: "error" | "info", text: string): void {
    const type = kind === "error" ? MessageType.Error : MessageType.Info;
    void this.connection.sendNotification(ShowMessageNotification.type, { type, message: `Zlig: ${text}` });
  }

  #initialize(params: InitializeParams): InitializeResult {
    const { capabilities, workspaceFolders } = params;
    const options: unknown = params.initializationOptions;
    this.settings = readSettings(options, defaultSettings);
    const { textDocument, workspace, window } = capabilities;
    for (const listener of this.#listeners) listener(capabilities);
    this.can.pull = textDocument?.diagnostic !== undefined;
    this.can.refresh = workspace?.diagnostics?.refreshSupport === true;
    this.can.progress = window?.workDoneProgress === true;
    this.can.watch = workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    this.can.folders = workspace?.workspaceFolders === true;
    this.can.refreshLens = workspace?.codeLens?.refreshSupport === true;
    this.can.refreshHints = workspace?.inlayHint?.refreshSupport === true;
    this.renderer.relatedInformation =
      (textDocument?.diagnostic?.relatedInformation ?? textDocument?.publishDiagnostics?.relatedInformation) !== false;
    const folders = workspaceFolders?.map((folder) => folder.uri) ?? [];
    this.workspace.folders = folders.map(pathOf).filter((path) => path !== undefined);
    return {
      serverInfo: { name: "zlig", version },
      capabilities: {
        positionEncoding: "utf-16",
        textDocumentSync: {
          openClose: true,
          change: TextDocumentSyncKind.Incremental,
          willSave: true,
          save: { includeText: false },
        },
        diagnosticProvider: { identifier: "zlig", interFileDependencies: true, workspaceDiagnostics: false },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, fixAllKind] },
        completionProvider: { triggerCharacters: ['"', "'", "/", "[", "{", ".", ","], resolveProvider: false },
        hoverProvider: true,
        definitionProvider: true,
        renameProvider: { prepareProvider: true },
        codeLensProvider: { resolveProvider: false },
        inlayHintProvider: true,
        documentLinkProvider: { resolveProvider: false },
        documentSymbolProvider: true,
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
        ...(this.settings.clientCommands ? {} : { executeCommandProvider: { commands: [...serverCommands] } }),
      },
    };
  }

  #initialized(): void {
    const { connection } = this;
    if (this.can.watch)
      void connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: [{ globPattern: watched }],
      });
    if (this.can.folders)
      connection.workspace.onDidChangeWorkspaceFolders(async ({ added, removed }) => {
        const gone = new Set(removed.map((folder) => pathOf(folder.uri)));
        const left = this.workspace.folders.filter((folder) => !gone.has(folder));
        const more = added.map((folder) => pathOf(folder.uri)).filter((path) => path !== undefined);
        this.workspace.folders = [...left, ...more];
        await this.projects.sweep();
      });
  }

  #changeSettings(given: unknown): void {
    const before = this.settings;
    this.settings = readSettings(given, before);
    const { trusted, python, zig, inlayHints } = this.settings;
    if (before.trusted && !trusted) this.builds.stop();
    if (before.trusted !== trusted || before.python !== python || before.zig !== zig) {
      this.builds.toolchains.clear();
      for (const project of this.projects.all()) this.lookAtArtefacts(project);
      this.#refresh();
      this.refreshLens();
    }
    if (before.inlayHints !== inlayHints && this.can.refreshHints) void this.connection.languages.inlayHint.refresh();
  }

  async #setPython(uri: string, python: string | undefined): Promise<void> {
    const path = pathOf(uri);
    if (path === undefined) return;
    for (const project of await this.projects.owning(path)) {
      this.builds.setPython(project, python);
      this.lookAtArtefacts(project);
    }
  }

  /** The diagnostics of a document that are pulled. */
  async diagnostics(uri: string): Promise<readonly Diagnostic[]> {
    const path = pathOf(uri);
    if (path === undefined) return [];
    if (isManifest(path)) {
      const [project] = await this.projects.owning(path);
      return project === undefined ? [] : project.diagnostics(this.renderer);
    }
    const text = this.workspace.document(path)?.getText();
    return text === undefined ? [] : sourceDiagnostics(await this.projects.owning(path), path, text, this.renderer);
  }

  #report(items: readonly Diagnostic[], previous: string | undefined): DocumentDiagnosticReport {
    const resultId = createHash("sha1").update(JSON.stringify(items)).digest("base64");
    if (resultId === previous) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
    return { kind: DocumentDiagnosticReportKind.Full, resultId, items: [...items] };
  }

  async #opened(document: TextDocument): Promise<void> {
    const path = pathOf(document.uri);
    if (path === undefined) return;
    for (const project of await this.projects.owning(path)) {
      // What a build pushed about a closed manifest is pulled from now on.
      if (project.file === path) this.ledger.remove((owner) => owner === `${path}\0manifest`);
      if (project.concernsZlig) this.lookAtArtefacts(project);
    }
  }

  #edited(uri: string): void {
    collectWhenIdle();
    const path = pathOf(uri);
    if (path === undefined) return;
    if (isManifest(path)) {
      const project = this.projects.at(path);
      project.touch(false);
      if (!this.can.pull) void this.#push(project);
    } else this.#touch(path);
  }

  /** Looks again at the projects that a file lies in. */
  #touch(path: string): void {
    for (const project of this.projects.around(path)) project.touch(true);
  }

  /** For clients that do not pull. */
  async #push(project: ManifestProject): Promise<void> {
    const items = await project.diagnostics(this.renderer);
    const text = project.reading.manifest.text;
    this.ledger.set(
      `${project.file}\0pulled`,
      this.ledger.nextGeneration(),
      new Map([[project.file, { text, items }]]),
    );
  }

  #manifestChanged(project: ManifestProject): void {
    if (!this.can.pull) void this.#push(project);
    this.#refresh();
    if (this.can.refreshHints) void this.connection.languages.inlayHint.refresh();
  }

  #refresh(): void {
    if (this.can.pull && this.can.refresh) void this.connection.languages.diagnostics.refresh();
  }

  /** Has the client ask for code lenses anew. */
  refreshLens(): void {
    if (this.can.refreshLens) void this.connection.sendRequest("workspace/codeLens/refresh").catch(() => undefined);
  }

  async #fileChanged(uri: string, type: FileChangeType): Promise<void> {
    const path = pathOf(uri);
    if (path === undefined) return;
    if (type === FileChangeType.Deleted) {
      this.ledger.forget(path);
      if (isManifest(path)) this.ledger.remove((owner) => owner.startsWith(`${path}\0`));
    }
    if (isManifest(path)) {
      await this.projects.sweep();
      const project = this.projects.all().find((one) => one.file === path);
      await project?.load();
    }
    this.#touch(path);
    for (const project of this.projects.around(path)) this.lookAtArtefacts(project);
  }

  async #saved(uri: string): Promise<void> {
    const path = pathOf(uri);
    if (path === undefined) return;
    // An editor that does not tell counts as one whose saves are by hand.
    const reason = this.#saveReasons.get(uri) ?? TextDocumentSaveReason.Manual;
    this.#saveReasons.delete(uri);
    const { buildOnSave, trusted } = this.settings;
    this.#touch(path);
    if (!trusted || buildOnSave === "never" || !buildInput.test(basename(path))) return;
    if (buildOnSave === "manual" && reason !== TextDocumentSaveReason.Manual) {
      for (const project of this.projects.around(path)) this.lookAtArtefacts(project);
      return;
    }
    const real = await realpath(path).catch(() => path);
    for (const project of await this.projects.owning(path)) await this.builds.saved(project, real);
  }

  /** Holds the artefacts of a project against its sources, soon; only where interpreters may be asked. */
  lookAtArtefacts(project: ManifestProject, after = settling): void {
    clearTimeout(this.#stateTimers.get(project));
    this.#stateTimers.set(
      project,
      setTimeout(() => {
        this.#stateTimers.delete(project);
        void this.#lookAtArtefacts(project);
      }, after),
    );
  }

  async #lookAtArtefacts(project: ManifestProject): Promise<void> {
    let extra: ManifestProject["extra"] = () => [];
    let seen = "";
    if (this.settings.trusted && project.concernsZlig) {
      try {
        const request = this.builds.request(project, new AbortController().signal, () => undefined);
        const prepared = await this.builds.prepare(request);
        const reports = await artefactReports(prepared);
        seen = JSON.stringify(reports);
        project.artefactOf = (name) => reports.find((one) => one.name === name)?.path;
        extra = (reading) => artefactDiagnostics(reading, prepared, reports, this.renderer);
      } catch {
        // A project with faults, or an environment without tools: other diagnostics and the status say so.
      }
    }
    if (seen === project.extraKey) return;
    project.extra = extra;
    project.extraKey = seen;
    this.#manifestChanged(project);
    void this.connection.sendNotification(statusChangedNotification, { uri: this.workspace.uri(project.file) });
  }

  /** Says once what keeps builds in the background from working at all. */
  #backgroundFailed(project: ManifestProject, problem: ZligError): void {
    const text = problem.hint === undefined ? problem.message : `${problem.message}. ${problem.hint}`;
    this.log(`${project.file}: ${text}`);
    if (problem.location !== undefined) return;
    const key = `${project.file}\0${problem.code}\0${problem.message}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.tell("error", text);
  }
}
