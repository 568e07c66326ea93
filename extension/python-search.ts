import { readdir, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

const windows = process.platform === "win32";

/** An interpreter that was found by looking at names of files: nothing is run. */
export interface FoundPython {
  readonly path: string;
  /** The folder of the virtual environment it belongs to. */
  readonly environment?: string;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function pythonIn(environment: string): Promise<FoundPython | undefined> {
  if (!(await isFile(join(environment, "pyvenv.cfg"))) && !(await isFile(join(environment, "conda-meta", "history"))))
    return undefined;
  const places = windows
    ? [["Scripts", "python.exe"], ["python.exe"]]
    : [
        ["bin", "python"],
        ["bin", "python3"],
      ];
  for (const place of places) {
    const path = join(environment, ...place);
    if (await isFile(path)) return { path, environment };
  }
  return undefined;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

/** Virtual environments directly inside a folder, whatever they are called. */
async function environmentsIn(folder: string): Promise<readonly FoundPython[]> {
  const found = await Promise.all((await namesIn(folder)).map((name) => pythonIn(join(folder, name))));
  return found.filter((python) => python !== undefined);
}

const pythonName = windows ? /^python(?:3(?:\.\d+t?)?)?\.exe$/i : /^python3(?:\.\d+t?)?$/;

async function pythonsOnPath(path: string): Promise<readonly FoundPython[]> {
  const found: FoundPython[] = [];
  for (const folder of new Set(path.split(delimiter))) {
    // An empty part means the current folder, which may be anybody's.
    if (!isAbsolute(folder)) continue;
    const names = (await namesIn(folder)).filter((name) => pythonName.test(name)).sort();
    for (const name of names) if (await isFile(join(folder, name))) found.push({ path: join(folder, name) });
  }
  return found;
}

/**
 * The interpreters that a project is likely to want: those of environments in its folder and above it in the workspace, of the
 * active environment, and on the path.
 * @param folders the project folder, then others to look into
 */
export async function searchPythons(
  folders: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<readonly FoundPython[]> {
  const active = env["VIRTUAL_ENV"] ?? env["CONDA_PREFIX"];
  const found = [
    ...(await Promise.all(folders.map((folder) => environmentsIn(folder)))).flat(),
    ...(active === undefined || active === "" ? [] : [await pythonIn(active)]),
    ...(await pythonsOnPath(env["PATH"] ?? "")),
  ].filter((python) => python !== undefined);
  return [...new Map(found.map((python) => [python.path, python])).values()];
}
