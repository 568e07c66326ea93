import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import { ZligError } from "../error.ts";

async function isExecutableFile(path: string): Promise<boolean> {
  try {
    if (!(await stat(path)).isFile()) return false;
    if (process.platform !== "win32") await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The interpreter of a virtual environment. */
function inEnvironment(folder: string): string {
  return process.platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
}

/** Looks a program up on the path, as a shell would. */
export async function findOnPath(name: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const suffixes = process.platform === "win32" ? (env["PATHEXT"] ?? ".EXE;.CMD;.BAT").split(";") : [""];
  for (const folder of (env["PATH"] ?? "").split(delimiter)) {
    // An empty part means the current folder, which may be an untrusted project's.
    if (!isAbsolute(folder)) continue;
    for (const suffix of suffixes) {
      const path = join(folder, name + suffix);
      if (await isExecutableFile(path)) return path;
    }
  }
  return undefined;
}

/**
 * Finds the interpreter to build for: the one asked for (a path, a version such as `3.12` or `3.14t`, or a tag such as
 * `cp312`), else that of the active virtual environment, the project's `.venv`, the one that runs `zlig`, `python3` on the path.
 * @param asked what `--python` says
 * @param root the project folder
 * @throws {ZligError} `python-missing`
 */
export async function findInterpreter(
  asked: string | undefined,
  root: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  if (asked !== undefined) {
    const version = /^(?:cp)?(3)\.?([0-9]{1,2})(t?)$/.exec(asked);
    const name = version === null ? asked : `python${version[1] ?? ""}.${version[2] ?? ""}${version[3] ?? ""}`;
    const found = /[\\/]/.test(name) || isAbsolute(name) ? resolve(name) : await findOnPath(name, env);
    if (found !== undefined && (await isExecutableFile(found))) return found;
    throw new ZligError(
      "python-missing",
      version === null ? `There is no interpreter "${asked}"` : `There is no "${name}" on the path`,
      {
        hint: "Give `--python` the path of an interpreter, or a version whose interpreter is on the path.",
      },
    );
  }
  const active = env["VIRTUAL_ENV"];
  const places = [
    active === undefined || active === "" ? undefined : inEnvironment(active),
    inEnvironment(resolve(root, ".venv")),
    env["ZLIG_PYTHON_DEFAULT"],
  ];
  for (const place of places) if (place !== undefined && (await isExecutableFile(place))) return place;
  const found = (await findOnPath("python3", env)) ?? (await findOnPath("python", env));
  if (found !== undefined) return found;
  throw new ZligError("python-missing", "There is no Python interpreter on the path", {
    hint: "Name one with `--python`, or activate a virtual environment.",
  });
}
