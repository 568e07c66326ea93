import { l10n, window } from "vscode";
import { errorText } from "../failure.ts";
import type { StatusResult } from "../../server/lsp/protocol.ts";
import type { Services } from "../services.ts";
import { buildTarget } from "./build.ts";
import { commandTarget } from "./target.ts";

/** Build This Extension: the one of the code lens, else the only one, else the one that the user picks. */
export async function buildExtension(services: Services, argument: unknown): Promise<void> {
  const target = await commandTarget(argument);
  if (target === undefined) return;
  const extension = target.extension ?? (await chooseExtension(services, target.project.toString()));
  if (extension !== undefined) await buildTarget(services, { project: target.project, extension });
}

async function chooseExtension({ server, log }: Services, uri: string): Promise<string | undefined> {
  try {
    const { extensions } = await server.request<StatusResult>("zlig/status", { uri });
    const names = extensions.map(({ name }) => name);
    if (names.length === 0) void window.showInformationMessage(l10n.t("The project has no extension modules."));
    if (names.length < 2) return names[0];
    return await window.showQuickPick(names, { placeHolder: l10n.t("Which extension module?") });
  } catch (error) {
    log.error(errorText(error));
    void window.showErrorMessage(errorText(error));
    return undefined;
  }
}
