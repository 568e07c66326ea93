import { cpSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readWheel } from "../support/archive.ts";
import { corpusProject } from "../support/corpus.ts";
import { evaluate, freshVenv, frontEndEnvironment, mustRun, theFile, tools } from "../support/front-end.ts";
import { makeFolder } from "../support/tree.ts";
import type { Venv } from "../support/venv.ts";

/** A published project that a wheel is made of: how, and what of it only the compiled module can give. */
interface Published {
  readonly pin: string;
  readonly frontEnd: "pip" | "uv";
  /** A Python expression that names the compiled module's file. */
  readonly module: string;
  readonly tests: readonly string[];
}

const projects: readonly Published[] = [
  {
    pin: "markupsafe==3.0.4",
    frontEnd: "pip",
    module: "__import__('markupsafe._speedups')._speedups.__file__",
    tests: ["pytest==8.4.2"],
  },
  { pin: "mmh3==5.2.0", frontEnd: "uv", module: "__import__('mmh3').__file__", tests: ["pytest==8.4.2"] },
];

/** Runs a project's tests against what is installed, far from its sources, and gives how many ended how. */
async function outcomes({ python }: Venv, project: string): Promise<string> {
  const folder = makeFolder();
  for (const name of ["tests", "pyproject.toml"]) cpSync(join(project, name), join(folder, name), { recursive: true });
  const args = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"];
  const output = await mustRun(frontEndEnvironment("current"), folder, python, args);
  return /^=*\s*(\d+ passed.*?) in [\d.]+s/m.exec(output)?.[1] ?? output;
}

/** The files of a wheel, without those that differ from one build back end to another. */
function contents(wheel: string): string[] {
  return readWheel(wheel)
    .members.map(({ name }) => name)
    .filter((name) => !name.includes(".dist-info/"))
    .sort();
}

describe.each(projects)("$pin, built by Zlig in isolation of $frontEnd,", ({ pin, frontEnd, module, tests }) => {
  test("passes as many of its own tests as the published wheel does", async () => {
    const { bin, python } = await tools();
    const project = await corpusProject(pin);
    const out = makeFolder();
    const args =
      frontEnd === "pip"
        ? ["-m", "pip", "wheel", "--no-deps", "--wheel-dir", out, "."]
        : ["build", "--wheel", "--python", python, "--out-dir", out];
    await mustRun(frontEndEnvironment("current"), project, frontEnd === "pip" ? python : join(bin, "uv"), args);
    const wheel = theFile(out, ".whl");
    const ours = await freshVenv([wheel, ...tests]);
    const published = await freshVenv([pin, ...tests]);
    const found = await evaluate(ours.python, `print(${module})`);
    expect(found).toMatch(/\.(?:so|pyd)$/);
    const passed = await outcomes(ours, project);
    expect(passed).toMatch(/^\d{2,} passed/);
    expect(passed).toBe(await outcomes(published, project));

    // The files are the published wheel's too, but for sources of the extension.
    const download = makeFolder();
    const fetch = ["-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--dest", download, pin];
    await mustRun(frontEndEnvironment("current"), download, python, fetch);
    const theirs = contents(theFile(download, ".whl")).filter((name) => !/\.(?:c|h)$/.test(name));
    expect(contents(wheel).filter((name) => !name.endsWith(".h"))).toEqual(theirs);
  });
});
