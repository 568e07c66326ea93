import { posix } from "node:path";
import { realpath } from "node:fs/promises";
import { findAndProbe } from "../../core/builder.ts";
import { Cache } from "../../core/engine/cache.ts";
import { Digests } from "../../core/engine/digests.ts";
import { removeInPlace } from "../../core/engine/in-place.ts";
import { ZligError } from "../../core/error.ts";
import { readManifest } from "../../core/manifest/read.ts";
import { cacheFolder } from "../../core/toolchain/cache-folder.ts";
import { printableLine } from "../text.ts";
import type { CommandContext } from "./context.ts";
import { buildRequest, flag, projectFolder } from "./context.ts";

/** The project folder. What is wrong in its `pyproject.toml` is no reason to leave the artefacts there. */
async function rootOf(context: CommandContext): Promise<string> {
  const folder = projectFolder(context);
  try {
    await readManifest(folder);
  } catch (error) {
    if (!(error instanceof ZligError) || error.code === "manifest-missing") throw error;
  }
  return realpath(folder);
}

/** Tells the artefacts of the interpreter, by what follows the module's name: `.pyd` alone is not the end of `.cp312-win_amd64.pyd`. */
async function artefactsOfInterpreter(context: CommandContext): Promise<(path: string) => boolean> {
  const { extensionSuffix, stableAbiSuffix } = await findAndProbe(buildRequest(context));
  return (path) => {
    const name = posix.basename(path);
    const suffix = name.slice(name.indexOf("."));
    return suffix === extensionSuffix || suffix === stableAbiSuffix;
  };
}

/** `zlig clean`. */
export async function clean(context: CommandContext): Promise<void> {
  const root = await rootOf(context);
  const wanted = flag(context, "all") ? (): boolean => true : await artefactsOfInterpreter(context);
  const cache = await Cache.open(cacheFolder(process.env));
  const digests = await Digests.open(cache, root);
  const { removed, foreign } = await removeInPlace(root, cache, digests, wanted);
  for (const path of removed) context.reporter.emit({ event: "artefact", extension: "", path, state: "removed" });
  for (const path of foreign)
    context.reporter.say(`Left alone, for it has changed since Zlig wrote it: ${printableLine(path)}`);
  context.reporter.json({ event: "result", command: "clean", removed, foreign });
  if (removed.length + foreign.length === 0) context.reporter.say("Nothing to remove");
}
