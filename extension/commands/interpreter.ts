import { homedir } from "node:os";
import type { QuickPickItem } from "vscode";
import { commands, l10n, QuickPickItemKind, Uri, window, workspace } from "vscode";
import { searchPythons } from "../python-search.ts";
import type { Services } from "../services.ts";
import { requireTrust } from "../trust.ts";
import { folderOf, projectName } from "../workspace.ts";
import { commandTarget } from "./target.ts";

interface InterpreterItem extends QuickPickItem {
  readonly action?: { readonly use: string | undefined } | "browse";
}

/** A path as people write it. */
function shorten(path: string, project: string): string {
  for (const [folder, short] of [
    [project, "."],
    [homedir(), "~"],
  ] as const)
    if (path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`)) return short + path.slice(folder.length);
  return path;
}

async function offers({ interpreters }: Services, project: Uri): Promise<readonly InterpreterItem[]> {
  const folder = folderOf(project).fsPath;
  const workspaceFolder = workspace.getWorkspaceFolder(project)?.uri.fsPath;
  const { python: current, origin } = await interpreters.of(project);
  const found = await searchPythons([...new Set([folder, workspaceFolder ?? folder])], process.env);
  const named = new Map(found.map((python) => [python.path, python]));
  if (current !== undefined && !named.has(current)) named.set(current, { path: current });
  const items = [...named.values()].map((python): InterpreterItem => {
    const mark = python.path === current ? l10n.t("in use") : "";
    const environment = python.environment === undefined ? "" : l10n.t("environment");
    const description = [environment, mark].filter((part) => part !== "").join(", ");
    return { label: shorten(python.path, folder), description, action: { use: python.path } };
  });
  return [
    {
      label: l10n.t("$(search) Find one automatically"),
      description: origin === "chosen" ? "" : l10n.t("in use"),
      detail: l10n.t("The Python extension's, VIRTUAL_ENV, the project's .venv, python3"),
      action: { use: undefined },
    },
    { label: l10n.t("$(folder) Browse…"), action: "browse" },
    { label: l10n.t("Found"), kind: QuickPickItemKind.Separator },
    ...items,
  ];
}

async function browse(project: Uri): Promise<string | undefined> {
  const title = l10n.t("Choose a Python interpreter");
  const chosen = await window.showOpenDialog({ title, canSelectFiles: true, defaultUri: folderOf(project) });
  return chosen?.[0]?.fsPath;
}

/** Select Interpreter, for one project; offers to build for it. */
export async function selectInterpreter(services: Services, argument: unknown): Promise<void> {
  const target = await commandTarget(argument);
  if (target === undefined || !(await requireTrust())) return;
  const { project } = target;
  if ((await services.interpreters.of(project)).origin === "setting") {
    const open = l10n.t("Open Setting");
    const said = l10n.t("The setting zlig.python names the interpreter.");
    if ((await window.showInformationMessage(said, open)) === open)
      await commands.executeCommand("workbench.action.openSettings", "zlig.python");
    return;
  }
  const picked = await window.showQuickPick(offers(services, project), {
    title: l10n.t("Interpreter of {0}", projectName(project)),
    placeHolder: l10n.t("Modules are built for this Python"),
    matchOnDescription: true,
  });
  if (picked?.action === undefined) return;
  const python = picked.action === "browse" ? await browse(project) : picked.action.use;
  if (picked.action === "browse" && python === undefined) return;
  const before = (await services.interpreters.of(project)).python;
  await services.server.start();
  await services.interpreters.choose(project, python);
  if ((await services.interpreters.of(project)).python === before) return;
  void offerRebuild(project);
}

async function offerRebuild(project: Uri): Promise<void> {
  const now = l10n.t("Build Now");
  const said = l10n.t("The project has another interpreter now. Build its modules for it?");
  if ((await window.showInformationMessage(said, now)) === now)
    await commands.executeCommand("zlig.build", { uri: project.toString() });
}
