import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { isSupportedZig, ziglangRequirement } from "../../server/core/toolchain/zig.ts";
import { findPython } from "./python.ts";

function output(program: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(program, args, { stdio: ["ignore", "pipe", "ignore"] })
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}

function onPath(name: string): string | undefined {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, file))
    .find((path) => existsSync(path));
}

/**
 * Finds a supported Zig: `ZLIG_ZIG`, `zig` on the path, that of the `ziglang` package of a Python on the path.
 * @throws if there is none: a test that needs it must not pass without it.
 */
export function findTestZig(): string {
  zig ??= searchZig();
  return zig;
}

let zig: string | undefined;

function searchZig(): string {
  const code =
    "import importlib.util, os; s = importlib.util.find_spec('ziglang'); " +
    `print(os.path.join(list(s.submodule_search_locations)[0], 'zig${process.platform === "win32" ? ".exe" : ""}') if s else '')`;
  const places = [
    (): string | undefined => process.env["ZLIG_ZIG"],
    (): string | undefined => onPath("zig"),
    (): string | undefined => output(findPython(), ["-c", code]),
  ];
  for (const place of places) {
    const path = place();
    if (path === undefined || path === "") continue;
    const version = output(path, ["version"]);
    if (version !== undefined && isSupportedZig(version)) return path;
  }
  throw new Error(`no supported Zig: set ZLIG_ZIG, put zig on the path, or pip install "${ziglangRequirement}"`);
}

/** A CPython of this machine. */
export interface TestPython {
  /** Absolute path. */
  readonly executable: string;
  readonly version: readonly [number, number];
}

const describe =
  "import sys, sysconfig, os; " +
  "print(sys.executable, sys.version_info[0], sys.version_info[1], sys.implementation.name, " +
  "os.path.exists(os.path.join(sysconfig.get_path('include'), 'Python.h')), sep='\\n')";

/** Places where versions lie side by side: folders that stand beside one of an interpreter on the path, as version managers have it. */
function siblings(executable: string): readonly string[] {
  const versions = dirname(dirname(dirname(executable)));
  try {
    return readdirSync(versions).map((name) => join(versions, name, "bin", "python"));
  } catch {
    return [];
  }
}

/**
 * Finds the CPythons 3 with headers that are here, the oldest first and one of each minor version: on the path, in
 * `ZLIG_TEST_PYTHON`, and beside those as version managers keep them.
 */
export function findPythons(): readonly TestPython[] {
  pythons ??= searchPythons();
  return pythons;
}

let pythons: readonly TestPython[] | undefined;

function searchPythons(): readonly TestPython[] {
  const names = ["python3", ...Array.from({ length: 12 }, (_, minor) => `python3.${minor + 7}`)];
  const first = [process.env["ZLIG_TEST_PYTHON"], ...names.map((name) => onPath(name))].filter(
    (path) => path !== undefined,
  );
  const found = new Map<number, TestPython>();
  const asked = new Set<string>();
  const queue = [...first];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    if (asked.has(path) || !existsSync(path)) continue;
    asked.add(path);
    const [executable = "", major, minor, implementation, headers] =
      output(path, ["-I", "-c", describe])?.split(/\r?\n/) ?? [];
    if (major !== "3" || implementation !== "cpython") continue;
    if (asked.size <= first.length) queue.push(...siblings(executable));
    if (headers === "True" && !found.has(Number(minor)))
      found.set(Number(minor), { executable, version: [3, Number(minor)] });
  }
  return [...found.values()].sort((a, b) => a.version[1] - b.version[1]);
}

/**
 * The newest CPython with headers that Zlig supports.
 * @throws if there is none
 */
export function newestPython(): TestPython {
  const newest = findPythons()
    .filter(({ version }) => version[1] >= 9)
    .at(-1);
  if (newest === undefined) throw new Error("no CPython 3.9 or newer with headers: name one in ZLIG_TEST_PYTHON");
  return newest;
}
