import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { childEnvironment, killAll, run } from "../../../server/core/toolchain/process.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";

const node = process.execPath;

afterEach(() => {
  vi.unstubAllEnvs();
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie that nobody has waited for yet is dead as well.
    return process.platform !== "linux" || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function eventually(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (condition()) return;
    await delay(25);
  }
  throw new Error("it did not come about within ten seconds");
}

/** A program that starts another one and waits, and writes both process ids into a file. */
const family = `
const { spawn } = require("node:child_process");
const { writeFileSync } = require("node:fs");
const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
writeFileSync(process.argv[2] + ".part", process.pid + " " + child.pid);
require("node:fs").renameSync(process.argv[2] + ".part", process.argv[2]);
setInterval(() => {}, 1000);
`;

async function startFamily(signal?: AbortSignal): Promise<{ ended: ReturnType<typeof run>; pids: readonly number[] }> {
  const folder = makeTree({ "family.cjs": family });
  const file = join(folder, "pids");
  const ended = run([node, join(folder, "family.cjs"), file], { signal });
  const read = (): number[] => {
    try {
      return readFileSync(file, "utf8").split(" ").map(Number);
    } catch {
      return [];
    }
  };
  await eventually(() => read().length === 2);
  expect(read().every(isAlive)).toBe(true);
  return { ended, pids: read() };
}

describe("a program", () => {
  test("is run with its arguments as they are, through no shell", async () => {
    const args = ["a b", "$HOME", "`id`", "*", 'q"uote', "", "größe", "-n"];
    const result = await run([node, "-e", "console.log(JSON.stringify(process.argv.slice(1)))", "--", ...args]);
    expect(JSON.parse(result.stdout)).toEqual(args);
    expect(result).toMatchObject({ exitCode: 0, signal: undefined, failure: undefined, stderr: "" });
  });

  test("that fails is no exception", async () => {
    const result = await run([node, "-e", "console.log('out'); console.error('err'); process.exit(7)"]);
    expect(result).toEqual({ exitCode: 7, signal: undefined, stdout: "out\n", stderr: "err\n", failure: undefined });
  });

  test("that a signal ends says which", async () => {
    const result = await run([node, "-e", "process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)"]);
    expect(result).toMatchObject({ exitCode: undefined, signal: "SIGTERM", failure: undefined });
  });

  test("that is not there or cannot be run says why", async () => {
    const folder = makeTree({ text: { content: "no program", mode: 0o644 } });
    expect(await run([join(folder, "gone")])).toMatchObject({ exitCode: undefined, failure: "ENOENT" });
    expect(await run([join(folder, "text")])).toMatchObject({ exitCode: undefined, failure: "EACCES" });
    expect((await run(["zlig-no-such-program-anywhere"])).failure).toBe("ENOENT");
    expect((await run([node, "a\0b"])).failure).toBeDefined();
  });

  test("that is run in a folder that is not there says so", async () => {
    expect((await run([node, "-e", ""], { cwd: join(makeFolder(), "gone") })).failure).toBeDefined();
  });

  test("has closed standard input, or what it is given", async () => {
    const echo = [node, "-e", "process.stdin.on('data', (data) => process.stdout.write(data))"] as const;
    expect((await run(echo)).stdout).toBe("");
    expect((await run(echo, { input: "größe\n" })).stdout).toBe("größe\n");
  });

  test("is run in the folder that is named", async () => {
    const cwd = makeFolder();
    expect((await run([node, "-p", "process.cwd()"], { cwd })).stdout.trim()).toBe(cwd);
  });
});

describe("the environment of a child", () => {
  test("is the allowed part of ours, the C locale, and what is added", () => {
    vi.stubEnv("PATH", "/bin");
    vi.stubEnv("CFLAGS", "-march=native");
    vi.stubEnv("CPATH", "/evil");
    vi.stubEnv("LANG", "de_DE.UTF-8");
    vi.stubEnv("LC_MESSAGES", "de_DE.UTF-8");
    vi.stubEnv("PYTHONPATH", "/evil");
    vi.stubEnv("ZIG_LIB_DIR", "/evil");
    vi.stubEnv("SECRET_TOKEN", "s");
    vi.stubEnv("TMPDIR", "/tmp/x");
    const env = childEnvironment({ ADDED: "1" });
    expect(env).toMatchObject({ PATH: "/bin", TMPDIR: "/tmp/x", ADDED: "1" });
    expect(env["LC_ALL"]).toMatch(/UTF-8$/);
    for (const name of ["CFLAGS", "CPATH", "LANG", "LC_MESSAGES", "PYTHONPATH", "ZIG_LIB_DIR", "SECRET_TOKEN"])
      expect(env).not.toHaveProperty(name);
  });

  test("keeps Windows' names in whatever letter case", () => {
    vi.stubEnv("SystemRoot", "C:\\Windows");
    expect(childEnvironment()).toMatchObject({ SystemRoot: "C:\\Windows" });
  });

  test("is what the child gets", async () => {
    vi.stubEnv("CFLAGS", "-march=native");
    const { stdout } = await run([node, "-p", "JSON.stringify(process.env)"], { env: { ADDED: "1" } });
    const env = JSON.parse(stdout) as Record<string, string>;
    expect(env).toMatchObject({ ADDED: "1", PATH: process.env["PATH"] });
    expect(env).not.toHaveProperty("CFLAGS");
  });
});

describe.skipIf(process.platform === "win32")("when a run is cancelled", () => {
  test("the program and what it started are killed", async () => {
    const controller = new AbortController();
    const { ended, pids } = await startFamily(controller.signal);
    controller.abort();
    expect(await ended).toMatchObject({ exitCode: undefined, signal: "SIGKILL", failure: undefined });
    await eventually(() => !pids.some(isAlive));
  });

  test("before it begins, nothing is started", async () => {
    const folder = makeFolder();
    const file = join(folder, "made");
    const result = await run([node, "-e", `require("node:fs").writeFileSync(${JSON.stringify(file)}, "")`], {
      signal: AbortSignal.abort(),
    });
    expect(result).toMatchObject({ exitCode: undefined, signal: "SIGKILL" });
    expect(() => readFileSync(file)).toThrow();
  });

  test("after it has ended, nothing happens", async () => {
    const controller = new AbortController();
    expect((await run([node, "-e", ""], { signal: controller.signal })).exitCode).toBe(0);
    controller.abort();
  });

  test("with our own process, every tree that is still running is killed", async () => {
    const first = await startFamily();
    const second = await startFamily();
    killAll();
    expect((await first.ended).signal).toBe("SIGKILL");
    expect((await second.ended).signal).toBe("SIGKILL");
    await eventually(() => ![...first.pids, ...second.pids].some(isAlive));
  });
});
