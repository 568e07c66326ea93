import type { Binary } from "../binary/binary.ts";
import { ZligError } from "../error.ts";
import type { Emit } from "../event.ts";
import type { CompileStep, LinkStep, Plan, PlannedArtefact } from "../plan/plan.ts";
import type { Toolchain } from "../plan/toolchain.ts";
import type { Project } from "../project/project.ts";
import type { Cache } from "./cache.ts";
import type { Compiled } from "./compile.ts";
import { compile } from "./compile.ts";
import type { EngineContext } from "./context.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { Digests } from "./digests.ts";
import type { Linked } from "./link.ts";
import { link } from "./link.ts";
import { Pool } from "./pool.ts";
import { PortablePaths } from "./portable-paths.ts";

/** A module that a build made or found, in the cache. */
export interface BuiltModule {
  readonly artefact: PlannedArtefact;
  /** SHA-256 of its content, under which the cache has it. */
  readonly digest: string;
  readonly binary: Binary;
}

/** What a run of a plan came to. */
export interface BuildOutcome {
  readonly modules: readonly BuiltModule[];
  /** Problems that stop the build; messages of the compiler are not among them, but the fact that it refused sources is. */
  readonly problems: readonly ZligError[];
  readonly counts: { readonly compiled: number; readonly linked: number; readonly reused: number };
}

/** How a plan is to be run. */
export interface RunOptions {
  readonly cache: Cache;
  readonly digests: Digests;
  /** How many processes run at once. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  readonly emit: Emit;
  /** `false` compiles and links everything anew. */
  readonly reuse: boolean;
}

/** Hands on the messages of the compiler in the order of the plan, however the steps end, and each message once. */
class DiagnosticOrder {
  readonly #emit: Emit;
  readonly #waiting = new Map<number, Compiled>();
  readonly #seen = new Set<string>();
  #next = 0;

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  /** Takes the outcome of the step with a number; hands on what is due. */
  add(index: number, compiled: Compiled): void {
    this.#waiting.set(index, compiled);
    for (let due = this.#waiting.get(this.#next); due !== undefined; due = this.#waiting.get(++this.#next)) {
      this.#waiting.delete(this.#next);
      for (const diagnostic of due.diagnostics) this.#pass(due.step.extension, diagnostic);
    }
  }

  #pass(extension: string, diagnostic: Diagnostic): void {
    // A header's message comes with every source that includes it.
    const { severity, message, location } = diagnostic;
    const key = JSON.stringify([severity, message, location]);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#emit({ event: "diagnostic", extension, diagnostic });
  }
}

class Run {
  readonly #context: EngineContext;
  readonly #order: DiagnosticOrder;
  readonly #total: number;
  readonly #numbers: ReadonlyMap<string, number>;
  #finished = 0;
  #counts = { compiled: 0, linked: 0, reused: 0 };
  #refused = 0;
  readonly #announced = new Set<string>();

  constructor(context: EngineContext) {
    this.#context = context;
    this.#order = new DiagnosticOrder(context.emit);
    this.#total = context.plan.steps.length;
    const compiles = context.plan.steps.filter((step) => step.kind === "compile");
    this.#numbers = new Map(compiles.map((step, index) => [step.output, index]));
  }

  get counts(): BuildOutcome["counts"] {
    return this.#counts;
  }

  get refused(): number {
    return this.#refused;
  }

