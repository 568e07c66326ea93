import type { BuildRequest, PreparedBuild } from "../core/builder.ts";
import type { ZligError } from "../core/error.ts";
import { describeInterpreter } from "../core/toolchain/interpreter.ts";
import { cacheFolder } from "../core/toolchain/cache-folder.ts";
import { zigRange } from "../core/toolchain/zig.ts";
import { version } from "../core/version.ts";
import { artefactReports } from "./artefact-states.ts";
import type { Builds } from "./builds.ts";
import { problemsOf } from "./builds.ts";
import type { ManifestProject } from "./manifest-project.ts";
import type { StatusResult } from "./protocol.ts";
import type { Settings } from "./settings.ts";
import { extensionsOf } from "./strings-at.ts";
import type { Workspace } from "./workspace.ts";

/** What the toolchain and the artefacts of a project are. In a workspace that is not trusted it tells what the manifest says, and runs nothing. */
export async function statusOf(
  project: ManifestProject,
  builds: Builds,
  workspace: Workspace,
  settings: Settings,
): Promise<StatusResult> {
  const uri = workspace.uri(project.file);
  const named = extensionsOf(project.reading).flatMap(({ name }) => (name === undefined ? [] : [{ name: name.value }]));
  if (!settings.trusted) return { extensions: named, problems: [] };
  const request = builds.request(project, new AbortController().signal, () => undefined);
  let toolchain: PreparedBuild["toolchain"];
  try {
    toolchain = await builds.toolchains.find(request);
    const prepared = await builds.prepare(request);
    const { plan, project: loaded } = prepared;
    const reports = await artefactReports(prepared);
    return {
      ...toolchainInfo(toolchain),
      tag: [plan.tag.python, plan.tag.abi, plan.tag.platform].join("-"),
      project: { name: loaded.metadata.name, version: loaded.metadata.version, uri },
      extensions: reports.map(({ name, path, state }) => ({ name, artefact: path, state })),
      problems: [],
    };
  } catch (error) {
    const problems = problemsOf(error, false).map((one) => builds.problemInfo(one));
    const info = toolchain === undefined ? await interpreterInfo(request) : toolchainInfo(toolchain);
    return { ...info, extensions: named, problems };
  }
}

function toolchainInfo({
  interpreter,
  zig,
}: NonNullable<PreparedBuild["toolchain"]>): Pick<StatusResult, "python" | "version" | "zig"> {
  return { python: interpreter.executable, version: describeInterpreter(interpreter), zig: zig.version };
}

/** The interpreter alone: where Zig is missing it says what Zig has to be installed into. */
async function interpreterInfo(request: BuildRequest): Promise<Pick<StatusResult, "python" | "version">> {
  const { findAndProbe } = await import("../core/builder.ts");
  try {
    const interpreter = await findAndProbe(request);
    return { python: interpreter.executable, version: describeInterpreter(interpreter) };
  } catch {
    // Then that is the problem that is told.
    return {};
  }
}

/** Paths as a stranger may see them: without the user's home folder and name. */
function withoutHome(text: string): string {
  const home = process.env["HOME"] ?? process.env["USERPROFILE"] ?? "";
  const user = process.env["USER"] ?? process.env["USERNAME"] ?? "";
  const hidden = home.length > 1 ? text.replaceAll(home, "~") : text;
  if (user.length < 3) return hidden;
  const parts = hidden.split(/([\\/])/);
  return parts
    .map((part) =>
      part.startsWith(user) && !/^[\w-]/.test(part.slice(user.length)) ? `user${part.slice(user.length)}` : part,
    )
    .join("");
}

function problemLine({
  code,
  severity,
  message,
}: Pick<ZligError, "severity" | "message"> & { readonly code: string }): string {
  return `- ${severity} \`${code}\`: ${(message.split("\n")[0] ?? "").trim()}`;
}

/** A report for an issue, in Markdown: versions, paths without the user's name, problems. Neither sources nor environment variables are in it. */
export async function reportOf(
  project: ManifestProject,
  builds: Builds,
  workspace: Workspace,
  settings: Settings,
  pulled: readonly { readonly code?: string | number | undefined; readonly message: unknown }[],
): Promise<string> {
  const status = await statusOf(project, builds, workspace, settings);
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["Zlig", version],
    ["Node", process.version],
    ["Platform", `${process.platform} ${process.arch}`],
    ["Trusted", String(settings.trusted)],
    ["Build on save", settings.buildOnSave],
    ["Python", status.version],
    ["Interpreter", status.python],
    ["Zig", status.zig],
    ["Zig supported", `${zigRange.from} up to, not including, ${zigRange.below}`],
    ["Wheel tag", status.tag],
    ["Cache", cacheFolder()],
    ["Project folder", project.folder],
  ];
  const facts = rows.map(([name, value]) => `| ${name} | ${(value ?? "unknown").replaceAll("|", "\\|")} |`);
  const extensions = status.extensions.map(
    ({ name, state, artefact }) =>
      `- \`${name}\`: ${state ?? "unknown"}${artefact === undefined ? "" : ` (${artefact})`}`,
  );
  const problems = status.problems.map(problemLine);
  const diagnostics = pulled.map(
    ({ code, message }) => `- \`${String(code)}\`: ${String(message).split("\n")[0] ?? ""}`,
  );
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ["", `## ${title}`, "", ...lines];
  const text = [
    "# Zlig diagnostic report",
    "",
    "| | |",
    "| --- | --- |",
    ...facts,
    ...section("Extensions", extensions),
    ...section("Problems", problems),
    ...section("Diagnostics of pyproject.toml", diagnostics),
    "",
  ];
  return withoutHome(text.join("\n"));
}
