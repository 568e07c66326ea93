import type { ExtensionContext, LogOutputChannel } from "vscode";
import type { LanguageClientOptions } from "vscode-languageclient/node";
import { CloseAction, ErrorAction, LanguageClient, RevealOutputChannelOn, TransportKind } from "vscode-languageclient/node";
import { initialOptions } from "./settings.ts";

export { State } from "vscode-languageclient/node";

/** Crashes within this time count together. */
const crashWindow = 3 * 60_000;
const mostCrashes = 4;

/**
 * Makes the client of the language server in this extension's folder. It starts again after a crash, unless crashes come one after another.
 * @param gaveUp called when it will not be started again
 */
export function createClient(context: ExtensionContext, log: LogOutputChannel, gaveUp: () => void): LanguageClient {
  const crashes: number[] = [];
  const options: LanguageClientOptions = {
    documentSelector: [{ scheme: "file", pattern: "**/pyproject.toml" }],
    initializationOptions: () => initialOptions(),
    synchronize: { configurationSection: "zlig" },
    diagnosticCollectionName: "zlig",
    outputChannel: log,
    traceOutputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    markdown: { isTrusted: false, supportHtml: false },
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
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
