import type { Diagnostic } from "vscode-languageserver";
import { DiagnosticSeverity } from "vscode-languageserver";
import { findInitFunctions } from "../../core/inspect/init-functions.ts";
import { LineIndex } from "../../core/manifest/lines.ts";
import { initFunctionNames } from "../../core/python/init-function.ts";
import type { DiagnosticRenderer } from "../diagnostics.ts";
import type { ManifestProject } from "../manifest-project.ts";

/** What can be said of a source by its text: an init function that bears the name of no extension, where one is missing. */
export function sourceDiagnostics(
  projects: readonly ManifestProject[],
  path: string,
  text: string,
  renderer: DiagnosticRenderer,
): readonly Diagnostic[] {
  if (!/Py(?:Init|ModExport)/.test(text)) return [];
  const found: Diagnostic[] = [];
  for (const project of projects) {
    const files = project.lastFiles;
    if (files === undefined) continue;
    const relative = project.relativePath(path);
    const owners = files.extensions.filter((one) => one.sources.some((source) => source.path === relative));
    const lacking = owners.filter((extension) => {
      const place = JSON.stringify(project.reading.manifest.locate([...extension.manifestPath, "name"]).range);
      return files.problems.some(
        (problem) => problem.code === "init-missing" && JSON.stringify(problem.location?.range) === place,
      );
    });
    const [extension] = lacking;
    if (extension === undefined) continue;
    const wanted = owners.flatMap((owner) => initFunctionNames(owner.moduleName));
    const [, init] = initFunctionNames(extension.moduleName);
    const index = new LineIndex(text);
    const { defined } = findInitFunctions(path, text);
    if (defined.some((one) => wanted.includes(one.name))) continue;
    for (const one of defined)
      found.push({
        range: index.rangeOf(one),
        severity: DiagnosticSeverity.Warning,
        code: "init-missing",
        ...renderer.codeDescription("init-missing"),
        source: "zlig",
        message: `"${extension.name}" needs \`${init}\`, not \`${one.name}\``,
        data: { replacement: init },
      });
  }
  return found;
}
