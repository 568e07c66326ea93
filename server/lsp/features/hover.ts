import type { Hover } from "vscode-languageserver";
import { MarkupKind } from "vscode-languageserver";
import { initFunctionNames } from "../../core/python/init-function.ts";
import type { ManifestPath } from "../../core/manifest/manifest.ts";
import type { OffsetRange, Position } from "../../core/location.ts";
import type { ManifestProject } from "../manifest-project.ts";
import { optionAt } from "../option-at.ts";
import { isExtensionName, isSourceGlob } from "../strings-at.ts";
import { optionDocs } from "./option-docs.ts";

/** Files that a hover names before it counts the rest. */
const shown = 20;

function globText(glob: string, files: readonly string[] | undefined): string {
  if (files === undefined) return "The files are being searched.";
  const verb = glob.startsWith("!") ? "takes away" : "matches";
  if (files.length === 0) return `\`${glob}\` ${verb} no file.`;
  const rest = files.length > shown ? [`- … and ${files.length - shown} more`] : [];
  const heading = `\`${glob}\` ${verb} ${files.length} ${files.length === 1 ? "file" : "files"}:`;
  return [heading, "", ...files.slice(0, shown).map((file) => `- \`${file}\``), ...rest].join("\n");
}

function nameText(project: ManifestProject, name: string): string {
  const [, init] = initFunctionNames(name);
  const extension = project.lastFiles?.extensions.find((one) => one.name === name);
  const lines = [`Imported as \`${name}\`; Python calls \`${init}\` to make it.`];
  if (extension !== undefined) {
    const suffix = extension.limitedApi === undefined ? "<interpreter's suffix>" : "abi3.so";
    const folder = extension.directory === "" ? "" : `${extension.directory}/`;
    const file = project.artefactOf(name) ?? `${folder}${extension.moduleName}.${suffix}`;
    lines.push(
      `Built as \`${file}\` from ${extension.sources.length} ${extension.sources.length === 1 ? "source" : "sources"}.`,
    );
  }
  return lines.join("\n\n");
}

/** Shows what is known of the key, glob or name at a position of a manifest. Executes nothing, and reads no file. */
export function hoverManifest(project: ManifestProject, position: Position): Hover | undefined {
  const { document, lines } = project.reading;
  const cursor = document.pathAt(lines.offsetAt(position));
  if (cursor.range === undefined || cursor.place === "comment") return undefined;
  const { path, range } = cursor;
  const parts: string[] = [];
  const node = cursor.value;
  if (cursor.place === "value" && node?.kind === "string") {
    if (isSourceGlob(path)) parts.push(globText(node.value, project.lastFiles?.globs.get(node.value)));
    else if (isExtensionName(path)) parts.push(nameText(project, node.value));
  }
  const option = optionAt(withoutElement(path));
  const name = withoutElement(path).at(-1);
  if (option !== undefined && name !== undefined) parts.push(optionDocs(String(name), option));
  if (parts.length === 0) return undefined;
  return {
    contents: { kind: MarkupKind.Markdown, value: parts.join("\n\n---\n\n") },
    range: lines.rangeOf(range satisfies OffsetRange),
  };
}

/** An element of an array is explained by its key. */
function withoutElement(path: ManifestPath): ManifestPath {
  const last = path.findLastIndex((step) => typeof step === "string");
  return path.slice(0, last + 1);
}
