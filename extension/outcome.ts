import { l10n } from "vscode";
import type { ErrorCode } from "../server/core/error-codes.ts";
import type { CompilerMessage, ProblemInfo } from "../server/lsp/protocol.ts";

/** What the results of requests that run programs have in common. */
export interface Outcome {
  readonly ok: boolean;
  readonly cancelled: boolean;
  readonly problems: readonly ProblemInfo[];
  readonly messages: readonly CompilerMessage[];
}

/** What a failure's user can do about it: a command of this extension's or of VS Code's, with the words on its button. */
export interface Remedy {
  readonly title: string;
  readonly command: string;
}

const zigFaults: readonly ErrorCode[] = ["zig-missing", "zig-version"];
const pythonFaults: readonly ErrorCode[] = ["python-missing", "python-unsupported", "python-headers-missing"];

/** What helps with the problems of a failure. */
export function remediesFor({ problems, messages }: Outcome): readonly Remedy[] {
  const hasOne = (codes: readonly string[]): boolean => problems.some(({ code }) => codes.includes(code));
  if (hasOne(zigFaults)) return [{ title: l10n.t("Install Zig"), command: "zlig.installZig" }];
  if (hasOne(pythonFaults)) return [{ title: l10n.t("Select Interpreter"), command: "zlig.selectInterpreter" }];
  const placed = [...problems, ...messages].some(({ uri }) => uri !== undefined);
  return placed ? [{ title: l10n.t("Show Problems"), command: "workbench.actions.view.problems" }] : [];
}

/** Why something failed, in a sentence or two: Zlig's own problem where there is one, else how many errors the compiler found. */
export function failureText({ problems, messages }: Outcome): string {
  const own = problems.filter(({ severity }) => severity === "error");
  const compiler = messages.filter(({ severity }) => severity === "error");
  const [first] = own.length > 0 ? own : problems;
  const [message] = compiler;
  if (message !== undefined)
    return compiler.length === 1
      ? l10n.t("The compiler found an error: {0}", message.message)
      : l10n.t("The compiler found {0} errors, the first: {1}", compiler.length, message.message);
  if (first === undefined) return l10n.t("It failed.");
  return first.hint === undefined ? `${first.message}.` : `${first.message}. ${first.hint}`;
}
