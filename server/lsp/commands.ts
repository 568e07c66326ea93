import type { CancellationToken } from "vscode-languageserver";
import { LSPErrorCodes, ResponseError } from "vscode-languageserver";
import { ZligError } from "../core/error.ts";
import { compileCommands } from "./compile-commands.ts";
import type { ManifestProject } from "./manifest-project.ts";
import type { Progress } from "./progress.ts";
import { attachedProgress, noProgress, ownProgress, signalOf } from "./progress.ts";
import {
  addExtensionRequest,
  buildRequest,
  cleanRequest,
  compileCommandsRequest,
  reportRequest,
  sdistRequest,
  statusRequest,
  wheelRequest,
} from "./protocol.ts";
import type { BuildResult, CleanResult, DistributionResult } from "./protocol.ts";
import type { Session } from "./session.ts";
import { pathOf } from "./uri.ts";
import { addExtension } from "./add-extension.ts";

/** Commands for editors whose client knows none of its own. */
export const serverCommands = [
  "zlig.server.build",
  "zlig.server.buildExtension",
  "zlig.server.buildWheel",
  "zlig.server.buildSdist",
  "zlig.server.clean",
] as const;

/** How a refusal reaches the client: its code and hint go along. */
function asResponseError(error: unknown): unknown {
  if (!(error instanceof ZligError)) return error;
  const { code, hint, message } = error;
  const text = hint === undefined ? message : `${message}. ${hint}`;
  return new ResponseError(LSPErrorCodes.RequestFailed, text, { code, ...(hint === undefined ? {} : { hint }) });
}

/** Answers the requests that build, pack, clean and tell. */
export function registerCommands(session: Session): void {
  const { connection, builds, workspace } = session;

  const projectOf = async (uri: string): Promise<ManifestProject> => {
    const path = pathOf(uri);
    const [project] = path === undefined ? [] : await session.projects.owning(path);
    if (project?.exists !== true)
      throw new ZligError("manifest-missing", `There is no pyproject.toml with [tool.zlig] for ${uri}`);
    return project;
  };
  const answer =
    <Params, Result>(work: (params: Params, token: CancellationToken) => Promise<Result>) =>
    async (params: Params, token: CancellationToken): Promise<Result> => {
      try {
        return await work(params, token);
      } catch (error) {
        throw asResponseError(error);
      }
    };
  /** Runs work with progress that ends when the request is cancelled, or the user says so. */
  const watched = async <Result>(
    title: string,
    progressToken: string | number | undefined,
    token: CancellationToken,
    work: (progress: Progress) => Promise<Result>,
  ): Promise<Result> => {
    const shown =
      progressToken !== undefined
        ? attachedProgress(connection, progressToken, title)
        : session.can.progress
          ? ownProgress(connection, title, 0)
          : noProgress;
    const progress: Progress = { ...shown, signal: AbortSignal.any([shown.signal, signalOf(token)]) };
    try {
      return await work(progress);
    } finally {
      shown.done();
    }
  };

  const build = async (
    uri: string,
    extension: string | undefined,
    progressToken: string | number | undefined,
    token: CancellationToken,
  ): Promise<BuildResult> => {
    const project = await projectOf(uri);
    const title = `Zlig: building ${extension ?? "extensions"}`;
    return watched(title, progressToken, token, (progress) => builds.build(project, extension, progress));
  };
  const distribute = async (
    uri: string,
    kind: "wheel" | "sdist",
    targets: readonly string[],
    progressToken: string | number | undefined,
    token: CancellationToken,
  ): Promise<DistributionResult> => {
    const project = await projectOf(uri);
    const title = kind === "wheel" ? "Zlig: building the wheel" : "Zlig: packing the source distribution";
    return watched(title, progressToken, token, (progress) => builds.distribute(project, kind, targets, progress));
  };
  const clean = async (uri: string): Promise<CleanResult> => builds.clean(await projectOf(uri));

  connection.onRequest(
    buildRequest,
    answer(({ uri, extension, workDoneToken }, token) => build(uri, extension, workDoneToken, token)),
  );
  connection.onRequest(
    wheelRequest,
    answer(({ uri, targets, workDoneToken }, token) => distribute(uri, "wheel", targets ?? [], workDoneToken, token)),
  );
  connection.onRequest(
    sdistRequest,
    answer(({ uri }, token) => distribute(uri, "sdist", [], undefined, token)),
  );
  connection.onRequest(
    cleanRequest,
    answer(({ uri }) => clean(uri)),
  );
  connection.onRequest(
    statusRequest,
    answer(async ({ uri }) => {
      const { statusOf } = await import("./status.ts");
      return statusOf(await projectOf(uri), builds, workspace, session.settings);
    }),
  );
  connection.onRequest(
    reportRequest,
    answer(async ({ uri }) => {
      const { reportOf } = await import("./status.ts");
      const project = await projectOf(uri);
      const pulled = await project.diagnostics(session.renderer);
      return reportOf(project, builds, workspace, session.settings, pulled);
    }),
  );
  connection.onRequest(
    compileCommandsRequest,
    answer(async ({ uri }, token) => {
      const project = await projectOf(uri);
      const ignore = (): void => undefined;
      return compileCommands(await builds.prepare(builds.request(project, signalOf(token), ignore)));
    }),
  );
  connection.onRequest(
    addExtensionRequest,
    answer(async ({ uri, name, language }) => addExtension(await projectOf(uri), workspace, name, language)),
  );

  connection.onExecuteCommand(async ({ command, arguments: given, workDoneToken }, token) => {
    const [argument] = (given ?? []) as readonly unknown[];
    const { uri, extension } = (argument ?? {}) as { readonly uri?: unknown; readonly extension?: unknown };
    if (typeof uri !== "string") throw new ResponseError(LSPErrorCodes.RequestFailed, `${command} takes { uri }`);
    const name = typeof extension === "string" ? extension : undefined;
    const run = answer<undefined, { readonly text: string; readonly ok: boolean }>(async () => {
      switch (command) {
        case "zlig.server.build":
        case "zlig.server.buildExtension": {
          const result = await build(uri, name, workDoneToken, token);
          return { ok: result.ok, text: result.ok ? `built ${result.modules.join(", ")}` : wordsOf(result) };
        }
        case "zlig.server.buildWheel":
        case "zlig.server.buildSdist": {
          const kind = command === "zlig.server.buildWheel" ? "wheel" : "sdist";
          const result = await distribute(uri, kind, [], workDoneToken, token);
          return { ok: result.ok, text: result.ok ? `wrote ${result.paths.join(", ")}` : wordsOf(result) };
        }
        case "zlig.server.clean": {
          const { removed } = await clean(uri);
          return { ok: true, text: removed.length === 0 ? "nothing to remove" : `removed ${removed.join(", ")}` };
        }
        default:
          throw new ZligError("usage", `There is no command "${command}"`);
      }
    });
    const { ok, text } = await run(undefined, token);
    session.tell(ok ? "info" : "error", text);
  });
}

function wordsOf({ problems, cancelled }: BuildResult | DistributionResult): string {
  if (cancelled) return "cancelled";
  const [first] = problems;
  return first === undefined ? "the build failed" : first.message;
}
