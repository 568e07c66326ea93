import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeDemo } from "../../support/demo.ts";
import { makePython, makeScript, makeZig } from "../../support/fake-tools.ts";
import { snapshot } from "../../support/snapshot.ts";
import { findPythons, findTestZig } from "../../support/toolchain.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";
import { runZlig } from "../../support/zlig.ts";
import { refusal } from "./refusal.ts";

/** What the environment lacks: each ends with exit code 3 and has no place in the project. */
async function lack(args: readonly string[], env: Record<string, string | undefined>): Promise<string> {
  const project = makeDemo();
  const { problems, text } = await refusal(project, args, 3, env);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.location).toBeUndefined();
  expect(problems[0]?.hint).toBeDefined();
  return `${problems[0]?.code ?? ""}\n${text}`;
}

/** Nothing is found by itself: no variable, an empty path. */
const bare = { PATH: "", ZLIG_ZIG: undefined, ZLIG_PYTHON_DEFAULT: undefined };

describe("Zig", () => {
  test.each(["build", "wheel"])("%s without any says how to get one", async (command) => {
    const text = await lack([command, "--python", makePython({})], bare);
    expect(text).toMatch(/^zig-missing\nerror\[zig-missing\]: There is no Zig/);
    expect(text).toMatch(/hint: .*pip install "ziglang>=\d/);
  });

  test.each([
    ["named in ZLIG_ZIG", (zig: string) => ({ env: { ZLIG_ZIG: zig }, args: [] })],
    ["named by --zig", (zig: string) => ({ env: {}, args: ["--zig", zig] })],
    ["on the path", (zig: string) => ({ env: { PATH: dirname(zig) }, args: [] })],
  ])("that is too old, %s, is named with its version and the range", async (_title, place) => {
    const zig = makeZig("0.11.0");
    const { env, args } = place(zig);
    // The interpreter's script needs a shell, and nothing from the path.
    const text = await lack(["build", "--python", makePython({}), ...args], { ...bare, ...env });
    expect(text).toContain(`error[zig-version]: Zig 0.11.0 at ${zig} is outside the supported range (0.1`);
    expect(text).toMatch(/hint: .*pip install/);
  });

  test("that is too new is refused as well", async () => {
    const text = await lack(["build"], { ZLIG_ZIG: makeZig("1.0.0") });
    expect(text).toMatch(/^zig-version\n.*Zig 1\.0\.0/);
  });

  test("that is no Zig, or not there, is named with the option that named it", async () => {
    expect(await lack(["build"], { ZLIG_ZIG: "/no/such/zig" })).toMatch(
      /^zig-missing\n.*`ZLIG_ZIG` names "\/no\/such\/zig"/,
    );
    const other = makeScript("zig", "exit 1");
    expect(await lack(["build", "--zig", other], { ZLIG_ZIG: undefined })).toContain(`\`--zig\` names "${other}"`);
  });

  test("is found in the interpreter's environment and on the path without being named", async () => {
    const project = makeDemo();
    const zig = findTestZig();
    const inEnvironment = makePython({ ziglang: zig });
    const found = await runZlig(["build", "--python", inEnvironment], { cwd: project, env: bare });
    expect(found.stderr).toContain("Built 1 module");
    const onPath = await runZlig(["build", "--python", makePython({})], {
      cwd: project,
      env: { ...bare, PATH: dirname(zig) },
    });
    expect(onPath.exitCode, onPath.stderr).toBe(0);
  });

  test("that is too old is passed over for a good one behind it", async () => {
    const env = { ...bare, PATH: dirname(findTestZig()) };
    const { exitCode, stderr } = await runZlig(["build", "--python", makePython({ ziglang: makeZig("0.9.1") })], {
      cwd: makeDemo(),
      env,
    });
    expect(exitCode, stderr).toBe(0);
  });
});

describe("Python", () => {
  test("without any on the path it is said how to name one", async () => {
    const text = await lack(["build"], { ...bare, ZLIG_ZIG: findTestZig() });
    expect(text).toMatch(/^python-missing\nerror\[python-missing\]: There is no Python/);
    expect(text).toContain("--python");
  });

  test.each([
    ["a version that is not there", "3.99"],
    ["a tag that is not there", "cp399"],
    ["a path that is not there", "/no/such/python"],
    ["a folder", "/"],
  ])("%s is named", async (_title, python) => {
    expect(await lack(["build", "--python", python], {})).toMatch(
      /^python-missing\nerror\[python-missing\]: There is no /,
    );
  });

  test("a program that is no Python is named with what it said", async () => {
    const program = makeScript("python3", "echo 'I am a teapot' >&2; exit 7");
    expect(await lack(["build", "--python", program], {})).toContain(
      `"${program}" could not be run as a Python interpreter: I am a teapot`,
    );
    const silent = makeScript("python3", "exit 0");
    expect(await lack(["build", "--python", silent], {})).toContain(`"${silent}" could not be run`);
  });

  test("that is too old is named with its version", async () => {
    const real = findPythons().find(({ version }) => version[1] === 8);
    const python = real?.executable ?? makePython({ version: [3, 8, 18] });
    const text = await lack(["wheel", "--python", python], {});
    expect(text).toMatch(/^python-unsupported\nerror\[python-unsupported\]: .+ is Python 3\.8\.\d+$/m);
    expect(text).toMatch(/hint: .*3\.9/);
  });

  test("without its headers is told which package has them", async () => {
    const empty = makeFolder();
    const python = makePython({ includeDirs: [empty], configHeader: join(empty, "pyconfig.h"), buildDetails: null });
    const text = await lack(["build", "--python", python], {});
    expect(text).toMatch(
      /^python-headers-missing\nerror\[python-headers-missing\]: Python 3\.\d+.* has no Python\.h$/m,
    );
    expect(text).toMatch(/hint: .*python3\.\d+-dev/);
  });

  test("of a platform that Zlig cannot build for is refused", async () => {
    expect(await lack(["build", "--python", makePython({ platform: "aix-7.2" })], {})).toContain(
      'Zlig cannot build for the platform "aix-7.2"',
    );
  });
});

describe("the target", () => {
  test.each([
    ["no tag", "frobnicate", /"frobnicate" is no platform/],
    ["of another system", process.platform === "win32" ? "manylinux_2_28_x86_64" : "win_amd64", /not for /],
  ])("%s is refused", async (_title, target, message) => {
    const { problems } = await refusal(makeDemo(), ["build", "--target", target], 1);
    expect(problems).toMatchObject([{ code: "tag-unsupported", message: expect.stringMatching(message) as string }]);
  });
});

describe("wrong usage", () => {
  test.each([
    [["bild"], /There is no command "bild"/],
    [["build", "--pyhton", "3.12"], /has no option --pyhton/],
    [["build", "--jobs", "many"], /--jobs takes a whole number from 1, not "many"/],
    [["build", "--jobs", "0"], /not "0"/],
    [["check", "--format", "xml"], /--format takes text, json, github, sarif; not "xml"/],
    [["build", "src"], /takes no argument "src"/],
  ])("%j ends with 2", async (args, message) => {
    const { problems } = await refusal(makeDemo(), args, 2);
    expect(problems).toMatchObject([{ code: "usage", message: expect.stringMatching(message) as string }]);
  });

  test("check says that two of its options exclude each other", async () => {
    const { exitCode, stderr } = await runZlig(["check", "--json", "--format", "sarif"], { cwd: makeDemo() });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--json and --format both say what goes to standard output");
  });
});

describe("the cache", () => {
  test("in place of which there is a file is named", async () => {
    const file = join(makeTree({ cache: "not a folder" }), "cache");
    expect(await lack(["build"], { ZLIG_CACHE_DIR: file })).toMatch(
      /^cache-unwritable\nerror\[cache-unwritable\]: The cache folder .*cache/,
    );
  });

  test("is not needed to check a project, to tell about it, to pack its sources, or to plan", async () => {
    const project = makeDemo();
    const env = { ZLIG_CACHE_DIR: join(makeTree({ cache: "not a folder" }), "cache") };
    const out = makeFolder();
    const before = snapshot(project);
    for (const args of [["check"], ["info"], ["sdist", "--out-dir", out], ["build", "--dry-run"]]) {
      const { exitCode, stderr } = await runZlig(args, { cwd: project, env });
      expect(exitCode, stderr).toBe(0);
    }
    expect(snapshot(project)).toEqual(before);
  });

  test("is not needed to pack a wheel without extensions", async () => {
    const project = makeDemo({ "pyproject.toml": '[project]\nname = "demo"\nversion = "1.0"\n' });
    const env = { ZLIG_CACHE_DIR: join(makeTree({ cache: "not a folder" }), "cache") };
    const { exitCode, stderr } = await runZlig(["wheel", "--out-dir", makeFolder()], { cwd: project, env });
    expect(exitCode, stderr).toBe(0);
  });
});

describe("a bug in Zlig", () => {
  // Strikes as soon as there is someone to catch it.
  const bug = `const t = setInterval(() => {
    if (process.listenerCount("uncaughtException") === 0) return;
    clearInterval(t);
    throw new TypeError("boom");
  }, 1);`;
  const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(bug)}` };
  const busy = ["build", "--no-cache"];

  test("is told in one line with the way to report it, without a stack", async () => {
    const { problems } = await refusal(makeDemo(), busy, 3, env);
    expect(problems).toMatchObject([
      { code: "internal", message: "Zlig failed: boom", hint: expect.stringContaining("report it") as string },
    ]);
  });

  test("shows its stack when asked", async () => {
    const { exitCode, stderr } = await runZlig([...busy, "--verbose"], { cwd: makeDemo(), env });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/caused by: TypeError: boom\n +at /);
  });
});
