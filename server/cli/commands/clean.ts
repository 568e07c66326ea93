import { findAndProbe } from "../../core/builder.ts";
import { Cache } from "../../core/engine/cache.ts";
import { Digests } from "../../core/engine/digests.ts";
import { removeInPlace } from "../../core/engine/in-place.ts";
import { loadProject } from "../../core/project/load.ts";
import { cacheFolder } from "../../core/toolchain/cache-folder.ts";
import type { CommandContext } from "./context.ts";
import { buildRequest, flag, projectFolder } from "./context.ts";

/** `zlig clean`. */
export async function clean(context: CommandContext): Promise<void> {
  const request = buildRequest(context);
  const { project } = await loadProject(projectFolder(context));
  const cache = await Cache.open(cacheFolder(process.env));
  const digests = await Digests.open(cache, project.root);
  let wanted: (path: string) => boolean = () => true;
  if (!flag(context, "all")) {
    const { extensionSuffix, stableAbiSuffix } = await findAndProbe(request);
    wanted = (path) =>
      path.endsWith(extensionSuffix) || (stableAbiSuffix !== undefined && path.endsWith(stableAbiSuffix));
  }
  const { removed, foreign } = await removeInPlace(project.root, cache, digests, wanted);
  for (const path of removed) context.reporter.emit({ event: "artefact", extension: "", path, state: "removed" });
  for (const path of foreign) context.reporter.say(`left alone, it has changed since Zlig wrote it: ${path}`);
  context.reporter.json({ event: "result", command: "clean", removed, foreign });
  if (removed.length === 0) context.reporter.say("Nothing to remove");
}
