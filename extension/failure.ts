import { CancellationError } from "vscode";

/** The codes of the language server protocol for a request that was cancelled, by either side. */
const cancelled = new Set([-32800, -32802]);

function field(error: unknown, name: string): unknown {
  return typeof error === "object" && error !== null && name in error ? Reflect.get(error, name) : undefined;
}

/** Whether an error says that somebody did not want an answer any more. */
export function isCancellation(error: unknown): boolean {
  return error instanceof CancellationError || cancelled.has(Number(field(error, "code")));
}

/** What an error says, in one text for a message to the user. */
export function errorText(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const hint = field(field(error, "data"), "hint");
  return typeof hint === "string" && !message.includes(hint) ? `${message}. ${hint}` : message;
}
