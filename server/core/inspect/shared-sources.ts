import { ZligError } from "../error.ts";
import type { Manifest, ManifestPath } from "../manifest/manifest.ts";
import type { Extension } from "../project/project.ts";

/** Finds sources that two extensions compile: each gets code and data of its own, which is seldom meant. One problem for each pair of extensions. */
export function checkSharedSources(
  manifest: Manifest,
  extensions: readonly Extension[],
  globOf: (extension: Extension, source: string) => ManifestPath,
): readonly ZligError[] {
  const owners = new Map<string, Extension>();
  const pairs = new Map<string, { first: Extension; second: Extension; files: string[] }>();
  for (const extension of extensions)
    for (const { path } of extension.sources) {
      const first = owners.get(path);
      if (first === undefined) {
        owners.set(path, extension);
        continue;
      }
      if (first === extension) continue;
      const key = `${first.name}\0${extension.name}`;
      const pair = pairs.get(key) ?? { first, second: extension, files: [] };
      pair.files.push(path);
      pairs.set(key, pair);
    }
  return [...pairs.values()].map(({ first, second, files }) => {
    const [file = ""] = files;
    const more = files.length === 1 ? "" : ` and ${files.length - 1} more`;
    return new ZligError("source-shared", `${file}${more} is compiled into "${first.name}" as well`, {
      location: manifest.locate(globOf(second, file)),
      severity: "warning",
      related: [{ location: manifest.locate(globOf(first, file)), message: `"${first.name}" takes it here` }],
      hint: "Each extension gets its own copy of the code and its static data. If that is not meant, take it away with a `!` glob.",
    });
  });
}
