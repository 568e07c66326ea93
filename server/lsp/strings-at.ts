import type { ManifestPath } from "../core/manifest/manifest.ts";
import type { ManifestReading } from "../core/manifest/read.ts";
import type { StringNode } from "../core/manifest/syntax.ts";
import type { Entry } from "../core/manifest/tables.ts";

/** A string of `[tool.zlig]` with the way to it. */
export interface PlacedString {
  readonly path: ManifestPath;
  readonly node: StringNode;
}

/** Every string at or below a path, in the order of the tables. */
export function* stringsBelow({ document }: ManifestReading, path: ManifestPath): Generator<PlacedString> {
  const entry = document.entryAt(path);
  if (entry !== undefined) yield* stringsOf(entry, path);
}

function* stringsOf(entry: Entry, path: ManifestPath): Generator<PlacedString> {
  if (entry.kind === "table") for (const [key, child] of entry.children) yield* stringsOf(child, [...path, key]);
  else if (entry.kind === "array")
    for (const [index, element] of entry.elements.entries()) yield* stringsOf(element, [...path, index]);
  else if (entry.node.kind === "string") yield { path, node: entry.node };
}

/** An extension as the manifest names it. */
export interface NamedExtension {
  readonly path: ManifestPath;
  /** Its name, where it has one. */
  readonly name: StringNode | undefined;
  readonly entry: Entry;
}

/** The extensions of a manifest, also those that are not complete yet. */
export function extensionsOf({ document }: ManifestReading): readonly NamedExtension[] {
  const path = ["tool", "zlig", "extensions"];
  const array = document.entryAt(path);
  if (array?.kind !== "array") return [];
  return array.elements.map((entry, index) => {
    const name = entry.kind === "table" ? entry.children.get("name") : undefined;
    return {
      path: [...path, index],
      name: name?.kind === "scalar" && name.node.kind === "string" ? name.node : undefined,
      entry,
    };
  });
}

/** Whether a path is that of a glob whose files are compiled or watched. */
export function isSourceGlob(path: ManifestPath): boolean {
  if (path[0] !== "tool" || path[1] !== "zlig" || (path[2] !== "extensions" && path[2] !== "libraries")) return false;
  const key = path[4];
  if (key === "sources") return path.length === 6 || (path.length === 7 && path[6] === "path");
  return key === "depends" && path.length === 6;
}

/** Whether a path is that of an extension's name. */
export function isExtensionName(path: ManifestPath): boolean {
  return path.length === 5 && path[1] === "zlig" && path[2] === "extensions" && path[4] === "name";
}
