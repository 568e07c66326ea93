import { TomlDate } from "smol-toml";
import type { ManifestDocument } from "./document.ts";
import type { ManifestPath, TomlTable, TomlValue } from "./manifest.ts";
import { PathMap } from "./path-map.ts";
import type { Entry, TableEntry } from "./tables.ts";

/** The values of a document that no syntax fault touches, and where each of them stands. */
export interface IntactValues {
  readonly values: TomlTable;
  readonly map: PathMap;
}

/** Reads a document that is broken somewhere: what is not meant as it stands (a string without its end, a value with a fault) is left out. */
export function intactValues(document: ManifestDocument): IntactValues {
  const map = new PathMap();
  return { values: tableOf(document.syntax.root, [], map), map };
}

function tableOf(table: TableEntry, path: ManifestPath, map: PathMap): TomlTable {
  const values = Object.create(null) as Record<string, TomlValue>;
  for (const [name, entry] of table.children) {
    const value = valueOf(entry, [...path, name], map);
    // Plain assignment would set the prototype for `__proto__`.
    if (value !== undefined)
      Object.defineProperty(values, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return values;
}

/** @param path where the value stands in what is read, that is, without the elements left out before it */
function valueOf(entry: Entry, path: ManifestPath, map: PathMap): TomlValue | undefined {
  if (entry.kind === "table") return tableOf(entry, path, map);
  if (entry.kind === "array") {
    const values: TomlValue[] = [];
    const kept: number[] = [];
    for (const [index, element] of entry.elements.entries()) {
      const value = valueOf(element, [...path, values.length], map);
      if (value === undefined) continue;
      values.push(value);
      kept.push(index);
    }
    map.keep(path, kept);
    return values;
  }
  const { node } = entry;
  if (entry.faulty || node.kind === "broken" || (node.kind === "string" && !node.closed)) return undefined;
  return "value" in node ? node.value : new TomlDate(node.text);
}
