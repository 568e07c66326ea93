import { commands, env, l10n, Uri, window, workspace } from "vscode";
import type { DistributionResult } from "../../server/lsp/protocol.ts";
import type { Services } from "../services.ts";
import { buildForProject } from "./run.ts";
import { commandTarget } from "./target.ts";

/** Shows a file: in the explorer when it is in the workspace, else where the system shows files. */
async function reveal(file: Uri): Promise<void> {
  const inside = workspace.getWorkspaceFolder(file) !== undefined;
  await commands.executeCommand(inside ? "revealInExplorer" : "revealFileInOS", file);
}

async function pack(services: Services, argument: unknown, title: string, method: string): Promise<void> {
  const target = await commandTarget(argument);
  if (target === undefined) return;
  const made = await buildForProject<DistributionResult>(
    services,
    { project: target.project, extension: undefined },
    title,
    method,
  );
  if (made?.path === undefined) return;
  const file = Uri.file(made.path);
  const show = l10n.t("Reveal");
  const copy = l10n.t("Copy Path");
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  const chosen = await window.showInformationMessage(l10n.t("Wrote {0}.", name), show, copy);
  if (chosen === show) await reveal(file);
  if (chosen === copy) await env.clipboard.writeText(file.fsPath);
}

/** Build Wheel. */
export function buildWheel(services: Services, argument: unknown): Promise<void> {
  return pack(services, argument, l10n.t("Building a wheel"), "zlig/wheel");
}

/** Build Source Distribution. */
export function buildSdist(services: Services, argument: unknown): Promise<void> {
  return pack(services, argument, l10n.t("Building a source distribution"), "zlig/sdist");
}
