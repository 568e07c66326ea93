import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readSdist, readWheel } from "../../support/archive.ts";
import { makeDemo, manifestText, moduleSource } from "../../support/demo.ts";
import { makePython } from "../../support/fake-tools.ts";
import { snapshot } from "../../support/snapshot.ts";
import { newestPython } from "../../support/toolchain.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";
import type { ZligResult } from "../../support/zlig.ts";
import { runZlig } from "../../support/zlig.ts";

const { executable: python } = newestPython();

function imported(project: string): string {
  const code =
    "import sys; sys.dont_write_bytecode = True; sys.path.insert(0, 'src'); import demo; print(demo.value())";
  return execFileSync(python, ["-c", code], { cwd: project, encoding: "utf8" }).trim();
}

function binaries(project: string): string[] {
  return readdirSync(join(project, "src/demo"))
    .filter((name) => /\.(?:so|pyd)$/.test(name))
    .sort();
}

async function succeed(project: string, ...args: string[]): Promise<ZligResult> {
  const result = await runZlig(args, { cwd: project });
  expect(result.exitCode, result.stderr).toBe(0);
  return result;
}

describe("build", () => {
  test("makes a module that can be imported, and has nothing to do the next time", async () => {
    const project = makeDemo();
    const { stderr, stdout } = await succeed(project, "build");
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^Wrote src\/demo\/demo\.\S+\n/m);
    expect(imported(project)).toBe("42");
    const before = snapshot(project);
    expect((await succeed(project, "build")).stderr).toBe("Nothing to do: 1 module up to date\n");
    expect(snapshot(project)).toEqual(before);
  });

  test("ends its events with the result and how it ended", async () => {
    const project = makeDemo();
    const { events } = await succeed(project, "build", "--json", "--no-cache");
    expect(events.filter(({ event }) => event === "step").map(({ state, kind }) => [state, kind])).toEqual([
      ["started", "compile"],
      ["done", "compile"],
      ["started", "link"],
      ["done", "link"],
    ]);
    const [artefact] = binaries(project);
    expect(events.slice(-3)).toEqual([
      { event: "artefact", extension: "demo.demo", path: `src/demo/${artefact ?? ""}`, state: "written" },
      {
        event: "result",
        command: "build",
        artefacts: [`src/demo/${artefact ?? ""}`],
        counts: { compiled: 1, linked: 1, reused: 0 },
      },
      { event: "end", exitCode: 0, errors: 0, warnings: 0 },
    ]);
  });

  test("--quiet says nothing when all is well", async () => {
    const { stderr, stdout } = await succeed(makeDemo(), "build", "--quiet");
    expect([stderr, stdout]).toEqual(["", ""]);
  });

  test("--verbose tells of what was known already", async () => {
    const project = makeDemo();
    await succeed(project, "build");
    const { stderr } = await succeed(project, "build", "--verbose");
    expect(stderr).toMatch(
      /^\[1\/2\] compiled before: src\/demo\/demo\.c\n\[2\/2\] linked before: demo\.demo\nUnchanged: /,
    );
  });

  test("names the folder of another project", async () => {
    const project = makeDemo();
    await succeed(makeFolder(), "build", "--project", project);
    expect(imported(project)).toBe("42");
  });

  test("works in a folder whose name has spaces, quotes and letters of every script", async () => {
    const root = join(makeFolder(), "a b'c\"d 漢字 ünï $HOME %PATH%");
    const project = makeDemo({}, root);
    await succeed(project, "build");
    expect(imported(project)).toBe("42");
  });

  test("without a table for Zlig says that there is nothing to build", async () => {
    const project = makeDemo({ "pyproject.toml": '[project]\nname = "demo"\nversion = "1.0"\n' });
    const { stderr } = await succeed(project, "build");
    expect(stderr).toBe("This project has no extensions (`[[tool.zlig.extensions]]`): nothing to build\n");
  });
});

