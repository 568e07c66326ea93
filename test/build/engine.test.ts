import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { build, makeZligCache } from "../support/build.ts";
import { newestPython } from "../support/toolchain.ts";
import { makeFolder, makeTree } from "../support/tree.ts";

/** A module `demo.NAME` whose function `f` gives an expression's value. */
function moduleSource(name: string, expression: string, before = ""): string {
  return `#include <Python.h>
${before}
static PyObject *f(PyObject *self, PyObject *args) { (void)self; (void)args; return PyLong_FromLong(${expression}); }
static PyMethodDef methods[] = {{"f", f, METH_NOARGS, 0}, {0, 0, 0, 0}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "${name}", 0, 0, methods, 0, 0, 0, 0};
PyMODINIT_FUNC PyInit_${name}(void) { return PyModuleDef_Init(&definition); }
`;
}

function manifest(table: string): string {
  return `[build-system]\nrequires = ["zlig"]\nbuild-backend = "zlig"\n\n[project]\nname = "demo"\nversion = "1.0"\n\n[tool.zlig]\n${table}\n`;
}

const oneModule = {
  "pyproject.toml": manifest('extensions = [{ name = "demo._c", sources = ["demo/*.c"] }]'),
  "demo/__init__.py": "",
  "demo/_c.c": moduleSource("_c", "answer()", '#include "answer.h"'),
  "demo/answer.c": '#include "answer.h"\nint answer(void) { return ANSWER; }\n',
  "demo/answer.h": "#define ANSWER 42\nint answer(void);\n",
  "demo/other.c": "int other(void) { return 1; }\n",
};

async function value(root: string, module = "demo._c"): Promise<string> {
  const { stdout } = await execa(newestPython().executable, ["-c", `import ${module} as m; print(m.f())`], {
    cwd: root,
  });
  return stdout;
}

function artefacts(root: string): string[] {
  return readdirSync(join(root, "demo")).filter((name) => name.endsWith(".so") || name.endsWith(".pyd"));
}

function bytesOf(root: string): string {
  const [name = ""] = artefacts(root);
  return createHash("sha256")
    .update(readFileSync(join(root, "demo", name)))
    .digest("hex");
}

