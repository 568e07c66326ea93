import { inspect } from "node:util";
import type { ZligError } from "../core/error.ts";
import { ProblemsError } from "../core/error.ts";
import type { BuildEvent } from "../core/event.ts";
import type { Colours } from "./colours.ts";
import { coloursFor } from "./colours.ts";
import { fitStart } from "./columns.ts";
import { eventJson } from "./json.ts";
import type { TextOptions } from "./text.ts";
import { diagnosticText, printable, printableLine, problemText } from "./text.ts";

/** How a command reports. */
export interface ReporterOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** A stream that is written to, as far as a terminal differs from a file. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What a command writes to; the process's own unless a test says otherwise. */
export interface Output {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: NodeJS.ProcessEnv;
}

/** So many problems that differ only in their words are shown; the JSON stream and `--verbose` have them all. */
const shownOfAKind = 10;

/** Problems of one kind at one place with one way out, in a row: they are shown as one block. */
function blocksOf(problems: readonly ZligError[]): ZligError[][] {
  const blocks: ZligError[][] = [];
  let last = "";
  for (const problem of problems) {
    const { code, severity, location, hint } = problem;
    const key = JSON.stringify([code, severity, location, hint]);
    const block = blocks.at(-1);
    if (block !== undefined && key === last && location !== undefined) block.push(problem);
    else blocks.push([problem]);
    last = key;
  }
  return blocks;
}

/** Renders the events of a command: lines of JSON on standard output if asked, and text for people on standard error. */
export class Reporter {
  readonly #options: ReporterOptions;
  readonly #output: Output;
  readonly #colours: Colours;
  /** A line that is written over again and again tells progress on a terminal; elsewhere each step has its line. */
  readonly #live: boolean;
  /** The progress line, while there is something to tell. */
  #status: string | undefined;
  #statusShown = false;
  #errors = 0;
  #warnings = 0;
  #written = 0;
  #conclusion: string | undefined;
  readonly #failed = new Set<string>();

  constructor(options: ReporterOptions, output: Output = process) {
    this.#options = options;
    this.#output = output;
    this.#colours = coloursFor(output.stderr, output.env);
    this.#live = output.stderr.isTTY === true && !options.verbose && !options.quiet && output.env["TERM"] !== "dumb";
  }

  /** Errors and warnings shown so far, the compiler's included. That sources were refused is no error beside those in them. */
  get counts(): { readonly errors: number; readonly warnings: number } {
    return { errors: this.#errors, warnings: this.#warnings };
  }

  /** The extensions of which a step has failed. */
  get failedExtensions(): ReadonlySet<string> {
    return this.#failed;
  }

  /** How many artefacts were put in place. */
  get written(): number {
    return this.#written;
  }

  /** Writes one event of the JSON stream. */
  json(event: Readonly<Record<string, unknown>>): void {
    if (this.#options.json) this.#output.stdout.write(`${JSON.stringify(event)}\n`);
  }

  /** Takes an event of a build. */
  readonly emit = (event: BuildEvent): void => {
    this.json(eventJson(event));
    switch (event.event) {
      case "step":
        this.#step(event);
        break;
      case "diagnostic":
        this.#count(event.diagnostic.severity);
        this.#line(diagnosticText(event.diagnostic, this.#textOptions));
        break;
      case "problem":
        this.#problem(event.problem, {});
        break;
      case "notice":
        this.say(event.message);
        break;
      case "artefact":
        this.#artefact(event);
        break;
    }
  };

  get #textOptions(): TextOptions {
    const { columns = 0 } = this.#output.stderr;
    return { colours: this.#colours, ...(columns > 0 ? { columns } : {}) };
  }

  #problem(problem: ZligError, options: Pick<TextOptions, "brief" | "alone">): void {
    if (problem.code !== "compile-failed") this.#count(problem.severity);
    this.#line(problemText(problem, { ...this.#textOptions, ...options }));
  }

  #count(severity: "error" | "warning" | "note"): void {
    if (severity === "error") this.#errors++;
    if (severity === "warning") this.#warnings++;
  }

  #artefact({ path, state }: Extract<BuildEvent, { event: "artefact" }>): void {
    const name = printableLine(path);
    switch (state) {
      case "written":
        this.#written++;
        this.say(`Wrote ${name}`);
        break;
      case "removed":
        this.say(`Removed ${name}`);
        break;
      case "kept-in-cache":
        this.say(`Kept in the cache, for the project cannot be written: ${name}`);
        break;
      case "unchanged":
        if (this.#options.verbose) this.say(`Unchanged: ${name}`);
        break;
    }
  }

