import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readWheel } from "../../support/archive.ts";
import { makeDemo, manifestText, moduleSource } from "../../support/demo.ts";
import { snapshot } from "../../support/snapshot.ts";
import { findTestZig, newestPython } from "../../support/toolchain.ts";
import { makeFolder } from "../../support/tree.ts";
import { runZlig } from "../../support/zlig.ts";

interface Plan {
  readonly project: { readonly name: string; readonly version: string; readonly root: string };
  readonly python: string;
  readonly zig: { readonly executable: string; readonly version: string };
  readonly target: string;
  readonly tag: string;
  readonly steps: readonly {
    readonly kind: string;
    readonly extension: string;
    readonly source?: string;
    readonly output: string;
    readonly inputs: readonly string[];
    readonly command: readonly string[];
  }[];
  readonly artefacts: readonly {
    readonly extension: string;
    readonly path: string;
    readonly archivePath: string;
    readonly product: string;
  }[];
  readonly wheel: {
    readonly files: readonly { readonly path: string; readonly why: string }[];
    readonly leftOut: readonly { readonly path: string; readonly why: string }[];
  };
}

const manifest = manifestText(
  "extensions = [",
  '  { name = "demo._one", sources = ["src/demo/one/*.c"], define-macros = { WORDS = "a b" } },',
  '  { name = "demo.sub._two", sources = ["src/demo/two.c"], depends = ["src/demo/data.txt"] },',
  "]",
);
const files = {
  "pyproject.toml": manifest,
  "src/demo/one/_one.c": moduleSource("_one"),
  "src/demo/one/help.c": "int help(void) { return 1; }\n",
  "src/demo/two.c": moduleSource("_two"),
  "src/demo/sub/__init__.py": "",
  "src/demo/data.txt": "data",
  "src/demo/stale.cpython-27-old.so": "from an earlier build",
};

describe.each(["build", "wheel"])("%s --dry-run", (command) => {
  test("prints the plan as one event and writes nothing, not even the folder of results", async () => {
    const project = makeDemo(files);
    const [out, cache] = [join(makeFolder(), "out"), makeFolder()];
    const before = snapshot(project);
    const args = [command, "--dry-run", "--json", ...(command === "wheel" ? ["--out-dir", out] : [])];
    const { exitCode, events, stderr } = await runZlig(args, { cwd: project, env: { ZLIG_CACHE_DIR: cache } });
    expect(exitCode, stderr).toBe(0);
    expect(snapshot(project)).toEqual(before);
    expect(existsSync(out)).toBe(false);
    expect(existsSync(join(cache, "v1"))).toBe(false);

    expect(events.map(({ event }) => event)).toEqual(["plan", "end"]);
    const plan = events[0] as unknown as Plan;
    expect(plan.project).toEqual({ name: "demo", version: "1.0", root: project });
    expect(plan.zig.executable).toBe(findTestZig());
    expect(plan.zig.version).toMatch(/^0\.\d+\.\d+/);
    expect(plan.python).toBe(newestPython().executable);
    expect(plan.tag).toMatch(/^cp3\d+-cp3\d+-\w+/);

    // Every step: what it makes of what, and the whole command.
    expect(plan.steps.map(({ kind, extension, source }) => [kind, extension, source])).toEqual([
      ["compile", "demo._one", "src/demo/one/_one.c"],
      ["compile", "demo._one", "src/demo/one/help.c"],
      ["link", "demo._one", undefined],
      ["compile", "demo.sub._two", "src/demo/two.c"],
      ["link", "demo.sub._two", undefined],
    ]);
    const outputs = plan.steps.map(({ output }) => output);
    expect(new Set(outputs).size).toBe(5);
    expect(plan.steps[2]?.inputs).toEqual(outputs.slice(0, 2));
    expect(plan.steps[3]?.inputs).toEqual(["src/demo/two.c", "src/demo/data.txt"]);
    for (const step of plan.steps) {
      expect(step.command[0]).toBe(findTestZig());
      expect(step.command[step.command.indexOf("-target") + 1]).toBe(plan.target);
      for (const input of step.inputs.filter((one) => !one.endsWith(".txt"))) expect(step.command).toContain(input);
      expect(step.command.some((word) => word.endsWith(step.output))).toBe(true);
    }
    expect(plan.steps[0]?.command).toContain("-DWORDS=a b");

    // Every artefact, and every file of the wheel with the reason.
    expect(plan.artefacts.map(({ extension, product }) => [extension, product])).toEqual([
      ["demo._one", outputs[2]],
      ["demo.sub._two", outputs[4]],
    ]);
    for (const { path, archivePath } of plan.artefacts) {
      expect(path).toBe(`src/${archivePath}`);
      expect(plan.wheel.files).toContainEqual({
        path: archivePath,
        why: expect.stringContaining("artefact of demo.") as string,
      });
    }
    const paths = plan.wheel.files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(["demo/__init__.py", "demo/data.txt", "demo-1.0.dist-info/RECORD"]));
    expect(plan.wheel.leftOut.map(({ path }) => path).sort()).toEqual([
      "src/demo/demo.c",
      "src/demo/one/_one.c",
      "src/demo/one/help.c",
      "src/demo/stale.cpython-27-old.so",
      "src/demo/two.c",
    ]);
    for (const { why } of [...plan.wheel.files, ...plan.wheel.leftOut]) expect(why).not.toBe("");
  });

  test("shows people the same on standard output, commands as a shell takes them", async () => {
    const project = makeDemo(files);
    const { stdout, stderr, exitCode } = await runZlig([command, "--dry-run"], { cwd: project });
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^Tag: cp3\d+-/);
    expect(stdout).toMatch(/^Compile src\/demo\/one\/_one\.c for demo\._one:\n {2}\S+ cc -c .* '-DWORDS=a b' /m);
    expect(stdout).toMatch(/^Link demo\.sub\._two:\n {2}\S+ build-lib /m);
    expect(stdout).toMatch(/^In place: src\/demo\/_one\.\S+, the module demo\._one$/m);
    expect(stdout).toMatch(/^Into the wheel: demo\/data\.txt \(.+\)$/m);
    expect(stdout).toMatch(/^Left out of the wheel: src\/demo\/two\.c \(.+\)$/m);
    expect(existsSync(join(project, "dist"))).toBe(false);
  });
});

test("the wheel that is then built holds the files of the plan and no other", async () => {
  const project = makeDemo(files);
  const { events } = await runZlig(["wheel", "--dry-run", "--json"], { cwd: project });
  const plan = events[0] as unknown as Plan;
  const out = makeFolder();
  const built = await runZlig(["wheel", "--json", "--out-dir", out], { cwd: project });
  const { path } = built.events.find(({ event }) => event === "result") as unknown as { path: string };
  expect(readWheel(path).members.map(({ name }) => name)).toEqual(plan.wheel.files.map((file) => file.path));
  expect(path).toContain(plan.tag);
});

test("a project without extensions needs neither Zig nor Python for its plan", async () => {
  const project = makeDemo({ "pyproject.toml": '[project]\nname = "demo"\nversion = "1.0"\n' });
  const { events, exitCode } = await runZlig(["wheel", "--dry-run", "--json"], {
    cwd: project,
    env: { PATH: "", ZLIG_ZIG: undefined, ZLIG_PYTHON_DEFAULT: undefined },
  });
  expect(exitCode).toBe(0);
  expect(events[0]).toMatchObject({ event: "plan", tag: "py3-none-any", steps: [], artefacts: [] });
});
