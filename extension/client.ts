import { randomUUID } from "node:crypto";
import type { CancellationToken, ExtensionContext, LogOutputChannel } from "vscode";
import type { LanguageClientOptions } from "vscode-languageclient/node";
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  TransportKind,
  WorkDoneProgress,
} from "vscode-languageclient/node";
import { documentSelector } from "./documents.ts";
import { initialOptions } from "./settings.ts";

export { State } from "vscode-languageclient/node";

/** Crashes within this time count together. */
const crashWindow = 3 * 60_000;
const mostCrashes = 4;

/**
 * Makes the client of the language server in this extension's folder. It starts again after a crash, unless crashes come one after another.
 * @param wasReady whether it has ever answered: one that never did would not the next time
 * @param gaveUp called when it will not be started again
 */
export function createClient(
  context: ExtensionContext,
  log: LogOutputChannel,
  wasReady: () => boolean,
  gaveUp: () => void,
): LanguageClient {
  const crashes: number[] = [];
  const options: LanguageClientOptions = {
    documentSelector: [...documentSelector],
    initializationOptions: () => initialOptions(context),
    diagnosticCollectionName: "zlig-build",
    outputChannel: log,
    traceOutputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    markdown: { isTrusted: false, supportHtml: false },
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
        if (!wasReady()) return { action: CloseAction.DoNotRestart, handled: true };
        const now = Date.now();
        crashes.push(now);
        const recent = crashes.filter((time) => now - time < crashWindow).length;
        log.error(`The language server ended (${recent} in three minutes).`);
        if (recent <= mostCrashes) return { action: CloseAction.Restart, handled: true };
        gaveUp();
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
  };
  const server = { module: context.asAbsolutePath("dist/server.js"), transport: TransportKind.ipc } as const;
  return new LanguageClient("zlig", "Zlig", { run: server, debug: server }, options);
}

/** How far the server is with a request. */
export interface ProgressReport {
  readonly message?: string;
  /** 0 to 100. */
  readonly percentage?: number;
}

/**
 * Asks the server for something that takes time.
 * @param report called with what the server says meanwhile
 * @throws the server's error, or a cancellation
 */
export async function requestWithProgress<Result>(
  client: LanguageClient,
  method: string,
  params: object,
  token: CancellationToken,
  report: (progress: ProgressReport) => void,
): Promise<Result> {
  const workDoneToken = randomUUID();
  const subscription = client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
    if (value.kind === "end") return;
    const { message, percentage } = value;
    report({ ...(message === undefined ? {} : { message }), ...(percentage === undefined ? {} : { percentage }) });
  });
  try {
    return await client.sendRequest<Result>(method, { ...params, workDoneToken }, token);
  } finally {
    subscription.dispose();
  }
}
