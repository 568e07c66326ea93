import { chmodSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { readWheel } from "../../support/archive.ts";
import { makeDemo } from "../../support/demo.ts";
import { heedingRights, makeReadOnly } from "../../support/rights.ts";
import { snapshot } from "../../support/snapshot.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";
import { runZlig, zligEnvironment, zligProgram } from "../../support/zlig.ts";

interface Result {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `zlig` as somebody who may not write a folder. */
async function runAs(
  readOnly: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<Result> {
  const [file = "", ...rest] = heedingRights([process.execPath, zligProgram, ...args], readOnly);
  const { exitCode, stdout, stderr } = await execa(file, rest, {
    cwd,
    env: zligEnvironment({ ZLIG_CACHE_DIR: makeFolder(), ...env }),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    stripFinalNewline: false,
  });
  return { exitCode, stdout, stderr };
}

describe("a project that cannot be written", () => {
  function readOnlyDemo(): string {
    const project = makeDemo();
    makeReadOnly(project);
    return project;
  }

  test("is not built in place: it is said which file could not be written, and what else can be done", async () => {
    const project = readOnlyDemo();
    const before = snapshot(project);
    const { exitCode, stderr } = await runAs(project, ["build"], project);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(
      /^error\[output-unwritable\]: \S+src\/demo\/demo\.\S+ cannot be written: permission denied\n {2}hint: .*zlig wheel --out-dir/m,
    );
    expect(stderr).not.toMatch(/EACCES|^\s+at /m);
    expect(snapshot(project)).toEqual(before);
  });

  test("gives its wheel and its sdist into another folder", async () => {
    const project = readOnlyDemo();
    const before = snapshot(project);
    const out = makeFolder();
    const wheel = await runAs(project, ["wheel", "--out-dir", out], project);
    expect(wheel.exitCode, wheel.stderr).toBe(0);
    expect(wheel.stderr).toMatch(/^Kept in the cache, for the project cannot be written: src\/demo\/demo\.\S+$/m);
    const sdist = await runAs(project, ["sdist", "--out-dir", out], project);
    expect(sdist.exitCode, sdist.stderr).toBe(0);
    const [archive = ""] = readdirSync(out).filter((name) => name.endsWith(".whl"));
    const members = readWheel(join(out, archive)).members.map(({ name }) => name);
    expect(members.filter((name) => /^demo\/demo\..*(?:so|pyd)$/.test(name))).toHaveLength(1);
    expect(snapshot(project)).toEqual(before);
  });

  test.each(["wheel", "sdist"])("has no place for a %s of its own, which is said with the way out", async (command) => {
    const project = readOnlyDemo();
    const before = snapshot(project);
    const { exitCode, stderr } = await runAs(project, [command], project);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(
      `error[output-unwritable]: The folder ${join(project, "dist")} cannot be made: permission denied`,
    );
    expect(stderr).toContain("hint: Name another one with `--out-dir`.");
    expect(snapshot(project)).toEqual(before);
  });

  test("is checked, planned and told about as any other", async () => {
    const project = readOnlyDemo();
    for (const args of [["check"], ["build", "--dry-run"], ["info"]])
      expect((await runAs(project, args, project)).exitCode).toBe(0);
  });

  test("keeps the artefacts that it has", async () => {
    const project = makeDemo();
    const env = { ZLIG_CACHE_DIR: makeFolder() };
    await runZlig(["build"], { cwd: project, env });
    makeReadOnly(project);
    const before = snapshot(project);
    const { exitCode, stderr } = await runAs(project, ["clean"], project, env);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^error\[output-unwritable\]: \S+demo\.\S+ cannot be removed: permission denied\n/);
    expect(snapshot(project)).toEqual(before);
    const built = await runAs(project, ["build"], project, env);
    expect(built.stderr).toBe("Nothing to do: 1 module up to date\n");
  });
});

test.each(["build", "wheel", "clean"])(
  "%s with a cache that cannot be written says so and changes nothing",
  async (command) => {
    const project = makeDemo();
    const cache = makeFolder();
    makeReadOnly(cache);
    const before = snapshot(project);
    const { exitCode, stderr } = await runAs(cache, [command], project, { ZLIG_CACHE_DIR: cache });
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`error[cache-unwritable]: The cache folder ${cache} cannot be used: permission denied`);
    expect(stderr).toMatch(/hint: .*`ZLIG_CACHE_DIR`/);
    expect(snapshot(project)).toEqual(before);
  },
);

test("a source that may not be read is named by the compiler, and nothing is built", async () => {
  const project = makeDemo();
  const closed = makeFolder();
  makeReadOnly(closed);
  chmodSync(join(project, "src/demo/demo.c"), 0o000);
  const { exitCode, stderr } = await runAs(closed, ["build"], project);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/src\/demo\/demo\.c/);
  expect(stderr).toMatch(/[Pp]ermission denied|AccessDenied/);
  expect(stderr).not.toMatch(/^\s+at |internal/m);
});