describe("what a build does again", () => {
  test("nothing when nothing changed; one compile and one link for one edit; its dependents for a header", async () => {
    const [root, cache] = [makeTree(oneModule), makeZligCache()];
    expect((await build(root, cache)).counts).toEqual({ compiled: 3, linked: 1, reused: 0 });
    expect(await value(root)).toBe("42");
    expect((await build(root, cache)).counts).toEqual({ compiled: 0, linked: 0, reused: 4 });

    writeFileSync(join(root, "demo/other.c"), "int other(void) { return 2; }\n");
    expect((await build(root, cache)).counts).toEqual({ compiled: 1, linked: 1, reused: 2 });

    writeFileSync(join(root, "demo/answer.h"), "#define ANSWER 43\nint answer(void);\n");
    expect((await build(root, cache)).counts).toMatchObject({ compiled: 2, linked: 1, reused: 1 });
    expect(await value(root)).toBe("43");

    // Back to what was: both outcomes are known.
    writeFileSync(join(root, "demo/answer.h"), "#define ANSWER 42\nint answer(void);\n");
    expect((await build(root, cache)).counts).toEqual({ compiled: 0, linked: 0, reused: 4 });
    expect(await value(root)).toBe("42");
  });

  test("nothing for a file that was touched and is equal, in another checkout, and for a deleted artefact", async () => {
    const [root, cache] = [makeTree(oneModule), makeZligCache()];
    await build(root, cache);
    utimesSync(join(root, "demo/answer.h"), new Date(), new Date());
    const before = bytesOf(root);
    for (const name of artefacts(root)) rmSync(join(root, "demo", name));
    expect((await build(root, cache)).counts).toEqual({ compiled: 0, linked: 0, reused: 4 });
    expect(bytesOf(root)).toBe(before);
    const elsewhere = makeTree(oneModule);
    expect((await build(elsewhere, cache)).counts).toEqual({ compiled: 0, linked: 0, reused: 4 });
    expect(bytesOf(elsewhere)).toBe(before);
  });

  test("a flag or a macro rebuilds what it affects; `--no-cache` everything, to the same bytes", async () => {
    const [root, cache] = [makeTree(oneModule), makeZligCache()];
    await build(root, cache);
    const first = bytesOf(root);
    const table = 'extensions = [{ name = "demo._c", sources = ["demo/*.c"], define-macros = { X = 1 } }]';
    writeFileSync(join(root, "pyproject.toml"), manifest(table));
    expect((await build(root, cache)).counts).toMatchObject({ compiled: 3 });
    expect((await build(root, cache, { reuse: false })).counts).toEqual({ compiled: 3, linked: 1, reused: 0 });
    expect(bytesOf(root)).toBe(first);
  });

  test("a damaged object in the cache is made again", async () => {
    const [root, cache] = [makeTree(oneModule), makeZligCache()];
    await build(root, cache);
    const before = bytesOf(root);
    for (const folder of readdirSync(join(cache, "v1/blobs")))
      for (const name of readdirSync(join(cache, "v1/blobs", folder)))
        writeFileSync(join(cache, "v1/blobs", folder, name), "damaged");
    const { counts, problems } = await build(root, cache);
    expect(problems).toEqual([]);
    expect(counts?.linked).toBe(1);
    expect(bytesOf(root)).toBe(before);
  });

  test("the same bytes from two paths with empty caches, and no path of the machine in them", async () => {
    const one = makeTree(oneModule);
    const two = makeTree(oneModule, join(makeFolder("zlig ünïcode "), "a folder"));
    await build(one, makeZligCache());
    await build(two, makeZligCache());
    expect(bytesOf(two)).toBe(bytesOf(one));
    const [name = ""] = artefacts(one);
    expect(readFileSync(join(one, "demo", name)).includes(Buffer.from(one))).toBe(false);
    expect(await value(two)).toBe("42");
  });
});

describe("messages of the compiler", () => {
  test("warnings stay when nothing was recompiled, and leave with their cause", async () => {
    const root = makeTree({ ...oneModule, "demo/other.c": "int other(void) { int unused; return 1; }\n" });
    const cache = makeZligCache();
    const first = await build(root, cache);
    const second = await build(root, cache);
    expect(second.counts).toEqual({ compiled: 0, linked: 0, reused: 4 });
    expect(first.diagnostics).toMatchObject([
      {
        severity: "warning",
        code: "-Wunused-variable",
        location: { file: join(root, "demo/other.c"), range: { start: { line: 0, character: 22 } } },
      },
    ]);
    expect(second.diagnostics).toEqual(first.diagnostics);
    writeFileSync(join(root, "demo/other.c"), "int other(void) { return 1; }\n");
    expect((await build(root, cache)).diagnostics).toEqual([]);
  });

  test("a failure in the middle: every file's errors once, in the order of the plan; the old artefact and the other extension stay good", async () => {
    const table = `extensions = [{ name = "demo._c", sources = ["demo/*.c"] }, { name = "demo.good", sources = ["good/good.c"] }]`;
    const [root, cache] = [
      makeTree({ ...oneModule, "pyproject.toml": manifest(table), "good/good.c": moduleSource("good", "7") }),
      makeZligCache(),
    ];
    expect((await build(root, cache)).problems).toEqual([]);
    const [name = ""] = artefacts(root);
    const before = statSync(join(root, "demo", name), { bigint: true });
    writeFileSync(join(root, "demo/answer.h"), "#define ANSWER 42\nint answer(void)\n");
    writeFileSync(join(root, "demo/other.c"), "int other(void) { return nothing; }\n");
    writeFileSync(join(root, "good/good.c"), moduleSource("good", "8"));
    const failed = await build(root, cache);
    expect(failed.problems).toMatchObject([
      { code: "compile-failed", location: { file: join(root, "pyproject.toml") } },
    ]);
    const errors = failed.diagnostics
      .filter((one) => one.severity === "error")
      .map((one) => `${one.location?.file.slice(root.length + 1) ?? ""}: ${one.message}`);
    expect(errors.filter((error) => error.startsWith("demo/answer.h"))).toHaveLength(1);
    expect(errors.at(-1)).toBe("demo/other.c: use of undeclared identifier 'nothing'");
    expect(statSync(join(root, "demo", name), { bigint: true }).mtimeNs).toBe(before.mtimeNs);
    expect(await value(root, "demo.good")).toBe("8");
  });
});

