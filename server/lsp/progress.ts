import type { Connection, WorkDoneProgressReporter, CancellationToken } from "vscode-languageserver";
import type { BuildEvent } from "../core/event.ts";

/** The progress of one piece of work, as its user sees it. */
export interface Progress {
  /** Aborts when the user cancels. */
  readonly signal: AbortSignal;
  report(message: string, percentage?: number): void;
  done(): void;
}

/** Turns LSP's cancellation into the platform's. */
export function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  else
    token.onCancellationRequested(() => {
      controller.abort();
    });
  return controller.signal;
}

const never = new AbortController().signal;

/** Work that nobody watches. */
export const noProgress: Progress = { signal: never, report: () => undefined, done: () => undefined };

/** Progress through a token that came with a request. */
export function attachedProgress(connection: Connection, token: string | number, title: string): Progress {
  const reporter: WorkDoneProgressReporter = connection.window.attachWorkDoneProgress(token);
  reporter.begin(title, 0, undefined, false);
  return {
    signal: never,
    report(message, percentage) {
      if (percentage === undefined) reporter.report(message);
      else reporter.report(percentage, message);
    },
    done() {
      reporter.done();
    },
  };
}

/**
 * Progress that the server begins by itself, with a way to cancel, once the work has lasted a while.
 * @param after milliseconds before it is shown
 */
export function ownProgress(connection: Connection, title: string, after: number): Progress {
  const controller = new AbortController();
  let last: { message: string; percentage: number | undefined } | undefined;
  let reporter: Awaited<ReturnType<Connection["window"]["createWorkDoneProgress"]>> | undefined;
  let ended = false;
  const tell = (message: string, percentage: number | undefined): void => {
    if (percentage === undefined) reporter?.report(message);
    else reporter?.report(percentage, message);
  };
  const show = async (): Promise<void> => {
    const made = await connection.window.createWorkDoneProgress();
    if (ended) return;
    reporter = made;
    made.begin(title, 0, last?.message, true);
    made.token.onCancellationRequested(() => {
      controller.abort();
    });
    if (last !== undefined) tell(last.message, last.percentage);
  };
  const timer = setTimeout(() => {
    show().catch(() => undefined);
  }, after);
  return {
    signal: controller.signal,
    report(message, percentage) {
      last = { message, percentage };
      tell(message, percentage);
    },
    done() {
      ended = true;
      clearTimeout(timer);
      reporter?.done();
    },
  };
}

/** Tells the events of a build as progress. */
export function tellProgress(progress: Progress, event: BuildEvent): void {
  if (event.event === "notice") progress.report(event.message);
  else if (event.event === "step") {
    const percentage = event.total === 0 ? 100 : Math.floor((100 * event.finished) / event.total);
    const what = event.kind === "link" ? `linking ${event.extension}` : (event.source ?? event.extension);
    progress.report(`${what} (${event.finished}/${event.total})`, percentage);
  }
}
