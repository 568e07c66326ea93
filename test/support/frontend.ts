import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { lastingFolder } from "./lasting-folder.ts";
import { makeFolder } from "./tree.ts";
import type { Venv } from "./venv.ts";
import { testCache, venvWith } from "./venv.ts";

/** What tests install when a build does not do so itself. */
export const ziglang = "ziglang==0.17.1";
const pip = "pip==26.3";

const repository = join(import.meta.dirname, "..", "..");
const dist = join(repository, "dist");

/** The built package of Zlig with a suffix, `.whl` or `.tar.gz`. @throws if it is not built */
export function zligPackage(suffix: ".whl" | ".tar.gz"): string {
  const name = existsSync(dist) ? readdirSync(dist).find((one) => one.endsWith(suffix)) : undefined;
  if (name === undefined) throw new Error(`no *${suffix} in ${dist}: npm run package`);
  return join(dist, name);
}

/** pip, build, uv and the tools that judge packages, in one environment that is made once. */
export function tools(): Promise<Venv> {
  const packages = [
    pip,
    "build==1.6.1",
    "pyproject_hooks==1.3.3",
    "uv==0.13.9",
    "twine==7.0.0",
    "check-wheel-contents==0.6.3",
    "wheel==0.48.0",
    "auditwheel==6.8.2",
    "abi3audit==0.0.26",
  ];
  return venvWith("frontends", packages, "sys.version_info >= (3, 11)");
}

/** Which Node is on the path: a good one, or only one that is too old for Zlig. */
export type NodeOnPath = "current" | "outdated";

const nodeFolders = new Map<NodeOnPath, string>();

/** A folder with nothing but a `node`. */
function nodeFolder(kind: NodeOnPath): string {
  const known = nodeFolders.get(kind);
  if (known !== undefined) return known;
  const folder = lastingFolder("zlig-node-");
  const node = join(folder, "node");
  if (kind === "current") symlinkSync(process.execPath, node);
  else {
    writeFileSync(node, '#!/bin/sh\nprintf "v20.19.4%s\\n" "$0"\n');
    chmodSync(node, 0o755);
  }
  nodeFolders.set(kind, folder);
  return folder;
}

let cache: string | undefined;

/** A cache of this test file alone: no result of an older Zlig can hide a fault of this one. */
function cacheFolder(): string {
  cache ??= lastingFolder("zlig-test-cache-");
  return cache;
}

/**
 * The environment that front ends run in: packages come from this checkout's `dist` and the index that pip and uv are configured for. On the
 * path are Node and `folders` alone: no compiler, no Zig, nothing else that could be found by chance.
 */
export function frontEndEnvironment(
  node: NodeOnPath,
  changes: Readonly<Record<string, string | undefined>> = {},
  folders: readonly string[] = [],
): NodeJS.ProcessEnv {
  const foreign =
    /^(?:ZLIG_.*|VIRTUAL_ENV|NO_COLOR|FORCE_COLOR|CI|SOURCE_DATE_EPOCH|NODE_.*|VITEST.*|npm_.*|PYTHON.*|PYENV_.*|UV_(?:PROJECT|PYTHON|SYSTEM_PYTHON|NO_BUILD).*)$/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  // A URL, because pip takes several, parted by spaces, and a folder's name may have one.
  const links = pathToFileURL(dist).href;
  const env: NodeJS.ProcessEnv = {
    ...Object.fromEntries(kept),
    PATH: [nodeFolder(node), ...folders].join(delimiter),
    PIP_FIND_LINKS: [process.env["PIP_FIND_LINKS"], links].filter((one) => one !== undefined && one !== "").join(" "),
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    PIP_CACHE_DIR: join(testCache, "pip"),
    UV_FIND_LINKS: links,
    UV_CACHE_DIR: join(testCache, "uv"),
    UV_PYTHON_DOWNLOADS: "never",
    UV_NO_PROGRESS: "1",
    ZLIG_CACHE_DIR: cacheFolder(),
    ...changes,
  };
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}