describe("what could not be imported is found before anyone imports it", () => {
  const only = (source: string): Record<string, string> => ({
    "pyproject.toml": manifest('extensions = [{ name = "demo._c", sources = ["demo/_c.c"] }]'),
    "demo/__init__.py": "",
    "demo/_c.c": source,
  });

  test("an init function of another name", async () => {
    const root = makeTree(only(moduleSource("_d", "1")));
    const { problems } = await build(root, makeZligCache());
    expect(problems).toMatchObject([{ code: "init-missing", location: { range: { start: { line: 9 } } } }]);
    expect(problems[0]?.hint).toContain("`PyInit__d`");
    expect(artefacts(root)).toEqual([]);
  });

  test("an init function that is not exported", async () => {
    const source = moduleSource("_c", "1").replace("PyMODINIT_FUNC", "static PyObject *").replace("int main", "");
    const { problems } = await build(makeTree(only(`${source}void *keep = PyInit__c;\n`)), makeZligCache());
    expect(problems).toMatchObject([{ code: "init-missing" }]);
  });

  test("a symbol that nothing defines, with the source that uses it", async () => {
    const { problems } = await build(
      makeTree(only(moduleSource("_c", "nowhere()", "int nowhere(void);"))),
      makeZligCache(),
    );
    expect(problems).toMatchObject([
      { code: "undefined-symbol", message: "Nothing defines `nowhere`, which demo/_c.c uses" },
    ]);
  });

  test("unless the user says that something else brings it", async () => {
    const files = only(moduleSource("_c", "nowhere()", "int nowhere(void);"));
    const table = 'extensions = [{ name = "demo._c", sources = ["demo/_c.c"], extra-link-args = ["-Wl,-z,undefs"] }]';
    const { problems } = await build(makeTree({ ...files, "pyproject.toml": manifest(table) }), makeZligCache());
    expect(problems).toEqual([]);
  });

  test("a function of the C library's mathematics needs no mention", async () => {
    const root = makeTree(
      only(
        moduleSource(
          "_c",
          "(long)floor(pow(2.5, 2.0 * self_count))",
          "#include <math.h>\nstatic volatile double self_count = 1.0;",
        ),
      ),
    );
    expect((await build(root, makeZligCache())).problems).toEqual([]);
    expect(await value(root)).toBe("6");
  });

  test("what only Zig's compiler runtime defines is linked in", async () => {
    const source = moduleSource("_c", "(long)(big / small)", "static volatile __int128 big = 84, small = 2;");
    const root = makeTree(only(source));
    const { problems, events } = await build(root, makeZligCache());
    expect(problems).toEqual([]);
    expect(events.some((event) => event.event === "notice" && event.message.includes("compiler runtime"))).toBe(true);
    expect(await value(root)).toBe("42");
  });

  test("one function in two sources", async () => {
    const files = {
      ...only(moduleSource("_c", "1")),
      "demo/a.c": "int twice(void) { return 1; }\n",
      "demo/b.c": "int twice(void) { return 2; }\n",
    };
    const table = 'extensions = [{ name = "demo._c", sources = ["demo/*.c"] }]';
    const { problems } = await build(makeTree({ ...files, "pyproject.toml": manifest(table) }), makeZligCache());
    expect(problems).toMatchObject([{ code: "link-failed" }]);
    expect(problems[0]?.message).toContain("`twice`");
  });

  test("a library that is not there", async () => {
    const table = 'extensions = [{ name = "demo._c", sources = ["demo/_c.c"], libraries = ["nosuchlibrary"] }]';
    const { problems } = await build(
      makeTree({ ...only(moduleSource("_c", "1")), "pyproject.toml": manifest(table) }),
      makeZligCache(),
    );
    expect(problems).toMatchObject([{ code: "link-failed" }]);
    expect(problems[0]?.message).toContain('"nosuchlibrary"');
  });

  test("an optional extension that fails is a warning", async () => {
    const table = `extensions = [{ name = "demo._c", sources = ["demo/_c.c"] }, { name = "demo.extra", sources = ["demo/bad.c"], optional = true }]`;
    const root = makeTree({
      ...only(moduleSource("_c", "5")),
      "demo/bad.c": "no C\n",
      "pyproject.toml": manifest(table),
    });
    const { problems, events } = await build(root, makeZligCache());
    expect(problems).toEqual([]);
    expect(events.filter((event) => event.event === "problem")).toMatchObject([
      { problem: { severity: "warning", code: "compile-failed" } },
    ]);
    expect(await value(root)).toBe("5");
  });
});

