import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import type { Outcome } from "../support/frontend.ts";
import { backendVenv, copyExample, frontEndEnvironment, mustRun, runIn, theFile, tools } from "../support/frontend.ts";
import { isAlive, processesWith } from "../support/processes.ts";
import { makeFolder, makeTree } from "../support/tree.ts";

type Command = (project: string) => Promise<Outcome>;

/** Each front end building a wheel of a project; all with the environment's own Zlig, but for the last. */
const frontEnds: readonly (readonly [name: string, run: Command])[] = [
  [
    "pip",
    async (project) => {
      const { python } = await backendVenv();
      const args = ["-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", makeFolder(), "."];
      return runIn(frontEndEnvironment("current"), project, python, args);
    },
  ],
  [
    "build",
    async (project) => {
      const { python } = await backendVenv();
      const args = ["-m", "build", "--no-isolation", "--wheel", "--outdir", makeFolder()];
      return runIn(frontEndEnvironment("current"), project, python, args);
    },
  ],
  [
    "uv",
    async (project) => {
      const { python } = await backendVenv();
      const args = ["build", "--no-build-isolation", "--wheel", "--python", python, "--out-dir", makeFolder()];
      return runIn(frontEndEnvironment("current"), project, join((await tools()).bin, "uv"), args);
    },
  ],
  [
    "uv in build isolation, without a good Node",
    async (project) => {
      const args = ["build", "--python", (await tools()).python, "--out-dir", makeFolder()];
      return runIn(frontEndEnvironment("outdated"), project, join((await tools()).bin, "uv"), args);
    },
  ],
];

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** What no user should see: a traceback of Python's, a stack of JavaScript's, Zlig's own files. */
const innards = /Traceback|^\s+at .+[:)]\d*|\.js\b|_in_process|node:internal|ExecaError/m;

describe.each(frontEnds)("%s", (_name, build) => {
  test("shows a syntax error in C once, as the compiler says it, and fails", async () => {
    const demo = copyExample("demo");
    const source = join(demo, "src/demo/demo.c");
    writeFileSync(source, readFileSync(source, "utf8").replace("a + b);", "a + b)"));
    const { exitCode, output } = await build(demo);
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/src\/demo\/demo\.c:\d+:\d+: error: expected ';' after return statement/);
    expect(count(output, "expected ';'")).toBe(1);
    expect(count(output, "compile-failed")).toBe(1);
    expect(output).not.toMatch(innards);
  });

  test("shows a mistake in pyproject.toml once, with its line, and fails", async () => {
    const demo = copyExample("demo");
    const manifest = join(demo, "pyproject.toml");
    writeFileSync(manifest, readFileSync(manifest, "utf8").replace("sources =", "source ="));
    const { exitCode, output } = await build(demo);
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/pyproject\.toml:\d+:\d+: error\[[-a-z]+\]: .*"?source"?/);
    expect(output).toMatch(/hint: .*sources/);
    const codes = Array.from(output.matchAll(/pyproject\.toml:\d+:\d+: error\[([-a-z]+)\]/g), ([, code]) => code);
    // The key that is there and the one that is not; nothing that follows from them.
    expect(codes).toEqual(["unknown-key", "missing-key"]);
    expect(count(output, "error[")).toBe(2);
    expect(output).not.toMatch(innards);
  });
});

describe("one project", () => {
  test("is built three times at once, and every wheel is right", async () => {
    const { python } = await backendVenv();
    const project = makeTree(slowProject(8));
    const env = frontEndEnvironment("current", { ZLIG_CACHE_DIR: makeFolder() });
    const outs = [makeFolder(), makeFolder(), makeFolder()];
    const args = ["-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "--wheel-dir"];
    await Promise.all(outs.map((out) => mustRun(env, project, python, [...args, out, "."])));
    const [first, ...others] = outs.map((out) => readFileSync(theFile(out, ".whl")));
    for (const other of others) expect(first?.equals(other)).toBe(true);
    const importing = "import sys; sys.path.insert(0, 'src'); from slow import _slow; print(_slow.sum())";
    expect(await mustRun(env, project, python, ["-c", importing])).toBe("28");
    // No unfinished file stays behind.
    expect(readdirSync(join(project, "src/slow")).filter((name) => !/\.(?:c|py)$/.test(name))).toHaveLength(2);
  });
});

/** A project whose build takes a while: one module of many sources. */
function slowProject(sources: number): Record<string, string> {
  const files: Record<string, string> = {
    "pyproject.toml": `[build-system]
requires = ["zlig"]
build-backend = "zlig"
[project]
name = "slow"
version = "1.0"
[tool.zlig]
extensions = [{ name = "slow._slow", sources = ["src/**/*.c"] }]
`,
    "src/slow/__init__.py": "",
  };
  const numbers = Array.from({ length: sources }, (_, index) => index);
  for (const number of numbers)
    files[`src/slow/part${number}.c`] = `#include <Python.h>\nint part${number}(void) { return ${number}; }\n`;
  files["src/slow/_slow.c"] = `#include <Python.h>
${numbers.map((number) => `int part${number}(void);`).join("\n")}
static PyObject *sum(PyObject *self, PyObject *none) {
  return PyLong_FromLong(${numbers.map((number) => `part${number}()`).join(" + ")});
}
static PyMethodDef methods[] = {{"sum", sum, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_slow", NULL, 0, methods, NULL, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit__slow(void) { return PyModuleDef_Init(&definition); }
`;
  return files;
}

describe("Ctrl-C", () => {
  test.each(["pip", "build", "uv"])(
    "ends %s half-way with a failure, no process and no half-built file left",
    async (frontEnd) => {
      const { python } = await backendVenv();
      const project = makeTree(slowProject(200));
      const cache = makeFolder();
      const env = frontEndEnvironment("current", { ZLIG_CACHE_DIR: cache });
      const out = makeFolder();
      const [file, ...args]: [string, ...string[]] =
        frontEnd === "pip"
          ? [python, "-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", out, "."]
          : frontEnd === "build"
            ? [python, "-m", "build", "--no-isolation", "--wheel", "--outdir", out]
            : [
                join((await tools()).bin, "uv"),
                "build",
                "--no-build-isolation",
                "--wheel",
                "--python",
                python,
                "--out-dir",
                out,
              ];
      // A process group, as a terminal makes one for each command: Ctrl-C goes to all of it.
      const running = execa(file, args, {
        env,
        cwd: project,
        extendEnv: false,
        detached: true,
        reject: false,
        all: true,
        stdin: "ignore",
      });
      const { pid } = running;
      if (pid === undefined) throw new Error(`${file} did not start`);
      await until(() => processesWith(cache).some(({ command }) => command.includes("part")));
      process.kill(-pid, "SIGINT");
      const { exitCode, all } = await running;
      expect(exitCode).not.toBe(0);
      expect(all).not.toMatch(/error\[(?:internal|compile-failed)\]|node:internal/);
      await until(() => processesWith(cache).length === 0, 5_000);
      expect(isAlive(pid)).toBe(false);
      expect(readdirSync(out).filter((name) => name !== ".gitignore")).toEqual([]);
      expect(readdirSync(join(project, "src/slow")).filter((name) => !/\.(?:c|py)$/.test(name))).toEqual([]);
    },
  );
});

/** Waits until something holds. @throws when it takes too long */
async function until(holds: () => boolean, patience = 60_000): Promise<void> {
  const end = Date.now() + patience;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`did not come about in ${patience} ms: ${holds.toString()}`);
    await delay(20);
  }
}
