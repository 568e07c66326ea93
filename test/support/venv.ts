import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { findPython } from "./python.ts";

/** A virtual environment: its interpreter, and the folder of its scripts. */
export interface Venv {
  readonly python: string;
  readonly bin: string;
}

const repository = join(import.meta.dirname, "..", "..");

/** Where tests keep what is costly to make: ignored by Git, and removable at any time. */
export const testCache = join(repository, ".cache", "test");

const made = new Map<string, Promise<Venv>>();

function exists(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Takes a lock, a folder with the owner's process id in it; one whose owner has ended is taken over. */
async function withLock<T>(lock: string, work: () => Promise<T>): Promise<T> {
  const owner = join(lock, "pid");
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    await delay(200);
    const pid = exists(owner) ? Number(readFileSync(owner, "utf8")) : undefined;
    if (pid !== undefined && !isAlive(pid)) rmSync(lock, { recursive: true, force: true });
  }
  try {
    writeFileSync(owner, String(process.pid));
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

async function makeVenv(base: string, folder: string, requirements: readonly string[]): Promise<Venv> {
  const bin = join(folder, process.platform === "win32" ? "Scripts" : "bin");
  const venv = { python: join(bin, process.platform === "win32" ? "python.exe" : "python"), bin };
  const stamp = join(folder, "made");
  if (exists(stamp)) return venv;
  mkdirSync(join(folder, ".."), { recursive: true });
  return withLock(`${folder}.lock`, async () => {
    if (exists(stamp)) return venv;
    rmSync(folder, { recursive: true, force: true });
    await execa(base, ["-m", "venv", folder]);
    if (requirements.length > 0) {
      await execa(venv.python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...requirements]);
    }
    writeFileSync(stamp, requirements.join("\n"));
    return venv;
  });
}

/**
 * Gives a virtual environment with packages from the index that pip is configured for. It is made once for each list of requirements and
 * interpreter, and kept; two tests that ask at once, in one process or two, get one.
 * @param requirements as pip takes them; pin versions, for the environment is never updated
 * @param condition which Python it shall be of, as for {@link findPython}
 */
export function venvWith(name: string, requirements: readonly string[], condition?: string): Promise<Venv> {
  return venvOf(findPython(condition), name, requirements);
}

/** The same, of an interpreter that is given by its path. */
export function venvOf(base: string, name: string, requirements: readonly string[]): Promise<Venv> {
  const key = createHash("sha256")
    .update([base, ...requirements].join("\n"))
    .digest("hex")
    .slice(0, 12);
  const folder = join(testCache, "venvs", `${name}-${key}`);
  const known = made.get(folder);
  if (known !== undefined) return known;
  const venv = makeVenv(base, folder, requirements);
  made.set(folder, venv);
  return venv;
}

/** The environment with the Python packages that Zlig's reading and writing of packaging standards is held against. */
export function packagingVenv(): Promise<Venv> {
  return venvWith("packaging", ["packaging==26.3", "pyproject-metadata==0.12.1"], "sys.version_info >= (3, 11)");
}
