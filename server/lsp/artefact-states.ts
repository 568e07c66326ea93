import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Diagnostic } from "vscode-languageserver";
import type { PreparedBuild } from "../core/builder.ts";
import { ZligError } from "../core/error.ts";
import { describeInterpreter } from "../core/toolchain/interpreter.ts";
import type { ManifestReading } from "../core/manifest/read.ts";
import type { DiagnosticRenderer } from "./diagnostics.ts";
import type { ArtefactStatus } from "./protocol.ts";

/** One artefact and what it is. */
export interface ArtefactReport {
  readonly name: string;
  /** Project-relative path for the chosen interpreter. */
  readonly path: string;
  readonly state: ArtefactStatus;
  /** The artefact of another interpreter that is there instead, project-relative. */
  readonly other?: string;
}

/** Holds the artefacts of a project against its sources and the chosen interpreter. Runs and writes nothing. */
export async function artefactReports(prepared: PreparedBuild): Promise<readonly ArtefactReport[]> {
  const [{ artefactStates }, { Cache }, { cacheFolder }, { isExtensionModule }] = await Promise.all([
    import("../core/engine/known-state.ts"),
    import("../core/engine/cache.ts"),
    import("../core/toolchain/cache-folder.ts"),
    import("../core/package/artefacts.ts"),
  ]);
  const { project, plan } = prepared;
  const states = await artefactStates(project, plan, await Cache.open(cacheFolder()));
  const reports: ArtefactReport[] = [];
  for (const { extension, path } of plan.artefacts) {
    const state = states.get(extension.name) ?? "missing";
    let other: string | undefined;
    if (state === "missing") {
      const names = await readdir(join(project.root, extension.directory)).catch(() => []);
      const found = names.find((name) => name.startsWith(`${extension.moduleName}.`) && isExtensionModule(name));
      if (found !== undefined) other = extension.directory === "" ? found : `${extension.directory}/${found}`;
    }
    reports.push({
      name: extension.name,
      path,
      state: other === undefined ? state : "other-interpreter",
      ...(other === undefined ? {} : { other }),
    });
  }
  return reports;
}

/** The diagnostics of artefacts that are not what an import should find. */
export function artefactDiagnostics(
  reading: ManifestReading,
  prepared: PreparedBuild,
  reports: readonly ArtefactReport[],
  renderer: DiagnosticRenderer,
): readonly Diagnostic[] {
  return reports.flatMap(({ name, state, path, other }) => {
    const extension = prepared.project.extensions.find((one) => one.name === name);
    if (extension === undefined || state === "fresh" || state === "missing") return [];
    const location = reading.manifest.locate([...extension.manifestPath, "name"]);
    const { toolchain } = prepared;
    const chosen = toolchain === undefined ? "the chosen interpreter" : describeInterpreter(toolchain.interpreter);
    const problem =
      state === "stale"
        ? new ZligError("artefact-stale", `${path} is older than its sources`, {
            location,
            severity: "warning",
            hint: "Build to bring it up to date.",
          })
        : new ZligError("artefact-other-python", `${other ?? path} is not for ${chosen}`, {
            location,
            severity: "warning",
            hint: "Build to have one for this interpreter.",
          });
    return [renderer.render(problem)];
  });
}
