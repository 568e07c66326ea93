import { env, l10n, window } from "vscode";
import type { BuildResult } from "../../server/lsp/protocol.ts";
import { importLine } from "../import-line.ts";
import type { Services } from "../services.ts";
import { buildForProject } from "./run.ts";
import type { CommandTarget } from "./target.ts";
import { commandTarget } from "./target.ts";

/** Tells what a build has made, with the line that imports it. */
async function showResult({ modules, counts }: BuildResult, seconds: string): Promise<void> {
  const [first] = modules;
  if (first === undefined) {
    await window.showInformationMessage(l10n.t("The project has no extension modules."));
    return;
  }
  const copy = l10n.t("Copy Import Line");
  const what = modules.length === 1 ? first : l10n.t("{0} modules", modules.length);
  const said =
    counts.compiled + counts.linked === 0
      ? l10n.t("{0}: up to date.", what)
      : l10n.t("Built {0} in {1} s.", what, seconds);
  if ((await window.showInformationMessage(said, copy)) === copy)
    await env.clipboard.writeText(`${modules.map(importLine).join("\n")}\n`);
}

/** Builds a project's modules in place, or the one that the target names, and tells the result. */
export async function buildTarget(services: Services, target: CommandTarget): Promise<void> {
  const began = performance.now();
  const title =
    target.extension === undefined ? l10n.t("Building extensions") : l10n.t("Building {0}", target.extension);
  const result = await buildForProject<BuildResult>(services, target, title, "zlig/build");
  if (result === undefined) return;
  void showResult(result, ((performance.now() - began) / 1000).toFixed(1));
}

/** Build Extensions In Place. */
export async function build(services: Services, argument: unknown): Promise<void> {
  const target = await commandTarget(argument);
  if (target !== undefined) await buildTarget(services, { project: target.project, extension: undefined });
}
