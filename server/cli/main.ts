import { ZligError } from "../core/error.ts";
import { killAll } from "../core/toolchain/process.ts";
import { version } from "../core/version.ts";
import type { CliArguments } from "./arguments.ts";
import { parseCommandLine } from "./arguments.ts";
import { listenForCancellation } from "./cancellation.ts";
import type { CommandContext } from "./commands/context.ts";
import { helpText } from "./help.ts";
import { withManifestAbove } from "./manifest-above.ts";
import { Reporter } from "./reporter.ts";

/** Runs a command; gives its exit code if it is not 0. Each is loaded only when it is asked for. */
async function runCommand(command: CliArguments["command"], context: CommandContext): Promise<number | undefined> {
  switch (command) {
    case "build":
      await (await import("./commands/build.ts")).build(context);
      return undefined;
    case "wheel":
      await (await import("./commands/distributions.ts")).wheel(context);
      return undefined;
    case "editable":
      await (await import("./commands/distributions.ts")).editable(context);
      return undefined;
    case "metadata":
      await (await import("./commands/distributions.ts")).metadata(context);
      return undefined;
    case "sdist":
      await (await import("./commands/distributions.ts")).sdist(context);
      return undefined;
    case "check":
      return (await import("./commands/check.ts")).check(context);
    case "clean":
      await (await import("./commands/clean.ts")).clean(context);
      return undefined;
    case "info":
      await (await import("./commands/info.ts")).info(context);
      return undefined;
    case "requires":
      await (await import("./commands/requires.ts")).requires(context);
      return undefined;
  }
}

const diskFull = new Set(["ENOSPC", "EDQUOT"]);
const refused = new Set(["EACCES", "EPERM", "EROFS"]);

/** What any failure is to the user: one of ours, or a bug to report; never a stack trace. */
export function asZligError(error: unknown, aborted: boolean): ZligError {
  const isCancelled = error instanceof ZligError && error.code === "cancelled";
  if (aborted || isCancelled) return new ZligError("cancelled", "Cancelled", { cause: error });
  if (error instanceof ZligError) return error;
  if (!(error instanceof Error))
    return new ZligError("internal", `Zlig failed: ${String(error)}`, { hint: reportHint, cause: error });
  const { code = "", message, path } = error as NodeJS.ErrnoException;
  const where = path === undefined ? "" : `: ${path}`;
  if (diskFull.has(code)) return new ZligError("output-unwritable", `The disk is full${where}`, { cause: error });
  if (refused.has(code))
    return new ZligError("output-unwritable", `The system refused access${where} (${message})`, {
      hint: "Check the permissions of the file and of its folder.",
      cause: error,
    });
  if (code === "EMFILE" || code === "ENFILE")
    return new ZligError("tool-failed", "The system has no more files to open", {
      hint: "Raise its limit (`ulimit -n`), or run fewer processes at once with `--jobs`.",
      cause: error,
    });
  return new ZligError("internal", `Zlig failed: ${message}`, { hint: reportHint, cause: error });
}

const reportHint = "This is a bug in Zlig: please report it with the output of the same command and --verbose.";

/** Tells of an error that ends the program, where no command is there to do it. */
function endWith(args: readonly string[], error: ZligError): number {
  const reporter = new Reporter({
    json: args.includes("--json"),
    quiet: false,
    verbose: args.includes("--verbose") || args.includes("-v"),
  });
  const exitCode = reporter.fail(error);
  reporter.finish(exitCode);
  return exitCode;
}

/** Ends the program on an error that nothing has caught: the processes it runs end with it. Gives the exit code. */
export function crash(args: readonly string[], error: unknown): number {
  killAll();
  return endWith(args, asZligError(error, false));
}

/**
 * The `zlig` command.
 * @param args the command line without the program's name
 * @returns the exit code
 */
export async function main(args: readonly string[]): Promise<number> {
  let request: ReturnType<typeof parseCommandLine>;
  try {
    request = parseCommandLine(args);
  } catch (error) {
    return endWith(args, asZligError(error, false));
  }
  if ("help" in request) {
    process.stdout.write(helpText(request.help));
    return 0;
  }
  if ("version" in request) {
    process.stdout.write(`zlig ${version}\n`);
    return 0;
  }
  const { command, options } = request;
  const reporter = new Reporter({
    json: options.json === true,
    quiet: options.quiet === true,
    verbose: options.verbose === true,
  });
  const cancellation = listenForCancellation(process.env);
  let exitCode: number;
  try {
    exitCode = (await runCommand(command, { options, reporter, signal: cancellation.signal })) ?? 0;
  } catch (error) {
    const known = asZligError(error, cancellation.signal.aborted);
    exitCode = reporter.fail(known.code === "manifest-missing" ? withManifestAbove(known, options.project) : known);
  }
  reporter.finish(exitCode);
  cancellation.release();
  return exitCode;
}
