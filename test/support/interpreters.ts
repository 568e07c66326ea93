import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";

/** A Python of this machine, of whatever kind. */
export interface AnyPython {
  readonly executable: string;
  /** `CPython 3.11.2 debug`, `PyPy 3.9.16`. */
  readonly name: string;
  readonly implementation: string;
  readonly version: readonly [number, number, number];
  readonly debug: boolean;
  readonly freeThreaded: boolean;
  /** `pyconfig.h` includes another one, as Debian has it. */
  readonly splitConfig: boolean;
  /** `Python.h` is there. */
  readonly headers: boolean;
}

const describe = `
import json, os, re, sys, sysconfig
include = sysconfig.get_path("include")
try:
    with open(sysconfig.get_config_h_filename()) as file: config = file.read()
except OSError: config = ""
print(json.dumps({"executable": sys.executable, "implementation": sys.implementation.name, "version": sys.version_info[:3], "debug": hasattr(sys, "gettotalrefcount"),
    "freeThreaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")), "splitConfig": bool(re.search(r"include\\s*<.*pyconfig", config)),
    "headers": os.path.exists(os.path.join(include, "Python.h")), "home": sys.base_prefix}))
`;

/** `executable` is the interpreter itself, not the shim of a version manager. */
type Facts = Omit<AnyPython, "name"> & { readonly home: string };

function ask(executable: string): Facts | undefined {
  try {
    const output = execFileSync(executable, ["-I", "-c", describe], { stdio: ["ignore", "pipe", "ignore"] });
    return JSON.parse(output.toString()) as Facts;
  } catch {
    // A launcher without that version, or a Python 2.
    return undefined;
  }
}

function executables(folder: string, pattern: RegExp): string[] {
  if (!isAbsolute(folder) || !existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** Folders of version managers with one interpreter in each of their folders. */
function managed(): string[] {
  const homes = [join(homedir(), ".pyenv/versions"), join(homedir(), ".local/share/uv/python")];
  return homes.flatMap((home) => (existsSync(home) ? readdirSync(home).map((name) => join(home, name, "bin")) : []));
}

/**
 * Finds the Pythons from 3.9 on of this machine, each build of each version once: those on the path with all their kinds (`python3.13t`, `python3-dbg`,
 * `pypy3`), and those that version managers keep.
 */
export function findAnyPythons(): readonly AnyPython[] {
  const name = /^(?:python3(?:\.\d+)?t?(?:-dbg|d)?|pypy3(?:\.\d+)?)(?:\.exe)?$/;
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...managed()];
  const found = new Map<string, AnyPython>();
  for (const executable of folders.flatMap((folder) => executables(folder, name))) {
    const facts = ask(executable);
    if (facts === undefined || facts.version[0] !== 3 || facts.version[1] < 9) continue;
    const { home, ...python } = facts;
    const kind = `${python.freeThreaded ? " free-threaded" : ""}${python.debug ? " debug" : ""}`;
    const title = `${python.implementation === "pypy" ? "PyPy" : "CPython"} ${python.version.join(".")}${kind}`;
    const key = `${title} ${home}`;
    if (!found.has(key)) found.set(key, { ...python, name: title });
  }
  const order = (a: AnyPython, b: AnyPython): number =>
    a.implementation.localeCompare(b.implementation) || a.version[1] - b.version[1] || a.name.localeCompare(b.name);
  return [...found.values()].sort(order);
}
