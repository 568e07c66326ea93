import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ZligError } from "../error.ts";
import probeScript from "./probe.py";
import { run } from "./process.ts";

/** A Python interpreter, as far as a build of extension modules must know it. */
export interface Interpreter {
  /** Absolute path, links not resolved (a virtual environment's own). */
  readonly executable: string;
  /** `cpython`, `pypy`, … */
  readonly implementation: string;
  /** Version of the language. */
  readonly version: readonly [number, number, number];
  /** `a3`, `rc1`; empty for a final release. */
  readonly prerelease: string;
  /** Version of the implementation: PyPy's own. */
  readonly implementationVersion: readonly [number, number, number];
  /** `.cpython-312-x86_64-linux-gnu.so` */
  readonly extensionSuffix: string;
  /** `.abi3.so`, where the interpreter offers the stable ABI to limited-API modules. */
  readonly stableAbiSuffix: string | undefined;
  readonly soabi: string | undefined;
  /** Debian's and Python's name of the platform, `x86_64-linux-gnu`; empty where there is none. */
  readonly multiarch: string;
  readonly freeThreaded: boolean;
  readonly debug: boolean;
  /** As `sysconfig.get_platform()`: `linux-x86_64`, `macosx-11.0-arm64`, `win-amd64`. */
  readonly platform: string;
  readonly bits: number;
  /** glibc's version on Linux, `undefined` with another C library. */
  readonly glibc: string | undefined;
  /** Folders with `Python.h` and `pyconfig.h`, absolute. */
  readonly includeDirs: readonly string[];
  /** Folders that only complete the headers (Debian's `pyconfig.h` includes one from here); searched last. */
  readonly lastIncludeDirs: readonly string[];
  /** Folders with import libraries, on Windows. */
  readonly libraryDirs: readonly string[];
  /** `zig` of the `ziglang` package in the interpreter's environment. */
  readonly ziglang: string | undefined;
}

/** What the probe prints; its words are checked here and trusted behind. */
interface Probe {
  executable: string;
  implementation: string;
  version: [number, number, number];
  prerelease: string;
  implementationVersion: [number, number, number];
  extensionSuffix: string | null;
  soabi: string | null;
  multiarch: string;
  freeThreaded: boolean;
  debug: boolean;
  platform: string;
  bits: number;
  glibc: string | null;
  includeDirs: string[];
  configHeader: string;
  basePrefix: string;
  installedBase: string;
  ziglang: string | null;
  buildDetails: {
    abi?: { extension_suffix?: string; stable_abi_suffix?: string };
    c_api?: { headers?: string };
  } | null;
}

/** The lowest version of Python that Zlig builds for. */
export const lowestPython: readonly [number, number] = [3, 9];

/** Debian's `pyconfig.h` includes the real one as `<x86_64-linux-gnu/python3.11/pyconfig.h>`: gives the folder to search it from. */
async function folderOfSplitConfig(includeDirs: readonly string[]): Promise<string[]> {
  for (const folder of includeDirs) {
    const text = await readFile(join(folder, "pyconfig.h"), "utf8").catch(() => "");
    const target = /#\s*include\s*<([^>]+\/pyconfig\.h)>/.exec(text)?.[1];
    if (target === undefined) continue;
    for (let above = dirname(folder); above !== dirname(above); above = dirname(above))
      if (existsSync(join(above, target))) return [above];
  }
  return [];
}

function stableAbiSuffix(probe: Probe): string | undefined {
  const told = probe.buildDetails?.abi?.stable_abi_suffix;
  if (probe.implementation !== "cpython" || probe.freeThreaded) return undefined;
  return told ?? (probe.platform.startsWith("win") ? ".pyd" : ".abi3.so");
}