describe("wheel and sdist", () => {
  test("go into dist, or the folder that is named from the current one", async () => {
    const project = makeDemo();
    const { stderr } = await succeed(project, "wheel");
    const [name = ""] = readdirSync(join(project, "dist"));
    expect(stderr).toContain(`Wrote ${join("dist", name)}\n`);
    await succeed(project, "sdist");
    expect(readdirSync(join(project, "dist")).sort()).toEqual([name, "demo-1.0.tar.gz"].sort());
    const elsewhere = makeFolder();
    await succeed(elsewhere, "wheel", "--project", project, "--out-dir", "out/of/here");
    await succeed(elsewhere, "sdist", "--project", project, "--out-dir", "out/of/here");
    expect(readdirSync(join(elsewhere, "out/of/here")).sort()).toEqual([name, "demo-1.0.tar.gz"].sort());
  });

  test("name what they wrote in a result event", async () => {
    const project = makeDemo();
    const out = makeFolder();
    for (const command of ["wheel", "sdist"]) {
      const { events } = await succeed(project, command, "--json", "--out-dir", out);
      const { path, name } = events.find(({ event }) => event === "result") as unknown as {
        path: string;
        name: string;
      };
      expect(path).toBe(join(out, name));
      expect(existsSync(path)).toBe(true);
    }
  });

  test("hold what they should: the artefact of this build and no stale one, the sources", async () => {
    const project = makeDemo({ "src/demo/demo.cpython-27-x.so": "stale" });
    const out = makeFolder();
    await succeed(project, "wheel", "--out-dir", out);
    await succeed(project, "sdist", "--out-dir", out);
    const wheel = readdirSync(out).find((name) => name.endsWith(".whl")) ?? "";
    const [artefact = ""] = binaries(project).filter((name) => !name.includes("-27-"));
    expect(readWheel(join(out, wheel)).members.map(({ name }) => name)).toEqual([
      "demo/__init__.py",
      `demo/${artefact}`,
      "demo-1.0.dist-info/METADATA",
      "demo-1.0.dist-info/WHEEL",
      "demo-1.0.dist-info/RECORD",
    ]);
    expect([...readSdist(join(out, "demo-1.0.tar.gz")).unpacked].sort()).toEqual(
      ["PKG-INFO", "pyproject.toml", "src/demo/__init__.py", "src/demo/demo.c"].sort(),
    );
  });

  test("a setting of PEP 517 goes before the option", async () => {
    const project = makeDemo();
    const args = ["wheel", "--out-dir", makeFolder(), "--python", "3.99", `--config-setting=python=${python}`];
    await succeed(project, ...args);
  });
});

describe("clean", () => {
  /** A project with artefacts of two interpreters, one of somebody else's, and one of somebody else's in an old place of ours. */
  async function built(): Promise<{ project: string; other: string; own: string; second: string }> {
    const project = makeDemo({ "src/demo/foreign.so": "somebody else's" });
    const second = ".cpython-399-other-linux-gnu.so";
    const other = makePython({ extensionSuffix: second, buildDetails: null });
    await succeed(project, "build", "--python", python);
    const [own = ""] = binaries(project).filter((name) => name !== "foreign.so");
    await succeed(project, "build", "--python", other);
    expect(binaries(project)).toEqual([own, `demo${second}`, "foreign.so"].sort());
    return { project, other, own, second: `demo${second}` };
  }

  test("takes the artefacts of the interpreter alone", async () => {
    const { project, own, second } = await built();
    const { stderr } = await succeed(project, "clean", "--python", python);
    expect(stderr).toBe(`Removed src/demo/${own}\n`);
    expect(binaries(project)).toEqual([second, "foreign.so"].sort());
    expect((await succeed(project, "clean", "--python", python)).stderr).toBe("Nothing to remove\n");
  });

  test("--all takes those of every interpreter, but nobody else's, and needs no Python", async () => {
    const { project, own, second } = await built();
    const env = { PATH: "", ZLIG_PYTHON_DEFAULT: undefined, ZLIG_ZIG: undefined };
    const { events, exitCode } = await runZlig(["clean", "--all", "--json"], { cwd: project, env });
    expect(exitCode).toBe(0);
    expect(binaries(project)).toEqual(["foreign.so"]);
    const result = events.find(({ event }) => event === "result") as unknown as {
      removed: string[];
      foreign: string[];
    };
    expect([...result.removed].sort()).toEqual([`src/demo/${own}`, `src/demo/${second}`].sort());
    expect(result.foreign).toEqual([]);
    expect(existsSync(join(project, "src/demo/demo.c"))).toBe(true);
  });

  test("leaves an artefact that has changed since, and says so", async () => {
    const { project, own } = await built();
    writeFileSync(join(project, "src/demo", own), "somebody else's now");
    const { stderr } = await succeed(project, "clean");
    expect(stderr).toBe(`Left alone, for it has changed since Zlig wrote it: src/demo/${own}\n`);
    expect(binaries(project)).toContain(own);
  });

  test("goes by what was built, also when pyproject.toml is broken since, or the artefact gone", async () => {
    const { project, own, second } = await built();
    writeFileSync(join(project, "pyproject.toml"), "[broken");
    rmSync(join(project, "src/demo", second));
    const { stderr } = await succeed(project, "clean", "--all");
    expect(stderr).toBe(`Removed src/demo/${own}\n`);
  });

  test("what was cleaned comes back without compiling", async () => {
    const { project } = await built();
    await succeed(project, "clean", "--all");
    const { stderr } = await succeed(project, "build");
    expect(stderr).toMatch(/Put 1 module in place, compiled before\n$/);
    expect(imported(project)).toBe("42");
  });
});

