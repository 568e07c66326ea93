import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readSdist, readWheel } from "../support/archive.ts";
import { backendVenv, copyExample, frontEndEnvironment, mustRun, theFile, tools } from "../support/frontend.ts";
import { lastingFolder } from "../support/lasting-folder.ts";
import { makeFolder, makeTree } from "../support/tree.ts";

/** What package indexes want to see beside name and version. */
const facts = `version = "1.0"
description = "A project to be judged"
readme = "README.md"
license = "MIT AND BSD-3-Clause"
license-files = ["LICENSE", "vendored/*/LICENSE"]
authors = [{ name = "Ada Łukasiewicz", email = "ada@example.org" }]
classifiers = ["Programming Language :: Python :: 3"]
keywords = ["one", "two"]
requires-python = ">=3.9"
[project.urls]
Homepage = "https://example.org/"
`;
const head = '[build-system]\nrequires = ["zlig"]\nbuild-backend = "zlig"\n[project]\n';
const common = {
  "README.md": "# Ünïcode\n\nA *readme*.\n",
  LICENSE: "MIT\n",
  "vendored/x/LICENSE": "BSD\n",
};

const pure = {
  ...common,
  "pyproject.toml": `${head}name = "Pure.Thing"
${facts}
[project.scripts]
pure-thing = "pure_thing.cli:main"
[project.gui-scripts]
pure-window = "pure_thing.cli:main"
[project.entry-points."pure.plugins"]
one = "pure_thing.cli:main [extra]"
[project.optional-dependencies]
extra = ["packaging>=20; python_version < '4'"]
[tool.zlig]
packages = ["src/pure_thing"]
extensions = []
[tool.zlig.wheel]
scripts = ["bin/*"]
headers = ["include/*.h"]
data = { data = ["share/**/*"] }
`,
  "src/pure_thing/__init__.py": "",
  "src/pure_thing/cli.py": "def main():\n    print('pure')\n",
  "src/pure_thing/table.txt": "data\n",
  "bin/pure-tool": { content: "#!python\nprint('tool')\n", mode: 0o755 },
  "include/pure.h": "#define PURE 1\n",
  "share/pure/list.txt": "one\n",
};

const stable = {
  ...common,
  "pyproject.toml": `${head}name = "stable"
${facts}
[tool.zlig]
extensions = [{ name = "stable._core", sources = ["src/**/*.c"], py-limited-api = "3.9" }]
`,
  "src/stable/__init__.py": "",
  // Something of the C library that came with glibc 2.14, so that the platform is more than a wish.
  "src/stable/_core.c": `#include <Python.h>
#include <string.h>
static PyObject *copy(PyObject *self, PyObject *argument) {
  char buffer[256], *text;
  Py_ssize_t size;
  if (PyBytes_AsStringAndSize(argument, &text, &size) < 0) return NULL;
  if (size > (Py_ssize_t)sizeof buffer) size = sizeof buffer;
  memcpy(buffer, text, (size_t)size);
  return PyBytes_FromStringAndSize(buffer, size);
}
static PyMethodDef methods[] = {{"copy", copy, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_core", NULL, 0, methods, NULL, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit__core(void) { return PyModuleDef_Init(&definition); }
`,
};

/** A wheel and an sdist of each project. */
let built: string;
const wheels = (): string[] => ["demo", "stable", "pure"].map((name) => theFile(join(built, name), ".whl"));
const sdists = (): string[] => ["demo", "stable", "pure"].map((name) => theFile(join(built, name), ".tar.gz"));

async function run(tool: string, ...args: string[]): Promise<string> {
  const { bin } = await tools();
  return mustRun(frontEndEnvironment("current", { NO_COLOR: "1", COLUMNS: "200" }), built, join(bin, tool), args);
}