  #tell(step: CompileStep | LinkStep, state: "started" | Compiled["state"]): void {
    if (state !== "started") this.#finished++;
    this.#context.emit({
      event: "step",
      state,
      kind: step.kind,
      extension: step.extension,
      ...(step.kind === "compile" ? { source: step.source } : {}),
      finished: this.#finished,
      total: this.#total,
    });
  }

  async #compile(step: CompileStep): Promise<Compiled> {
    this.#tell(step, "started");
    const compiled = await compile(this.#context, step);
    this.#tell(step, compiled.state);
    this.#order.add(this.#numbers.get(step.output) ?? 0, compiled);
    if (compiled.state === "failed") this.#refused++;
    else this.#counts[compiled.state === "done" ? "compiled" : "reused"]++;
    return compiled;
  }

  /** Makes sure that the objects a link needs are there and whole: a damaged one is compiled again. */
  async #wholeObjects(compiled: readonly Compiled[]): Promise<readonly Compiled[]> {
    return allSettled(
      compiled.map(async (one) =>
        one.object === undefined || one.state === "done" || (await this.#context.cache.hasBlob(one.object, "o"))
          ? one
          : compile(this.#context, one.step, true),
      ),
    );
  }

  /** There is nothing to link where the compiler refused a source. */
  #refuse(artefact: PlannedArtefact, step: LinkStep, bad: readonly Compiled[]): { problems: readonly ZligError[] } {
    this.#tell(step, "failed");
    const location = this.#context.project.manifest.locate([...artefact.extension.manifestPath, "name"]);
    const names = bad.map((one) => one.step.source).join(", ");
    const message = `"${artefact.extension.name}" was not built: the compiler refused ${names}`;
    return { problems: [new ZligError("compile-failed", message, { location })] };
  }

  /** Builds one extension. Gives its module, or why there is none. */
  async extension(artefact: PlannedArtefact): Promise<{ module?: BuiltModule; problems: readonly ZligError[] }> {
    const own = new Set<string>(artefact.steps);
    const steps = this.#context.plan.steps.filter((step) => own.has(step.output));
    const compiles = steps.filter((step) => step.kind === "compile");
    const linkStep = steps.find((step) => step.kind === "link");
    const first = await allSettled(compiles.map((step) => this.#compile(step)));
    if (linkStep === undefined) return { problems: [] };
    const refused = (one: Compiled): boolean => one.object === undefined;
    if (first.some(refused)) return this.#refuse(artefact, linkStep, first.filter(refused));
    const compiled = await this.#wholeObjects(first);
    if (compiled.some(refused)) return this.#refuse(artefact, linkStep, compiled.filter(refused));
    const objects = new Map(compiled.map((one) => [one.step.output as string, one.object ?? ""]));
    this.#tell(linkStep, "started");
    this.#announce(linkStep);
    const linked: Linked = await link(this.#context, linkStep, artefact.extension, objects, compiled);
    this.#tell(linkStep, linked.state);
    if (linked.state !== "failed") this.#counts[linked.state === "done" ? "linked" : "reused"]++;
    if (linked.module === undefined || linked.binary === undefined) return { problems: linked.problems };
    return { module: { artefact, digest: linked.module, binary: linked.binary }, problems: [] };
  }

  /** Says once why the first link on a machine may take minutes. */
  #announce(step: LinkStep): void {
    const runtime = step.buildsRuntime;
    if (runtime === undefined || this.#announced.has(runtime)) return;
    this.#announced.add(runtime);
    const what = runtime === "libc++" ? "the C++ library" : "the C runtime for Windows";
    this.#context.emit({
      event: "notice",
      message: `Zig builds ${what} from source before the first link for a platform: a minute or more, once`,
    });
  }
}

/**
 * Runs a plan: every compile and link whose result is not known yet, as many at once as asked. A source that the
 * compiler refuses does not stop the others, so that one run shows every message.
 * @throws {ZligError} `cancelled`, and what the machine is at fault for
 */
export async function runPlan(
  project: Project,
  plan: Plan,
  toolchain: Toolchain,
  options: RunOptions,
): Promise<BuildOutcome> {
  const { cache } = options;
  const scratch = await cache.scratch();
  const context: EngineContext = {
    project,
    plan,
    toolchain,
    paths: new PortablePaths(project.root, plan.prefixes),
    pool: new Pool(options.jobs),
    scratch,
    ...options,
  };
  try {
    const run = new Run(context);
    const results = await allSettled(plan.artefacts.map((artefact) => run.extension(artefact)));
    const modules: BuiltModule[] = [];
    const problems: ZligError[] = [];
    for (const [index, { module, problems: found }] of results.entries()) {
      if (module !== undefined) modules.push(module);
      const optional = plan.artefacts[index]?.extension.optional === true;
      for (const problem of found)
        if (optional) options.emit({ event: "problem", problem: asWarning(problem) });
        else problems.push(problem);
    }
    return { modules, problems, counts: run.counts };
  } finally {
    // What cannot be removed is swept away later, and must not hide why the work ended.
    await cache.discard(scratch).catch(() => undefined);
  }
}

/** Waits for every task to end, then throws the first failure: no process may outlive the run. */
async function allSettled<Result>(tasks: readonly Promise<Result>[]): Promise<Result[]> {
  const settled = await Promise.allSettled(tasks);
  return settled.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}

function asWarning(problem: ZligError): ZligError {
  return new ZligError(problem.code, problem.message, {
    severity: "warning",
    location: problem.location,
    related: problem.related,
    hint: "The extension is optional: the build goes on without it.",
  });
}
