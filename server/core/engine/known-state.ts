import { isAbsolute, join } from "node:path";
import { compileInputs } from "../package/compile-inputs.ts";
import { Tree } from "../package/tree.ts";
import type { CompileStep, Plan, PlannedArtefact } from "../plan/plan.ts";
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

/** What earlier compiles read, extension by extension and command by command, kept between questions; entries of an extension that was built are to be deleted. */
export type RecordedInputs = Map<string, Map<string, readonly string[] | undefined>>;

/**
 * Finds the extensions that a file goes into: as a source, as a header, or as another input. What earlier compiles read is
 * known from their dependency records; of a source that was not compiled as it is now, the text is searched for its includes.
 * @param file absolute path, links resolved
 * @param memory what was read of the records before, and what is read of them now
 */
export async function dependents(
  project: Project,
  plan: Plan,
  cache: Cache,
  file: string,
  memory: RecordedInputs = new Map(),
): Promise<ReadonlySet<string>> {
  const context = await queryContext(project, plan, cache);
  const full = (path: string): string => (isAbsolute(path) ? path : join(project.root, path));
  // A source is seldom included by another; the texts are searched for headers alone.
  const compiled = plan.steps.some((step) => step.kind === "compile" && full(step.source) === file);
  const tree = new Tree(project.root);
  const stepsOf = Map.groupBy(plan.steps, (step) => step.extension);
  const inputsOf = async (step: CompileStep): Promise<readonly string[] | undefined> => {
    const known = memory.get(step.extension) ?? new Map<string, readonly string[] | undefined>();
    memory.set(step.extension, known);
    const command = step.command.join("\0");
    if (!known.has(command)) known.set(command, await recordedInputs(context, step));
    return known.get(command);
  };
  const found = await Promise.all(
    plan.artefacts.map(async ({ extension }): Promise<readonly string[]> => {
      const steps = stepsOf.get(extension.name) ?? [];
      if (steps.some((step) => step.inputs.some((input) => full(input) === file))) return [extension.name];
      const compiles = steps.filter((step) => step.kind === "compile");
      const inputs = await Promise.all(compiles.map(inputsOf));
      if (inputs.some((list) => list?.includes(file))) return [extension.name];
      if (compiled) return [];
      // A source that changed since may include more than it did, and may have failed to compile since.
      const objects = await Promise.all(
        compiles.map(async (step, index) => (inputs[index] === undefined ? undefined : knownObject(context, step))),
      );
      if (objects.every((object) => object !== undefined)) return [];
      const { files } = await compileInputs(tree, [extension]);
      return files.values().some((input) => input.kind !== "header" && input.file === file) ? [extension.name] : [];
    }),
  );
  return new Set(found.flat());
}
