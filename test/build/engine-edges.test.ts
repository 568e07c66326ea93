import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { readBinary } from "../../server/core/binary/read.ts";
import { parseClangDiagnostics } from "../../server/core/engine/clang-diagnostics.ts";
import { translateLinkArgs } from "../../server/core/plan/link-args.ts";
import { makePlan } from "../../server/core/plan/make-plan.ts";
import { findZig } from "../../server/core/toolchain/zig.ts";
import { build, makeZligCache } from "../support/build.ts";
import { makeToolchain } from "../support/plan-toolchain.ts";
import { processesWith } from "../support/processes.ts";
import { makeExtension, makeProject } from "../support/project.ts";
import { findTestZig, newestPython } from "../support/toolchain.ts";
import { makeFolder, makeTree } from "../support/tree.ts";

function moduleSource(expression: string, before = ""): string {
  return `#include <Python.h>
${before}
static PyObject *f(PyObject *self, PyObject *args) { (void)self; (void)args; return ${expression}; }
static PyMethodDef methods[] = {{"f", f, METH_NOARGS, 0}, {0, 0, 0, 0}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_c", 0, 0, methods, 0, 0, 0, 0};
PyMODINIT_FUNC PyInit__c(void) { return PyModuleDef_Init(&definition); }
`;
}

function project(extension: string, files: Readonly<Record<string, string>>): string {
  return makeTree({
    "pyproject.toml": `[project]\nname = "demo"\nversion = "1.0"\n\n[[tool.zlig.extensions]]\nname = "demo._c"\n${extension}\n`,
    "demo/__init__.py": "",
    ...files,
  });
}

async function value(root: string): Promise<string> {
  const code = "import demo._c as m; print(m.f())";
  return (await execa(newestPython().executable, ["-c", code], { cwd: root })).stdout;
}

function artefactOf(root: string): string {
  const name = readdirSync(join(root, "demo")).find((one) => /\.(?:so|pyd)$/.test(one));
  if (name === undefined) throw new Error("there is no artefact");
  return join(root, "demo", name);
}

describe("a rebuild follows", () => {
  test("what `depends` names", async () => {
    const root = project('sources = ["demo/*.c"]\ndepends = ["demo/*.tbl"]', {
      "demo/_c.c": moduleSource("PyLong_FromLong(1)"),
      "demo/a.tbl": "1",
    });
    const cache = makeZligCache();
    expect((await build(root, cache)).counts).toEqual({ compiled: 1, linked: 1, reused: 0 });
    writeFileSync(join(root, "demo/a.tbl"), "2");
    // The object comes out the same, so the module is known.
    expect((await build(root, cache)).counts).toEqual({ compiled: 1, linked: 0, reused: 1 });
  });

  test("a static library of the project", async () => {
    const root = project('sources = ["demo/*.c"]\nlibraries = ["fast"]\nlibrary-dirs = ["vendor"]', {
      "demo/_c.c": moduleSource("PyLong_FromLong(fast())", "int fast(void);"),
      "vendor/fast.c": "int fast(void) { return FAST; }\n",
    });
    const cache = makeZligCache();
    const zig = findTestZig();
    const env = { ...process.env, ZIG_GLOBAL_CACHE_DIR: makeFolder(), ZIG_LOCAL_CACHE_DIR: makeFolder() };
    const archive = (number: number): void => {
      const options = { cwd: join(root, "vendor"), env, stdio: "ignore" } as const;
      execFileSync(zig, ["cc", "-c", "-O1", "-fPIC", `-DFAST=${number}`, "fast.c", "-o", "fast.o"], options);
      execFileSync(zig, ["ar", "rcs", "libfast.a", "fast.o"], options);
    };
    archive(1);
    expect((await build(root, cache)).counts).toMatchObject({ compiled: 1, linked: 1 });
    expect(await value(root)).toBe("1");
    archive(2);
    expect((await build(root, cache)).counts).toEqual({ compiled: 0, linked: 1, reused: 1 });
    expect(await value(root)).toBe("2");
    expect((await build(root, cache)).counts).toEqual({ compiled: 0, linked: 0, reused: 2 });
  });
});

