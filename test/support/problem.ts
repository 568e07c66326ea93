import { expect } from "vitest";
import { LineIndex } from "../../server/core/manifest/lines.ts";
import type { Manifest } from "../../server/core/manifest/manifest.ts";
import type { Problems, ZligError } from "../../server/core/error.ts";
import { ProblemsError, ZligError as ZligErrorClass } from "../../server/core/error.ts";

/** The stretch of the manifest's text that a problem points at; `undefined` if it points at no stretch of it. */
export function textAt(manifest: Pick<Manifest, "file" | "text">, problem: ZligError): string | undefined {
  const { location } = problem;
  if (location?.file !== manifest.file || location.range === undefined) return undefined;
  const lines = new LineIndex(manifest.text);
  return manifest.text.slice(lines.offsetAt(location.range.start), lines.offsetAt(location.range.end));
}

/** Problems as a test compares them: code, and the stretch of the manifest each points at. */
export function told(manifest: Pick<Manifest, "file" | "text">, problems: Problems | readonly ZligError[]): string[][] {
  const all = "all" in problems ? problems.all : problems;
  return all.map((problem) => [problem.code, textAt(manifest, problem) ?? "nowhere"]);
}

/** The one problem there is. */
export function only(problems: Problems | readonly ZligError[]): ZligError {
  const all = "all" in problems ? problems.all : problems;
  expect(all.map(({ code, message }) => `${code}: ${message}`)).toHaveLength(1);
  const [first] = all;
  if (first === undefined) throw new Error("there is no problem");
  return first;
}

/** The Zlig error that work ends with. */
export async function errorOf(work: Promise<unknown> | (() => unknown)): Promise<ZligError> {
  try {
    await (typeof work === "function" ? work() : work);
  } catch (error) {
    expect(error).toBeInstanceOf(ZligErrorClass);
    return error as ZligError;
  }
  throw new Error("nothing was thrown");
}

/** The problems that work ends with: several, or one. */
export async function problemsOf(work: Promise<unknown> | (() => unknown)): Promise<readonly ZligError[]> {
  const error = await errorOf(work);
  return error instanceof ProblemsError ? error.problems : [error];
}
