import { buildInPlace, prepareBuild } from "../../core/builder.ts";
import type { CommandContext } from "./context.ts";
import { buildRequest, flag } from "./context.ts";
import { showPlan } from "./dry-run.ts";
import { failureSummary } from "./summary.ts";

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
    const { counts, modules } = await buildInPlace(request, prepared, "fail");
    const artefacts = modules.map(({ artefact }) => artefact.path);
    context.reporter.json({ event: "result", command: "build", artefacts, counts });
    const { project } = prepared;
    if (project.extensions.length === 0) context.reporter.say("This project has no extensions: nothing to build");
    else if (counts.compiled + counts.linked === 0)
      context.reporter.say(`Nothing to do: ${modules.length} module(s) up to date`);
    else {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      context.reporter.say(
        `Built ${modules.length} module(s) in ${seconds} s: ${counts.compiled} compiled, ${counts.linked} linked`,
      );
    }
  } catch (error) {
    failureSummary(context, prepared, error);
    throw error;
  }
}
