import { killAll } from "../core/toolchain/process.ts";

/** A way to end a command early. */
export interface Cancellation {
  readonly signal: AbortSignal;
  /** Stops listening, so that the process can end. */
  release(): void;
}

/**
 * Listens for the signs that a command is to end: interrupt, termination and hang-up; that nobody reads its output any
 * more; and, when the Python hook asks for it, the end of standard input, which comes when the hook itself is gone. A second
 * interrupt ends at once.
 */
export function listenForCancellation(env: NodeJS.ProcessEnv): Cancellation {
  const controller = new AbortController();
  const cancel = (): void => {
    if (controller.signal.aborted) {
      killAll();
      process.exit(130);
    }
    controller.abort();
  };
  const gone = (): void => {
    controller.abort();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, cancel);
  const outputs = [process.stdout, process.stderr];
  for (const output of outputs) output.on("error", gone);
  const watch = env["ZLIG_WATCH_STDIN"] === "1";
  if (watch) {
    process.stdin.on("end", gone);
    process.stdin.on("error", gone);
    process.stdin.resume();
  }
  return {
    signal: controller.signal,
    release() {
      for (const signal of signals) process.off(signal, cancel);
      for (const output of outputs) output.off("error", gone);
      if (watch) process.stdin.destroy();
    },
  };
}