describe("info", () => {
  test("tells people about project, interpreter, Zig and folders", async () => {
    const project = makeDemo();
    const { stdout, stderr } = await succeed(project, "info");
    expect(stderr).toBe("");
    for (const line of [
      /^zlig +\d+\.\d+\.\d+/m,
      /^node +v\d+.* at /m,
      /^python +Python 3\.\d+\.\d+ at /m,
      /^zig +0\.\d+\.\d+ at /m,
      /^zig supported +0\.1\d\.\d+ up to/m,
      /^cache +\S/m,
      /^project folder +\S/m,
      /^project +demo 1\.0$/m,
      /^packages +demo \(src\/demo\)$/m,
      /^extensions +demo\.demo \(src\/demo\/demo\.\S+\)$/m,
      /^target +\S+$/m,
      /^wheel tag +cp3\d+-cp3\d+-\S+$/m,
    ])
      expect(stdout).toMatch(line);
  });

  test("tells programs the same in one event", async () => {
    const project = makeDemo();
    const { events } = await succeed(project, "info", "--json");
    expect(events.map(({ event }) => event)).toEqual(["info", "end"]);
    expect(events[0]).toMatchObject({
      node: { version: expect.stringMatching(/^\d+\./) as string, executable: process.execPath },
      python: { executable: python, implementation: "cpython", version: expect.stringMatching(/^3\./) as string },
      zig: { version: expect.stringMatching(/^0\./) as string },
      zigSupported: { from: expect.stringMatching(/^0\./) as string, below: expect.stringMatching(/^0\./) as string },
      root: project,
      project: { name: "demo", version: "1.0" },
      packages: [{ name: "demo", path: "src/demo", kind: "package" }],
      extensions: [{ name: "demo.demo", path: expect.stringMatching(/^src\/demo\/demo\./) as string }],
      tag: expect.stringMatching(/^cp3/) as string,
    });
  });

  const nothing = { PATH: "", ZLIG_ZIG: undefined, ZLIG_PYTHON_DEFAULT: undefined };

  test("does not fail where everything is missing, and says what", async () => {
    const folder = makeFolder();
    const { stdout, exitCode } = await runZlig(["info"], { cwd: folder, env: nothing });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^python +error\[python-missing\]: .+\n +hint: /m);
    expect(stdout).toMatch(/^zig +error\[zig-missing\]: .+\n +hint: /m);
    expect(stdout).toMatch(/^project +pyproject\.toml: error\[manifest-missing\]: /m);
    expect(readdirSync(folder)).toEqual([]);
    const { events } = await runZlig(["info", "--json"], { cwd: folder, env: nothing });
    expect(events[0]).toMatchObject({
      python: { problems: [{ code: "python-missing" }] },
      zig: { problems: [{ code: "zig-missing" }] },
      project: { problems: [{ code: "manifest-missing" }] },
    });
  });

  test("tells of the project when the tools are missing, and of the tools when the project is broken", async () => {
    const { stdout } = await runZlig(["info"], { cwd: makeDemo(), env: nothing });
    expect(stdout).toMatch(/^project +demo 1\.0\npackages +demo \(src\/demo\)\nextensions +demo\.demo$/m);
    const broken = makeDemo({ "pyproject.toml": manifestText("a = 1", "b = 2", "c = 3") });
    const told = await succeed(broken, "info");
    expect(told.stdout).toMatch(/^python +Python 3/m);
    expect(told.stdout).toMatch(/^project +pyproject\.toml:10:1: error\[unknown-key\]/m);
    expect(told.stdout).toContain("… and 2 more problems: `zlig check` shows all");
  });
});

