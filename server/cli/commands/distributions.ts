import type { PreparedBuild } from "../../core/builder.ts";
import { prepareBuild } from "../../core/builder.ts";
import type { Distribution } from "../../core/distribution.ts";
import { buildEditable, buildSdist, buildWheel, writeMetadata } from "../../core/distribution.ts";
import { loadProject } from "../../core/project/load.ts";
import { printableLine, quantity, shortPath } from "../text.ts";
import type { CommandContext } from "./context.ts";
import { buildRequest, flag, outputFolder, projectFolder, text } from "./context.ts";
import { showPlan } from "./dry-run.ts";
import { failureSummary } from "./summary.ts";

function tell(context: CommandContext, command: string, { path, name }: Distribution): void {
  context.reporter.json({ event: "result", command, path, name });
  const { warnings } = context.reporter.counts;
  const end = warnings === 0 ? "" : ` (${quantity(warnings, "warning")})`;
  context.reporter.say(`Wrote ${printableLine(shortPath(path))}${end}`);
}

type Writer = (prepared: PreparedBuild) => Promise<Distribution>;

async function run(
  context: CommandContext,
  command: string,
  write: (request: ReturnType<typeof buildRequest>) => Writer,
): Promise<void> {
  const request = buildRequest(context);
  const prepared = await prepareBuild(request);
  if (flag(context, "dry-run")) {
    await showPlan(context, prepared);
    return;
  }
  try {
    tell(context, command, await write(request)(prepared));
  } catch (error) {
    failureSummary(context, prepared, error);
    throw error;
  }
}

/** `zlig wheel`. */
export async function wheel(context: CommandContext): Promise<void> {
  const output = { outDir: outputFolder(context), metadataDirectory: text(context, "metadata-directory") };
  await run(context, "wheel", (request) => (prepared) => buildWheel(request, prepared, output));
}

/** `zlig editable`, for PEP 660's hook. */
export async function editable(context: CommandContext): Promise<void> {
  const output = { outDir: outputFolder(context), metadataDirectory: text(context, "metadata-directory") };
  await run(context, "editable", (request) => (prepared) => buildEditable(request, prepared, output));
}

/** `zlig metadata`, for the metadata hooks of PEP 517 and 660. */
export async function metadata(context: CommandContext): Promise<void> {
  await run(context, "metadata", () => (prepared) => writeMetadata(prepared, { outDir: outputFolder(context) }));
}

/** `zlig sdist`. */
export async function sdist(context: CommandContext): Promise<void> {
  const request = buildRequest(context);
  const { project, warnings } = await loadProject(projectFolder(context));
  for (const problem of warnings) request.emit({ event: "problem", problem });
  tell(context, "sdist", await buildSdist(project, request, { outDir: outputFolder(context) }));
}