beforeAll(async () => {
  built = lastingFolder("zlig-checkers-");
  const { bin } = await backendVenv();
  const demo = copyExample("demo", join(lastingFolder("zlig-demo-"), "demo"));
  const manifest = join(demo, "pyproject.toml");
  writeFileSync(
    manifest,
    readFileSync(manifest, "utf8").replace('name = "demo"', 'name = "demo"\nreadme = "README.md"'),
  );
  writeFileSync(join(demo, "README.md"), common["README.md"]);
  const projects = {
    demo,
    stable: makeTree(stable, lastingFolder("zlig-stable-")),
    pure: makeTree(pure, lastingFolder("zlig-pure-")),
  };
  for (const [name, project] of Object.entries(projects))
    for (const command of ["wheel", "sdist"])
      await mustRun(frontEndEnvironment("current"), project, join(bin, "zlig"), [
        command,
        "--out-dir",
        join(built, name),
      ]);
}, 120_000);

describe("the wheels and sdists of a C, a limited-API and a pure project", () => {
  test("pass `twine check --strict`", async () => {
    const output = await run("twine", "check", "--strict", ...wheels(), ...sdists());
    expect(output.match(/PASSED/g)).toHaveLength(6);
  });

  test("pass check-wheel-contents", async () => {
    const output = await run("check-wheel-contents", ...wheels());
    expect(output.match(/: OK/g)).toHaveLength(3);
  });

  test("are whole zip files, and safe to unpack as tar files", async () => {
    for (const wheel of wheels())
      expect(await run("python", "-W", "error", "-m", "zipfile", "-t", wheel)).toBe("Done testing");
    for (const sdist of sdists()) expect(readSdist(sdist).unpacked).toContain("PKG-INFO");
  });

  test("unpack and pack again to the same by `wheel`, which checks RECORD", async () => {
    for (const wheel of wheels()) {
      const before = readWheel(wheel);
      expect(before.recordFaults).toEqual([]);
      const [unpacked, packed] = [makeFolder(), makeFolder()];
      await run("wheel", "unpack", "--dest", unpacked, wheel);
      await run("wheel", "pack", "--dest-dir", packed, join(unpacked, readdirSync(unpacked)[0] ?? ""));
      expect(readdirSync(packed)).toEqual([basename(wheel)]);
      const after = readWheel(join(packed, basename(wheel)));
      const texts = (members: readonly { name: string; mode: string; text: string }[]): unknown =>
        members
          .map(({ name, mode, text }) => ({
            name,
            executable: (Number.parseInt(mode.slice(2), 8) & 0o111) !== 0,
            text: name.endsWith("/RECORD") ? text.trim().split(/\r?\n/).sort() : text,
          }))
          .sort((a, b) => (a.name < b.name ? -1 : 1));
      expect(texts(after.members)).toEqual(texts(before.members));
    }
  });
});

if (process.platform === "linux")
  test("auditwheel reads the platform out of the binaries that Zlig writes into the name", async () => {
    const [demo = "", uses = ""] = wheels();
    const audited = async (wheel: string): Promise<RegExpExecArray | null> =>
      /platform tag:\s*"(\w+?linux_(\d+)_(\d+)_(\w+))"/.exec(await run("auditwheel", "show", wheel));
    const [, tag = "none"] = (await audited(uses)) ?? [];
    expect(basename(uses, ".whl").split("-").at(-1)?.split(".")).toContain(tag);
    // The demo asks nothing of the C library, so an older one would do as well.
    const [, , major, minor, machine = ""] = (await audited(demo)) ?? [];
    const ours = /linux_(\d+)_(\d+)_(\w+)$/.exec(basename(demo, ".whl"));
    expect([Number(ours?.[1]), ours?.[3]]).toEqual([Number(major), machine]);
    expect(Number(minor)).toBeLessThanOrEqual(Number(ours?.[2]));
  });

test("abi3audit finds that a limited-API wheel uses nothing else", async () => {
  const report = join(makeFolder(), "report.json");
  mkdirSync(join(report, ".."), { recursive: true });
  await run("abi3audit", "--strict", "--report", "--output", report, wheels()[1] ?? "");
  const { specs } = JSON.parse(readFileSync(report, "utf8")) as {
    specs: Record<
      string,
      {
        wheel: {
          name: string;
          result: { is_abi3: boolean; is_abi3_baseline_compatible: boolean; computed: string }[];
        }[];
      }
    >;
  };
  const results = Object.values(specs).flatMap(({ wheel }) => wheel.flatMap(({ result }) => result));
  expect(results).toHaveLength(1);
  expect(results[0]).toMatchObject({ is_abi3: true, is_abi3_baseline_compatible: true });
});
