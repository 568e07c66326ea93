import { commands, l10n, window, workspace } from "vscode";
import type { Disposable } from "vscode";
import type { LanguageServer } from "./language-server.ts";

/** Whether programs may be run here; when not, says why, and offers the way to change it. */
export async function requireTrust(): Promise<boolean> {
  if (workspace.isTrusted) return true;
  const manage = l10n.t("Manage Workspace Trust");
  const chosen = await window.showWarningMessage(
    l10n.t("Building runs programs that this workspace names. Zlig does so only in a trusted workspace."),
    manage,
  );
  if (chosen === manage) await commands.executeCommand("workbench.trust.manage");
  return workspace.isTrusted;
}

/** Tells the server when the workspace becomes a trusted one. */
export function passTrustOn(server: LanguageServer): Disposable {
  return workspace.onDidGrantWorkspaceTrust(() => {
    void server.notify("zlig/trusted", { trusted: true });
  });
}
