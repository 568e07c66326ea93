import type { BuildOutcome } from "../../core/engine/run-plan.ts";
import type { PreparedBuild } from "../../core/builder.ts";
import { ProblemsError } from "../../core/error.ts";
import { quantity } from "../text.ts";
import type { CommandContext } from "./context.ts";

/** `, 2 warnings`; nothing when there were none. */
function warningsOf({ reporter }: CommandContext): string {
  const { warnings } = reporter.counts;
  return warnings === 0 ? "" : `, ${quantity(warnings, "warning")}`;
}

/** Sets the line that sums a failed build up: how many extensions were not built, for how many errors. */
export function failureSummary({ reporter }: CommandContext, { project }: PreparedBuild, error: unknown): void {
  if (!(error instanceof ProblemsError)) return;
  const needed = project.extensions.filter((extension) => !extension.optional);
  const failed = needed.filter(({ name }) => reporter.failedExtensions.has(name)).length;
  if (failed === 0) return;
  // The problems of the links are still to be shown: those of refused sources are in the compiler's own errors.
  const links = error.problems.filter((problem) => problem.severity === "error" && problem.code !== "compile-failed");
  const errors = quantity(reporter.counts.errors + links.length, "error");
  const { warnings } = reporter.counts;
  reporter.conclude(
    `${failed} of ${quantity(needed.length, "extension")} could not be built: ${errors}` +
      (warnings === 0 ? "" : `, ${quantity(warnings, "warning")}`),
  );
}

/** One line on what a build did. */
export function buildSummary(
  context: CommandContext,
  { project }: PreparedBuild,
  { counts, modules }: BuildOutcome,
  seconds: number,
): string {
  if (project.extensions.length === 0)
    return "This project has no extensions (`[[tool.zlig.extensions]]`): nothing to build";
  const left = project.extensions.length - modules.length;
  const leftOut = left === 0 ? "" : `, ${quantity(left, "optional extension")} left out`;
  const end = leftOut + warningsOf(context);
  if (counts.compiled + counts.linked > 0)
    return `Built ${quantity(modules.length, "module")} in ${seconds.toFixed(1)} s: ${counts.compiled} compiled, ${counts.linked} linked${end}`;
  const { written } = context.reporter;
  return written > 0
    ? `Put ${quantity(written, "module")} in place, compiled before${end}`
    : `Nothing to do: ${quantity(modules.length, "module")} up to date${end}`;
}
