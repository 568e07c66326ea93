import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import type { BuildRequest } from "../../core/builder.ts";
import { ZligError } from "../../core/error.ts";
import type { CliArguments } from "../arguments.ts";
import type { OptionName } from "../options.ts";
import type { Reporter } from "../reporter.ts";

/** What every command gets. */
export interface CommandContext {
  readonly options: CliArguments["options"];
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/** The value of an option that takes one. */
export function text(context: CommandContext, name: OptionName): string | undefined {
  const value = context.options[name];
  return typeof value === "string" ? value : undefined;
}

/** Whether an option is set. */
export function flag(context: CommandContext, name: OptionName): boolean {
  return context.options[name] === true;
}

function jobs(context: CommandContext): number {
  const asked = text(context, "jobs");
  if (asked === undefined) return availableParallelism();
  const number = /^\d{1,5}$/.test(asked) ? Number(asked) : 0;
  if (number < 1) throw new ZligError("usage", `--jobs takes a whole number from 1, not "${asked}"`);
  return number;
}

/** The project folder. */
export function projectFolder(context: CommandContext): string {
  return resolve(text(context, "project") ?? ".");
}

/** The folder that results go to. */
export function outputFolder(context: CommandContext): string {
  return resolve(text(context, "out-dir") ?? resolve(projectFolder(context), "dist"));
}

/** The build that the command line asks for. @throws {ZligError} `usage` */
export function buildRequest(context: CommandContext): BuildRequest {
  return {
    directory: projectFolder(context),
    python: text(context, "python"),
    zig: text(context, "zig"),
    target: text(context, "target"),
    jobs: jobs(context),
    reuse: !flag(context, "no-cache"),
    signal: context.signal,
    emit: context.reporter.emit,
    env: process.env,
  };
}
