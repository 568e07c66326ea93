import type { Location } from "../location.ts";
import type { Manifest, ManifestPath, TomlTable } from "./manifest.ts";

/** Which elements of arrays a view of a document kept: it leads from a path in the view to the same thing in the document. */
export class PathMap {
  readonly #kept = new Map<string, readonly number[]>();

  /** Notes which elements of an array, by their index before, are left of it. */
  keep(array: ManifestPath, indices: readonly number[]): void {
    if (indices.some((index, place) => index !== place)) this.#kept.set(keyOf(array), indices);
  }

  /** The path in the document. */
  original(path: ManifestPath): ManifestPath {
    if (this.#kept.size === 0) return path;
    return path.map((step, depth) =>
      typeof step === "number" ? (this.#kept.get(keyOf(path.slice(0, depth)))?.[step] ?? step) : step,
    );
  }
}

function keyOf(path: ManifestPath): string {
  return path.map((step) => (typeof step === "number" ? `#${step}` : `.${step}`)).join("\0");
}

/** A manifest with other values, of which a map tells where in the manifest they stand. */
export function viewOf(manifest: Manifest, values: TomlTable, map: PathMap): Manifest {
  return {
    file: manifest.file,
    text: manifest.text,
    values,
    locate: (path: ManifestPath, part?: "key" | "value"): Location => manifest.locate(map.original(path), part),
  };
}
