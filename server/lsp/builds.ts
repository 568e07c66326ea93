import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { BuildRequest, PreparedBuild } from "../core/builder.ts";
import type { Diagnostic } from "../core/engine/diagnostic.ts";
import type { RecordedInputs } from "../core/engine/known-state.ts";
import { ProblemsError, ZligError } from "../core/error.ts";
import type { BuildEvent } from "../core/event.ts";
import type { ManifestPath } from "../core/manifest/manifest.ts";
import type { PlannedArtefact } from "../core/plan/plan.ts";
import type { Extension, Project } from "../core/project/project.ts";
import { BuildQueue } from "./build-queue.ts";
import { CompilerDiagnostics } from "./compiler-diagnostics.ts";
import type { DiagnosticRenderer } from "./diagnostics.ts";
import { atExit } from "./exit.ts";
import type { FileDiagnostics, Ledger } from "./ledger.ts";
import type { ManifestProject } from "./manifest-project.ts";
import type { Progress } from "./progress.ts";
import { tellProgress } from "./progress.ts";
import type { BuildResult, CleanResult, CompilerMessage, DistributionResult, ProblemInfo } from "./protocol.ts";
import type { Settings } from "./settings.ts";
import { Toolchains } from "./toolchains.ts";
import { findReference, referenceDiagnostic } from "./undefined-references.ts";
import type { Workspace } from "./workspace.ts";

/** What builds need of the session that they serve. */
export interface BuildHost {
  readonly workspace: Workspace;
  readonly ledger: Ledger;
  readonly renderer: DiagnosticRenderer;
  readonly settings: () => Settings;
  readonly log: (message: string) => void;
  /** Progress of a build in the background. */
  readonly backgroundProgress: (title: string) => Progress;
  /** Told after each build: artefacts may have changed. */
  readonly built: (project: ManifestProject) => void;
  /** Told when a build in the background failed for a reason that has no place in a file. */
  readonly failed: (project: ManifestProject, problem: ZligError) => void;
}

/** Makes sure that nothing is run where its user has not allowed it. @throws {ZligError} `usage` */
export function requireTrust(settings: Settings): void {
  if (!settings.trusted)
    throw new ZligError("usage", "This workspace is not trusted: nothing is built in it", {
      hint: "Trust the workspace in the editor, then try again.",
    });
}

/** Every problem in an error; what is none of ours is one to report. */
export function problemsOf(error: unknown, aborted: boolean): readonly ZligError[] {
  if (error instanceof ProblemsError && !aborted) return error.problems;
  if (aborted) return [new ZligError("cancelled", "The build was cancelled", { cause: error })];
  if (error instanceof ZligError) return [error];
  const message = error instanceof Error ? error.message : String(error);
  return [
    new ZligError("internal", `Zlig failed: ${message}`, {
      hint: "This is a bug in Zlig: please report it with the diagnostic report.",
      cause: error,
    }),
  ];
}

/** Loads the part of the core that runs processes, which must not outlive the server. */
async function loadBuilder(): Promise<typeof import("../core/builder.ts")> {
  const [builder, { killAll }] = await Promise.all([
    import("../core/builder.ts"),
    import("../core/toolchain/process.ts"),
  ]);
  if (!exitWatched) {
    exitWatched = true;
    atExit(killAll);
  }
  return builder;
}

let exitWatched = false;

/** How long what was prepared for a save holds, in milliseconds: long enough to wait for a storm of saves to end. */
const freshness = 400;

/** The builds of all projects. Each runs one at a time, and what it says goes into the ledger. */
export class Builds {
  readonly toolchains = new Toolchains();
  readonly #host: BuildHost;
  readonly #queues = new Map<string, BuildQueue>();
  readonly #pythons = new Map<string, string>();
  /** What was prepared to find out what a saved file goes into: the build that follows at once takes it over. */
  readonly #prepared = new Map<string, { readonly at: number; readonly prepared: PreparedBuild }>();
  /** What compiles of each project have read; another command may build as well, so it does not hold for ever. */
  readonly #inputs = new Map<string, { readonly since: number; readonly inputs: RecordedInputs }>();
  /** Imports that were tried: artefact and interpreter as they looked, and what came of it. */
  readonly #imports = new Map<string, { readonly stamp: string; readonly problem: ZligError | undefined }>();

  constructor(host: BuildHost) {
    this.#host = host;
  }

  /** Chooses the interpreter of a project. */
  setPython(project: ManifestProject, python: string | undefined): void {
    if (python === undefined) this.#pythons.delete(project.file);
    else this.#pythons.set(project.file, python);
  }

