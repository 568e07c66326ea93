import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { ZligError } from "../error.ts";
import type { CompileStep } from "../plan/plan.ts";
import { run } from "../toolchain/process.ts";
import { digestOf } from "./cache.ts";
import { parseClangDiagnostics } from "./clang-diagnostics.ts";
import type { EngineContext, QueryContext } from "./context.ts";
import { zigEnvironment } from "./context.ts";
import { parseDepfile } from "./depfile.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** What a compile step came to. */
export interface Compiled {
  readonly step: CompileStep;
  readonly state: "done" | "cached" | "failed";
  /** Digest of the object; absent when the compiler refused the source. */
  readonly object?: string;
  /** The compiler's messages, also those of an earlier compile whose object is used again. Files are absolute. */
  readonly diagnostics: readonly Diagnostic[];
}

/** One outcome of a command: it stands for as long as every input has the digest it had. */
interface Outcome {
  readonly inputs: readonly (readonly [path: string, digest: string])[];
  readonly object: string;
  readonly diagnostics: readonly Diagnostic[];
}

const recordKind = "compiles";

/** How many outcomes of one command are kept: branches and variants of one source take turns. */
const outcomesKept = 8;

function isOutcome(value: unknown): value is Outcome {
  const outcome = value as Partial<Outcome> | null;
  return (
    typeof outcome === "object" &&
    outcome !== null &&
    Array.isArray(outcome.inputs) &&
    typeof outcome.object === "string" &&
    Array.isArray(outcome.diagnostics)
  );
}

async function outcomesOf(context: QueryContext, key: string): Promise<readonly Outcome[]> {
  const record = await context.cache.readRecord(recordKind, key);
  return Array.isArray(record) ? record.filter(isOutcome) : [];
}

/** Whether the inputs of an outcome are what they were. */
async function stillHolds(context: QueryContext, outcome: Outcome): Promise<boolean> {
  for (const [path, digest] of outcome.inputs)
    if ((await context.digests.of(context.paths.expand(path))) !== digest) return false;
  return true;
}

function absolute(context: QueryContext, path: string): string {
  const expanded = context.paths.expand(path);
  return isAbsolute(expanded) ? expanded : join(context.project.root, expanded);
}

function replay(context: EngineContext, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.map((one) => context.paths.diagnostic(one, (path) => absolute(context, path)));
}

/**
 * The inputs with their digests: what the dependency file names, and what the plan names; Zig's own headers belong to its version.
 * @param started when the compiler was, in milliseconds
 * @returns `undefined` when a file changed or went since: then nobody knows what the compiler has read
 */
async function inputsOf(
  context: EngineContext,
  step: CompileStep,
  depfile: string,
  started: number,
): Promise<Outcome["inputs"] | undefined> {
  const named = parseDepfile(await readFile(depfile, "utf8").catch(() => ""));
  const paths = new Set([...step.inputs, ...named].map((path) => context.paths.shorten(path)));
  const inputs: [string, string][] = [];
  for (const path of paths) {
    if (path.startsWith("<zig-lib>")) continue;
    const digest = await context.digests.unchangedSince(context.paths.expand(path), started);
    if (digest === undefined) return undefined;
    inputs.push([path, digest]);
  }
  return inputs;
}

let counter = 0;

