import { cpSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { corpusProject } from "../support/corpus.ts";
import { evaluate, freshVenv, frontEndEnvironment, mustRun, theFile, tools } from "../support/frontend.ts";
import { findAnyPythons } from "../support/interpreters.ts";
import { makeFolder } from "../support/tree.ts";
import type { Venv } from "../support/venv.ts";

/** A published project that a wheel is made of: how, and what of it only the compiled module can give. */
interface Published {
  readonly pin: string;
  readonly frontEnd: "pip" | "uv";
  /** A Python expression that names the compiled module's file. */
  readonly module: string;
  /** Its tests, as far as the sdist has all that they need. */
  readonly tests: readonly string[];
}

const pytest = "pytest==8.4.2";

const projects: readonly Published[] = [
  {
    pin: "markupsafe==3.0.4",
    frontEnd: "pip",
    module: "__import__('markupsafe._speedups')._speedups.__file__",
    tests: ["tests"],
  },
  { pin: "lru-dict==1.4.1", frontEnd: "uv", module: "__import__('lru._lru')._lru.__file__", tests: ["test"] },
  {
    pin: "mmh3==5.2.0",
    frontEnd: "uv",
    module: "__import__('mmh3').__file__",
    tests: ["tests/test_doctrings.py", "tests/test_free_threading.py", "tests/test_invalid_inputs.py"],
  },
];

/** Runs a project's tests against what is installed, far from its sources, and gives how many ended how. */
async function outcomes({ python }: Venv, project: string, tests: readonly string[]): Promise<string> {
  const folder = makeFolder();
  for (const name of ["pyproject.toml", ...tests]) cpSync(join(project, name), join(folder, name), { recursive: true });
  const args = ["-m", "pytest", "-q", "-p", "no:cacheprovider", ...tests];
  const output = await mustRun(frontEndEnvironment("current"), folder, python, args);
  return /^=*\s*(\d+ passed.*?) in [\d.]+s/m.exec(output)?.[1] ?? output;
}

/** The files of a wheel, without its metadata and without sources of extensions, of which back ends ship what they like. */
async function contents(python: string, wheel: string): Promise<string[]> {
  const code = `import json, zipfile; print(json.dumps(zipfile.ZipFile(${JSON.stringify(wheel)}).namelist()))`;
  return (JSON.parse(await evaluate(python, code)) as string[])
    .filter((name) => !name.includes(".dist-info/") && !/\/$|\.[ch]$/.test(name))
    .sort();
}

describe.each(projects)("$pin, built by Zlig in isolation of $frontEnd,", ({ pin, frontEnd, module, tests }) => {
  test("has the files of the published wheel, and passes as many of its own tests", async () => {
    // Published wheels are for the Pythons that were there when they were made.
    const usual = findAnyPythons().filter(({ name, headers }) => headers && /^CPython 3\.1[0-4]\.\d+$/.test(name));
    const base = usual.at(-1)?.executable;
    if (base === undefined) throw new Error("no CPython from 3.10 to 3.14 with headers");
    const { python } = await freshVenv([], { base });
    const project = await corpusProject(pin);
    const out = makeFolder();
    const args =
      frontEnd === "pip"
        ? ["-m", "pip", "wheel", "--no-deps", "--wheel-dir", out, "."]
        : ["build", "--wheel", "--python", python, "--out-dir", out];
    await mustRun(
      frontEndEnvironment("current"),
      project,
      frontEnd === "pip" ? python : join((await tools()).bin, "uv"),
      args,
    );
    const wheel = theFile(out, ".whl");
    const ours = await freshVenv([wheel, pytest], { base });
    const published = await freshVenv([pin, pytest], { base });
    const found = await evaluate(ours.python, `print(${module})`);
    expect(found).toMatch(/\.(?:so|pyd)$/);
    const passed = await outcomes(ours, project, tests);
    expect(passed).toMatch(/^\d{2,} passed/);
    expect(passed).toBe(await outcomes(published, project, tests));

    const download = makeFolder();
    const fetch = ["-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--dest", download, pin];
    await mustRun(frontEndEnvironment("current"), download, python, fetch);
    expect(await contents(python, wheel)).toEqual(await contents(python, theFile(download, ".whl")));
  });
});