describe("check", () => {
  const bad = manifestText('extensions = [{ name = "demo.demo", sources = ["src/demo/*.c"], depends = ["no/*.h"] }]');
  const worse = `${bad}pakages = []\n`;

  test("of a good project ends well in every format", async () => {
    const project = makeDemo();
    expect((await succeed(project, "check")).stderr).toBe("No problems found\n");
    expect((await succeed(project, "check", "--format", "json")).stdout).toBe("");
    expect((await succeed(project, "check", "--format", "github")).stdout).toBe("");
    const sarif = JSON.parse((await succeed(project, "check", "--format", "sarif")).stdout) as {
      runs: { results: unknown[] }[];
    };
    expect(sarif.runs[0]?.results).toEqual([]);
    expect((await succeed(project, "check", "--json")).events).toEqual([
      { event: "result", command: "check", errors: 0, warnings: 0 },
      { event: "end", exitCode: 0, errors: 0, warnings: 0 },
    ]);
  });

  test("ends well with warnings, and counts them", async () => {
    const { stderr } = await succeed(makeDemo({ "pyproject.toml": bad }), "check");
    expect(stderr).toMatch(/^pyproject\.toml:10:\d+: warning\[glob-empty\]: "no\/\*\.h" matches no file$/m);
    expect(stderr).toMatch(/\n0 errors, 1 warning\n$/);
  });

  test("tells an error at its place in every format, and ends with 1", async () => {
    const project = makeDemo({ "pyproject.toml": worse });
    const run = async (...args: string[]): Promise<ZligResult> => {
      const result = await runZlig(["check", ...args], { cwd: project });
      expect(result.exitCode).toBe(1);
      return result;
    };
    expect((await run()).stderr).toMatch(/^pyproject\.toml:11:1: error\[unknown-key\]/m);
    const start = { line: 10, character: 0 };
    const range = { start, end: { line: 10, character: 7 } };
    const location = { file: join(project, "pyproject.toml"), range };
    expect((await run("--json")).events[0]).toMatchObject({ event: "problem", code: "unknown-key", location });
    const json = await run("--format", "json");
    expect(JSON.parse(json.stdout.split("\n")[0] ?? "")).toMatchObject({ code: "unknown-key", location });
    expect((await run("--format", "github")).stdout).toMatch(
      /^::error file=pyproject\.toml,line=11,endLine=11,col=1,endColumn=8,title=unknown-key::/,
    );
    const sarif = JSON.parse((await run("--format", "sarif")).stdout) as { runs: { results: unknown[] }[] };
    expect(sarif.runs[0]?.results[0]).toMatchObject({
      ruleId: "unknown-key",
      level: "error",
      locations: [{ physicalLocation: { region: { startLine: 11, startColumn: 1, endLine: 11, endColumn: 8 } } }],
    });
  });

  test("executes nothing: neither Zig nor Python is looked for", async () => {
    const env = { PATH: "", ZLIG_ZIG: "/no/zig", ZLIG_PYTHON_DEFAULT: undefined };
    const { exitCode } = await runZlig(["check"], { cwd: makeDemo(), env });
    expect(exitCode).toBe(0);
  });

  test("names files for GitHub from the workspace, wherever it runs", async () => {
    const workspace = makeTree({});
    makeDemo({ "pyproject.toml": worse, "src/demo/demo.c": moduleSource("demo") }, join(workspace, "py"));
    const { stdout } = await runZlig(["check", "--format", "github"], {
      cwd: join(workspace, "py"),
      env: { GITHUB_WORKSPACE: workspace },
    });
    expect(stdout).toContain("::error file=py/pyproject.toml,line=11,");
  });
});

describe("help and version", () => {
  test("go to standard output and end well", async () => {
    const folder = makeFolder();
    expect((await succeed(folder)).stdout).toContain("Usage: zlig COMMAND");
    expect((await succeed(folder, "build", "--help")).stdout).toContain("--dry-run");
    expect((await succeed(folder, "--version")).stdout).toMatch(/^zlig \d+\.\d+\.\d+\n$/);
  });
});
