import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { Uri } from "vscode";
import { l10n, ProcessExecution, Task, TaskScope, tasks, window, workspace } from "vscode";
import { errorText } from "../failure.ts";
import type { StatusResult } from "../../server/lsp/protocol.ts";
import type { Services } from "../services.ts";
import { requireTrust } from "../trust.ts";
import { folderOf } from "../workspace.ts";
import { commandTarget } from "./target.ts";

const run = promisify(execFile);

/** The command line that installs a package for an interpreter: pip's, or uv's where the environment has no pip. */
async function installation(python: string, requirement: string): Promise<readonly [string, ...string[]]> {
  const answers = (program: string, args: readonly string[]): Promise<boolean> =>
    run(program, args, { timeout: 20_000 }).then(
      () => true,
      () => false,
    );
  if (await answers(python, ["-m", "pip", "--version"])) return [python, "-m", "pip", "install", requirement];
  if (await answers("uv", ["--version"])) return ["uv", "pip", "install", "--python", python, requirement];
  throw new Error(l10n.t("{0} has no pip, and there is no uv on the path.", python));
}

async function runTask(project: Uri, [program, ...args]: readonly [string, ...string[]]): Promise<number | undefined> {
  const scope = workspace.getWorkspaceFolder(project) ?? TaskScope.Workspace;
  const execution = new ProcessExecution(program, args, { cwd: folderOf(project).fsPath });
  const task = new Task({ type: "zlig", task: "install" }, scope, l10n.t("install Zig"), "zlig", execution, []);
  const started = await tasks.executeTask(task);
  return new Promise((resolve) => {
    const subscription = tasks.onDidEndTaskProcess((end) => {
      if (end.execution !== started) return;
      subscription.dispose();
      resolve(end.exitCode);
    });
  });
}

/** Install Zig into the Environment: `pip install ziglang` for the project's interpreter, where the user sees it. */
export async function installZig(services: Services, argument: unknown): Promise<void> {
  const target = await commandTarget(argument);
  if (target === undefined || !(await requireTrust())) return;
  const { context, interpreters, log, server } = services;
  const { project } = target;
  try {
    await server.start();
    await interpreters.send(project);
    const { python } = await server.request<StatusResult>("zlig/status", { uri: project.toString() });
    if (python === undefined) throw new Error(l10n.t("There is no Python interpreter. Choose one first."));
    const { ziglang } = JSON.parse(await readFile(context.asAbsolutePath("dist/requirements.json"), "utf8")) as {
      readonly ziglang: string;
    };
    const code = await runTask(project, await installation(python, ziglang));
    if (code !== 0) throw new Error(l10n.t("The installation ended with exit code {0}.", String(code)));
    void window.showInformationMessage(l10n.t("Zig is installed for {0}.", python));
    await interpreters.refresh(project);
  } catch (error) {
    log.error(errorText(error));
    void window.showErrorMessage(errorText(error));
  }
}
