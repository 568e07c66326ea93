import { join } from "node:path";
import type { Range } from "../../core/location.ts";
import { LineIndex } from "../../core/manifest/lines.ts";
import { initFunctionsOf } from "../../core/inspect/init-checks.ts";
import { initFunctionNames } from "../../core/python/init-function.ts";
import type { ManifestProject } from "../manifest-project.ts";
import type { Workspace } from "../workspace.ts";

/** Where an init function of an extension is defined. */
export interface InitLocation {
  readonly file: string;
  readonly uri: string;
  readonly range: Range;
  readonly name: string;
}

/** Finds the definitions of an extension's init functions in its sources as they are in the editor. */
export async function initLocations(
  project: ManifestProject,
  workspace: Workspace,
  extensionName: string,
): Promise<readonly InitLocation[]> {
  const { extensions } = await project.files();
  const extension = extensions.find((one) => one.name === extensionName);
  if (extension === undefined) return [];
  const read = (path: string): Promise<string | undefined> => workspace.text(join(project.folder, path));
  const { defined } = await initFunctionsOf(extension, read);
  const wanted = initFunctionNames(extension.moduleName);
  const found: InitLocation[] = [];
  for (const one of defined) {
    if (!wanted.includes(one.name)) continue;
    const file = join(project.folder, one.file);
    const range = new LineIndex((await workspace.text(file)) ?? "").rangeOf(one);
    found.push({ file, uri: workspace.uri(file), range, name: one.name });
  }
  return found;
}
