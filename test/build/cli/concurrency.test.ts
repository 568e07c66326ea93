import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeDemo, slowFiles } from "../../support/demo.ts";
import { makePython } from "../../support/fake-tools.ts";
import { newestPython } from "../../support/toolchain.ts";
import { makeFolder } from "../../support/tree.ts";
import { runZlig } from "../../support/zlig.ts";

const { executable: python } = newestPython();

function importedValue(project: string): number {
  const code =
    "import sys; sys.dont_write_bytecode = True; sys.path.insert(0, 'src'); import demo; print(demo.value())";
  return Number(execFileSync(python, ["-c", code], { cwd: project, encoding: "utf8" }));
}

/** What lies in the package beside sources and Python files. */
function results(project: string): string[] {
  return readdirSync(join(project, "src/demo"))
    .filter((name) => !/\.(?:c|py)$/.test(name))
    .sort();
}

test("builds at once in one project, with one empty cache, all succeed and leave one right artefact", async () => {
  const project = makeDemo(slowFiles(8));
  const env = { ZLIG_CACHE_DIR: makeFolder() };
  const commands = [["build"], ["build", "--no-cache"], ["build", "--json"], ["wheel", "--out-dir", makeFolder()]];
  const runs = await Promise.all(commands.map((args) => runZlig(args, { cwd: project, env })));
  for (const { exitCode, stderr } of runs) expect(exitCode, stderr).toBe(0);
  expect(importedValue(project)).toBe(8);
  expect(results(project)).toHaveLength(1);
  expect((await runZlig(["build"], { cwd: project, env })).stderr).toBe("Nothing to do: 1 module up to date\n");
});

test("wheels at once into one folder are one wheel, whole", async () => {
  const project = makeDemo(slowFiles(4));
  const out = makeFolder();
  const runs = await Promise.all(
    Array.from({ length: 3 }, () => runZlig(["wheel", "--no-cache", "--out-dir", out], { cwd: project })),
  );
  for (const { exitCode, stderr } of runs) expect(exitCode, stderr).toBe(0);
  const [wheel = "", ...others] = readdirSync(out);
  expect(others).toEqual([]);
  const alone = makeFolder();
  await runZlig(["wheel", "--out-dir", alone], { cwd: project });
  expect(readFileSync(join(out, wheel)).equals(readFileSync(join(alone, wheel)))).toBe(true);
});

test("builds at once for two interpreters leave both artefacts, and clean knows both", async () => {
  const project = makeDemo(slowFiles(4));
  const env = { ZLIG_CACHE_DIR: makeFolder() };
  const other = makePython({ extensionSuffix: ".cpython-399-other-linux-gnu.so", buildDetails: null });
  const runs = await Promise.all([
    runZlig(["build", "--python", python], { cwd: project, env }),
    runZlig(["build", "--python", other], { cwd: project, env }),
  ]);
  for (const { exitCode, stderr } of runs) expect(exitCode, stderr).toBe(0);
  expect(results(project)).toHaveLength(2);
  const { exitCode } = await runZlig(["clean", "--all"], { cwd: project, env });
  expect(exitCode).toBe(0);
  expect(results(project)).toEqual([]);
});