test("a cancelled build ends soon and leaves nothing behind", async () => {
  const heavy = Array.from({ length: 6 }, (_, index) => [
    `demo/s${index}.c`,
    `#include <Python.h>\n${Array.from({ length: 4000 }, (__, line) => `int f${index}_${line}(int a) { return a * ${line} / (a + 1); }`).join("\n")}\n`,
  ]);
  const root = makeTree({ ...oneModule, ...(Object.fromEntries(heavy) as Record<string, string>) });
  const cache = makeZligCache();
  const controller = new AbortController();
  const started = build(root, cache, {
    signal: controller.signal,
    emit: (event) => {
      if (event.event === "step" && event.state === "done") controller.abort();
    },
  });
  await expect(started).rejects.toMatchObject({ code: "cancelled" });
  expect(readdirSync(join(cache, "v1/tmp"))).toEqual([]);
  expect(artefacts(root)).toEqual([]);
});

test("two builds of one project at once are both right", async () => {
  const [root, cache] = [makeTree(oneModule), makeZligCache()];
  const both = await Promise.all([build(root, cache), build(root, cache)]);
  expect(both.map(({ problems }) => problems)).toEqual([[], []]);
  expect(await value(root)).toBe("42");
});

test("C++ with an exception, its library linked in", async () => {
  const source = `#include <Python.h>
#include <map>
#include <stdexcept>
#include <string>
static long thrown() { std::map<std::string, int> m; try { return m.at("none"); } catch (const std::out_of_range &) { return 42; } }
static PyObject *f(PyObject *, PyObject *) { return PyLong_FromLong(thrown()); }
static PyMethodDef methods[] = {{"f", f, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_c", nullptr, 0, methods, nullptr, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit__c(void) { return PyModuleDef_Init(&definition); }
`;
  const table = 'extensions = [{ name = "demo._c", sources = ["demo/*.cpp"], cpp-std = "c++17" }]';
  const root = makeTree({ "pyproject.toml": manifest(table), "demo/__init__.py": "", "demo/_c.cpp": source });
  mkdirSync(join(root, "build"));
  const { problems, events } = await build(root, makeZligCache());
  expect(problems).toEqual([]);
  expect(events.some((event) => event.event === "notice" && event.message.includes("C++ library"))).toBe(true);
  expect(await value(root)).toBe("42");
});