describe("sources", () => {
  test("may ask for the date, which is always the same", async () => {
    const root = project('sources = ["demo/_c.c"]', {
      "demo/_c.c": moduleSource('PyUnicode_FromString(__DATE__ " " __TIME__)'),
    });
    const { problems, diagnostics } = await build(root, makeZligCache());
    expect([problems, diagnostics]).toEqual([[], []]);
    expect(await value(root)).toBe("Jan  1 2016 00:00:00");
  });

  test("in assembler, with and without preprocessor, are built without a word", async () => {
    const data = (name: string, number: string): string =>
      `    .data\n    .globl ${name}\n    .balign 4\n${name}:\n    .long ${number}\n`;
    const root = project('sources = ["demo/*.c", "demo/*.s", "demo/*.S"]\ndefine-macros = { NUMBER = 41 }', {
      "demo/_c.c": moduleSource("PyLong_FromLong(plain + macro)", "extern int plain, macro;"),
      "demo/plain.s": data("plain", "1"),
      "demo/macro.S": `#include "number.h"\n${data("macro", "NUMBER")}`,
      "demo/number.h": "",
    });
    const cache = makeZligCache();
    const { problems, diagnostics } = await build(root, cache);
    expect([problems, diagnostics]).toEqual([[], []]);
    expect(await value(root)).toBe("42");
    expect((await build(root, cache)).counts).toEqual({ compiled: 0, linked: 0, reused: 4 });
  });

  test("with debug information name no place of the machine, and give the same bytes anywhere", async () => {
    const files = { "demo/_c.c": moduleSource("PyLong_FromLong(1)") };
    const [one, two] = [project('sources = ["demo/_c.c"]\noptimize = "Debug"', files), makeFolder()];
    makeTree(
      { ...files, "demo/__init__.py": "", "pyproject.toml": readFileSync(join(one, "pyproject.toml"), "utf8") },
      two,
    );
    await build(one, makeZligCache());
    await build(two, makeZligCache());
    const bytes = readFileSync(artefactOf(one));
    expect(bytes.includes("demo/_c.c")).toBe(true);
    expect(bytes.includes(one)).toBe(false);
    expect(readFileSync(artefactOf(two)).equals(bytes)).toBe(true);
  });
});

describe("an initialisation function", () => {
  test("that is static is found, though the compiler leaves it out", async () => {
    const source = moduleSource("PyLong_FromLong(1)").replace("PyMODINIT_FUNC", "static PyObject *");
    const root = project('sources = ["demo/_c.c"]', { "demo/_c.c": source });
    const { problems } = await build(root, makeZligCache());
    expect(problems).toMatchObject([
      {
        code: "init-missing",
        hint: "demo/_c.c defines it as `static`, so nobody else sees it: write `PyMODINIT_FUNC PyInit__c(void)`.",
      },
    ]);
  });

  test("that is hidden is found in its object", async () => {
    const source = moduleSource("PyLong_FromLong(1)").replace(
      "PyMODINIT_FUNC",
      '__attribute__((visibility("hidden"))) PyObject *',
    );
    const { problems } = await build(project('sources = ["demo/_c.c"]', { "demo/_c.c": source }), makeZligCache());
    expect(problems[0]?.hint).toMatch(/^demo\/_c\.c defines it, but does not export it: /);
  });
});

describe("link arguments without a translation", () => {
  const files = { "demo/_c.c": moduleSource("PyLong_FromLong(7)") };

  test("go to the compiler driver", async () => {
    const extension = 'sources = ["demo/_c.c"]\nextra-link-args = ["-Wl,-z,max-page-size=65536"]';
    const root = project(extension, files);
    const { problems, counts } = await build(root, makeZligCache());
    expect(problems).toEqual([]);
    expect(counts).toEqual({ compiled: 1, linked: 1, reused: 0 });
    expect(await value(root)).toBe("7");
  });

  test("that the driver does not know either are told in its words", async () => {
    const extension = 'sources = ["demo/_c.c"]\nextra-link-args = ["-Wl,--no-such-argument"]';
    const { problems } = await build(project(extension, files), makeZligCache());
    expect(problems).toMatchObject([{ code: "link-failed" }]);
    expect(problems[0]?.message).toContain("--no-such-argument");
  });
});

test("a cancelled build leaves no process behind", async () => {
  const lines = Array.from({ length: 6000 }, (_, line) => `int f${line}(int a) { return a * ${line} / (a + 1); }`);
  const root = project('sources = ["demo/*.c"]', {
    "demo/_c.c": moduleSource("PyLong_FromLong(1)"),
    "demo/heavy.c": lines.join("\n"),
  });
  const cache = makeZligCache();
  const controller = new AbortController();
  const started = build(root, cache, {
    signal: controller.signal,
    emit: (event) => {
      if (event.event === "step" && event.state === "started")
        setTimeout(() => {
          controller.abort();
        }, 300);
    },
  });
  await expect(started).rejects.toMatchObject({ code: "cancelled" });
  await delay(100);
  expect(processesWith(cache)).toEqual([]);
  expect(readdirSync(join(cache, "v1/tmp"))).toEqual([]);
});

