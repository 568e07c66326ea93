import type { Disposable, Pseudoterminal, TaskDefinition, WorkspaceFolder } from "vscode";
import {
  CancellationTokenSource,
  CustomExecution,
  EventEmitter,
  l10n,
  Task,
  TaskGroup,
  tasks,
  Uri,
  workspace,
} from "vscode";
import type {
  BuildResult,
  CleanResult,
  CompilerMessage,
  DistributionResult,
  ProblemInfo,
} from "../server/lsp/protocol.ts";
import { errorText, isCancellation } from "./failure.ts";
import type { Services } from "./services.ts";
import { findProjects, folderOf } from "./workspace.ts";

const kinds = ["build", "wheel", "sdist", "clean"] as const;
type Kind = (typeof kinds)[number];

interface ZligTask extends TaskDefinition {
  readonly type: "zlig";
  readonly task: Kind;
  readonly project?: string;
  readonly extension?: string;
}

function isZligTask(definition: TaskDefinition): definition is ZligTask {
  return definition.type === "zlig" && kinds.some((kind) => kind === definition["task"]);
}

/** Where a message stands, as compilers write it: terminals make that a link. */
function place({ uri, range }: CompilerMessage | ProblemInfo): string {
  if (uri === undefined) return "";
  const path = Uri.parse(uri).fsPath;
  return range === undefined ? `${path}: ` : `${path}:${range.start.line + 1}:${range.start.character + 1}: `;
}

/** What a task's terminal says at the end. */
function resultLines(result: Partial<BuildResult & CleanResult & DistributionResult>): readonly string[] {
  const { messages = [], problems = [], removed = [], artefacts = [], path } = result;
  return [
    ...[...messages, ...problems].map((one) => `${place(one)}${one.severity}: ${one.message}`),
    ...removed.map((file) => l10n.t("removed {0}", file)),
    ...artefacts.map((file) => l10n.t("in place: {0}", file)),
    ...(path === undefined ? [] : [l10n.t("wrote {0}", path)]),
  ];
}

/** A terminal without a process: it shows how far the server is with one request, and closing it cancels the request. */
class TaskTerminal implements Pseudoterminal {
  readonly #services: Services;
  readonly #definition: ZligTask;
  readonly #project: Uri;
  readonly #write = new EventEmitter<string>();
  readonly #close = new EventEmitter<number>();
  readonly #cancellation = new CancellationTokenSource();
  readonly onDidWrite = this.#write.event;
  readonly onDidClose = this.#close.event;

  constructor(services: Services, definition: ZligTask, project: Uri) {
    this.#services = services;
    this.#definition = definition;
    this.#project = project;
  }

  open(): void {
    void this.#run().then((code) => {
      this.#close.fire(code);
    });
  }

  close(): void {
    this.#cancellation.cancel();
  }

  handleInput(data: string): void {
    if (data === "\u0003") this.#cancellation.cancel();
  }

  #line(text: string): void {
    this.#write.fire(`${text.replaceAll("\n", "\r\n")}\r\n`);
  }

  #end(text: string, code: number): number {
    this.#line(text);
    return code;
  }

  async #run(): Promise<number> {
    const { task, extension } = this.#definition;
    const { server, interpreters } = this.#services;
    const params = { uri: this.#project.toString(), ...(extension === undefined ? {} : { extension }) };
    try {
      await server.start();
      await interpreters.send(this.#project);
      let last = "";
      const report = ({ message = "" }: { readonly message?: string }): void => {
        if (message !== "" && message !== last) this.#line(message);
        last = message;
      };
      type Result = Partial<BuildResult & CleanResult & DistributionResult>;
      const method = `zlig/${task}`;
      const result = await server.requestWithProgress<Result>(method, params, this.#cancellation.token, report);
      for (const line of resultLines(result)) this.#line(line);
      if (result.cancelled === true) return this.#end(l10n.t("cancelled"), 130);
      return result.ok === false ? this.#end(l10n.t("failed"), 1) : 0;
    } catch (error) {
      return isCancellation(error) ? this.#end(l10n.t("cancelled"), 130) : this.#end(errorText(error), 1);
    }
  }
}

function makeTask(services: Services, definition: ZligTask, folder: WorkspaceFolder, project: Uri): Task {
  const where = definition.project === undefined ? "" : ` - ${definition.project}`;
  const name = definition.extension === undefined ? definition.task : `${definition.task} ${definition.extension}`;
  const execution = new CustomExecution(() => Promise.resolve(new TaskTerminal(services, definition, project)));
  // The server publishes what the compiler says: a matcher would show everything twice.
  const task = new Task(definition, folder, name + where, "zlig", execution, []);
  if (definition.task === "build") task.group = TaskGroup.Build;
  if (definition.task === "clean") task.group = TaskGroup.Clean;
  return task;
}

/** The manifest that a task's `project` names inside its folder. */
function manifestOf(definition: ZligTask, folder: WorkspaceFolder): Uri {
  return Uri.joinPath(folder.uri, definition.project ?? ".", "pyproject.toml");
}

/** Provides `zlig: build`, `zlig: wheel`, `zlig: sdist` and `zlig: clean` for each project of a trusted workspace. */
export function provideTasks(services: Services): Disposable {
  return tasks.registerTaskProvider("zlig", {
    provideTasks: async () => {
      if (!workspace.isTrusted) return [];
      const found: Task[] = [];
      for (const project of await findProjects()) {
        const folder = workspace.getWorkspaceFolder(project);
        if (folder === undefined) continue;
        const path = folderOf(project).path.slice(folder.uri.path.length + 1);
        for (const task of kinds) {
          const definition: ZligTask = { type: "zlig", task, ...(path === "" ? {} : { project: path }) };
          found.push(makeTask(services, definition, folder, project));
        }
      }
      return found;
    },
    resolveTask: ({ definition, scope }) => {
      const folder = typeof scope === "object" ? scope : workspace.workspaceFolders?.[0];
      if (!workspace.isTrusted || folder === undefined || !isZligTask(definition)) return undefined;
      return makeTask(services, definition, folder, manifestOf(definition, folder));
    },
  });
}