/** How a program ended, and all that it wrote, in the order it came. */
export interface Outcome {
  readonly exitCode: number | undefined;
  readonly output: string;
}

/** Runs a program in an environment and waits for its end, whatever that is. */
export async function runIn(
  env: NodeJS.ProcessEnv,
  cwd: string,
  file: string,
  args: readonly string[],
): Promise<Outcome> {
  const { exitCode, all } = await execa(file, args, {
    env,
    cwd,
    extendEnv: false,
    reject: false,
    all: true,
    stdin: "ignore",
  });
  return { exitCode, output: all };
}

/** Runs a program that must succeed. Gives what it wrote. @throws with all of it if the program fails */
export async function mustRun(
  env: NodeJS.ProcessEnv,
  cwd: string,
  file: string,
  args: readonly string[],
): Promise<string> {
  const { exitCode, output } = await runIn(env, cwd, file, args);
  if (exitCode !== 0) throw new Error(`${[file, ...args].join(" ")} ended with ${exitCode ?? "a signal"}:\n${output}`);
  return output;
}

function venvAt(folder: string): Venv {
  const bin = join(folder, "bin");
  return { python: join(bin, "python"), bin };
}

/** A new virtual environment: what it is made of, and where. */
export interface VenvOptions {
  /** By default it is removed when the test ends. */
  readonly folder?: string;
  /** The interpreter that it is of. */
  readonly base?: string;
  readonly pip?: string;
}

/**
 * Makes a new virtual environment that has pip and the packages named, in a second: uv links files from its cache.
 * @param packages as uv takes them; `zlig` is this checkout's
 */
export async function freshVenv(packages: readonly string[] = [], options: VenvOptions = {}): Promise<Venv> {
  const { bin, python } = await tools();
  const uv = join(bin, "uv");
  const env = frontEndEnvironment("current");
  const folder = options.folder ?? join(makeFolder(), "venv");
  const parent = dirname(folder);
  mkdirSync(parent, { recursive: true });
  await mustRun(env, parent, uv, ["venv", "--quiet", "--no-project", "--python", options.base ?? python, folder]);
  const venv = venvAt(folder);
  await addTo(venv, [options.pip ?? pip, ...packages]);
  return venv;
}

/** Adds packages to an environment, fast. */
export async function addTo(venv: Venv, packages: readonly string[]): Promise<void> {
  const uv = join((await tools()).bin, "uv");
  // Its version says nothing of what is in this checkout's zlig.
  const args = ["pip", "install", "--quiet", "--python", venv.python, "--refresh-package", "zlig", ...packages];
  await mustRun(frontEndEnvironment("current"), tmpdir(), uv, args);
}

let backend: Promise<Venv> | undefined;

/** An environment with Zlig and Zig for builds without isolation, shared by the tests of a file. They install nothing into it. */
export function backendVenv(): Promise<Venv> {
  backend ??= freshVenv(["zlig", ziglang, "build==1.6.1"], { folder: join(lastingFolder("zlig-backend-"), "venv") });
  return backend;
}

/** Copies an example of the repository, without what was built in it. Gives the copy's folder. */
export function copyExample(name: string, folder = join(makeFolder(), name)): string {
  mkdirSync(folder, { recursive: true });
  const built = /\.(?:so|pyd)$|[\\/]__pycache__$/;
  cpSync(join(repository, "examples", name), folder, { recursive: true, filter: (source) => !built.test(source) });
  return folder;
}

/** Runs Python code in isolated mode, far from any project, and gives what it prints. @throws if it fails */
export async function evaluate(python: string, code: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await execa(python, ["-I", "-c", code], { cwd: tmpdir(), env });
  return stdout;
}

/** The one file in a folder with an ending. @throws if there is none, or more than one */
export function theFile(folder: string, suffix: string): string {
  const names = readdirSync(folder).filter((name) => name.endsWith(suffix));
  const [name] = names;
  if (name === undefined || names.length > 1)
    throw new Error(`expected one *${suffix} in ${folder}: ${names.join(" ")}`);
  return join(folder, name);
}
