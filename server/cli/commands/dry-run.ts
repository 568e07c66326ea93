import type { PreparedBuild } from "../../core/builder.ts";
import { previewWheel } from "../../core/distribution.ts";
import type { CommandContext } from "./context.ts";

/** Shows a plan: every step with its command, inputs and output, the tag, and what goes into the wheel and why. */
export async function showPlan(context: CommandContext, prepared: PreparedBuild): Promise<void> {
  const { plan, project, toolchain } = prepared;
  const wheel = await previewWheel(prepared);
  const tag = `${plan.tag.python}-${plan.tag.abi}-${plan.tag.platform}`;
  context.reporter.json({
    event: "plan",
    project: { name: project.metadata.name, version: project.metadata.version, root: project.root },
    ...(toolchain === undefined
      ? {}
      : {
          python: toolchain.interpreter.executable,
          zig: { path: toolchain.zig.executable, version: toolchain.zig.version },
          target: toolchain.target.triple,
        }),
    tag,
    steps: plan.steps.map(({ kind, extension, output, inputs, command }) => ({
      kind,
      extension,
      output,
      inputs,
      command,
    })),
    artefacts: plan.artefacts.map(({ extension, path, archivePath, product }) => ({
      extension: extension.name,
      path,
      archivePath,
      product,
    })),
    wheel,
  });
  const { reporter } = context;
  reporter.say(`Tag: ${tag}`);
  for (const step of plan.steps)
    reporter.say(`${step.kind} ${step.kind === "compile" ? step.source : step.extension}\n  ${step.command.join(" ")}`);
  for (const artefact of plan.artefacts) reporter.say(`artefact ${artefact.path}`);
  for (const file of wheel.files) reporter.say(`wheel ${file.path} (${file.why})`);
  for (const file of wheel.leftOut) reporter.say(`left out ${file.path} (${file.why})`);
}
