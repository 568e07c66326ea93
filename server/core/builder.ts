import { existsSync } from "node:fs";
import { machine } from "node:os";
import { resolve } from "node:path";
import type { BuildOutcome } from "./engine/run-plan.ts";
import { ProblemsError, ZligError } from "./error.ts";
import type { Emit } from "./event.ts";
import { emptyPlan, makePlan } from "./plan/make-plan.ts";
import type { Plan } from "./plan/plan.ts";
import type { Toolchain } from "./plan/toolchain.ts";
import type { LoadedProject } from "./project/load.ts";
import { loadProject } from "./project/load.ts";
import type { Project } from "./project/project.ts";
import { cacheFolder } from "./toolchain/cache-folder.ts";
import { findInterpreter } from "./toolchain/find-interpreter.ts";
import type { Interpreter } from "./toolchain/interpreter.ts";
import { probeInterpreter, requireHeaders } from "./toolchain/interpreter.ts";
import type { Target } from "./toolchain/target.ts";
import { nativeTarget, sameFamily, targetFromTag } from "./toolchain/target.ts";
import { findZig } from "./toolchain/zig.ts";

/** What a build is asked for, whoever asks. */
export interface BuildRequest {
  /** The project folder. */
  readonly directory: string;
  /** As `--python`. */
  readonly python?: string | undefined;
  /** As `--zig`. */
  readonly zig?: string | undefined;
  /** As `--target`. */
  readonly target?: string | undefined;
  /** How many processes run at once. */
  readonly jobs: number;
  /** `false` builds everything anew. */
  readonly reuse: boolean;
  readonly signal: AbortSignal;
  readonly emit: Emit;
  readonly env: NodeJS.ProcessEnv;
}

/** Everything that is known before the first step runs. */
export interface PreparedBuild {
  readonly project: Project;
  readonly plan: Plan;
  /** Absent for a project without extensions, which needs neither Zig nor Python. */
  readonly toolchain: Toolchain | undefined;
}

/** Folders of this machine's own headers and libraries, those that are there. */
function systemFolders(interpreter: Interpreter, target: Target): Toolchain["system"] {
  if (target.os !== "linux" || !interpreter.platform.startsWith("linux")) return { includeDirs: [], libraryDirs: [] };
  const there = (folders: readonly string[]): string[] => folders.filter((folder) => existsSync(folder));
  const { multiarch } = interpreter;
  const below = multiarch === "" ? [] : [`/usr/lib/${multiarch}`, `/lib/${multiarch}`];
  const wide = interpreter.bits === 64 ? ["/usr/lib64", "/lib64"] : [];
  return {
    includeDirs: there([
      "/usr/local/include",
      ...(multiarch === "" ? [] : [`/usr/include/${multiarch}`]),
      "/usr/include",
    ]),
    libraryDirs: there(["/usr/local/lib", ...below, ...wide, "/usr/lib", "/lib"]),
  };
}

/** The target that is asked for; without a wish, the interpreter's own platform. */
function targetFor(request: BuildRequest, interpreter: Interpreter): Target {
  const native = nativeTarget(interpreter, request.env, machine());
  if (request.target === undefined) return native;
  const asked = targetFromTag(request.target);
  if (sameFamily(asked, native)) return asked;
  throw new ZligError("tag-unsupported", `This Python is for ${interpreter.platform}, not for ${request.target}`, {
    hint: "Build on a machine of that platform, or name an interpreter for it with `--python`.",
  });
}

/** The path of the interpreter that a build is for. Runs nothing. @throws {ZligError} `python-missing` */
export function interpreterOf(request: BuildRequest): Promise<string> {
  return findInterpreter(request.python, request.directory, request.env);
}

/** Finds the interpreter and asks it about itself. */
export async function findAndProbe(request: BuildRequest): Promise<Interpreter> {
  return probeInterpreter(await interpreterOf(request), request.signal);
}

/**
 * Finds interpreter, Zig and target.
 * @throws {ZligError} what the environment lacks, or `tag-unsupported`
 */
export async function findToolchain(request: BuildRequest): Promise<Toolchain> {
  const interpreter = await findAndProbe(request);
  requireHeaders(interpreter);
  const zig = await findZig({ given: request.zig, ziglang: interpreter.ziglang }, request.env, request.signal);
  const target = targetFor(request, interpreter);
  return { interpreter, zig, target, system: systemFolders(interpreter, target) };
}

/**
 * Reads the project, finds the toolchain and makes the plan; the toolchain is looked for while the project is read.
 * @param known the toolchain, where the caller has found it before
 * @throws {ZligError} everything that is wrong with the project, or with the environment
 */
export async function prepareBuild(request: BuildRequest, known?: Toolchain): Promise<PreparedBuild> {
  const toolchainFound = (known === undefined ? findToolchain(request) : Promise.resolve(known)).catch(
    (error: unknown) => error,
  );
  const { project, warnings }: LoadedProject = await loadProject(resolve(request.directory));
  for (const problem of warnings) request.emit({ event: "problem", problem });
  if (project.extensions.length === 0) {
    // The search may still be running; what it finds does not matter.
    await toolchainFound;
    return { project, plan: emptyPlan, toolchain: undefined };
  }
  const toolchain = await toolchainFound;
  if (!isToolchain(toolchain)) throw toolchain;
  return { project, plan: makePlan(project, toolchain), toolchain };
}

function isToolchain(found: unknown): found is Toolchain {
  return typeof found === "object" && found !== null && !(found instanceof Error);
}

/** What a build made, and where the cache has each module. */
export type InPlaceOutcome = BuildOutcome & { readonly fileOf: (digest: string) => string };

const nothingBuilt: InPlaceOutcome = {
  modules: [],
  problems: [],
  counts: { compiled: 0, linked: 0, reused: 0 },
  fileOf: (digest) => {
    throw new Error(`no module ${digest} was built`);
  },
};

/**
 * Compiles and links what a plan says and puts the modules beside the package's Python files.
 * @param whenReadOnly what to do when the project cannot be written
 * @throws {ProblemsError} when an extension could not be built; the artefacts of the others are in place by then
 */
export async function buildInPlace(
  request: BuildRequest,
  prepared: PreparedBuild,
  whenReadOnly: "keep-in-cache" | "fail",
): Promise<InPlaceOutcome> {
  const { project, plan, toolchain } = prepared;
  if (toolchain === undefined) return nothingBuilt;
  const [{ Cache }, { Digests }, { runPlan }, { installInPlace }] = await Promise.all([
    import("./engine/cache.ts"),
    import("./engine/digests.ts"),
    import("./engine/run-plan.ts"),
    import("./engine/in-place.ts"),
  ]);
  const cache = await Cache.open(cacheFolder(request.env));
  await cache.sweep();
  const digests = await Digests.open(cache, project.root);
  const { jobs, signal, emit, reuse } = request;
  const outcome = await runPlan(project, plan, toolchain, { cache, digests, jobs, signal, emit, reuse });
  const [first, ...rest] = outcome.problems;
  try {
    await installInPlace(outcome.modules, { root: project.root, cache, digests, emit, whenReadOnly });
  } finally {
    await digests.save();
  }
  if (first !== undefined) throw new ProblemsError([first, ...rest]);
  return { ...outcome, fileOf: (digest) => cache.blobPath(digest, "so") };
}