describe("Zig takes", () => {
  const folder = (): { env: NodeJS.ProcessEnv; cwd: string } => {
    const cwd = makeTree({
      "x.c":
        '#include <math.h>\n#include <stdio.h>\n#include <string.h>\nint x(char *a, double b) { char c[40]; snprintf(c, 40, "%Lf %d", (long double)b, (int)pow(b, 2.5)); return (int)strlen(strcpy(a, c)); }\n',
      "x.map": "{ global: x; local: *; };\n",
    });
    const cache = makeZligCache();
    return {
      cwd,
      env: { ...process.env, ZIG_GLOBAL_CACHE_DIR: join(cache, "v1/zig"), ZIG_LOCAL_CACHE_DIR: join(cwd, "zig") },
    };
  };

  /** The steps of a plan for a target, made real: what Zig printed of each. */
  async function carryOut(
    tag: string,
    extraLinkArgs: readonly string[] = [],
  ): Promise<{ words: string; file: string }> {
    const { cwd, env } = folder();
    mkdirSync(join(cwd, "include"));
    writeFileSync(join(cwd, "include/Python.h"), "");
    const zig = await findZig({ given: findTestZig() }, {});
    const toolchain = { ...makeToolchain(tag, { includeDirs: [join(cwd, "include")] }), zig };
    const plan = makePlan(
      makeProject(cwd, { extensions: [makeExtension("x", ["x.c"], { extraLinkArgs })] }),
      toolchain,
    );
    const places: Readonly<Record<string, string>> = {
      "object:x/x.c.o": "x.o",
      "depfile:object:x/x.c.o": "x.d",
      "-femit-bin=module:x": "-femit-bin=x.so",
    };
    let words = "";
    for (const { command } of plan.steps) {
      const [program, ...args] = command;
      const result = await execa(
        program,
        args.map((word) => places[word] ?? word),
        { cwd, env, reject: false },
      );
      words += result.stderr + result.stdout;
      if (result.exitCode !== 0) throw new Error(`${command.join(" ")}\n${words}`);
    }
    return { words, file: join(cwd, "x.so") };
  }

  test.each([
    ["manylinux_2_17_x86_64", "x86_64"],
    ["manylinux_2_17_i686", "i686"],
    ["manylinux_2_17_aarch64", "aarch64"],
    ["manylinux_2_17_armv7l", "armv7l"],
    ["manylinux_2_19_ppc64le", "ppc64le"],
    ["manylinux_2_34_ppc64le", "ppc64le"],
    ["manylinux_2_17_s390x", "s390x"],
    ["manylinux_2_31_riscv64", "riscv64"],
    ["musllinux_1_2_x86_64", "x86_64"],
    ["musllinux_1_2_aarch64", "aarch64"],
    ["musllinux_1_2_ppc64le", "ppc64le"],
    ["macosx_11_0_arm64", "aarch64"],
    ["macosx_10_9_x86_64", "x86_64"],
  ])("the commands for %s without a word", async (tag, machine) => {
    const { words, file } = await carryOut(tag);
    expect(parseClangDiagnostics(words)).toEqual([]);
    const binary = readBinary(readFileSync(file));
    expect(binary).toMatchObject({ kind: "shared", machine });
    expect(binary.exports).toContain("x");
    // ppc64le's `long double` is what every glibc has a printf for.
    expect(binary.undefined.map(({ name }) => name)).not.toContain("__snprintfieee128");
  });

  test("every link argument that is translated", async () => {
    const args = [
      "-Wl,-z,now,-z,relro,-z,nodelete,-z,defs,-z,notext,-z,origin",
      "-Wl,-z,undefs",
      "-Wl,--gc-sections",
      "-Wl,-Bsymbolic",
      "-Wl,--disable-new-dtags,--enable-new-dtags",
      "-Wl,--build-id",
      "-Wl,--no-undefined-version",
      "-Wl,--undefined-version",
      "-Wl,--allow-shlib-undefined",
      "-Wl,--as-needed,--strip-all,-s,--hash-style=gnu,--hash-style=both,-O1,-O2",
      "-Wl,-rpath,$ORIGIN/lib",
      "-Wl,--version-script=x.map",
      "-Wl,-soname,libx.so",
      "-L.",
      "-lm",
      "-pthread",
    ];
    expect(translateLinkArgs(args)).toBeDefined();
    const { file } = await carryOut("manylinux_2_17_x86_64", args);
    expect(readBinary(readFileSync(file))).toMatchObject({
      exports: ["x"],
      soname: "libx.so",
      runPaths: ["$ORIGIN/lib"],
    });
  });

  test("those of macOS", async () => {
    const args = [
      "-Wl,-dead_strip",
      "-Wl,-dead_strip_dylibs",
      "-Wl,-headerpad_max_install_names",
      "-undefined",
      "dynamic_lookup",
    ];
    expect(translateLinkArgs(args)).toBeDefined();
    const { file } = await carryOut("macosx_11_0_arm64", args);
    expect(readBinary(readFileSync(file))).toMatchObject({
      format: "mach-o",
      soname: "@rpath/x.cpython-312-x86_64-linux-gnu.so",
    });
  });
});
