import { chmodSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
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
} from "../support/frontend.ts";
import { makeFolder } from "../support/tree.ts";

const call = "import demo; print(demo.add(40, 2))";
/** A space, accents, other scripts, one letter outside the basic plane, and what shells and TOML take for their own. */
const odd = "mein Prüjekt 木 𝛑 [x] 'n' $HOME & %20 #1";

describe("a project in a folder with spaces and letters of many scripts", () => {
  test("is built by uv and installed editable by pip, from an environment in such a folder", async () => {
    const folder = join(makeFolder(), odd);
    const venv = await freshVenv(["zlig", ziglang], { folder: join(folder, "venv") });
    const demo = copyExample("demo", join(folder, "demo"));
    const out = makeFolder();
    // LLVM's linker takes a `%` in the path of its output for a placeholder: the cache has to do without it.
    const env = frontEndEnvironment("current", { ZLIG_CACHE_DIR: join(folder.replace("%", ""), "cache") });
    const args = ["build", "--no-build-isolation", "--python", venv.python, "--out-dir", out];
    await mustRun(env, demo, join((await tools()).bin, "uv"), args);
    const other = await freshVenv([theFile(out, ".whl")]);
    expect(await evaluate(other.python, call)).toBe("42");

    await mustRun(env, demo, venv.python, ["-m", "pip", "install", "--no-build-isolation", "--editable", "."]);
    const where = `${call}; import os; print(os.fsencode(demo.__file__).hex())`;
    const expected = `42\n${Buffer.from(join(demo, "src/demo/__init__.py")).toString("hex")}`;
    expect(await evaluate(venv.python, where)).toBe(expected);
    // Python 3.11 and 3.12 read `.pth` files as ASCII then, and would not start.
    expect(await mustRun({ ...env, LC_ALL: "C" }, folder, venv.python, ["-c", where])).toBe(expected);
  });

  test("is built in a locale that knows no such letters", async () => {
    const demo = copyExample("demo", join(makeFolder(), odd));
    const { python } = await backendVenv();
    const out = makeFolder();
    const ascii = { LC_ALL: "C", PYTHONCOERCECLOCALE: "0", PYTHONUTF8: "0" };
    const args = ["-m", "build", "--no-isolation", "--wheel", "--outdir", out];
    await mustRun(frontEndEnvironment("current", ascii), demo, python, args);
    expect(await evaluate((await freshVenv([theFile(out, ".whl")])).python, call)).toBe("42");
  });
});

/** Takes the right to write from a folder and all in it. */
function makeReadOnly(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o555 : 0o444);
  chmodSync(folder, 0o555);
}

/** A command that heeds the rights of files also for root, who may do all otherwise. */
function heedingRights(command: readonly string[]): [string, string[]] {
  const asRoot = process.getuid?.() === 0 && process.platform === "linux";
  const prefix = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"];
  const [file = "", ...args] = asRoot ? [...prefix, ...command] : command;
  return [file, args];
}

describe("a project in a folder that cannot be written", () => {
  const path = ["/usr/local/bin", "/usr/bin", "/bin"];

  test("gives its wheel and its sdist all the same", async () => {
    const demo = copyExample("demo");
    makeReadOnly(demo);
    const { python } = await backendVenv();
    const env = frontEndEnvironment("current", {}, path);
    const out = makeFolder();
    const pip = ["-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "--verbose", "--wheel-dir", out, demo];
    // The rights are really heeded: without that the test would show nothing.
    expect(
      (await runIn(env, out, ...heedingRights([python, "-c", `open(${JSON.stringify(join(demo, "x"))}, "w")`])))
        .exitCode,
    ).toBe(1);
    const output = await mustRun(env, out, ...heedingRights([python, ...pip]));
    expect(output).toMatch(/cannot be written/);
    await mustRun(
      env,
      out,
      ...heedingRights([python, "-m", "build", "--no-isolation", "--sdist", "--outdir", out, demo]),
    );
    expect(await evaluate((await freshVenv([theFile(out, ".whl")])).python, call)).toBe("42");
    expect(statSync(theFile(out, ".tar.gz")).size).toBeGreaterThan(0);
    expect(readdirSync(join(demo, "src/demo"))).toEqual(["__init__.py", "demo.c"]);
  });

  test("cannot be installed editable, which is said in one message", async () => {
    const demo = copyExample("demo");
    makeReadOnly(demo);
    const { python } = await backendVenv();
    const env = frontEndEnvironment("current", {}, path);
    const args = ["-m", "pip", "install", "--no-build-isolation", "--editable", demo, "--target", makeFolder()];
    const { exitCode, output } = await runIn(env, makeFolder(), ...heedingRights([python, ...args]));
    expect(exitCode).toBe(1);
    expect(output).toMatch(/error\[output-unwritable\]: .*src\/demo/);
    expect(output.split("error[")).toHaveLength(2);
    expect(output).not.toMatch(/Traceback|^\s+at /m);
    expect(readdirSync(join(demo, "src/demo"))).toEqual(["__init__.py", "demo.c"]);
  });

  test("is built again in place when it can be written", async () => {
    const demo = copyExample("demo");
    makeReadOnly(demo);
    const { bin } = await backendVenv();
    const env = frontEndEnvironment("current", {}, path);
    const refused = await runIn(env, demo, ...heedingRights([join(bin, "zlig"), "build"]));
    expect(refused.exitCode).toBe(3);
    for (const folder of [demo, join(demo, "src"), join(demo, "src/demo")]) chmodSync(folder, 0o755);
    await mustRun(env, demo, ...heedingRights([join(bin, "zlig"), "build"]));
    expect(readdirSync(join(demo, "src/demo"))).toHaveLength(3);
  });
});
