import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { makeDemo, slowFiles } from "../../support/demo.ts";
import { processesWith } from "../../support/processes.ts";
import { snapshot } from "../../support/snapshot.ts";
import { newestPython } from "../../support/toolchain.ts";
import { makeFolder } from "../../support/tree.ts";
import { runZlig, zligEnvironment, zligProgram } from "../../support/zlig.ts";

const parts = 24;

/** Waits until something holds. @throws when it takes too long */
async function until(holds: () => boolean, patience = 60_000): Promise<void> {
  const end = Date.now() + patience;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`did not come about in ${patience} ms: ${holds.toString()}`);
    await delay(10);
  }
}

interface Running {
  readonly project: string;
  readonly cache: string;
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly closeStdin: () => void;
  readonly closeStdout: () => void;
  readonly ended: Promise<{ exitCode: number | undefined; stderr: string }>;
}

/** Starts a build that takes a while, in a cache of its own, and waits until the compiler is at work. */
async function start(
  args: readonly string[],
  env: Record<string, string> = {},
  stdin: "ignore" | "pipe" = "ignore",
): Promise<Running> {
  const project = makeDemo(slowFiles(parts));
  const cache = makeFolder();
  const child = execa(process.execPath, [zligProgram, ...args], {
    cwd: project,
    env: zligEnvironment({ ZLIG_CACHE_DIR: cache, ...env }),
    extendEnv: false,
    reject: false,
    stdin,
  });
  await until(() => processesWith(cache).some(({ command }) => command.includes("part")));
  return {
    project,
    cache,
    kill: (signal) => child.kill(signal),
    closeStdin: () => child.stdin?.end(),
    closeStdout: () => child.stdout.destroy(),
    ended: Promise.resolve(child).then(({ exitCode, stderr }) => ({ exitCode, stderr })),
  };
}

function importedValue(project: string): number {
  const code =
    "import sys; sys.dont_write_bytecode = True; sys.path.insert(0, 'src'); import demo; print(demo.value())";
  return Number(execFileSync(newestPython().executable, ["-c", code], { cwd: project, encoding: "utf8" }));
}

/** Nothing runs any more, nothing unfinished lies about, and the next build is right. */
async function checkAftermath({ project, cache }: Running, before: unknown): Promise<void> {
  await until(() => processesWith(cache).length === 0, 5_000);
  expect(snapshot(project)).toEqual(before);
  const { exitCode, stderr } = await runZlig(["build"], { cwd: project, env: { ZLIG_CACHE_DIR: cache } });
  expect(exitCode, stderr).toBe(0);
  expect(importedValue(project)).toBe(parts);
  expect(readdirSync(join(project, "src/demo")).filter((name) => name.startsWith("."))).toEqual([]);
  // What the cancelled build was at work on has been swept away.
  expect(readdirSync(join(cache, "v1", "tmp"))).toEqual([]);
}

describe("a build that is cancelled half-way", () => {
  test.each([
    ["build", "SIGINT"],
    ["build", "SIGTERM"],
    ["wheel", "SIGINT"],
    ["wheel", "SIGHUP"],
  ] as const)("%s by %s ends with 130, leaves nothing behind, and the next one is right", async (command, signal) => {
    const running = await start([command]);
    const before = snapshot(running.project);
    running.kill(signal);
    const { exitCode, stderr } = await running.ended;
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/(?:^|\n)Cancelled$/);
    expect(stderr).not.toMatch(/error|could not be built|^\s+at /m);
    expect(existsSync(join(running.project, "dist"))).toBe(false);
    await checkAftermath(running, before);
  });

  test("by the end of its standard input, when the hook that started it is gone", async () => {
    const running = await start(["build"], { ZLIG_WATCH_STDIN: "1" }, "pipe");
    const before = snapshot(running.project);
    running.closeStdin();
    expect((await running.ended).exitCode).toBe(130);
    await checkAftermath(running, before);
  });

  test("by the end of who reads its events", async () => {
    const running = await start(["build", "--json"]);
    const before = snapshot(running.project);
    running.closeStdout();
    expect((await running.ended).exitCode).toBe(130);
    await checkAftermath(running, before);
  });

  test("twice ends at once", async () => {
    const running = await start(["build"]);
    const before = snapshot(running.project);
    running.kill("SIGINT");
    running.kill("SIGINT");
    expect((await running.ended).exitCode).toBe(130);
    await checkAftermath(running, before);
  });

  test("without mercy leaves the project as it was, and the next one is right", async () => {
    const running = await start(["build"]);
    const before = snapshot(running.project);
    running.kill("SIGKILL");
    await running.ended;
    // The compilers it had started come to their end by themselves.
    await until(() => processesWith(running.cache).length === 0);
    await checkAftermath(running, before);
  });

  test("tells programs the reason", async () => {
    const project = makeDemo(slowFiles(parts));
    const cache = makeFolder();
    const child = execa(process.execPath, [zligProgram, "build", "--json"], {
      cwd: project,
      env: zligEnvironment({ ZLIG_CACHE_DIR: cache }),
      extendEnv: false,
      reject: false,
      stdin: "ignore",
    });
    await until(() => processesWith(cache).some(({ command }) => command.includes("part")));
    child.kill("SIGINT");
    const { stdout, exitCode } = await child;
    expect(exitCode).toBe(130);
    expect(
      stdout
        .split("\n")
        .slice(-2)
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { event: "problem", code: "cancelled", severity: "error", message: "Cancelled" },
      { event: "end", exitCode: 130, errors: 0, warnings: 0 },
    ]);
  });
});

test("without being asked to, a closed standard input cancels nothing", async () => {
  const project = makeDemo();
  const { exitCode } = await runZlig(["build"], { cwd: project });
  expect(exitCode).toBe(0);
});

test("who reads only the first line gets it, and no complaint", async () => {
  const child = execa(process.execPath, [zligProgram, "build", "--dry-run"], {
    cwd: makeDemo(slowFiles(200)),
    env: zligEnvironment(),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    stdout: "pipe",
    buffer: { stdout: false },
  });
  const first = await new Promise<string>((resolve) => {
    child.stdout.once("data", (data: Buffer) => {
      resolve(data.toString().split("\n")[0] ?? "");
      child.stdout.destroy();
    });
  });
  const { stderr } = await child;
  expect(first).toMatch(/^Tag: cp3/);
  expect(stderr).not.toMatch(/EPIPE|error\[/);
});
