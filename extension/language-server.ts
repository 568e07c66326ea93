import type { CancellationToken, Disposable, Event, ExtensionContext, LogOutputChannel } from "vscode";
import { commands, EventEmitter, l10n, window, workspace } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { ProgressReport } from "./client.ts";
import { errorText } from "./failure.ts";

/** What the language server is doing. */
export type ServerState = "stopped" | "starting" | "running" | "failed";

/** The language server: started when it is first needed, stopped with the extension. */
export class LanguageServer implements Disposable {
  readonly #context: ExtensionContext;
  readonly #log: LogOutputChannel;
  readonly #changed = new EventEmitter<ServerState>();
  readonly #statusChanged = new EventEmitter<void>();
  #client: LanguageClient | undefined;
  #starting: Promise<LanguageClient> | undefined;
  #state: ServerState = "stopped";
  #disposed = false;

  /** Says what the server is doing, whenever that changes. */
  readonly onDidChangeState: Event<ServerState> = this.#changed.event;

  /** Fires when what `zlig/status` says may be another thing now. */
  readonly onDidChangeStatus: Event<void> = this.#statusChanged.event;

  constructor(context: ExtensionContext, log: LogOutputChannel) {
    this.#context = context;
    this.#log = log;
  }

  get state(): ServerState {
    return this.#state;
  }

  /**
   * The client of the running server; starts it when need be.
   * @throws when it cannot be started
   */
  start(): Promise<LanguageClient> {
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = undefined;
      this.#become("failed");
      this.#log.error(`The language server could not be started: ${errorText(error)}`);
      throw error;
    });
    return this.#starting;
  }

  /** Starts the server, and tells the user when that fails. */
  async startOrTell(): Promise<void> {
    try {
      await this.start();
    } catch (error) {
      await this.#tellFailure(l10n.t("Zlig's language server could not be started: {0}", errorText(error)));
    }
  }

  /**
   * Asks the server.
   * @throws its error, or a cancellation
   */
  async request<Result>(method: string, params: object, token?: CancellationToken): Promise<Result> {
    const client = await this.start();
    return token === undefined
      ? client.sendRequest<Result>(method, params)
      : client.sendRequest<Result>(method, params, token);
  }

  /**
   * Asks the server for something that takes time.
   * @param report called with what the server says meanwhile
   * @throws its error, or a cancellation
   */
  async requestWithProgress<Result>(
    method: string,
    params: object,
    token: CancellationToken,
    report: (progress: ProgressReport) => void,
  ): Promise<Result> {
    const client = await this.start();
    const { requestWithProgress } = await import("./client.ts");
    return requestWithProgress<Result>(client, method, params, token, report);
  }

  /** Tells a running server something; a server that is not running will be told at its start. */
  async notify(method: string, params: object): Promise<void> {
    if (this.#client?.isRunning() === true) await this.#client.sendNotification(method, params);
  }

  /** Starts the server anew; the documents that are open are opened again. */
  async restart(): Promise<void> {
    await this.#stop();
    await this.start();
  }

  async #start(): Promise<LanguageClient> {
    if (this.#disposed) throw new Error(l10n.t("The extension has been stopped."));
    this.#become("starting");
    const began = performance.now();
    const { createClient, State } = await import("./client.ts");
    let ready = false;
    const gaveUp = (): void => {
      this.#starting = undefined;
      this.#become("failed");
      void this.#tellFailure(l10n.t("Zlig's language server keeps ending, and will not be started again."));
    };
    const client = createClient(this.#context, this.#log, () => ready, gaveUp);
    this.#client = client;
    client.onDidChangeState(({ newState }) => {
      if (this.#client !== client || this.#state === "failed") return;
      if (newState === State.Running) {
        if (ready) this.#log.info("The language server runs again.");
        this.#become("running");
      } else if (newState === State.Starting) this.#become("starting");
    });
    client.onNotification("zlig/statusChanged", () => {
      this.#statusChanged.fire();
    });
    await client.start();
    ready = true;
    const pid = client.serverProcess?.pid ?? "unknown";
    this.#log.info(
      `The language server is ready after ${Math.round(performance.now() - began)} ms, process id ${pid}.`,
    );
    return client;
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#starting = undefined;
    this.#become("stopped");
    if (client === undefined) return;
    // A server that has crashed cannot be stopped in an orderly way: dispose of it all the same.
    await client.dispose().catch((error: unknown) => {
      this.#log.warn(`The language server did not stop in an orderly way: ${errorText(error)}`);
    });
  }

  #become(state: ServerState): void {
    if (state === this.#state) return;
    this.#state = state;
    void commands.executeCommand("setContext", "zlig.active", state === "running");
    this.#changed.fire(state);
  }

  async #tellFailure(message: string): Promise<void> {
    const choices = [
      { title: l10n.t("Restart"), command: "zlig.restartServer" },
      { title: l10n.t("Show Output"), command: "zlig.showOutput" },
      { title: l10n.t("Copy Report"), command: "zlig.copyReport" },
    ];
    const chosen = await window.showErrorMessage(message, ...choices);
    if (chosen !== undefined) await commands.executeCommand(chosen.command);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#stop();
    this.#changed.dispose();
    this.#statusChanged.dispose();
  }
}

/** Whether there is a folder on a disk: the server reads files, so a virtual workspace has nothing for it. */
export function hasDiskFolder(): boolean {
  const folders = workspace.workspaceFolders;
  return folders === undefined || folders.some((folder) => folder.uri.scheme === "file");
}
