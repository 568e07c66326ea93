import type { QuickPickItem, TextDocument } from "vscode";
import { l10n, Uri, window, workspace } from "vscode";

/** Folders that hold other people's projects. */
const foreign = "**/{.venv,venv,node_modules,site-packages,.tox,.nox,.git}/**";
const most = 500;

/** Whether the text of a `pyproject.toml` makes its folder a project of Zlig's, or is about to. */
function mentionsZlig(text: string): boolean {
  return /\btool\s*\.\s*["']?zlig\b|\bbuild-backend\s*=\s*["']zlig\b/.test(text);
}

/** Whether a document makes its folder a project of Zlig's. */
export function isManifest(document: TextDocument): boolean {
  return (
    document.uri.scheme === "file" && document.uri.path.endsWith("/pyproject.toml") && mentionsZlig(document.getText())
  );
}

async function readText(file: Uri): Promise<string | undefined> {
  const open = workspace.textDocuments.find((document) => document.uri.toString() === file.toString());
  if (open !== undefined) return open.getText();
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(file));
  } catch {
    return undefined;
  }
}

async function areManifests(files: readonly Uri[]): Promise<readonly Uri[]> {
  const texts = await Promise.all(files.map((file) => readText(file)));
  return files.filter((_, index) => mentionsZlig(texts[index] ?? ""));
}

/** Every `pyproject.toml` of the workspace on a disk. */
export async function findPyprojects(): Promise<readonly Uri[]> {
  const found = await workspace.findFiles("**/pyproject.toml", foreign, most);
  return found.filter((file) => file.scheme === "file").sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The manifests of the workspace's projects, by path. */
export async function findProjects(): Promise<readonly Uri[]> {
  return areManifests(await findPyprojects());
}

/** The nearest `pyproject.toml` at or above a file, inside its workspace folder, that is a project of Zlig's. */
export async function projectOf(file: Uri): Promise<Uri | undefined> {
  const folder = workspace.getWorkspaceFolder(file);
  if (file.scheme !== "file" || folder === undefined) return undefined;
  const candidates: Uri[] = [];
  for (let at = file; at.path.length >= folder.uri.path.length && at.path !== "/"; at = Uri.joinPath(at, ".."))
    candidates.push(at.path.endsWith("/pyproject.toml") ? at : Uri.joinPath(at, "pyproject.toml"));
  return (await areManifests(candidates))[0];
}

interface ProjectItem extends QuickPickItem {
  readonly uri: Uri;
}

/** Lets the user pick one of several manifests; one alone is not asked for. */
export async function pickManifest(files: readonly Uri[]): Promise<Uri | undefined> {
  const [only, ...others] = files;
  if (only === undefined || others.length === 0) return only;
  const items: ProjectItem[] = files.map((uri) => ({
    label: projectName(uri),
    uri,
  }));
  const picked = await window.showQuickPick(items, { placeHolder: l10n.t("Which project?") });
  return picked?.uri;
}

/**
 * The project that a command is about: that of the active editor, else the only one, else the one that the user picks.
 * Without any it says so.
 */
export async function chooseProject(): Promise<Uri | undefined> {
  const active = window.activeTextEditor?.document.uri;
  const near = active === undefined ? undefined : await projectOf(active);
  if (near !== undefined) return near;
  const projects = await findProjects();
  if (projects.length === 0)
    void window.showInformationMessage(
      l10n.t("No pyproject.toml in this workspace has a [tool.zlig] table. “Zlig: New Extension Module” adds one."),
    );
  return pickManifest(projects);
}

/** What a project is called where the user has to tell it from others: its path in the workspace. */
export function projectName(project: Uri): string {
  const folder = workspace.getWorkspaceFolder(project);
  const path = folderOf(project).path;
  if (folder === undefined) return path;
  const inside = path.slice(folder.uri.path.length).replace(/^\//, "");
  return inside === "" ? folder.name : `${folder.name}/${inside}`;
}

/** The project folder of a manifest. */
export function folderOf(project: Uri): Uri {
  return Uri.joinPath(project, "..");
}

/**
 * Saves what the user has changed in a project, so that a build sees what they see.
 * @returns false when a document could not be saved
 */
export async function saveProject(project: Uri): Promise<boolean> {
  const root = `${folderOf(project).path.replace(/\/$/, "")}/`;
  const dirty = workspace.textDocuments.filter(
    (document) => document.isDirty && document.uri.scheme === "file" && document.uri.path.startsWith(root),
  );
  const saved = await Promise.all(dirty.map((document) => document.save()));
  return saved.every(Boolean);
}
