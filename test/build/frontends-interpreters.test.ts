import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { backendVenv, copyExample, evaluate, frontEndEnvironment, mustRun, theFile } from "../support/frontend.ts";
import type { AnyPython } from "../support/interpreters.ts";
import { findAnyPythons } from "../support/interpreters.ts";
import { makeFolder, makeTree } from "../support/tree.ts";
import { venvWith } from "../support/venv.ts";

const all = findAnyPythons();
const pythons = all.filter(({ headers }) => headers);
const done: string[] = [];

/** Installs a wheel as an interpreter's own pip would, and gives what code prints that imports it. */
async function installAndRun({ executable }: AnyPython, wheels: string, name: string, code: string): Promise<string> {
  const pip = await venvWith("fetch", ["pip==25.3"], "hasattr(__import__('tarfile'), 'data_filter')");
  const target = makeFolder();
  const args = ["install", "--no-index", "--no-compile", "--find-links", wheels, "--target", target, name];
  const env = frontEndEnvironment("current", { PIP_FIND_LINKS: undefined });
  await mustRun(env, target, pip.python, ["-m", "pip", "--python", executable, ...args]);
  return evaluate(executable, `import sys; sys.path.insert(0, ${JSON.stringify(target)}); ${code}`);
}

async function zlig(project: string, python: AnyPython, ...args: string[]): Promise<string> {
  const { bin } = await backendVenv();
  const command = ["wheel", "--python", python.executable, ...args];
  return mustRun(frontEndEnvironment("current"), project, join(bin, "zlig"), command);
}

afterAll(() => {
  const kinds: readonly (readonly [what: string, is: (python: AnyPython) => boolean])[] = [
    ["a debug build", ({ debug }) => debug],
    ["a free-threaded build", ({ freeThreaded }) => freeThreaded],
    ["PyPy", ({ implementation }) => implementation === "pypy"],
    ["a Python with split headers (Debian's)", ({ splitConfig }) => splitConfig],
  ];
  const missing = kinds.filter(([, is]) => !pythons.some(is)).map(([what]) => what);
  const bare = all.filter(({ headers }) => !headers).map(({ name }) => `${name} (without headers)`);
  const absent = [...missing, ...bare].join(", ");
  console.log(
    `Interpreters: built for and imported by ${done.join(", ")}; not on this machine: ${absent || "nothing"}`,
  );
});

test("there is an interpreter to build for", () => {
  expect(pythons).not.toEqual([]);
});

describe.each(pythons)("$name at $executable", (python) => {
  test("imports the demo that is built for it, under the tag that its own pip accepts", async () => {
    const wheels = makeFolder();
    await zlig(copyExample("demo"), python, "--out-dir", wheels);
    const where = "import demo.demo as m; print(m.add(40, 2), m.__file__)";
    const [answer, file = ""] = (await installAndRun(python, wheels, "demo", where)).split(" ");
    expect(answer).toBe("42");
    const { implementation, version, debug, freeThreaded } = python;
    const tag = `${version[0]}${version[1]}`;
    const abi = `cp${tag}${freeThreaded ? "t" : ""}${debug ? "d" : ""}`;
    expect(basename(theFile(wheels, ".whl"))).toMatch(
      implementation === "pypy"
        ? new RegExp(`^demo-0\\.1\\.0-pp${tag}-pypy${tag}_pp\\d+-`)
        : new RegExp(`^demo-0\\.1\\.0-cp${tag}-${abi}-`),
    );
    // The name that this interpreter looks for first.
    const suffix = await evaluate(python.executable, "import sysconfig; print(sysconfig.get_config_var('EXT_SUFFIX'))");
    expect(basename(file)).toBe(`demo${suffix}`);
    done.push(python.name);
  });
});

const limited = {
  "pyproject.toml": `[build-system]
requires = ["zlig"]
build-backend = "zlig"
[project]
name = "stable"
version = "1.0"
[tool.zlig]
extensions = [{ name = "stable", sources = ["stable.c"], py-limited-api = "3.9" }]
`,
  "stable.c": `#include <Python.h>
#ifndef Py_LIMITED_API
#error "not the limited API"
#endif
static PyObject *answer(PyObject *self, PyObject *none) { return PyLong_FromLong(42); }
static PyMethodDef methods[] = {{"answer", answer, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "stable", NULL, 0, methods, NULL, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit_stable(void) { return PyModuleDef_Init(&definition); }
`,
};

test("one wheel for the limited API of 3.9 serves every CPython that has it", async () => {
  const usual = pythons.filter((one) => one.implementation === "cpython" && !one.freeThreaded && !one.debug);
  const [oldest, newest] = [usual[0], usual.at(-1)];
  if (oldest === undefined || newest === undefined) throw new Error("no CPython with headers");
  const project = makeTree(limited);
  const [wheels, again] = [makeFolder(), makeFolder()];
  await zlig(project, oldest, "--out-dir", wheels);
  await zlig(project, newest, "--out-dir", again);
  expect(basename(theFile(wheels, ".whl"))).toMatch(/^stable-1\.0-cp39-abi3-/);
  expect(readdirSync(again)).toEqual(readdirSync(wheels));
  for (const python of new Set([oldest, newest]))
    for (const folder of [wheels, again])
      expect(await installAndRun(python, folder, "stable", "import stable; print(stable.answer())")).toBe("42");
});
