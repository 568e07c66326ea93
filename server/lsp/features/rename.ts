import type { PrepareRenameResult, TextEdit, WorkspaceEdit } from "vscode-languageserver";
import { ErrorCodes, ResponseError } from "vscode-languageserver";
import type { OffsetRange, Position } from "../../core/location.ts";
import { findInitFunctions } from "../../core/inspect/init-functions.ts";
import { LineIndex } from "../../core/manifest/lines.ts";
import type { StringNode } from "../../core/manifest/syntax.ts";
import { checkString } from "../../core/options/strings.ts";
import { initFunctionNames } from "../../core/python/init-function.ts";
import type { ManifestProject } from "../manifest-project.ts";
import { extensionsOf, isExtensionName } from "../strings-at.ts";
import type { Workspace } from "../workspace.ts";
import { initLocations } from "./init-locations.ts";

function refuse(message: string): ResponseError {
  return new ResponseError(ErrorCodes.InvalidRequest, message);
}

/** The last part of a name inside its quotes, where it is written as it is meant. */
function leafRange(node: StringNode, written: string): OffsetRange | undefined {
  const leaf = node.value.slice(node.value.lastIndexOf(".") + 1);
  if (leaf === "" || written.slice(1, -1) !== node.value) return undefined;
  return { start: node.end - 1 - leaf.length, end: node.end - 1 };
}

function nameAt(project: ManifestProject, position: Position): { node: StringNode; leaf: OffsetRange } | undefined {
  const { document, lines, manifest } = project.reading;
  const { path, value } = document.pathAt(lines.offsetAt(position));
  if (value?.kind !== "string" || !isExtensionName(path)) return undefined;
  const leaf = leafRange(value, manifest.text.slice(value.start, value.end));
  return leaf === undefined ? undefined : { node: value, leaf };
}

/** Tells what would be renamed: the last part of an extension's name. */
export function prepareRenameManifest(project: ManifestProject, position: Position): PrepareRenameResult | undefined {
  const found = nameAt(project, position);
  if (found === undefined) return undefined;
  const { lines, manifest } = project.reading;
  return { range: lines.rangeOf(found.leaf), placeholder: manifest.text.slice(found.leaf.start, found.leaf.end) };
}

/** Renames an extension: its `name` and its init functions. @throws {ResponseError} when the new name is none */
async function renameExtension(
  project: ManifestProject,
  workspace: Workspace,
  node: StringNode,
  newName: string,
): Promise<WorkspaceEdit> {
  const parents = node.value.split(".").slice(0, -1);
  const leaf = newName.startsWith(`${parents.join(".")}.`) ? newName.slice(parents.join(".").length + 1) : newName;
  if (leaf.includes(".")) throw refuse("Only the last part of the name is renamed: the module stays in its package");
  const problem = checkString("module-name", leaf);
  if (problem !== undefined) throw refuse(problem.message);
  const full = [...parents, leaf].join(".");
  if (extensionsOf(project.reading).some((one) => one.name?.value === full))
    throw refuse(`There is an extension "${full}" already`);
  const { lines, manifest } = project.reading;
  const range = leafRange(node, manifest.text.slice(node.start, node.end));
  if (range === undefined) throw refuse("The name is written with escapes; rename it by hand");
  const changes: Record<string, TextEdit[]> = {
    [workspace.uri(project.file)]: [{ range: lines.rangeOf(range), newText: leaf }],
  };
  const [modExport, init] = initFunctionNames(full);
  for (const place of await initLocations(project, workspace, node.value)) {
    const newText = place.name.startsWith("PyModExport") ? modExport : init;
    (changes[place.uri] ??= []).push({ range: place.range, newText });
  }
  return { changes };
}

/** Renames the extension whose name is at a position of a manifest. @throws {ResponseError} */
export async function renameManifest(
  project: ManifestProject,
  workspace: Workspace,
  position: Position,
  newName: string,
): Promise<WorkspaceEdit | undefined> {
  const found = nameAt(project, position);
  return found === undefined ? undefined : renameExtension(project, workspace, found.node, newName);
}

/** The init function at a position of a source, and the extension it is of. */
function initAt(
  projects: readonly ManifestProject[],
  path: string,
  text: string,
  position: Position,
): { project: ManifestProject; node: StringNode; range: OffsetRange; prefix: number } | undefined {
  const offset = new LineIndex(text).offsetAt(position);
  const found = findInitFunctions(path, text).defined.find((one) => one.start <= offset && offset <= one.end);
  if (found === undefined) return undefined;
  for (const project of projects) {
    const relative = project.relativePath(path);
    const owners = (project.lastFiles?.extensions ?? []).filter((one) =>
      one.sources.some((source) => source.path === relative),
    );
    for (const { name } of extensionsOf(project.reading)) {
      if (name === undefined || !initFunctionNames(name.value).includes(found.name)) continue;
      if (!owners.some((one) => one.name === name.value)) continue;
      return { project, node: name, range: found, prefix: found.name.indexOf("_") + 1 };
    }
  }
  return undefined;
}

/** Tells what would be renamed in a source: what follows `PyInit_`. */
export function prepareRenameSource(
  projects: readonly ManifestProject[],
  path: string,
  text: string,
  position: Position,
): PrepareRenameResult | undefined {
  const found = initAt(projects, path, text, position);
  if (found === undefined) return undefined;
  const { range, prefix, node } = found;
  const start = range.start + prefix;
  return {
    range: new LineIndex(text).rangeOf({ start, end: range.end }),
    placeholder: node.value.slice(node.value.lastIndexOf(".") + 1),
  };
}

/** Renames an extension from its init function in a source. @throws {ResponseError} */
export async function renameSource(
  projects: readonly ManifestProject[],
  workspace: Workspace,
  path: string,
  text: string,
  position: Position,
  newName: string,
): Promise<WorkspaceEdit | undefined> {
  const found = initAt(projects, path, text, position);
  if (found === undefined) return undefined;
  return renameExtension(found.project, workspace, found.node, newName.replace(/^Py(?:Init|ModExport)_/, ""));
}
