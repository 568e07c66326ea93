import type { ZligError } from "./error.ts";
import type { Diagnostic } from "./engine/diagnostic.ts";

/** How far one step of a plan is. */
export interface StepEvent {
  readonly event: "step";
  readonly state: "started" | "done" | "cached" | "failed";
  readonly kind: "compile" | "link";
  readonly extension: string;
  /** The source that is compiled, relative to the project. */
  readonly source?: string;
  /** Steps that have ended, this one included when it has, and all steps. */
  readonly finished: number;
  readonly total: number;
}

/** A message of the compiler, in the order of the plan. Files are absolute. */
export interface DiagnosticEvent {
  readonly event: "diagnostic";
  readonly extension: string;
  readonly diagnostic: Diagnostic;
}

/** A problem that Zlig itself found: an error ends the command, a warning does not. */
export interface ProblemEvent {
  readonly event: "problem";
  readonly problem: ZligError;
}

/** What became of an artefact beside the package's Python files. */
export interface ArtefactEvent {
  readonly event: "artefact";
  readonly extension: string;
  /** Relative to the project. */
  readonly path: string;
  readonly state: "written" | "unchanged" | "removed" | "kept-in-cache";
}

/** A word about what is going on that is worth a line: a long first-time step, a folder used instead of another. */
export interface NoticeEvent {
  readonly event: "notice";
  readonly message: string;
}

/** What a build tells while it runs: the terminal, the JSON stream and the language server each render it. */
export type BuildEvent = StepEvent | DiagnosticEvent | ProblemEvent | ArtefactEvent | NoticeEvent;

/** Takes the events of a build. */
export type Emit = (event: BuildEvent) => void;
