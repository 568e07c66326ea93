import type { Uri } from "vscode";
import { workspace } from "vscode";

/** A setting that holds text; empty means that it is not set. */
export function textSetting(name: "python" | "zig", resource?: Uri): string | undefined {
  const value = workspace.getConfiguration("zlig", resource).get<string>(name, "").trim();
  return value === "" ? undefined : value;
}

/** What the language server is told at its start. */
export function initialOptions(): Readonly<Record<string, unknown>> {
  const settings = workspace.getConfiguration("zlig");
  return {
    trusted: workspace.isTrusted,
    python: textSetting("python"),
    zig: textSetting("zig"),
    jobs: settings.get<number>("jobs", 0),
    buildOnSave: settings.get<string>("buildOnSave", "manual"),
    clientCommands: true,
  };
}
