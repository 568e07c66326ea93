import { Uri } from "vscode";
import { chooseProject, projectOf } from "../workspace.ts";

/** What a command is about: a project, and perhaps one of its extension modules. */
export interface CommandTarget {
  readonly project: Uri;
  readonly extension: string | undefined;
}

/** Reads what a code lens, a menu or a key binding gave a command: `{uri, extension?}`, a file's URI, or nothing. */
function readArgument(argument: unknown): { readonly uri?: Uri; readonly extension?: string } {
  if (argument instanceof Uri) return { uri: argument };
  if (typeof argument !== "object" || argument === null) return {};
  const uri: unknown = Reflect.get(argument, "uri");
  const extension: unknown = Reflect.get(argument, "extension");
  return {
    ...(typeof uri === "string" ? { uri: Uri.parse(uri, true) } : {}),
    ...(typeof extension === "string" ? { extension } : {}),
  };
}

/** What a command is about: what its argument names, else what the active editor or the user says. */
export async function commandTarget(argument: unknown): Promise<CommandTarget | undefined> {
  const { uri, extension } = readArgument(argument);
  const project = (uri === undefined ? undefined : await projectOf(uri)) ?? (await chooseProject());
  return project === undefined ? undefined : { project, extension };
}