test("a pyproject.toml that may not be read is named", async () => {
  const project = makeDemo();
  const closed = makeFolder();
  makeReadOnly(closed);
  chmodSync(join(project, "pyproject.toml"), 0o000);
  const { exitCode, stderr } = await runAs(closed, ["build"], project);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/error\[manifest-missing\]: pyproject\.toml may not be read/);
});

/**
 * A shell command that runs with a small file system of its own at `small`: as root, or as root of a user namespace.
 * Gives `undefined` where the machine allows neither.
 */
async function withSmallDisk(small: string, kilobytes: number, script: string): Promise<Result | undefined> {
  const mount = `mount -t tmpfs -o size=${kilobytes}k tmpfs '${small}'`;
  for (const [program, flags] of [
    ["unshare", "-m"],
    ["unshare", "-rm"],
  ] as const) {
    const tried = await execa(program, [flags, "sh", "-c", mount], { reject: false, stdin: "ignore" });
    if (tried.exitCode !== 0) continue;
    const { exitCode, stdout, stderr } = await execa(program, [flags, "sh", "-c", `${mount} && ${script}`], {
      env: zligEnvironment(),
      extendEnv: false,
      reject: false,
      stdin: "ignore",
      stripFinalNewline: false,
    });
    return { exitCode, stdout, stderr };
  }
  console.log("not run: this machine lets nobody mount a small disk (unshare -m, unshare -rm)");
  return undefined;
}

const zlig = `'${process.execPath}' '${zligProgram}'`;

describe("a full disk", () => {
  test("under the results is named, and no half of a wheel is left", async () => {
    const project = makeDemo();
    const out = makeFolder();
    await runZlig(["build"], { cwd: project });
    const fill = `head -c 60000 /dev/zero > '${out}/fill' 2>/dev/null`;
    const script = `${fill}; ${zlig} wheel --project '${project}' --out-dir '${out}'; echo "exit $?"; ls -A '${out}'`;
    const result = await withSmallDisk(out, 60, script);
    if (result === undefined) return;
    expect(result.stderr).toMatch(
      /error\[output-unwritable\]: \S+\.whl cannot be written: the disk is full\n {2}hint: /,
    );
    expect(result.stdout).toBe("exit 3\nfill\n");
  });

  test("under the cache is named, and the project stays as it was", async () => {
    const project = makeDemo();
    const cache = makeFolder();
    const before = snapshot(project);
    const fill = `head -c 60000 /dev/zero > '${cache}/fill' 2>/dev/null`;
    const script = `${fill}; ZLIG_CACHE_DIR='${cache}' ${zlig} build --project '${project}'; echo "exit $?"; ls '${cache}/v1/tmp'`;
    const result = await withSmallDisk(cache, 60, script);
    if (result === undefined) return;
    expect(result.stdout).toBe("exit 3\n");
    expect(result.stderr).not.toMatch(/internal|^\s+at /m);
    expect(result.stderr).toMatch(/error\[(?:cache-unwritable|tool-failed)\]: .*(?:disk is full|No space|NoSpace)/);
    expect(snapshot(project)).toEqual(before);
  });

  test("under the project leaves the old artefact, and no half of the new one", async () => {
    const project = makeTree({});
    const demo = makeDemo();
    const fill = `cat /dev/zero > '${project}/fill' 2>/dev/null`;
    const module = `'${project}'/src/demo/demo.*.*`;
    const change = `sed -i s/42/43/ '${project}/src/demo/demo.c'`;
    const script = [
      `cp -r '${demo}/.' '${project}'`,
      `${zlig} build --quiet --project '${project}'`,
      `cat ${module} | cksum`,
      `${change}; ${fill}`,
      `${zlig} build --project '${project}'; echo "exit $?"`,
      `cat ${module} | cksum`,
      `ls -A '${project}/src/demo'`,
    ].join("; ");
    const result = await withSmallDisk(project, 60, script);
    if (result === undefined) return;
    const lines = result.stdout.trimEnd().split("\n");
    expect(lines[1]).toBe("exit 3");
    expect(lines[2]).toBe(lines[0]);
    expect(lines.slice(3).sort()).toEqual(["__init__.py", "demo.c", expect.stringMatching(/^demo\..+\.so$/)]);
    expect(result.stderr).toMatch(/error\[output-unwritable\]: \S+ cannot be written: the disk is full/);
    expect(existsSync(join(project, "fill"))).toBe(false);
  });
});
