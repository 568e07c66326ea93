import { appendFileSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { readSdist, readWheel } from "../support/archive.ts";
import {
  backendVenv,
  copyExample,
  frontEndEnvironment,
  freshVenv,
  mustRun,
  theFile,
  tools,
} from "../support/frontend.ts";
import { makeFolder, makeTree } from "../support/tree.ts";
import type { Venv } from "../support/venv.ts";

/** Calls hooks in order, in processes of their own, as `pyproject_hooks` does. Gives what each gave. */
async function callHooks(
  { python }: Venv,
  project: string,
  hooks: readonly string[],
  folder = makeFolder(),
): Promise<Record<string, unknown>> {
  const script = join(import.meta.dirname, "../support/call_hooks.py");
  const args = ["-W", "error", script, project, python, folder, ...hooks];
  const output = await mustRun(frontEndEnvironment("current"), project, (await tools()).python, args);
  return JSON.parse(output) as Record<string, unknown>;
}

/** The `METADATA` of a wheel, or of a `.dist-info` folder. */
function metadataOf(path: unknown): string {
  if (typeof path !== "string") throw new Error("the hook gave no path");
  if (!path.endsWith(".whl")) return readFileSync(join(path, "METADATA"), "latin1");
  const metadata = readWheel(path).members.find(({ name }) => name.endsWith(".dist-info/METADATA"));
  return metadata?.text ?? "";
}

const pure = {
  "pyproject.toml": `[build-system]
requires = ["zlig"]
build-backend = "zlig"
[project]
name = "pure.thing"
version = "2.0"
description = "Größe"
readme = "README.md"
license = "MIT"
license-files = ["LICENSE"]
[project.scripts]
pure-thing = "pure_thing:main"
`,
  "README.md": "# Größe\n",
  LICENSE: "MIT\n",
  "src/pure_thing/__init__.py": "def main():\n    print('pure')\n",
};

describe("the hooks of a project with an extension", () => {
  test("prepare the metadata that wheel and editable wheel then have", async () => {
    const demo = copyExample("demo");
    const results = await callHooks(await backendVenv(), demo, [
      "get_requires_for_build_wheel",
      "prepare_metadata_for_build_wheel",
      "build_wheel",
      "build_wheel+metadata",
      "get_requires_for_build_editable",
      "prepare_metadata_for_build_editable",
      "build_editable",
      "build_editable+metadata",
    ]);
    expect(results["get_requires_for_build_wheel"]).toEqual([]);
    expect(results["get_requires_for_build_editable"]).toEqual([]);
    const [first = "", ...others] = Object.values(results)
      .filter((result) => typeof result === "string")
      .map(metadataOf);
    expect(first).toMatch(/^Metadata-Version: 2\.\d\nName: demo\nVersion: 0\.1\.0\n/);
    expect(others).toEqual(Array.from({ length: 5 }, () => first));
    for (const name of ["build_wheel", "build_wheel+metadata", "build_editable"])
      expect(readWheel(String(results[name])).recordFaults).toEqual([]);
  });

  test("ask for ziglang where there is none, and not for an sdist", async () => {
    const venv = await freshVenv(["zlig"]);
    const kinds = ["wheel", "sdist", "editable"];
    const hooks = kinds.map((kind) => `get_requires_for_build_${kind}`);
    const ziglang = [expect.stringMatching(/^ziglang>=\d[.\d]*,<\d[.\d]*$/) as string];
    expect(Object.values(await callHooks(venv, copyExample("demo"), hooks))).toEqual([ziglang, [], ziglang]);
  });

  test("put prepared metadata into the wheel as they are, whatever a front end has made of them", async () => {
    const demo = copyExample("demo");
    const folder = makeFolder();
    const prepare = "prepare_metadata_for_build_wheel";
    const venv = await backendVenv();
    const prepared = String((await callHooks(venv, demo, [prepare], folder))[prepare]);
    expect(basename(prepared)).toBe("demo-0.1.0.dist-info");
    appendFileSync(join(prepared, "METADATA"), "\nÄ word more\n");
    writeFileSync(join(prepared, "entry_points.txt"), "[console_scripts]\nx = demo:add\n");
    const code =
      "import sys; from pyproject_hooks import BuildBackendHookCaller as C; " +
      "C('.', 'zlig', python_executable=sys.argv[1]).build_wheel(sys.argv[2], metadata_directory=sys.argv[3])";
    const out = makeFolder();
    const { python } = await tools();
    await mustRun(frontEndEnvironment("current"), demo, python, ["-c", code, venv.python, out, prepared]);
    const { members, recordFaults } = readWheel(theFile(out, ".whl"));
    const text = (name: string): string | undefined =>
      members.find((one) => one.name === `demo-0.1.0.dist-info/${name}`)?.text;
    expect(text("METADATA")).toBe(readFileSync(join(prepared, "METADATA"), "latin1"));
    expect(text("entry_points.txt")).toBe("[console_scripts]\nx = demo:add\n");
    expect(recordFaults).toEqual([]);
  });
});

describe("the hooks of a project without extensions", () => {
  test("ask for nothing, and give wheels for every Python", async () => {
    const project = makeTree(pure);
    const venv = await freshVenv(["zlig"]);
    const kinds = ["wheel", "sdist", "editable"];
    const results = await callHooks(venv, project, [
      ...kinds.map((kind) => `get_requires_for_build_${kind}`),
      ...kinds.map((kind) => `build_${kind}`),
      "prepare_metadata_for_build_wheel",
    ]);
    const given = Object.values(results);
    expect(given.slice(0, 3)).toEqual([[], [], []]);
    expect(given.slice(3, 6).map((path) => basename(String(path)))).toEqual([
      "pure_thing-2.0-py3-none-any.whl",
      "pure_thing-2.0.tar.gz",
      "pure_thing-2.0-py3-none-any.whl",
    ]);
    expect(metadataOf(given[6])).toBe(metadataOf(given[3]));
    const wheel = readWheel(String(given[3])).members.find(({ name }) => name.endsWith("/WHEEL"));
    expect(wheel?.text).toContain("Root-Is-Purelib: true\n");
    expect(readdirSync(project).sort()).toEqual(["LICENSE", "README.md", "pyproject.toml", "src"]);
    expect(readSdist(String(given[4])).unpacked.toSorted()).toEqual([
      "LICENSE",
      "PKG-INFO",
      "README.md",
      "pyproject.toml",
      "src/pure_thing/__init__.py",
    ]);
  });

  test("build in isolation by pip, with a working script", async () => {
    const venv = await freshVenv();
    await mustRun(frontEndEnvironment("current"), makeTree(pure), venv.python, ["-m", "pip", "install", "."]);
    expect(await mustRun(frontEndEnvironment("current"), venv.bin, join(venv.bin, "pure-thing"), [])).toBe("pure");
  });
});

describe("the wheel of a project", () => {
  test("is the same, byte for byte, from the tree, from the sdist, and from another path", async () => {
    const { bin, python } = await backendVenv();
    const here = copyExample("demo");
    const there = copyExample("demo", join(makeFolder(), "elsewhere", "of another längth"));
    const out = makeFolder();
    // A cache for each: nothing but the compiler itself can make them the same.
    const env = (): NodeJS.ProcessEnv => frontEndEnvironment("current", { ZLIG_CACHE_DIR: makeFolder() });
    await mustRun(env(), here, python, ["-m", "build", "--no-isolation", "--outdir", join(out, "sdist")]);
    await mustRun(env(), here, python, ["-m", "build", "--no-isolation", "--wheel", "--outdir", join(out, "tree")]);
    await mustRun(env(), there, python, ["-m", "build", "--no-isolation", "--outdir", join(out, "there")]);
    await mustRun(env(), here, join(bin, "zlig"), ["wheel", "--out-dir", join(out, "command")]);
    const [first, ...others] = ["sdist", "tree", "there", "command"].map((name) => {
      const file = theFile(join(out, name), ".whl");
      return { name: basename(file), content: readFileSync(file) };
    });
    for (const other of others) {
      expect(other.name).toBe(first?.name);
      expect(other.content.equals(first?.content ?? Buffer.alloc(0))).toBe(true);
    }
    const sdists = ["sdist", "there"].map((name) => readFileSync(theFile(join(out, name), ".tar.gz")));
    expect(sdists[0]?.equals(sdists[1] ?? Buffer.alloc(0))).toBe(true);
  });
});
