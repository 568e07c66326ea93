import { ProblemsError, ZligError } from "../../core/error.ts";
import { loadProject } from "../../core/project/load.ts";
import { problemJson } from "../json.ts";
import { githubText, sarifText } from "./check-formats.ts";
import type { CommandContext } from "./context.ts";
import { projectFolder, text } from "./context.ts";

const formats = ["text", "json", "github", "sarif"] as const;

/** `zlig check`: the problems of a project in a form for people, programs or a code host. Ends with 1 when there are errors. */
export async function check(context: CommandContext): Promise<number> {
  const format = formats.find((one) => one === (text(context, "format") ?? "text"));
  if (format === undefined) throw new ZligError("usage", `--format takes ${formats.join(", ")}`);
  let problems: readonly ZligError[];
  try {
    problems = (await loadProject(projectFolder(context))).warnings;
  } catch (error) {
    if (!(error instanceof ZligError)) throw error;
    problems = error instanceof ProblemsError ? error.problems : [error];
  }
  const errors = problems.filter((problem) => problem.severity === "error");
  switch (format) {
    case "text":
      for (const problem of problems) context.reporter.emit({ event: "problem", problem });
      if (problems.length === 0) context.reporter.say("No problems found");
      break;
    case "json":
      for (const problem of problems) process.stdout.write(`${JSON.stringify(problemJson(problem))}\n`);
      break;
    case "github":
      process.stdout.write(githubText(problems));
      break;
    case "sarif":
      process.stdout.write(sarifText(problems, projectFolder(context)));
      break;
  }
  return errors.length === 0 ? 0 : Math.max(...errors.map((problem) => problem.exitCode));
}
