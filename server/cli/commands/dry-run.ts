import type { PreparedBuild } from "../../core/builder.ts";
import { previewWheel } from "../../core/distribution.ts";
import { printableLine } from "../text.ts";
import type { CommandContext } from "./context.ts";

/** A word of a command as a POSIX shell reads it back. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Shows a plan: every step with its command, inputs and output, the tag, and what goes into the wheel and why. */
export async function showPlan(context: CommandContext, prepared: PreparedBuild): Promise<void> {
  const { plan, project, toolchain } = prepared;
  const { reporter } = context;
  const wheel = await previewWheel(prepared);
  const tag = `${plan.tag.python}-${plan.tag.abi}-${plan.tag.platform}`;
  reporter.json({
    event: "plan",
    project: { name: project.metadata.name, version: project.metadata.version, root: project.root },
    ...(toolchain === undefined
      ? {}
      : {
          python: toolchain.interpreter.executable,
          zig: { executable: toolchain.zig.executable, version: toolchain.zig.version },
          target: toolchain.target.triple,
        }),
    tag,
    steps: plan.steps.map((step) => ({
      kind: step.kind,
      extension: step.extension,
      ...(step.kind === "compile" ? { source: step.source } : {}),
      output: step.output,
      inputs: step.inputs,
      command: step.command,
    })),
    artefacts: plan.artefacts.map(({ extension, path, archivePath, product }) => ({
      extension: extension.name,
      path,
      archivePath,
      product,
    })),
    wheel,
  });
  const lines = [`Tag: ${tag}`];
  for (const step of plan.steps) {
    const what = step.kind === "compile" ? `Compile ${step.source} for ${step.extension}` : `Link ${step.extension}`;
    lines.push(`${what}:`, `  ${step.command.map(shellWord).join(" ")}`);
  }
  for (const { path, extension } of plan.artefacts) lines.push(`In place: ${path}, the module ${extension.name}`);
  for (const { path, why } of wheel.files) lines.push(`Into the wheel: ${path} (${why})`);
  for (const { path, why } of wheel.leftOut) lines.push(`Left out of the wheel: ${path} (${why})`);
  for (const line of lines) reporter.show(printableLine(line));
}
