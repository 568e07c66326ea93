import { isAbsolute, join } from "node:path";
import { compileInputs } from "../package/compile-inputs.ts";
import { Tree } from "../package/tree.ts";
import type { Plan, PlannedArtefact } from "../plan/plan.ts";
import type { Project } from "../project/project.ts";
import type { Cache } from "./cache.ts";
import { knownObject, recordedInputs } from "./compile.ts";
import type { QueryContext } from "./context.ts";
import { Digests } from "./digests.ts";
import { knownModule } from "./link.ts";
import { PortablePaths } from "./portable-paths.ts";

/** What an artefact beside the Python files is, held against its sources as they are now. */
export type ArtefactState = "missing" | "fresh" | "stale";

async function queryContext(project: Project, plan: Plan, cache: Cache): Promise<QueryContext> {
  const digests = await Digests.open(cache, project.root);
  return { project, plan, cache, digests, paths: new PortablePaths(project.root, plan.prefixes) };
}

/** The digest of the module that a build would come to, if earlier builds know. */
async function expectedModule(context: QueryContext, artefact: PlannedArtefact): Promise<string | undefined> {
  const own = new Set<string>(artefact.steps);
  const objects = new Map<string, string>();
  for (const step of context.plan.steps) {
    if (!own.has(step.output)) continue;
    if (step.kind === "link") return knownModule(context, step, objects);
    const object = await knownObject(context, step);
    if (object === undefined) return undefined;
    objects.set(step.output, object);
  }
  return undefined;
}

/** Tells of every artefact of a plan whether it is there and whether a build would change it. Runs and writes nothing. */
export async function artefactStates(
  project: Project,
  plan: Plan,
  cache: Cache,
): Promise<ReadonlyMap<string, ArtefactState>> {
  const context = await queryContext(project, plan, cache);
  const states = new Map<string, ArtefactState>();
  for (const artefact of plan.artefacts) {
    const found = await context.digests.of(artefact.path);
    const state =
      found === undefined ? "missing" : found === (await expectedModule(context, artefact)) ? "fresh" : "stale";
    states.set(artefact.extension.name, state);
  }
  return states;
}

/**
 * Finds the extensions that a file goes into: as a source, as a header, or as another input. What earlier compiles read is
 * known from their dependency records; of a source that was not compiled as it is now, the text is searched for its includes.
 * @param file absolute path, links resolved
 */
export async function dependents(
  project: Project,
  plan: Plan,
  cache: Cache,
  file: string,
): Promise<ReadonlySet<string>> {
  const context = await queryContext(project, plan, cache);
  const found = new Set<string>();
  const full = (path: string): string => (isAbsolute(path) ? path : join(project.root, path));
  for (const artefact of plan.artefacts) {
    const { extension } = artefact;
    const own = new Set<string>(artefact.steps);
    let unknown = false;
    for (const step of plan.steps) {
      if (!own.has(step.output)) continue;
      const inputs = step.kind === "compile" ? await recordedInputs(context, step) : [];
      // A source that changed since may include more than it did, and may have failed to compile since.
      if (inputs === undefined || (step.kind === "compile" && (await knownObject(context, step)) === undefined))
        unknown = true;
      if ([...step.inputs.map(full), ...(inputs ?? [])].includes(file)) found.add(extension.name);
    }
    if (!unknown || found.has(extension.name)) continue;
    const { files } = await compileInputs(new Tree(project.root), [extension]);
    if (files.values().some((input) => input.kind !== "header" && input.file === file)) found.add(extension.name);
  }
  return found;
}
