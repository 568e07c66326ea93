import { existsSync, readdirSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import { describe, expect, test } from "vitest";
import { run } from "../../../server/core/toolchain/process.ts";
import {
  describeInterpreter,
  lowestPython,
  probeInterpreter,
  requireHeaders,
} from "../../../server/core/toolchain/interpreter.ts";
import { makeInterpreter } from "../../support/interpreter.ts";
import { errorOf } from "../../support/problem.ts";
import { findPython, runPython } from "../../support/python.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";

/** Every Python of this machine that is on the path or among pyenv's, each once. */
function pythonsHere(): string[] {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter(isAbsolute);
  const pyenv = join(homedir(), ".pyenv", "versions");
  const installed = existsSync(pyenv) ? readdirSync(pyenv).map((name) => join(pyenv, name, "bin")) : [];
  const found = new Map<string, string>();
  for (const folder of [...folders, ...installed])
    for (const name of existsSync(folder) ? readdirSync(folder) : [])
      if (/^(?:python3(?:\.\d+t?)?|pypy3)$/.test(name) && !folder.includes("shims")) {
        const path = join(folder, name);
        if (existsSync(path)) found.set(realpathSync(path), path);
      }
  return [...found.values()];
}

/** What an interpreter says of itself when it is asked in another way. */
const own = `
import json, struct, sys, sysconfig
print(json.dumps({
    "version": list(sys.version_info[:3]),
    "implementation": sys.implementation.name,
    "suffix": sysconfig.get_config_var("EXT_SUFFIX"),
    "soabi": sysconfig.get_config_var("SOABI"),
    "platform": sysconfig.get_platform(),
    "bits": struct.calcsize("P") * 8,
    "prefix": sys.prefix,
    "include": sysconfig.get_path("include"),
}))
`;

interface Own {
  readonly version: readonly number[];
  readonly implementation: string;
  readonly suffix: string;
  readonly soabi: string | null;
  readonly platform: string;
  readonly bits: number;
  readonly prefix: string;
  readonly include: string;
}

const [lowestMajor, lowestMinor] = lowestPython;
const isSupported = ({ version: [major = 0, minor = 0] }: Own): boolean =>
  major > lowestMajor || (major === lowestMajor && minor >= lowestMinor);

describe("an interpreter of this machine", () => {
  const pythons = pythonsHere();
  test("is here", () => {
    expect(pythons.length).toBeGreaterThan(0);
  });

  test.each(pythons)("%s says what it is, or is refused as too old", async (python) => {
    const said = runPython(python, own) as Own;
    if (!isSupported(said)) {
      const error = await errorOf(probeInterpreter(python));
      expect(error.code).toBe("python-unsupported");
      expect(error.message).toBe(`${python} is Python ${said.version.join(".")}`);
      return;
    }
    const found = await probeInterpreter(python);
    expect(found).toMatchObject({
      implementation: said.implementation,
      version: said.version,
      extensionSuffix: said.suffix,
      soabi: said.soabi ?? undefined,
      platform: said.platform,
      bits: said.bits,
    });
    expect(isAbsolute(found.executable)).toBe(true);
    if (existsSync(join(said.include, "Python.h"))) {
      expect(found.includeDirs).toContain(said.include);
      expect(() => {
        requireHeaders(found);
      }).not.toThrow();
    } else
      expect(
        (
          await errorOf(() => {
            requireHeaders(found);
          })
        ).code,
      ).toBe("python-headers-missing");
    for (const folder of [...found.includeDirs, ...found.lastIncludeDirs]) expect(isAbsolute(folder)).toBe(true);
    if (found.implementation === "cpython" && !found.freeThreaded)
      expect(found.stableAbiSuffix).toMatch(/\.(?:abi3\.so|pyd)$/);
  });
});

describe("an interpreter", () => {
  const supported = `sys.version_info >= (${lowestMajor}, ${lowestMinor})`;

  test("of a virtual environment is the environment's own, with the headers of the one below", async () => {
    const base = findPython(supported);
    const venv = join(makeFolder(), "an environment");
    expect((await run([base, "-m", "venv", "--without-pip", venv])).exitCode).toBe(0);
    const python = join(venv, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
    const [inside, below] = [await probeInterpreter(python), await probeInterpreter(base)];
    expect(inside.executable).toBe(python);
    expect(inside.includeDirs).toEqual(below.includeDirs);
    expect(inside.ziglang).toBeUndefined();
  });

  test("tells the zig of the ziglang package in its environment", async () => {
    const venv = join(makeFolder(), "env");
    expect((await run([findPython(supported), "-m", "venv", "--without-pip", venv])).exitCode).toBe(0);
    const python = join(venv, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
    const code = 'import json, sysconfig; print(json.dumps(sysconfig.get_path("purelib")))';
    const packages = runPython(python, code) as string;
    const zig = process.platform === "win32" ? "zig.exe" : "zig";
    makeTree({ "ziglang/__init__.py": "raise Exception('not to be imported')", [`ziglang/${zig}`]: "" }, packages);
    expect((await probeInterpreter(python)).ziglang).toBe(join(packages, "ziglang", zig));
  });

  test("is not disturbed by what runs at its start and prints", async () => {
    const venv = join(makeFolder(), "env");
    expect((await run([findPython(supported), "-m", "venv", "--without-pip", venv])).exitCode).toBe(0);
    const python = join(venv, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
    const code = 'import json, sysconfig; print(json.dumps(sysconfig.get_path("purelib")))';
    const packages = runPython(python, code) as string;
    makeTree({ "noisy.pth": "import sys; sys.stdout.write('hello from a .pth without an end')\n" }, packages);
    expect((await probeInterpreter(python)).executable).toBe(python);
  });

  test("is asked without the project's modules and the user's settings", async () => {
    const folder = makeTree({
      "json.py": "raise Exception('shadowed')",
      "sysconfig.py": "raise Exception('shadowed')",
    });
    const before = process.cwd();
    process.chdir(folder);
    try {
      expect((await probeInterpreter(findPython(supported))).bits).toBeGreaterThan(0);
    } finally {
      process.chdir(before);
    }
  });
});

/** A program that answers as an interpreter's probe does. */
function fakeInterpreter(parts: Readonly<Record<string, unknown>>): string {
  const answer = {
    executable: "",
    implementation: "cpython",
    version: [3, 14, 0],
    prerelease: "",
    implementationVersion: [3, 14, 0],
    extensionSuffix: ".cpython-314-x86_64-linux-gnu.so",
    soabi: "cpython-314-x86_64-linux-gnu",
    multiarch: "x86_64-linux-gnu",
    freeThreaded: false,
    debug: false,
    platform: "linux-x86_64",
    bits: 64,
    glibc: "2.36",
    includeDirs: [],
    configHeader: "/nowhere/pyconfig.h",
    prefix: "/nowhere",
    basePrefix: "/nowhere",
    installedBase: "/nowhere",
    ziglang: null,
    buildDetails: null,
    ...parts,
  };
  const folder = makeTree({
    "answer.json": JSON.stringify(answer),
    python: { content: '#!/bin/sh\nexec cat "$(dirname "$0")/answer.json"\n', mode: 0o755 },
  });
  return join(folder, "python");
}

describe.skipIf(process.platform === "win32")("what the interpreter says", () => {
  test("in build-details.json comes before its sysconfig (PEP 739); paths there may be relative to the base prefix", async () => {
    const base = makeTree({
      "include/told/Python.h": "",
      "include/python3.14/Python.h": "",
      "elsewhere/Python.h": "",
    });
    const parts = {
      basePrefix: base,
      includeDirs: [join(base, "include/python3.14")],
      buildDetails: {
        abi: { extension_suffix: ".told.so", stable_abi_suffix: ".told-abi3.so" },
        c_api: { headers: "include/told" },
      },
    };
    expect(await probeInterpreter(fakeInterpreter(parts))).toMatchObject({
      extensionSuffix: ".told.so",
      stableAbiSuffix: ".told-abi3.so",
      includeDirs: [join(base, "include/told"), join(base, "include/python3.14")],
    });
    const absolute = { ...parts, buildDetails: { c_api: { headers: join(base, "elsewhere") } } };
    expect(await probeInterpreter(fakeInterpreter(absolute))).toMatchObject({
      extensionSuffix: ".cpython-314-x86_64-linux-gnu.so",
      includeDirs: [join(base, "elsewhere"), join(base, "include/python3.14")],
    });
  });

  test.each([
    [{}, ".abi3.so"],
    [{ platform: "win-amd64" }, ".pyd"],
    [{ freeThreaded: true }, undefined],
    [{ implementation: "pypy" }, undefined],
  ])("of the stable ABI: %j has %s", async (parts, suffix) => {
    expect((await probeInterpreter(fakeInterpreter(parts))).stableAbiSuffix).toBe(suffix);
  });

  test("of its executable may be nothing", async () => {
    const python = fakeInterpreter({ executable: "" });
    expect((await probeInterpreter(python)).executable).toBe(python);
  });

  test("of its libraries counts on Windows", async () => {
    const { libraryDirs } = await probeInterpreter(fakeInterpreter({ platform: "win-amd64", installedBase: "/base" }));
    expect(libraryDirs).toEqual([join("/base", "libs")]);
  });

  test("of a configuration header that includes another one (Debian's) leads to the folder of that one", async () => {
    const root = makeTree({
      "usr/include/python3.14/Python.h": "",
      "usr/include/python3.14/pyconfig.h":
        "#if defined(__linux__)\n# include <x86_64-linux-gnu/python3.14/pyconfig.h>\n#endif\n",
      "usr/include/x86_64-linux-gnu/python3.14/pyconfig.h": "",
    });
    const found = await probeInterpreter(fakeInterpreter({ includeDirs: [join(root, "usr/include/python3.14")] }));
    expect(found.includeDirs).toEqual([join(root, "usr/include/python3.14")]);
    expect(found.lastIncludeDirs).toEqual([join(root, "usr/include")]);
  });
});

describe("a program that is no interpreter", () => {
  test("is told with its words", async () => {
    const folder = makeTree({
      fails: { content: "#!/bin/sh\necho first >&2\necho unknown option: -I >&2\nexit 2\n", mode: 0o755 },
      silent: { content: "#!/bin/sh\nexit 0\n", mode: 0o755 },
      chatty: { content: "#!/bin/sh\necho hello\n", mode: 0o755 },
    });
    const fails = await errorOf(probeInterpreter(join(folder, "fails")));
    expect(fails).toMatchObject({ code: "python-missing" });
    expect(fails.message).toBe(
      `"${join(folder, "fails")}" could not be run as a Python interpreter: unknown option: -I`,
    );
    for (const name of ["silent", "chatty"]) {
      const error = await errorOf(probeInterpreter(join(folder, name)));
      expect(error.message).toBe(`"${join(folder, name)}" could not be run as a Python interpreter`);
    }
    expect((await errorOf(probeInterpreter(join(folder, "gone")))).message).toMatch(/: ENOENT$/);
  });

  test("is not blamed when the work was cancelled", async () => {
    expect((await errorOf(probeInterpreter(findPython(), AbortSignal.abort()))).code).toBe("cancelled");
  });

  test.skipIf(process.platform === "win32")("for its age is told with the lowest version", async () => {
    const python = fakeInterpreter({ version: [lowestMajor, lowestMinor - 1, 9] });
    const error = await errorOf(probeInterpreter(python));
    expect(error.code).toBe("python-unsupported");
    expect(error.hint).toBe(`Zlig builds for Python ${lowestMajor}.${lowestMinor} and newer.`);
  });
});

test("missing headers are told with the package that has them", async () => {
  const missing = async (parts: Parameters<typeof makeInterpreter>[0]): Promise<string | undefined> =>
    (
      await errorOf(() => {
        requireHeaders(makeInterpreter({ includeDirs: ["/gone"], ...parts }));
      })
    ).hint;
  expect(await missing({})).toContain("`python3.12-dev`");
  expect(await missing({ implementation: "pypy" })).toContain("`pypy3-dev`");
});

test.each([
  [{}, "Python 3.12.1"],
  [{ prerelease: "rc1", freeThreaded: true }, "Python 3.12.1rc1t"],
  [{ debug: true }, "Python 3.12.1 (debug)"],
  [{ implementation: "pypy" }, "PyPy 3.12.1"],
  [{ implementation: "graalpy" }, "graalpy 3.12.1"],
])("%j is described as %s", (parts, text) => {
  expect(describeInterpreter(makeInterpreter(parts))).toBe(text);
});
