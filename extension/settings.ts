import type { Disposable, ExtensionContext } from "vscode";
import { Uri, workspace } from "vscode";
import type { LanguageServer } from "./language-server.ts";

/** A setting that holds text; empty means that it is not set. */
export function textSetting(name: "python" | "zig", resource?: Uri): string | undefined {
  const value = workspace.getConfiguration("zlig", resource).get<string>(name, "").trim();
  return value === "" ? undefined : value;
}

/** What the language server is told at its start. */
export function initialOptions({ extensionUri }: ExtensionContext): Readonly<Record<string, unknown>> {
  const settings = workspace.getConfiguration("zlig");
  return {
    trusted: workspace.isTrusted,
    python: textSetting("python"),
    zig: textSetting("zig"),
    jobs: settings.get<number>("jobs", 0),
    buildOnSave: settings.get<string>("buildOnSave", "manual"),
    // The pages that diagnostics link to came with the extension: they fit its version, and need no network.
    docsBase: Uri.joinPath(extensionUri, "docs").toString(),
    clientCommands: true,
  };
}

/** Tells the server when a setting changes. */
export function passSettingsOn(context: ExtensionContext, server: LanguageServer): Disposable {
  return workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration("zlig"))
      void server.notify("workspace/didChangeConfiguration", { settings: { zlig: initialOptions(context) } });
  });
}