  #step(event: Extract<BuildEvent, { event: "step" }>): void {
    const { state, kind, extension, source, finished, total } = event;
    if (state === "failed") this.#failed.add(extension);
    const what = printableLine(kind === "compile" ? (source ?? "") : extension);
    const place = `[${finished}/${total}]`;
    if (this.#live) {
      this.#clear();
      this.#status =
        finished === total ? undefined : `${place} ${kind === "compile" ? "compiling" : "linking"} ${what}`;
      this.#draw();
    } else if (state === "done") this.say(`${place} ${kind === "compile" ? "compiled" : "linked"} ${what}`);
    else if (state === "cached" && this.#options.verbose)
      this.say(`${place} ${kind === "compile" ? "compiled" : "linked"} before: ${what}`);
  }

  #draw(): void {
    if (!this.#live || this.#status === undefined) return;
    const { columns = 0 } = this.#output.stderr;
    // The last column stays free: a terminal would go on to the next line.
    const text = fitStart(this.#status, (columns > 20 ? columns : 80) - 1);
    this.#output.stderr.write(this.#colours.dim(text));
    this.#statusShown = true;
  }

  #clear(): void {
    if (!this.#statusShown) return;
    this.#output.stderr.write("\r\u001B[K");
    this.#statusShown = false;
  }

  #line(text: string): void {
    this.#clear();
    this.#output.stderr.write(`${text}\n`);
    this.#draw();
  }

  /** A line for people, left out when they asked for quiet. */
  say(text: string): void {
    if (!this.#options.quiet) this.#line(printable(text));
  }

  /** What a command was run to show to people: on standard output, unless JSON says it there. Coloured with {@link outputColours}. */
  show(text: string): void {
    if (!this.#options.json) this.write(`${text}\n`);
  }

  /** Writes a text for programs to standard output. */
  write(text: string): void {
    this.#clear();
    this.#output.stdout.write(text);
  }

  /** The colours of standard output. */
  get outputColours(): Colours {
    return coloursFor(this.#output.stdout, this.#output.env);
  }

  /** Sets the line that sums a failure up, shown after its problems. */
  conclude(text: string): void {
    this.#conclusion = text;
  }

  /** Shows what ended a command, each of its problems once. Gives the exit code. */
  fail(error: ZligError): number {
    this.#status = undefined;
    const problems = error instanceof ProblemsError ? error.problems : [error];
    for (const problem of problems) this.json(eventJson({ event: "problem", problem }));
    for (const block of blocksOf(problems)) this.#block(block);
    if (this.#options.verbose) for (const problem of problems) this.#origin(problem);
    if (this.#conclusion !== undefined) this.say(this.#conclusion);
    // The exit code of the gravest: the environment's fault is no fault of the project.
    return Math.max(...problems.map((problem) => problem.exitCode));
  }

  #block(block: readonly ZligError[]): void {
    const shown = this.#options.verbose || block.length <= shownOfAKind + 1 ? block : block.slice(0, shownOfAKind);
    for (const [index, problem] of shown.entries()) {
      if (problem.code === "cancelled") this.#line(printable(problem.message));
      else this.#problem(problem, { brief: index < shown.length - 1, alone: block.length === 1 });
    }
    const rest = block.length - shown.length;
    if (rest === 0) return;
    this.#errors += rest;
    this.#line(`  … and ${rest} more like these; --verbose shows all`);
  }

  /** The errors that an error comes from; of a bug also the place in the code. */
  #origin(problem: ZligError): void {
    if (problem.code === "cancelled") return;
    let { cause } = problem;
    while (cause !== undefined && cause !== null) {
      const isBug = problem.code === "internal" && cause instanceof Error;
      const text = isBug ? (cause as Error).stack : cause instanceof Error ? cause.message : inspect(cause);
      this.#line(this.#colours.dim(`caused by: ${printable(text ?? "")}`));
      cause = cause instanceof Error ? cause.cause : undefined;
    }
  }

  /** Ends the progress line, and the JSON stream with how the command ended. */
  finish(exitCode: number): void {
    this.#status = undefined;
    this.#clear();
    this.json({ event: "end", exitCode, ...this.counts });
  }
}
