import { join } from "node:path";
import type { Emit } from "../event.ts";
import type { Plan } from "../plan/plan.ts";
import type { Toolchain } from "../plan/toolchain.ts";
import type { Project } from "../project/project.ts";
import type { Cache } from "./cache.ts";
import type { Digests } from "./digests.ts";
import type { Pool } from "./pool.ts";
import type { PortablePaths } from "./portable-paths.ts";

/** What the parts of one run of the engine share. */
export interface EngineContext {
  readonly project: Project;
  readonly plan: Plan;
  readonly toolchain: Toolchain;
  readonly cache: Cache;
  readonly digests: Digests;
  readonly paths: PortablePaths;
  readonly pool: Pool;
  /** Folder for unfinished work. */
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly emit: Emit;
  /** Whether results of earlier builds may be used. */
  readonly reuse: boolean;
}

/** As much of it as is needed to ask what earlier builds have left. */
export type QueryContext = Pick<EngineContext, "project" | "plan" | "cache" | "digests" | "paths">;

/** What `__DATE__` and `__TIME__` say: the first second of 2016, as in archives, for the same sources give the same bytes at any time. */
const compileDate = String(Date.UTC(2016, 0, 1) / 1000);

/**
 * The environment of Zig's processes: its caches are ours, never the user's own. What it keeps of a project is thrown away
 * with the scratch folder: we keep it ourselves, and with the compiler's messages, which Zig does not.
 */
export function zigEnvironment({
  cache,
  scratch,
}: Pick<EngineContext, "cache" | "scratch">): Readonly<Record<string, string>> {
  return {
    ZIG_GLOBAL_CACHE_DIR: cache.zigFolder,
    ZIG_LOCAL_CACHE_DIR: join(scratch, "zig"),
    SOURCE_DATE_EPOCH: compileDate,
  };
}
