import type { ExtensionContext, LogOutputChannel } from "vscode";
import type { Interpreters } from "./interpreter.ts";
import type { LanguageServer } from "./language-server.ts";

/** What the parts of the extension share. */
export interface Services {
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  readonly server: LanguageServer;
  readonly interpreters: Interpreters;
}
