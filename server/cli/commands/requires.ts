import { findAndProbe } from "../../core/builder.ts";
import { ZligError } from "../../core/error.ts";
import { loadProject } from "../../core/project/load.ts";
import { findSupportedZig, ziglangRequirement } from "../../core/toolchain/zig.ts";
import type { CommandContext } from "./context.ts";
import { buildRequest, projectFolder, text } from "./context.ts";

/** `zlig requires`, for PEP 517's `get_requires_for_build_*`: what must be installed beside Zlig for a build of this project. */
export async function requires(context: CommandContext): Promise<void> {
  const purpose = text(context, "for");
  if (purpose !== "wheel" && purpose !== "sdist" && purpose !== "editable")
    throw new ZligError("usage", "--for takes wheel, sdist or editable");
  const { project } = await loadProject(projectFolder(context));
  const needsZig = purpose !== "sdist" && project.extensions.length > 0;
  const request = buildRequest(context);
  // The environment that asks may not have its ziglang yet: then it is found nowhere, and asked for.
  const ziglang = needsZig ? (await findAndProbe(request)).ziglang : undefined;
  const zig = needsZig ? await findSupportedZig({ given: request.zig, ziglang }, process.env) : undefined;
  context.reporter.json({
    event: "requires",
    requires: [],
    needs_zig: needsZig,
    ...(needsZig ? { zig: { requirement: ziglangRequirement, found: zig?.version ?? null } } : {}),
  });
}
