import type { ErrorCode } from "./error-codes.ts";
import { errorCodes } from "./error-codes.ts";
import type { Location } from "./location.ts";

/** What a problem means for the build: an error stops it, a warning does not. */
export type Severity = "error" | "warning";

/** A further place that explains a problem, as in LSP's `relatedInformation`. */
export interface RelatedLocation {
  readonly location: Location;
  readonly message: string;
}

/** What a {@link ZligError} is made of beside its code and message. */
export interface ZligErrorOptions {
  /** What the user can do about it: one sentence. */
  readonly hint?: string | undefined;
  readonly location?: Location | undefined;
  readonly related?: readonly RelatedLocation[] | undefined;
  readonly severity?: Severity;
  readonly cause?: unknown;
}

/** The one class of error of Zlig: a stable code, a message, where possible a place and a way out. */
export class ZligError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly location: Location | undefined;
  readonly related: readonly RelatedLocation[];
  readonly severity: Severity;

  constructor(code: ErrorCode, message: string, options: ZligErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ZligError";
    this.code = code;
    this.hint = options.hint;
    this.location = options.location;
    this.related = options.related ?? [];
    this.severity = options.severity ?? "error";
  }

  /** The exit code of the command that ends with this error: 1 the project's fault, 2 wrong usage, 3 the environment's, 130 cancelled. */
  get exitCode(): number {
    return errorCodes[this.code].exitCode;
  }
}

/** Several problems found in one go, thrown as one: the first is the message, all are in `problems`. */
export class ProblemsError extends ZligError {
  readonly problems: readonly ZligError[];

  constructor(problems: readonly [ZligError, ...ZligError[]]) {
    const [first] = problems;
    super(first.code, first.message, { hint: first.hint, location: first.location, related: first.related });
    this.problems = problems;
  }
}

/** Collects problems, so that one run reports all it can find. */
export class Problems {
  readonly #found: ZligError[] = [];

  /** Keeps a problem; the work goes on. */
  add(problem: ZligError): void {
    this.#found.push(problem);
  }

  /** All problems kept so far, in the order they were found. */
  get all(): readonly ZligError[] {
    return this.#found;
  }

  /** The problems that stop a build. */
  get errors(): readonly ZligError[] {
    return this.#found.filter((problem) => problem.severity === "error");
  }

  /** Ends the work when errors were kept. @throws {ProblemsError} with every error. */
  throwIfErrors(): void {
    const [first, ...rest] = this.errors;
    if (first !== undefined) throw new ProblemsError([first, ...rest]);
  }
}
