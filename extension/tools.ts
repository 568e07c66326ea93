import type { Disposable, LanguageModelTool, PreparedToolInvocation } from "vscode";
import { l10n, LanguageModelTextPart, LanguageModelToolResult, lm, Uri, workspace } from "vscode";
import type { BuildResult } from "../server/lsp/protocol.ts";
import type { Services } from "./services.ts";
import { findProjects, folderOf, projectName, projectOf } from "./workspace.ts";

interface ProjectInput {
  readonly project?: string;
}

interface BuildInput extends ProjectInput {
  readonly extension?: string;
}

/**
 * The project that a model means. It may only name one inside the workspace.
 * @throws with a sentence that tells the model what to do
 */
async function projectFor({ project }: ProjectInput): Promise<Uri> {
  const projects = await findProjects();
  if (project !== undefined) {
    const named = await projectOf(Uri.file(project));
    if (named !== undefined) return named;
    throw new Error(`There is no project of Zlig's at ${project}. Projects: ${list(projects)}.`);
  }
  const [only, ...others] = projects;
  if (only !== undefined && others.length === 0) return only;
  throw new Error(
    only === undefined
      ? "No pyproject.toml in this workspace has a [tool.zlig] table."
      : `The workspace has several projects. Name one of them: ${list(projects)}.`,
  );
}

function list(projects: readonly Uri[]): string {
  return projects.map((project) => folderOf(project).fsPath).join(", ") || "none";
}

function textResult(text: string): LanguageModelToolResult {
  return new LanguageModelToolResult([new LanguageModelTextPart(text)]);
}

/** A model may not run programs where the user has not said that they may be run. */
function refuseUntrusted(): void {
  if (!workspace.isTrusted) throw new Error("The workspace is not trusted: its user has to trust it first.");
}

function buildTool({ server, interpreters }: Services): LanguageModelTool<BuildInput> {
  return {
    prepareInvocation: async ({ input }): Promise<PreparedToolInvocation> => {
      const project = projectName(await projectFor(input));
      const what = input.extension ?? l10n.t("all extension modules");
      return {
        invocationMessage: l10n.t("Building {0}", project),
        confirmationMessages: {
          title: l10n.t("Build native modules?"),
          message: l10n.t("Zlig compiles {0} of {1}. This runs compilers on the project's sources.", what, project),
        },
      };
    },
    invoke: async ({ input }, token) => {
      refuseUntrusted();
      const project = await projectFor(input);
      await server.start();
      await interpreters.send(project);
      const { extension } = input;
      const params = { uri: project.toString(), ...(extension === undefined ? {} : { extension }) };
      return textResult(JSON.stringify(await server.request<BuildResult>("zlig/build", params, token)));
    },
  };
}

function explainTool({ server, interpreters }: Services): LanguageModelTool<ProjectInput> {
  return {
    prepareInvocation: async ({ input }): Promise<PreparedToolInvocation> => {
      const project = projectName(await projectFor(input));
      return {
        invocationMessage: l10n.t("Reading {0}", project),
        confirmationMessages: {
          title: l10n.t("Explain the project?"),
          message: l10n.t("Zlig reads {0} and asks its interpreter about itself.", project),
        },
      };
    },
    invoke: async ({ input }, token) => {
      refuseUntrusted();
      const project = await projectFor(input);
      await server.start();
      await interpreters.send(project);
      return textResult(await server.request<string>("zlig/report", { uri: project.toString() }, token));
    },
  };
}

/** Offers language models two tools: one that builds, one that explains how Zlig sees a project. */
export function registerTools(services: Services): readonly Disposable[] {
  return [lm.registerTool("zlig_build", buildTool(services)), lm.registerTool("zlig_explain", explainTool(services))];
}
