import { inspect } from "node:util";
import pc from "picocolors";
import type { ZligError } from "../core/error.ts";
import { ProblemsError } from "../core/error.ts";
import type { BuildEvent } from "../core/event.ts";
import { eventJson } from "./json.ts";
import { diagnosticText, printable, problemText } from "./text.ts";

/** How a command reports. */
export interface ReporterOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** Renders the events of a command: lines of JSON on standard output if asked, and text for people on standard error. */
export class Reporter {
  readonly #options: ReporterOptions;
  /** A line that is written over again and again tells progress on a terminal; elsewhere each step has its line. */
  readonly #live: boolean;
  #lineShown = false;
  #errors = 0;
  #warnings = 0;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#live = process.stderr.isTTY && !options.verbose && process.env["TERM"] !== "dumb";
  }

  /** Errors and warnings shown so far, the compiler's included. */
  get counts(): { readonly errors: number; readonly warnings: number } {
    return { errors: this.#errors, warnings: this.#warnings };
  }

  /** Writes one event of the JSON stream. */
  json(event: Readonly<Record<string, unknown>>): void {
    if (this.#options.json) process.stdout.write(`${JSON.stringify(event)}\n`);
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
        this.#line(diagnosticText(event.diagnostic));
        break;
      case "problem":
        this.#count(event.problem.severity);
        this.#line(problemText(event.problem));
        break;
      case "notice":
        this.say(event.message);
        break;
      case "artefact":
        if (event.state !== "unchanged" || this.#options.verbose)
          this.say(
            `${event.state === "kept-in-cache" ? "kept in the cache, the project cannot be written" : event.state}: ${event.path}`,
          );
        break;
    }
  };

  #count(severity: "error" | "warning" | "note"): void {
    if (severity === "error") this.#errors++;
    if (severity === "warning") this.#warnings++;
  }

  #step(event: Extract<BuildEvent, { event: "step" }>): void {
    const { state, kind, extension, source, finished, total } = event;
    const what = kind === "compile" ? `compiling ${source ?? ""}` : `linking ${extension}`;
    if (this.#live && !this.#options.quiet) {
      this.#clear();
      const width = process.stderr.columns;
      const text = `[${finished}/${total}] ${printable(what)}`.slice(0, Math.max(20, width - 1));
      process.stderr.write(pc.dim(text));
      this.#lineShown = true;
    } else if (state === "done" || (state === "cached" && this.#options.verbose))
      this.say(`[${finished}/${total}] ${what}${state === "cached" ? " (known already)" : ""}`);
  }

  #clear(): void {
    if (!this.#lineShown) return;
    process.stderr.write("\r\u001b[K");
    this.#lineShown = false;
  }

  #line(text: string): void {
    this.#clear();
    process.stderr.write(`${text}\n`);
  }

  /** A line for people, left out when they asked for quiet. */
  say(text: string): void {
    if (!this.#options.quiet) this.#line(printable(text));
  }

  /** Shows what ended a command, each of its problems once. Gives the exit code. */
  fail(error: ZligError): number {
    const problems = error instanceof ProblemsError ? error.problems : [error];
    for (const problem of problems) this.emit({ event: "problem", problem });
    if (this.#options.verbose)
      for (const problem of problems) {
        this.#line(pc.dim(problem.stack ?? ""));
        if (problem.cause !== undefined) this.#line(pc.dim(`caused by: ${printable(inspect(problem.cause))}`));
      }
    // The exit code of the gravest: the environment's fault is no fault of the project.
    return Math.max(...problems.map((problem) => problem.exitCode));
  }

  /** Ends the progress line. */
  finish(): void {
    this.#clear();
  }
}
