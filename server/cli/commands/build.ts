import { buildInPlace, prepareBuild } from "../../core/builder.ts";
import type { CommandContext } from "./context.ts";
import { buildRequest, flag } from "./context.ts";
import { showPlan } from "./dry-run.ts";
import { buildSummary, failureSummary } from "./summary.ts";

/** `zlig build`. */
export async function build(context: CommandContext): Promise<void> {
  const request = buildRequest(context);
  const prepared = await prepareBuild(request);
  if (flag(context, "dry-run")) {
    await showPlan(context, prepared);
    return;
  }
  const started = performance.now();
  try {
    const outcome = await buildInPlace(request, prepared, "fail");
    const artefacts = outcome.modules.map(({ artefact }) => artefact.path);
    context.reporter.json({ event: "result", command: "build", artefacts, counts: outcome.counts });
    context.reporter.say(buildSummary(context, prepared, outcome, (performance.now() - started) / 1000));
  } catch (error) {
    failureSummary(context, prepared, error);
    throw error;
  }
}
