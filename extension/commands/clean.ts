import { l10n, window } from "vscode";
import type { CleanResult } from "../../server/lsp/protocol.ts";
import type { Services } from "../services.ts";
import { runForProject } from "./run.ts";
import { commandTarget } from "./target.ts";

/** Clean: takes away what builds have put beside the package's Python files. */
export async function clean(services: Services, argument: unknown): Promise<void> {
  const target = await commandTarget(argument);
  if (target === undefined) return;
  const result = await runForProject<CleanResult>(services, target, l10n.t("Cleaning"), "zlig/clean");
  if (result === undefined) return;
  const { removed, foreign } = result;
  const said = [
    removed.length === 0 ? l10n.t("There was nothing to remove.") : l10n.t("Removed: {0}", removed.join(", ")),
    ...(foreign.length === 0 ? [] : [l10n.t("Left alone, for Zlig did not write it: {0}", foreign.join(", "))]),
  ].join(" ");
  void window.showInformationMessage(said);
}
