import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { BuildRequest } from "../../server/core/builder.ts";
import { buildInPlace, prepareBuild } from "../../server/core/builder.ts";
import type { Diagnostic } from "../../server/core/engine/diagnostic.ts";
import type { BuildOutcome } from "../../server/core/engine/run-plan.ts";
import type { ZligError } from "../../server/core/error.ts";
import { ProblemsError } from "../../server/core/error.ts";
import type { BuildEvent } from "../../server/core/event.ts";
import { findTestZig, newestPython } from "./toolchain.ts";
import { makeFolder } from "./tree.ts";
import { testCache } from "./venv.ts";

/** What a build came to: its counts, its problems, and what it told. */
export interface TestBuild {
  readonly counts: BuildOutcome["counts"] | undefined;
  readonly problems: readonly ZligError[];
  readonly diagnostics: readonly Diagnostic[];
  readonly events: readonly BuildEvent[];
}

/**
 * Makes a cache folder that knows of no object, but shares what Zig itself keeps (its C libraries) with other tests.
 */
export function makeZligCache(): string {
  const base = makeFolder();
  const shared = join(testCache, "zig");
  mkdirSync(shared, { recursive: true });
  mkdirSync(join(base, "v1"));
  symlinkSync(shared, join(base, "v1", "zig"));
  return base;
}

/** Builds a project in place with the test's Zig and Python, in this process. */
export async function build(root: string, cache: string, options: Partial<BuildRequest> = {}): Promise<TestBuild> {
  const events: BuildEvent[] = [];
  const request: BuildRequest = {
    directory: root,
    python: newestPython().executable,
    jobs: 2,
    reuse: true,
    signal: new AbortController().signal,
    emit: (event) => events.push(event),
    env: { PATH: process.env["PATH"], ZLIG_CACHE_DIR: cache, ZLIG_ZIG: findTestZig() },
    ...options,
  };
  let counts: BuildOutcome["counts"] | undefined;
  let problems: readonly ZligError[] = [];
  try {
    ({ counts } = await buildInPlace(request, await prepareBuild(request), "fail"));
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    ({ problems } = error);
  }
  const diagnostics = events.flatMap((event) => (event.event === "diagnostic" ? [event.diagnostic] : []));
  return { counts, problems, diagnostics, events };
}
