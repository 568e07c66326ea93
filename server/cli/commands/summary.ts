import type { PreparedBuild } from "../../core/builder.ts";
import { ProblemsError } from "../../core/error.ts";
import type { CommandContext } from "./context.ts";

/** Says in one line how much of a build failed; the messages themselves come before and after. */
export function failureSummary(context: CommandContext, prepared: PreparedBuild, error: unknown): void {
  if (!(error instanceof ProblemsError)) return;
  const places = new Set(error.problems.map((problem) => JSON.stringify(problem.location)));
  const { errors, warnings } = context.reporter.counts;
  const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;
  const failed = Math.min(places.size, prepared.project.extensions.length);
  context.reporter.say(
    `${failed} of ${count(prepared.project.extensions.length, "extension")} failed: ${count(errors, "error")} and ${count(warnings, "warning")} from the compiler`,
  );
}
