import { join } from "node:path";
import type { LocationLink } from "vscode-languageserver";
import type { Position } from "../../core/location.ts";
import { findInitFunctions } from "../../core/inspect/init-functions.ts";
import { LineIndex } from "../../core/manifest/lines.ts";
import { initFunctionNames } from "../../core/python/init-function.ts";
import { fileStart } from "../diagnostics.ts";
import type { ManifestProject } from "../manifest-project.ts";
import { extensionsOf, isExtensionName, isSourceGlob } from "../strings-at.ts";
import type { Workspace } from "../workspace.ts";
import { initLocations } from "./init-locations.ts";

/** Goes from a glob to its files, from an extension's name to its init function, from a package to its file. */
export async function defineManifest(
  project: ManifestProject,
  workspace: Workspace,
  position: Position,
): Promise<readonly LocationLink[]> {
  const { document, lines } = project.reading;
  const { path, range, value } = document.pathAt(lines.offsetAt(position));
  if (range === undefined || value?.kind !== "string") return [];
  const originSelectionRange = lines.rangeOf(range);
  const link = (uri: string, target = fileStart): LocationLink => ({
    originSelectionRange,
    targetUri: uri,
    targetRange: target,
    targetSelectionRange: target,
  });
  if (isSourceGlob(path)) {
    const { globs } = await project.files();
    return (globs.get(value.value) ?? []).map((file) => link(workspace.uri(join(project.folder, file))));
  }
  if (isExtensionName(path))
    return (await initLocations(project, workspace, value.value)).map(({ uri, range: target }) => link(uri, target));
  if (path[2] === "packages" && path.length === 4) {
    const { packages } = await project.files();
    const found = packages.find((one) => one.path === value.value.replace(/^\.\//, "").replace(/\/$/, ""));
    if (found === undefined || found.kind === "namespace") return [];
    const file = found.kind === "module" ? found.path : `${found.path}/__init__.py${found.kind === "stubs" ? "i" : ""}`;
    return [link(workspace.uri(join(project.folder, file)))];
  }
  return [];
}

/** Goes from an init function in a source to the `name` that it belongs to. */
export function defineSource(
  projects: readonly ManifestProject[],
  workspace: Workspace,
  path: string,
  text: string,
  position: Position,
): readonly LocationLink[] {
  const index = new LineIndex(text);
  const offset = index.offsetAt(position);
  const found = findInitFunctions(path, text).defined.find((one) => one.start <= offset && offset <= one.end);
  if (found === undefined) return [];
  return projects.flatMap((project) => {
    const { reading } = project;
    const relative = project.relativePath(path);
    const owners = (project.lastFiles?.extensions ?? []).filter((one) =>
      one.sources.some((source) => source.path === relative),
    );
    return extensionsOf(reading).flatMap(({ name }) => {
      if (name === undefined || !initFunctionNames(name.value).includes(found.name)) return [];
      if (owners.length > 0 && !owners.some((one) => one.name === name.value)) return [];
      const target = reading.lines.rangeOf(name);
      return [
        {
          originSelectionRange: index.rangeOf(found),
          targetUri: workspace.uri(project.file),
          targetRange: target,
          targetSelectionRange: target,
        },
      ];
    });
  });
}
