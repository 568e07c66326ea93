import type { Disposable } from "vscode";
import { commands } from "vscode";
import type { Services } from "../services.ts";
import { buildExtension } from "./build-extension.ts";
import { build } from "./build.ts";
import { clean } from "./clean.ts";
import { writeCompileCommands } from "./compile-commands.ts";
import { buildSdist, buildWheel } from "./distributions.ts";
import { selectInterpreter } from "./interpreter.ts";
import { newExtension } from "./new-extension.ts";
import { copyReport, restartServer, showOutput } from "./output.ts";
import { installZig } from "./zig.ts";

type Command = (services: Services, argument: unknown) => Promise<void> | void;

const all: Readonly<Record<string, Command>> = {
  "zlig.build": build,
  "zlig.buildExtension": buildExtension,
  "zlig.buildWheel": buildWheel,
  "zlig.buildSdist": buildSdist,
  "zlig.clean": clean,
  "zlig.newExtension": newExtension,
  "zlig.selectInterpreter": selectInterpreter,
  "zlig.installZig": installZig,
  "zlig.writeCompileCommands": writeCompileCommands,
  "zlig.showOutput": showOutput,
  "zlig.restartServer": restartServer,
  "zlig.copyReport": copyReport,
};

/** Registers every command of the manifest. */
export function registerCommands(services: Services): readonly Disposable[] {
  return Object.entries(all).map(([id, command]) =>
    commands.registerCommand(id, (argument: unknown) => command(services, argument)),
  );
}