async function compileNow(context: EngineContext, step: CompileStep, key: string): Promise<Compiled> {
  const { cache, paths, signal } = context;
  const stem = join(context.scratch, String(counter++));
  const [object, depfile] = [`${stem}.o`, `${stem}.d`];
  const places: Readonly<Record<string, string>> = { [step.output]: object, [`depfile:${step.output}`]: depfile };
  const [program, ...args] = step.command;
  const started = Date.now();
  const result = await run([program, ...args.map((argument) => places[argument] ?? argument)], {
    cwd: context.project.root,
    env: zigEnvironment(context),
    signal,
  });
  if (signal.aborted) throw new ZligError("cancelled", "Cancelled");
  if (result.failure !== undefined)
    throw new ZligError("tool-failed", `Zig could not be started: ${result.failure}`, {
      hint: `The program is ${program}.`,
    });
  const text = result.stderr + result.stdout;
  const diagnostics = parseClangDiagnostics(text.replaceAll(object, step.output)).map((one) =>
    // clang resolves links in absolute paths; ours are resolved too, so both name files alike.
    paths.diagnostic(one, (path) => paths.shorten(path)),
  );
  if (result.exitCode !== 0) {
    if (result.exitCode === undefined)
      throw new ZligError(
        "tool-failed",
        `The compiler was killed by ${result.signal ?? "a signal"} on ${step.source}`,
        {
          hint: "The machine may be short of memory; try again with fewer jobs (`--jobs 1`).",
          cause: text,
        },
      );
    const said = diagnostics.some((one) => one.severity === "error");
    const unexplained: Diagnostic = {
      severity: "error",
      message: `The compiler failed with exit code ${result.exitCode}${text.trim() === "" ? "" : `:\n${text.trim()}`}`,
      location: { file: step.source },
      notes: [],
      fixIts: [],
    };
    return { step, state: "failed", diagnostics: replay(context, said ? diagnostics : [unexplained]) };
  }
  const inputs = await inputsOf(context, step, depfile, started);
  const { digest } = await cache.adopt(object, "o");
  // Somebody saved a file while the compiler ran: the object is of no use to a later build.
  if (inputs === undefined) return { step, state: "done", object: digest, diagnostics: replay(context, diagnostics) };
  const outcome: Outcome = { inputs, object: digest, diagnostics };
  const before = await outcomesOf(context, key);
  const others = before.filter((one) => JSON.stringify(one.inputs) !== JSON.stringify(inputs));
  await cache.writeRecord(recordKind, key, [outcome, ...others].slice(0, outcomesKept));
  return { step, state: "done", object: digest, diagnostics: replay(context, diagnostics) };
}

function keyOf(context: QueryContext, step: CompileStep): string {
  return digestOf(JSON.stringify(context.paths.command(step.command, context.plan.compiler)));
}

/** The outcome of an earlier compile of the same command and the same inputs. */
async function knownOutcome(context: QueryContext, step: CompileStep): Promise<Outcome | undefined> {
  for (const outcome of await outcomesOf(context, keyOf(context, step)))
    if (await stillHolds(context, outcome)) return outcome;
  return undefined;
}

/** Digest of the object that a step would come to, when an earlier build knows; nothing is run. */
export async function knownObject(context: QueryContext, step: CompileStep): Promise<string | undefined> {
  return (await knownOutcome(context, step))?.object;
}

/** Every file that earlier compiles of a step read, absolute; `undefined` when it was never compiled. */
export async function recordedInputs(context: QueryContext, step: CompileStep): Promise<readonly string[] | undefined> {
  const outcomes = await outcomesOf(context, keyOf(context, step));
  if (outcomes.length === 0) return undefined;
  return [...new Set(outcomes.flatMap(({ inputs }) => inputs.map(([path]) => absolute(context, path))))];
}

/**
 * Compiles one source, or finds the object of an earlier compile of the same command and the same inputs, with the
 * messages that came with it.
 * @param force compile in any case: the object that was found has been damaged since
 * @throws {ZligError} `cancelled`, `tool-failed`, `cache-unwritable`; a source that the compiler refuses is no error but a failed step
 */
export async function compile(context: EngineContext, step: CompileStep, force = false): Promise<Compiled> {
  if (context.reuse && !force) {
    const outcome = await knownOutcome(context, step);
    if (outcome !== undefined)
      return { step, state: "cached", object: outcome.object, diagnostics: replay(context, outcome.diagnostics) };
  }
  return context.pool.run(() => compileNow(context, step, keyOf(context, step)));
}
