import { ZligError } from "../core/error.ts";
import { version } from "../core/version.ts";
import type { CliArguments } from "./arguments.ts";
import { parseCommandLine } from "./arguments.ts";
import { listenForCancellation } from "./cancellation.ts";
import type { CommandContext } from "./commands/context.ts";
import { helpText } from "./help.ts";
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

/** What any failure is to the user: one of ours, or a bug to report; never a stack trace. */
function asZligError(error: unknown, aborted: boolean): ZligError {
  if (aborted) return new ZligError("cancelled", "Cancelled", { cause: error });
  if (error instanceof ZligError) return error;
  const { code, message, path } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT")
    return new ZligError("output-unwritable", `The disk is full${path === undefined ? "" : `: ${path}`}`, {
      cause: error,
    });
  return new ZligError("internal", `Zlig failed: ${message}`, {
    hint: "This is a bug in Zlig: please report it with the output of the same command and --verbose.",
    cause: error,
  });
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
    return new Reporter({ json: args.includes("--json"), quiet: false, verbose: false }).fail(
      asZligError(error, false),
    );
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
  try {
    return (await runCommand(command, { options, reporter, signal: cancellation.signal })) ?? 0;
  } catch (error) {
    return reporter.fail(asZligError(error, cancellation.signal.aborted));
  } finally {
    reporter.finish();
    cancellation.release();
  }
}
