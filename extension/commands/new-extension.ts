import type { QuickPickItem } from "vscode";
import { l10n, Uri, window, workspace } from "vscode";
import { sourceSuffixes } from "../../server/core/project/language.ts";
import { stubSuffix } from "../../server/lsp/module-stub.ts";
import { errorText } from "../failure.ts";
import type { AddExtensionParams, AddExtensionResult } from "../../server/lsp/protocol.ts";
import type { Services } from "../services.ts";
import { findPyprojects, pickManifest, projectOf } from "../workspace.ts";
import { buildTarget } from "./build.ts";

interface LanguageItem extends QuickPickItem {
  readonly language: AddExtensionParams["language"];
}

const named: readonly LanguageItem[] = [
  { label: "C", language: "c" },
  { label: "C++", language: "c++" },
  { label: "Zig", language: "zig" },
];

/** The languages that the core compiles. */
const languages = named.filter(({ language }) => sourceSuffixes.includes(stubSuffix[language]));

/** Why a text cannot be a dotted import name; `undefined` when it can. */
export function moduleNameProblem(name: string): string | undefined {
  const parts = name.split(".");
  if (parts.every((part) => /^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(part))) return undefined;
  return l10n.t("A dotted import name, such as demo._speedups");
}

/** The `pyproject.toml` to add to: the active editor's, else one of the workspace's, whether Zlig is in it yet or not. */
async function chooseManifest(argument: unknown): Promise<Uri | undefined> {
  if (argument instanceof Uri) return argument;
  const active = window.activeTextEditor?.document.uri;
  if (active?.path.endsWith("/pyproject.toml") === true) return active;
  const near = active === undefined ? undefined : await projectOf(active);
  if (near !== undefined) return near;
  const all = await findPyprojects();
  if (all.length === 0)
    void window.showErrorMessage(l10n.t("This workspace has no pyproject.toml to add an extension module to."));
  return pickManifest(all);
}

/** The package that a new module most likely belongs to. */
async function likelyPackage(project: Uri): Promise<string> {
  const folder = Uri.joinPath(project, "..");
  for (const base of ["src", ""]) {
    const root = base === "" ? folder : Uri.joinPath(folder, base);
    const entries = await Promise.resolve(workspace.fs.readDirectory(root)).catch(() => []);
    for (const [name] of entries) {
      const init = Uri.joinPath(root, name, "__init__.py");
      const there = await Promise.resolve(workspace.fs.stat(init)).then(
        () => true,
        () => false,
      );
      if (there && !/^tests?$/.test(name)) return `${name}.`;
    }
  }
  return "";
}

/** Writes a source unless there is one: the user's own is never replaced. */
async function writeNew(file: Uri, content: string): Promise<void> {
  const there = await Promise.resolve(workspace.fs.stat(file)).then(
    () => true,
    () => false,
  );
  if (!there) await workspace.fs.writeFile(file, new TextEncoder().encode(content));
}

/** New Extension Module: asks for a name and a language, edits `pyproject.toml`, writes a source that compiles, and builds it. */
export async function newExtension(services: Services, argument: unknown): Promise<void> {
  const project = await chooseManifest(argument);
  if (project === undefined) return;
  const title = l10n.t("New Extension Module");
  const start = await likelyPackage(project);
  const name = await window.showInputBox({
    title,
    prompt: l10n.t("The import name; its last part is what follows PyInit_"),
    value: `${start}_native`,
    valueSelection: [start.length, start.length + "_native".length],
    validateInput: moduleNameProblem,
    ignoreFocusOut: true,
  });
  if (name === undefined) return;
  const picked = await window.showQuickPick(languages, { title, placeHolder: l10n.t("The language of its source") });
  if (picked === undefined) return;
  const { server, log } = services;
  try {
    const client = await server.start();
    // The server reads the document as it is in the editor: a manifest that is not open would be read too late.
    await workspace.openTextDocument(project);
    const { edit, file } = await server.request<AddExtensionResult>("zlig/addExtension", {
      uri: project.toString(),
      name,
      language: picked.language,
    });
    if (!(await workspace.applyEdit(await client.protocol2CodeConverter.asWorkspaceEdit(edit))))
      throw new Error(l10n.t("The editor refused the change of pyproject.toml."));
    const source = client.protocol2CodeConverter.asUri(file.uri);
    await writeNew(source, file.content);
    await (await workspace.openTextDocument(project)).save();
    await window.showTextDocument(source);
  } catch (error) {
    log.error(errorText(error));
    void window.showErrorMessage(errorText(error));
    return;
  }
  if (workspace.isTrusted) await buildTarget(services, { project, extension: name });
}
