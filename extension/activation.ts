import type { ExtensionContext } from "vscode";
import { window, workspace } from "vscode";
import { registerCommands } from "./commands/register.ts";
import { provideIntelliSense } from "./intellisense.ts";
import { Interpreters } from "./interpreter.ts";
import { hasDiskFolder, LanguageServer } from "./language-server.ts";
import type { Services } from "./services.ts";
import { passSettingsOn } from "./settings.ts";
import { Status } from "./status.ts";
import { provideTasks } from "./tasks.ts";
import { registerTools } from "./tools.ts";
import { passTrustOn } from "./trust.ts";
import { findProjects, isManifest } from "./workspace.ts";

let running: LanguageServer | undefined;

/** Starts the server if the workspace has a project; else waits until a document becomes one. */
async function startWithFirstProject({ context, server }: Services): Promise<void> {
  if (!hasDiskFolder()) return;
  if (workspace.textDocuments.some(isManifest) || (await findProjects()).length > 0) {
    await server.startOrTell();
    return;
  }
  const starts = [
    workspace.onDidOpenTextDocument((document) => {
      if (isManifest(document)) begin();
    }),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (isManifest(document)) begin();
    }),
  ];
  const begin = (): void => {
    for (const start of starts) start.dispose();
    void server.startOrTell();
  };
  context.subscriptions.push(...starts);
}

/** Registers everything that the manifest promises. The language server starts by itself afterwards: nothing waits for it. */
export function activate(context: ExtensionContext): void {
  const began = performance.now();
  const log = window.createOutputChannel("Zlig", { log: true });
  const server = new LanguageServer(context, log);
  const interpreters = new Interpreters(context, server, log);
  const services: Services = { context, log, server, interpreters };
  running = server;
  context.subscriptions.push(
    log,
    interpreters,
    new Status(services),
    passTrustOn(server),
    passSettingsOn(context, server),
    provideTasks(services),
    provideIntelliSense(services),
    ...registerCommands(services),
    ...registerTools(services),
  );
  void startWithFirstProject(services);
  log.info(`Activated in ${(performance.now() - began).toFixed(1)} ms.`);
}

/** Stops the language server; VS Code waits for it. */
export async function deactivate(): Promise<void> {
  await running?.dispose();
  running = undefined;
}
