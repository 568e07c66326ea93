import { l10n, Uri, window, workspace } from "vscode";
import type { CompileCommand } from "../../server/lsp/protocol.ts";
import type { Services } from "../services.ts";
import { folderOf } from "../workspace.ts";
import { runForProject } from "./run.ts";
import { commandTarget } from "./target.ts";

/** Write compile_commands.json, for clangd and other tools. */
export async function writeCompileCommands(services: Services, argument: unknown): Promise<void> {
  const target = await commandTarget(argument);
  if (target === undefined) return;
  const title = l10n.t("Writing compile_commands.json");
  const commands = await runForProject<readonly CompileCommand[]>(services, target, title, "zlig/compileCommands");
  if (commands === undefined) return;
  const file = Uri.joinPath(folderOf(target.project), "compile_commands.json");
  await workspace.fs.writeFile(file, new TextEncoder().encode(`${JSON.stringify(commands, undefined, 2)}\n`));
  const open = l10n.t("Open");
  const said = l10n.t("Wrote {0}.", workspace.asRelativePath(file));
  if ((await window.showInformationMessage(said, open)) === open) await window.showTextDocument(file);
}