async function fromProbe(probe: Probe, executable: string): Promise<Interpreter> {
  const told = probe.buildDetails?.c_api?.headers;
  // PEP 739: the path may be relative to the base prefix.
  const folders = [
    ...(told === undefined ? [] : [resolve(probe.basePrefix, told)]),
    ...probe.includeDirs,
    dirname(probe.configHeader),
  ];
  const includeDirs = [...new Set(folders)].filter(
    (folder) => existsSync(join(folder, "Python.h")) || existsSync(join(folder, "pyconfig.h")),
  );
  return {
    executable,
    implementation: probe.implementation,
    version: probe.version,
    prerelease: probe.prerelease,
    implementationVersion: probe.implementationVersion,
    extensionSuffix: probe.buildDetails?.abi?.extension_suffix ?? probe.extensionSuffix ?? ".so",
    stableAbiSuffix: stableAbiSuffix(probe),
    soabi: probe.soabi ?? undefined,
    multiarch: probe.multiarch,
    freeThreaded: probe.freeThreaded,
    debug: probe.debug,
    platform: probe.platform,
    bits: probe.bits,
    glibc: probe.glibc ?? undefined,
    includeDirs,
    lastIncludeDirs: await folderOfSplitConfig(includeDirs),
    libraryDirs: probe.platform.startsWith("win") ? [join(probe.installedBase, "libs")] : [],
    ziglang: probe.ziglang ?? undefined,
  };
}

/** `3.12.1`, with `t` for a free-threaded and ` debug` for a debug build. */
export function describeInterpreter(interpreter: Interpreter): string {
  const { implementation, version, prerelease, freeThreaded, debug } = interpreter;
  const name = implementation === "cpython" ? "Python" : implementation === "pypy" ? "PyPy" : implementation;
  return `${name} ${version.join(".")}${prerelease}${freeThreaded ? "t" : ""}${debug ? " (debug)" : ""}`;
}

/**
 * Asks an interpreter about itself: one process, isolated from the project and the user's settings.
 * @param executable absolute path, or a name that is looked up on the path
 * @throws {ZligError} `python-missing` when it cannot be run, `python-unsupported` when it is too old, `cancelled`
 */
export async function probeInterpreter(executable: string, signal?: AbortSignal): Promise<Interpreter> {
  const result = await run([executable, "-I", "-B", "-c", probeScript], { signal });
  if (signal?.aborted === true) throw new ZligError("cancelled", "Cancelled");
  let probe: Probe;
  try {
    if (result.exitCode !== 0) throw new Error(result.failure ?? result.stderr.trim());
    // What runs at the interpreter's start (`.pth` files, sitecustomize) may print: ours is the last line.
    probe = JSON.parse(result.stdout.trimEnd().split("\n").at(-1) ?? "") as Probe;
  } catch (cause) {
    const words = (result.failure ?? result.stderr).trim().split("\n").at(-1);
    throw new ZligError(
      "python-missing",
      `"${executable}" could not be run as a Python interpreter${words === undefined || words === "" ? "" : `: ${words}`}`,
      {
        hint: "Name an interpreter with `--python`.",
        cause,
      },
    );
  }
  const [major, minor] = probe.version;
  if (major < lowestPython[0] || (major === lowestPython[0] && minor < lowestPython[1]))
    throw new ZligError("python-unsupported", `${executable} is Python ${probe.version.join(".")}`, {
      hint: `Zlig builds for Python ${lowestPython.join(".")} and newer.`,
    });
  return fromProbe(probe, probe.executable === "" ? executable : probe.executable);
}

/** Makes sure that an interpreter has its headers. @throws {ZligError} `python-headers-missing` */
export function requireHeaders(interpreter: Interpreter): void {
  if (interpreter.includeDirs.some((folder) => existsSync(join(folder, "Python.h")))) return;
  const [major, minor] = interpreter.version;
  const pypy = interpreter.implementation === "pypy";
  throw new ZligError(
    "python-headers-missing",
    `${describeInterpreter(interpreter)} at ${interpreter.executable} has no Python.h`,
    {
      hint: pypy
        ? "Install its development package: `pypy3-dev` on Debian and Ubuntu."
        : `Install its development package: \`python${major}.${minor}-dev\` (or python3-dev) on Debian and Ubuntu, \`python3-devel\` on Fedora.`,
    },
  );
}