  /** The request that a build of a project makes of the core. */
  request(project: ManifestProject, signal: AbortSignal, emit: (event: BuildEvent) => void): BuildRequest {
    const settings = this.#host.settings();
    return {
      directory: project.folder,
      python: this.#pythons.get(project.file) ?? settings.python,
      zig: settings.zig,
      jobs: settings.jobs === 0 ? availableParallelism() : settings.jobs,
      reuse: true,
      signal,
      emit,
      env: process.env,
    };
  }

  /** Reads a project and makes its plan, with the toolchain known before. @throws {ZligError} as the core's `prepareBuild` */
  async prepare(request: BuildRequest): Promise<PreparedBuild> {
    requireTrust(this.#host.settings());
    const { prepareBuild } = await loadBuilder();
    return prepareBuild(request, await this.toolchains.find(request));
  }

  queue(project: ManifestProject): BuildQueue {
    let queue = this.#queues.get(project.file);
    if (queue === undefined) {
      queue = new BuildQueue((wanted, signal) => this.#background(project, wanted, signal));
      this.#queues.set(project.file, queue);
    }
    return queue;
  }

  /** Ends every build. */
  stop(): void {
    for (const queue of this.#queues.values()) queue.stop();
  }

  /** Builds what a user asked for. */
  async build(project: ManifestProject, extension: string | undefined, progress: Progress): Promise<BuildResult> {
    requireTrust(this.#host.settings());
    const wanted = extension === undefined ? undefined : new Set([extension]);
    const queue = this.queue(project);
    const result = await queue.command(
      { run: (signal) => this.#run(project, wanted, signal, progress) },
      progress.signal,
    );
    if (!result.cancelled) queue.done(extension === undefined ? result.modules : [extension]);
    return result;
  }

  /**
   * Writes a wheel or a source distribution into the project's `dist` folder. A wheel's extensions are built first, and booked as in {@link build}.
   * @param targets platform tags, one wheel each; this machine's own when there is none
   */
  async distribute(
    project: ManifestProject,
    kind: "wheel" | "sdist",
    targets: readonly string[],
    progress: Progress,
  ): Promise<DistributionResult> {
    requireTrust(this.#host.settings());
    const run = (signal: AbortSignal): Promise<DistributionResult> =>
      this.#distribute(project, kind, targets, signal, progress);
    return this.queue(project).command({ run }, progress.signal);
  }

  async #distribute(
    project: ManifestProject,
    kind: "wheel" | "sdist",
    targets: readonly string[],
    signal: AbortSignal,
    progress: Progress,
  ): Promise<DistributionResult> {
    const paths: string[] = [];
    const problems: ZligError[] = [];
    const output = { outDir: join(project.folder, "dist") };
    let messages: readonly CompilerMessage[] = [];
    try {
      const { buildSdist, buildWheel } = await import("../core/distribution.ts");
      if (kind === "sdist") {
        const { loadProject } = await import("../core/project/load.ts");
        const { project: loaded, warnings } = await loadProject(project.folder);
        problems.push(...warnings);
        const request = this.request(project, signal, (event) => {
          if (event.event === "problem") problems.push(event.problem);
        });
        paths.push((await buildSdist(loaded, request, output)).path);
      }
      for (const target of kind === "wheel" ? (targets.length === 0 ? [undefined] : targets) : []) {
        const emit = (event: BuildEvent): void => {
          tellProgress(progress, event);
          if (event.event === "problem") problems.push(event.problem);
          else if (event.event === "notice") this.#host.log(event.message);
        };
        if (target === undefined) {
          // The build proper, with all that is said about it; what follows finds everything done.
          const built = await this.#run(project, undefined, signal, progress);
          messages = built.messages;
          if (!built.ok) return { ok: false, cancelled: built.cancelled, paths, problems: built.problems, messages };
        }
        const request = { ...this.request(project, signal, emit), target };
        paths.push((await buildWheel(request, await this.prepare(request), output)).path);
      }
    } catch (error) {
      problems.push(...problemsOf(error, signal.aborted));
    }
    const [path] = paths;
    return {
      ok: problems.every((one) => one.severity === "warning"),
      cancelled: signal.aborted,
      ...(path === undefined ? {} : { path, uri: this.#host.workspace.uri(path) }),
      paths,
      problems: problems.map((one) => this.problemInfo(one)),
      messages,
    };
  }

  /** Removes the artefacts that Zlig has put into a project, those of every interpreter. */
  async clean(project: ManifestProject): Promise<CleanResult> {
    requireTrust(this.#host.settings());
    return this.queue(project).command(
      {
        run: async () => {
          const [{ Cache }, { Digests }, { removeInPlace }, { cacheFolder }] = await Promise.all([
            import("../core/engine/cache.ts"),
            import("../core/engine/digests.ts"),
            import("../core/engine/in-place.ts"),
            import("../core/toolchain/cache-folder.ts"),
          ]);
          const cache = await Cache.open(cacheFolder());
          const root = await project.realRoot();
          const result = await removeInPlace(root, cache, await Digests.open(cache, root), () => true);
          this.#host.ledger.remove((owner) => owner.startsWith(`${project.file}\0import:`));
          this.#host.built(project);
          return result;
        },
      },
      new AbortController().signal,
    );
  }

  /** Finds what a saved file goes into, and builds it in the background. */
  async saved(project: ManifestProject, file: string): Promise<void> {
    if (!this.#host.settings().trusted) return;
    try {
      const prepared = await this.prepare(this.request(project, new AbortController().signal, () => undefined));
      const [{ dependents }, { Cache }, { cacheFolder }] = await Promise.all([
        import("../core/engine/known-state.ts"),
        import("../core/engine/cache.ts"),
        import("../core/toolchain/cache-folder.ts"),
      ]);
      const cache = await Cache.open(cacheFolder());
      this.#prepared.set(project.file, { at: performance.now(), prepared });
      this.queue(project).saved(
        await dependents(prepared.project, prepared.plan, cache, file, this.#inputsOf(project)),
      );
    } catch (error) {
      for (const problem of problemsOf(error, false)) this.#host.failed(project, problem);
    }
  }

  #inputsOf(project: ManifestProject): RecordedInputs {
    let known = this.#inputs.get(project.file);
    if (known === undefined || performance.now() - known.since > 60_000) {
      known = { since: performance.now(), inputs: new Map() };
      this.#inputs.set(project.file, known);
    }
    return known.inputs;
  }

  async #background(project: ManifestProject, wanted: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    const progress = this.#host.backgroundProgress(`Zlig: building ${[...wanted].join(", ")}`);
    try {
      const result = await this.#run(project, wanted, AbortSignal.any([signal, progress.signal]), progress);
      if (result.ok || result.cancelled) return;
      const [problem] = result.problems;
      if (problem !== undefined && problem.uri === undefined)
        this.#host.failed(project, new ZligError("tool-failed", problem.message, { hint: problem.hint }));
    } finally {
      progress.done();
    }
  }

  /** Builds and books what was found. Never throws for what a build can come to. */
  async #run(
    project: ManifestProject,
    wanted: ReadonlySet<string> | undefined,
    signal: AbortSignal,
    progress: Progress,
  ): Promise<BuildResult> {
    const { ledger } = this.#host;
    const generation = ledger.nextGeneration();
    const collected = new BuildRecord();
    const emit = (event: BuildEvent): void => {
      collected.take(event);
      tellProgress(progress, event);
      if (event.event === "notice") this.#host.log(event.message);
    };
    const request = this.request(project, signal, emit);
    const owner = (page: string): string => `${project.file}\0${page}`;
    let prepared: PreparedBuild | undefined;
    try {
      const { buildInPlace } = await loadBuilder();
      const { narrowPlan } = await import("../core/plan/narrow-plan.ts");
      const ready = this.#prepared.get(project.file);
      this.#prepared.delete(project.file);
      const usable = wanted !== undefined && ready !== undefined && performance.now() - ready.at < freshness;
      const whole = usable ? ready.prepared : await this.prepare(request);
      ledger.set(owner("manifest"), generation, new Map());
      prepared = wanted === undefined ? whole : { ...whole, plan: narrowPlan(whole.plan, (name) => wanted.has(name)) };
      const outcome = await buildInPlace(request, prepared, "fail");
      collected.counts = outcome.counts;
    } catch (error) {
      collected.problems.push(...problemsOf(error, signal.aborted));
    }
    for (const { extension } of prepared?.plan.artefacts ?? [])
      this.#inputs.get(project.file)?.inputs.delete(extension.name);
    const cancelled = signal.aborted;
    if (cancelled) return this.#result(collected, undefined, true, []);
    const messages = new CompilerDiagnostics(
      (path) => this.#host.workspace.diskText(path),
      (path) => this.#host.workspace.uri(path),
    );
    if (prepared === undefined) {
      await this.#bookManifest(project, generation, collected.problems);
      return this.#result(collected, undefined, false, []);
    }
    for (const artefact of prepared.plan.artefacts) {
      const { name } = artefact.extension;
      const files = await messages.byFile(collected.diagnostics.get(name) ?? [], project.file);
      ledger.set(owner(`compile:${name}`), generation, files);
      const problems = [...collected.problems, ...collected.warnings];
      await this.#bookProblems(project, prepared.project, artefact.extension, generation, problems);
    }
    // Extensions that the manifest no longer has.
    const names = new Set(prepared.project.extensions.map((one) => one.name));
    ledger.remove((page) => {
      const [file, kind = ""] = page.split("\0");
      const name = /^(?:compile|problems|import):(.*)$/.exec(kind)?.[1];
      return file === project.file && name !== undefined && !names.has(name);
    });
    await this.#checkImports(project, prepared, collected, signal, generation);
    this.#host.built(project);
    const all: CompilerMessage[] = [];
    for (const { name } of prepared.project.extensions)
      for (const [file, page] of ledger.page(owner(`compile:${name}`)) ?? [])
        if (collected.diagnostics.has(name))
          for (const item of page.items)
            all.push({
              severity: item.severity === 1 ? "error" : item.severity === 2 ? "warning" : "note",
              message: typeof item.message === "string" ? item.message : item.message.value,
              ...(typeof item.code === "string" ? { code: item.code } : {}),
              uri: this.#host.workspace.uri(file),
              range: item.range,
            });
    return this.#result(collected, prepared, false, all);
  }

  /** Problems of the manifest are pulled while it is open; only a closed one gets them pushed. */
  async #bookManifest(project: ManifestProject, generation: number, problems: readonly ZligError[]): Promise<void> {
    const files = new Map<string, { text: string; items: ReturnType<DiagnosticRenderer["render"]>[] }>();
    const { workspace, ledger, renderer } = this.#host;
    for (const problem of problems) {
      const file = problem.location?.file;
      if (file === undefined || workspace.document(file) !== undefined) continue;
      const page = files.get(file) ?? { text: (await workspace.diskText(file)) ?? "", items: [] };
      page.items.push(renderer.render(problem));
      files.set(file, page);
    }
    ledger.set(`${project.file}\0manifest`, generation, files);
  }

  /** Books what the link of an extension found: on its `name`, and where its sources refer to what is missing. */
  async #bookProblems(
    project: ManifestProject,
    loaded: Project,
    extension: Extension,
    generation: number,
    problems: readonly ZligError[],
  ): Promise<void> {
    const { workspace, ledger, renderer } = this.#host;
    const files = new Map<string, { text: string; items: ReturnType<DiagnosticRenderer["render"]>[] }>();
    const add = async (file: string, item: ReturnType<DiagnosticRenderer["render"]>): Promise<void> => {
      const page = files.get(file) ?? { text: (await workspace.diskText(file)) ?? "", items: [] };
      page.items.push(item);
      files.set(file, page);
    };
    // What the texts alone show is pulled; it is not said twice.
    const pulled = new Set(
      (project.lastFiles?.problems ?? []).map((one) => `${one.code}\0${JSON.stringify(one.location?.range)}`),
    );
    for (const problem of problems) {
      if (!belongsTo(loaded, extension, problem)) continue;
      // The compiler's own messages stand at their places.
      if (problem.code === "compile-failed") continue;
      if (pulled.has(`${problem.code}\0${JSON.stringify(problem.location?.range)}`)) continue;
      const symbol = /^Nothing defines `([^`]+)`/.exec(problem.message)?.[1];
      const related = [];
      for (const { location, message } of problem.related) {
        const text =
          location.range === undefined && symbol !== undefined ? await workspace.diskText(location.file) : undefined;
        const range =
          text === undefined || symbol === undefined ? undefined : findReference(location.file, text, symbol);
        if (range === undefined || symbol === undefined) related.push({ location, message });
        else {
          related.push({ location: { file: location.file, range }, message });
          await add(location.file, {
            ...referenceDiagnostic(range, symbol, extension.name),
            ...renderer.codeDescription(problem.code),
          });
        }
      }
      const { code, message, hint, location, severity } = problem;
      await add(
        location?.file ?? project.file,
        renderer.render(new ZligError(code, message, { hint, location, related, severity })),
      );
    }
    ledger.set(`${project.file}\0problems:${extension.name}`, generation, files);
  }

  /** Imports each module that was put in place, unless the same one was tried before. */
  async #checkImports(
    project: ManifestProject,
    prepared: PreparedBuild,
    record: BuildRecord,
    signal: AbortSignal,
    generation: number,
  ): Promise<void> {
    const { toolchain, plan } = prepared;
    const { ledger, renderer, workspace } = this.#host;
    for (const artefact of plan.artefacts) {
      const page = `${project.file}\0import:${artefact.extension.name}`;
      // A module that could not be built anew is not tried: it would be the old one.
      if (toolchain === undefined || !record.installed.has(artefact.path)) {
        ledger.set(page, generation, new Map());
        continue;
      }
      const problem = await this.#tryImport(prepared.project, artefact, toolchain.interpreter.executable, signal);
      if (signal.aborted) return;
      const files = new Map<string, FileDiagnostics>();
      if (problem !== undefined) {
        record.problems.push(problem);
        const text = (await workspace.diskText(project.file)) ?? "";
        files.set(project.file, { text, items: [renderer.render(problem)] });
      }
      ledger.set(page, generation, files);
    }
  }

  async #tryImport(
    project: Project,
    artefact: PlannedArtefact,
    python: string,
    signal: AbortSignal,
  ): Promise<ZligError | undefined> {
    const path = join(project.root, artefact.path);
    const found = await stat(path, { bigint: true }).catch(() => undefined);
    const stamp = [python, found?.ino, found?.size, found?.mtimeNs].join(":");
    const known = this.#imports.get(path);
    if (known?.stamp === stamp && known.problem === undefined) return undefined;
    const { checkImport } = await import("./import-check.ts");
    const problem = await checkImport(project, artefact, python, signal);
    if (!signal.aborted) this.#imports.set(path, { stamp, problem });
    return problem;
  }

  /** A problem as requests give it back. */
  problemInfo({ code, severity, message, hint, location }: ZligError): ProblemInfo {
    return {
      code,
      severity,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(location === undefined ? {} : { uri: this.#host.workspace.uri(location.file) }),
      ...(location?.range === undefined ? {} : { range: location.range }),
    };
  }

  #result(
    record: BuildRecord,
    prepared: PreparedBuild | undefined,
    cancelled: boolean,
    messages: readonly CompilerMessage[],
  ): BuildResult {
    const built = (prepared?.plan.artefacts ?? []).filter((one) => record.installed.has(one.path));
    return {
      ok: !cancelled && record.problems.every((one) => one.severity === "warning"),
      cancelled,
      artefacts: built.map((one) => one.path),
      modules: built.map((one) => one.extension.name),
      counts: record.counts,
      problems: [...record.problems, ...record.warnings].map((one) => this.problemInfo(one)),
      messages,
    };
  }
}

/** Whether a problem of a build is that of an extension: its place says so. */
function belongsTo(project: Project, extension: Extension, problem: ZligError): boolean {
  const place = JSON.stringify(problem.location);
  const paths: readonly ManifestPath[] = [
    [...extension.manifestPath, "name"],
    [...extension.manifestPath, "libraries"],
    extension.manifestPath,
  ];
  return paths.some((path) => JSON.stringify(project.manifest.locate(path)) === place);
}

/** What a build told while it ran. */
class BuildRecord {
  readonly diagnostics = new Map<string, Diagnostic[]>();
  readonly problems: ZligError[] = [];
  readonly warnings: ZligError[] = [];
  /** Artefacts that are in place, project-relative. */
  readonly installed = new Set<string>();
  counts: BuildResult["counts"] = { compiled: 0, linked: 0, reused: 0 };

  take(event: BuildEvent): void {
    switch (event.event) {
      case "diagnostic": {
        const list = this.diagnostics.get(event.extension) ?? [];
        list.push(event.diagnostic);
        this.diagnostics.set(event.extension, list);
        break;
      }
      case "artefact":
        if (event.state === "written" || event.state === "unchanged") this.installed.add(event.path);
        break;
      case "problem":
        this.warnings.push(event.problem);
        break;
      case "step":
        this.#count(event.state, event.kind);
        break;
      case "notice":
        break;
    }
  }

  #count(state: "started" | "done" | "cached" | "failed", kind: "compile" | "link"): void {
    const { compiled, linked, reused } = this.counts;
    if (state === "done")
      this.counts =
        kind === "compile" ? { compiled: compiled + 1, linked, reused } : { compiled, linked: linked + 1, reused };
    else if (state === "cached") this.counts = { compiled, linked, reused: reused + 1 };
  }
}
