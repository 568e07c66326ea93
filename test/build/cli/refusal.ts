import { expect } from "vitest";
import type { Range } from "../../../server/core/location.ts";
import { snapshot } from "../../support/snapshot.ts";
import { makeFolder } from "../../support/tree.ts";
import type { ZligOptions } from "../../support/zlig.ts";
import { runZlig } from "../../support/zlig.ts";

/** What no user should see: a stack of JavaScript's, Zlig's own files and classes. */
const innards = /^\s+at .+[:(]\d*|\.js\b|node:internal|ZligError|ExecaError|Traceback|\[object |: undefined/m;

/** A problem as the JSON stream has it. */
export interface ToldProblem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly location?: { readonly file: string; readonly range?: Range };
}

/** What a command said when it refused. */
export interface Refusal {
  readonly text: string;
  readonly problems: readonly ToldProblem[];
}

/** `pyproject.toml:9:5` of a place, as the text has it. */
function placeOf(project: string, { file, range }: NonNullable<ToldProblem["location"]>): string {
  const name = file.startsWith(project) ? file.slice(project.length + 1) : file;
  return range === undefined ? name : `${name}:${range.start.line + 1}:${range.start.character + 1}`;
}

/** The lines of a text but for those of progress, which the second run has no cause for. */
function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => !/^\[\d+\/\d+\] /.test(line));
}

/**
 * Runs a command that must fail, for people and for programs, and makes sure that both are told the same: each problem
 * once, with its place, without a stack; and that nothing on the disk has changed, neither in the project nor where
 * results go.
 */
export async function refusal(
  project: string,
  args: readonly string[],
  exitCode: number,
  env: ZligOptions["env"] = {},
): Promise<Refusal> {
  const outDir = makeFolder();
  const takesOutput = ["wheel", "sdist"].includes(args[0] ?? "");
  const all = takesOutput ? [...args, "--out-dir", outDir] : args;
  const before = [snapshot(project), snapshot(outDir)];
  const people = await runZlig(all, { cwd: project, env });
  const programs = await runZlig([...all, "--json"], { cwd: project, env });
  expect([snapshot(project), snapshot(outDir)]).toEqual(before);

  expect(people.stderr).not.toMatch(innards);
  expect(people.stdout).toBe("");
  expect(people.exitCode, people.stderr).toBe(exitCode);
  expect(programs.exitCode).toBe(exitCode);
  expect(linesOf(programs.stderr)).toEqual(linesOf(people.stderr));
  const end = programs.events.at(-1);
  expect(end).toMatchObject({ event: "end", exitCode });
  const problems = programs.events.filter(({ event }) => event === "problem") as unknown as ToldProblem[];
  expect(people.stderr.split("error[").length - 1).toBe(problems.length);
  for (const { code, message, location } of problems) {
    const place = location === undefined ? "" : `${placeOf(project, location)}: `;
    const head = `${place}error[${code}]: ${message}`;
    expect(people.stderr.split("\n").filter((line) => head.startsWith(line) && line.includes("error["))).toHaveLength(
      1,
    );
  }
  return { text: people.stderr, problems };
}

/** Where a stretch of a text begins, as `file:line:column`. */
export function placeIn(file: string, text: string, part: string, occurrence = 1): string {
  let at = -1;
  for (let count = 0; count < occurrence; count++) at = text.indexOf(part, at + 1);
  if (at < 0) throw new Error(`${JSON.stringify(part)} is not in ${file}`);
  const lines = text.slice(0, at).split("\n");
  return `${file}:${lines.length}:${(lines.at(-1) ?? "").length + 1}`;
}

/** The places that a refusal names, in order, as `file:line:column`. */
export function placesOf(project: string, { problems }: Refusal): string[] {
  return problems.map(({ location }) => (location === undefined ? "nowhere" : placeOf(project, location)));
}
