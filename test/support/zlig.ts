import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { lastingFolder } from "./lasting-folder.ts";
import { findTestZig, newestPython } from "./toolchain.ts";

/** The built command. `ZLIG_TEST_PROGRAM` names another copy of it. */
export const zligProgram = process.env["ZLIG_TEST_PROGRAM"] ?? join(import.meta.dirname, "../../dist/zlig.js");

/** An event of the JSON stream. */
export type JsonEvent = Readonly<Record<string, unknown>> & { readonly event: string };

/** How a run of the command ended. */
export interface ZligResult {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of standard output, read as JSON; empty unless `--json` is among the arguments. */
  readonly events: readonly JsonEvent[];
}

/** Where and how the command is run. */
export interface ZligOptions {
  readonly cwd: string;
  /** Changes to the environment of {@link zligEnvironment}; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

let cache: string | undefined;

/** A cache folder of this test file, removed at its end: no result of an older Zlig can hide a fault of this one. */
export function zligCache(): string {
  cache ??= lastingFolder("zlig-test-cache-");
  return cache;
}

/** The environment that the command is run in: that of the test without what would steer Zlig, a found Zig and Python, a cache of its own. */
export function zligEnvironment(changes: ZligOptions["env"] = {}): NodeJS.ProcessEnv {
  const foreign = /^(?:ZLIG_.*|VIRTUAL_ENV|NO_COLOR|FORCE_COLOR|CI|SOURCE_DATE_EPOCH|NODE_OPTIONS|VITEST.*)$/;
  const env: NodeJS.ProcessEnv = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name))),
    ZLIG_CACHE_DIR: zligCache(),
    ZLIG_ZIG: findTestZig(),
    ZLIG_PYTHON_DEFAULT: newestPython().executable,
    ...changes,
  };
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}

/** Runs `zlig` as a process of its own and waits for its end; any exit code is a result. */
export async function runZlig(args: readonly string[], { cwd, env }: ZligOptions): Promise<ZligResult> {
  if (!existsSync(zligProgram)) throw new Error(`${zligProgram} is missing: npm run build`);
  const { exitCode, stdout, stderr } = await execa(process.execPath, [zligProgram, ...args], {
    cwd,
    env: zligEnvironment(env),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    stripFinalNewline: false,
  });
  const lines = args.includes("--json") ? stdout.split("\n").filter((line) => line !== "") : [];
  return { exitCode, stdout, stderr, events: lines.map((line) => JSON.parse(line) as JsonEvent) };
}
