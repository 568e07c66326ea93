import { env, extensions, l10n, version, window } from "vscode";
import { errorText } from "../failure.ts";
import type { Services } from "../services.ts";
import { chooseProject, findProjects } from "../workspace.ts";

/** Shows what the extension and the server wrote down. */
export function showOutput({ log }: Services): void {
  log.show();
}

/** Starts the language server anew. */
export async function restartServer({ server, log }: Services): Promise<void> {
  try {
    await server.restart();
    void window.setStatusBarMessage(l10n.t("Zlig's language server was restarted."), 5_000);
  } catch (error) {
    log.error(errorText(error));
    void window.showErrorMessage(l10n.t("Zlig's language server could not be started: {0}", errorText(error)));
  }
}

/** Copies what a bug report needs: versions, and how the server sees the project. Nothing is sent anywhere. */
export async function copyReport({ context, server }: Services): Promise<void> {
  const { version: own } = context.extension.packageJSON as { readonly version: string };
  const others = ["ms-python.python", "ms-python.vscode-python-envs", "ms-vscode.cpptools", "tamasfe.even-better-toml"];
  const lines = [
    `Zlig ${own}, Visual Studio Code ${version}, Node ${process.versions.node}, ${process.platform} ${process.arch}`,
    `Extensions: ${others.filter((id) => extensions.getExtension(id) !== undefined).join(", ") || "none of interest"}`,
    `Language server: ${server.state}`,
  ];
  const project = (await findProjects()).length === 0 ? undefined : await chooseProject();
  if (project !== undefined && server.state === "running")
    try {
      lines.push("", await server.request<string>("zlig/report", { uri: project.toString() }));
    } catch (error) {
      lines.push("", `The server gave no report: ${errorText(error)}`);
    }
  await env.clipboard.writeText(`${lines.join("\n")}\n`);
  void window.showInformationMessage(l10n.t("The report is on the clipboard."));
}
