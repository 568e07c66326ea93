import { ProblemsError, ZligError } from "../../core/error.ts";
import { loadProject } from "../../core/project/load.ts";
import { problemJson } from "../json.ts";
import { quantity } from "../text.ts";
import { githubText, sarifText } from "./check-formats.ts";
import type { CommandContext } from "./context.ts";
import { flag, projectFolder, text } from "./context.ts";

const formats = ["text", "json", "github", "sarif"] as const;

function formatOf(context: CommandContext): (typeof formats)[number] {
  const asked = text(context, "format");
  const format = formats.find((one) => one === (asked ?? "text"));
  if (format === undefined) throw new ZligError("usage", `--format takes ${formats.join(", ")}; not "${asked ?? ""}"`);
  if (asked !== undefined && flag(context, "json"))
    throw new ZligError("usage", "--json and --format both say what goes to standard output", {
      hint: "Leave one of them out: --json gives Zlig's events, --format the problems alone.",
    });
  return format;
}

/** `zlig check`: the problems of a project in a form for people, programs or a code host. Ends with 1 when there are errors. */
export async function check(context: CommandContext): Promise<number> {
  const { reporter } = context;
  const format = formatOf(context);
  let problems: readonly ZligError[];
  try {
    problems = (await loadProject(projectFolder(context))).warnings;
  } catch (error) {
    if (!(error instanceof ZligError)) throw error;
    problems = error instanceof ProblemsError ? error.problems : [error];
  }
  const errors = problems.filter((problem) => problem.severity === "error");
  const warnings = problems.length - errors.length;
  switch (format) {
    case "text":
      for (const problem of problems) reporter.emit({ event: "problem", problem });
      reporter.json({ event: "result", command: "check", errors: errors.length, warnings });
      reporter.say(
        problems.length === 0
          ? "No problems found"
          : `${quantity(errors.length, "error")}, ${quantity(warnings, "warning")}`,
      );
      break;
    case "json":
      for (const problem of problems) reporter.write(`${JSON.stringify(problemJson(problem))}\n`);
      break;
    case "github":
      reporter.write(githubText(problems, process.env));
      break;
    case "sarif":
      reporter.write(sarifText(problems, projectFolder(context)));
      break;
  }
  return Math.max(0, ...errors.map((problem) => problem.exitCode));
}
