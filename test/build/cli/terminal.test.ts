import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeDemo, manifestText, moduleSource, slowFiles } from "../../support/demo.ts";
import { runOnTerminal, screenOf } from "../../support/terminal.ts";
import { makeFolder } from "../../support/tree.ts";
import { runZlig, zligEnvironment, zligProgram } from "../../support/zlig.ts";

const colour = "\u001B[";

function onTerminal(
  project: string,
  args: readonly string[],
  options: { env?: Record<string, string>; columns?: number } = {},
): ReturnType<typeof runOnTerminal> {
  return runOnTerminal([process.execPath, zligProgram, ...args], {
    cwd: project,
    env: zligEnvironment({ ZLIG_CACHE_DIR: makeFolder(), ...options.env }),
    columns: options.columns ?? 80,
  });
}

describe("on a terminal", () => {
  test("progress is one line, which is gone at the end", async () => {
    const project = makeDemo(slowFiles(5));
    const { output, exitCode } = await onTerminal(project, ["build"]);
    expect(exitCode, output).toBe(0);
    for (const source of ["part0.c", "part4.c", "demo.c"]) expect(output).toContain(`compiling src/demo/${source}`);
    expect(output).toContain("linking demo.demo");
    expect(screenOf(output)).toEqual([
      expect.stringMatching(/^Wrote src\/demo\/demo\.\S+$/),
      expect.stringMatching(/^Built 1 module in \d+\.\d s: 6 compiled, 1 linked$/),
      "",
    ]);
  });

  test("messages stand above the progress line, whole and in colours", async () => {
    const files = { ...slowFiles(5), "src/demo/part2.c": "int part2(void) { int unused; return 1; }\n" };
    const { output, exitCode } = await onTerminal(makeDemo(files), ["build"]);
    expect(exitCode, output).toBe(0);
    expect(output).toContain(`${colour}33m`);
    expect(screenOf(output).slice(0, 4)).toEqual([
      "src/demo/part2.c:1:23: warning: unused variable 'unused' [-Wunused-variable]",
      "    1 | int part2(void) { int unused; return 1; }",
      "      |                       ^~~~~~",
      expect.stringMatching(/^Wrote /),
    ]);
  });

  test("a failure is shown in colours, with the summary last", async () => {
    const project = makeDemo({ "src/demo/demo.c": "int x = y;\n" });
    const { output, exitCode } = await onTerminal(project, ["build"]);
    expect(exitCode).toBe(1);
    expect(output).toContain(`${colour}31m`);
    const screen = screenOf(output);
    expect(screen[0]).toBe("src/demo/demo.c:1:9: error: use of undeclared identifier 'y'");
    expect(screen.at(-2)).toBe("1 of 1 extension could not be built: 1 error");
  });

  test("a narrow one is never written over its edge by progress", async () => {
    const name = `${"long_".repeat(12)}漢字漢字.c`;
    const project = makeDemo({ ...slowFiles(2), [`src/demo/${name}`]: "int extra(void) { return 1; }\n" });
    const { output, exitCode } = await onTerminal(project, ["build"], { columns: 40 });
    expect(exitCode, output).toBe(0);
    expect(output).toContain("…");
    const shown = output.split(/\r|\n/).filter((part) => part.includes("compiling"));
    for (const part of shown) expect(screenOf(part).join("").length).toBeLessThan(40);
    expect(screenOf(output)).toHaveLength(3);
  });

  test.each([
    ["NO_COLOR takes the colours", { NO_COLOR: "1" }],
    ["a dumb terminal has no colours", { TERM: "dumb" }],
  ])("%s", async (_title, env) => {
    const project = makeDemo({ "src/demo/demo.c": "int x = y;\n" });
    const { output } = await onTerminal(project, ["build"], { env });
    expect(output).not.toContain(`${colour}31m`);
    expect(screenOf(output)).toContain("src/demo/demo.c:1:9: error: use of undeclared identifier 'y'");
  });

  test("--verbose and --quiet have no progress line", async () => {
    const verbose = await onTerminal(makeDemo(), ["build", "--verbose"]);
    expect(verbose.output).not.toContain("compiling");
    expect(verbose.output).toContain("[1/2] compiled src/demo/demo.c");
    const quiet = await onTerminal(makeDemo(), ["build", "--quiet"]);
    expect(quiet.output).toBe("");
  });

  test("a file that standard error goes to gets no colours and no control sequences, nor do programs", async () => {
    const project = makeDemo({ ...slowFiles(2), "src/demo/part1.c": "int part1(void) { int unused; return 1; }\n" });
    const file = join(makeFolder(), "err");
    const script = `'${process.execPath}' '${zligProgram}' build 2> '${file}'`;
    const env = zligEnvironment({ ZLIG_CACHE_DIR: makeFolder() });
    const { exitCode } = await runOnTerminal(["/bin/sh", "-c", script], { cwd: project, env });
    expect(exitCode).toBe(0);
    const text = readFileSync(file, "utf8");
    expect(text).toContain("warning: unused variable");
    expect(text).not.toContain("\u001B");
    expect(text).not.toContain("\r");

    const json = join(makeFolder(), "out");
    const events = `'${process.execPath}' '${zligProgram}' build --json > '${json}'`;
    await runOnTerminal(["/bin/sh", "-c", events], { cwd: project, env });
    for (const line of readFileSync(json, "utf8").trimEnd().split("\n")) JSON.parse(line);
  });
});

describe("without a terminal", () => {
  const files = {
    "pyproject.toml": manifestText('extensions = [{ name = "demo.demo", sources = ["src/demo/*.c"] }]'),
    "src/demo/demo.c": moduleSource("demo", "42", "static int idle(void) { return 1; }"),
  };

  test("there are plain lines, also on a machine of continuous integration", async () => {
    const { stderr } = await runZlig(["build"], {
      cwd: makeDemo(files),
      env: { CI: "true", TERM: "xterm-256color", ZLIG_CACHE_DIR: makeFolder() },
    });
    expect(stderr).not.toContain("\u001B");
    expect(stderr).not.toContain("\r");
    expect(stderr.split("\n").filter((line) => line.startsWith("["))).toEqual([
      "[1/2] compiled src/demo/demo.c",
      "[2/2] linked demo.demo",
    ]);
  });

  test("FORCE_COLOR gives colours, and still no progress line", async () => {
    const { stderr } = await runZlig(["build"], { cwd: makeDemo(files), env: { FORCE_COLOR: "1" } });
    expect(stderr).toContain(`${colour}33m`);
    expect(stderr).not.toContain("\r");
  });
});
