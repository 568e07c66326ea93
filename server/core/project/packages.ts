import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Problems } from "../error.ts";
import { ZligError } from "../error.ts";
import type { Manifest, TomlValue } from "../manifest/manifest.ts";
import { nearest } from "../options/nearest.ts";
import type { ZligOptions } from "../options/table.ts";
import { placementOf } from "./containment.ts";
import type { PythonPackage } from "./project.ts";

async function kindOf(path: string): Promise<"file" | "folder" | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? "file" : found.isDirectory() ? "folder" : undefined;
  } catch {
    return undefined;
  }
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

async function packageAt(root: string, path: string, name: string, base: string): Promise<PythonPackage | undefined> {
  const kind = await kindOf(join(root, path));
  if (kind === "file") return path.endsWith(".py") ? { name, kind: "module", path, base } : undefined;
  if (kind === undefined) return undefined;
  if (name.endsWith("-stubs")) return { name, kind: "stubs", path, base };
  const isPackage = (await kindOf(join(root, path, "__init__.py"))) === "file";
  return { name, kind: isPackage ? "package" : "namespace", path, base };
}

/** Reads the `packages` key: each entry a folder or a `.py` file. */
async function listedPackages(
  root: string,
  listed: readonly string[],
  manifest: Manifest,
  problems: Problems,
): Promise<PythonPackage[]> {
  const found: PythonPackage[] = [];
  for (const [index, entry] of listed.entries()) {
    const location = manifest.locate(["tool", "zlig", "packages", index]);
    const path = entry.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "");
    const placement = await placementOf(root, path);
    if (placement.kind === "outside") {
      problems.add(
        new ZligError("path-outside-project", `The package "${entry}" lies outside the project`, {
          location,
          hint: "A package lies inside the folder of pyproject.toml.",
        }),
      );
      continue;
    }
    const name = lastPart(path).replace(/\.py$/, "");
    const found1 = placement.kind === "missing" ? undefined : await packageAt(root, path, name, folderOf(path));
    if (found1 === undefined) {
      problems.add(
        new ZligError("package-not-found", `There is no package or module "${entry}"`, {
          location,
          hint: "An entry of `packages` is a folder or a `.py` file, relative to pyproject.toml.",
        }),
      );
      continue;
    }
    if (found.some((other) => other.name === found1.name))
      problems.add(
        new ZligError("package-not-found", `Two entries of \`packages\` are called "${found1.name}"`, {
          location,
          hint: "Ship each import package once.",
        }),
      );
    else found.push(found1);
  }
  return found;
}

/** The module name that Flit would look for: `[tool.flit.module] name`, else the project's name with underscores. */
function flitModuleName(manifest: Manifest): string | undefined {
  const get = (value: TomlValue | undefined, key: string): TomlValue | undefined =>
    typeof value === "object" && !Array.isArray(value) && !(value instanceof Date)
      ? (value as Readonly<Record<string, TomlValue>>)[key]
      : undefined;
  const flit = get(get(get(get(manifest.values, "tool"), "flit"), "module"), "name");
  if (typeof flit === "string") return flit;
  const name = get(get(manifest.values, "project"), "name");
  return typeof name === "string" ? name.replaceAll(/[-.]+/g, "_") : undefined;
}

/** Where Flit looks for a module, in its order. */
function flitPlaces(name: string): readonly { path: string; base: string }[] {
  const path = name.replaceAll(".", "/");
  return [
    { path, base: "" },
    { path: `${path}.py`, base: "" },
    { path: `src/${path}`, base: "src" },
    { path: `src/${path}.py`, base: "src" },
  ];
}

async function discover(root: string, name: string): Promise<readonly PythonPackage[]> {
  const found: PythonPackage[] = [];
  for (const { path, base } of flitPlaces(name)) {
    const at = await packageAt(root, path, name, base);
    // A folder without __init__.py that only happens to bear the name (tests, sources) is no package of its own.
    if (at !== undefined && at.kind !== "namespace") found.push(at);
  }
  return found;
}

/** Names of folders and modules that could be meant when none was found. */
async function candidates(root: string): Promise<string[]> {
  const names: string[] = [];
  for (const base of ["", "src"])
    for (const entry of await readdir(join(root, base), { withFileTypes: true }).catch(() => []))
      if (entry.isDirectory() && (await kindOf(join(root, base, entry.name, "__init__.py"))) === "file")
        names.push(base === "" ? entry.name : `${base}/${entry.name}`);
  return names.sort();
}

/**
 * Finds the import packages of a project: those the `packages` key lists, else as Flit finds them, else by the first
 * part of the extensions' names. A project whose extensions are all top-level modules may have none.
 */
export async function findPackages(
  root: string,
  options: ZligOptions,
  manifest: Manifest,
  problems: Problems,
): Promise<readonly PythonPackage[]> {
  if (options.packages !== undefined) return listedPackages(root, options.packages, manifest, problems);
  const name = flitModuleName(manifest);
  const byName = name === undefined ? [] : await discover(root, name);
  const [first, second] = byName;
  if (first !== undefined && second !== undefined) {
    problems.add(
      new ZligError("package-not-found", `Both \`${first.path}\` and \`${second.path}\` could be the package`, {
        location: manifest.locate(["project", "name"]),
        hint: `Name the one to ship: \`packages = ["${first.path}"]\` in [tool.zlig].`,
      }),
    );
    return [];
  }
  const found = new Map(byName.map((one) => [one.name, one]));
  const extensions = options.extensions ?? [];
  if (first === undefined)
    for (const extension of extensions) {
      const top = extension.name.split(".")[0] ?? "";
      if (!extension.name.includes(".") || found.has(top)) continue;
      for (const { path, base } of flitPlaces(top)) {
        const at = await packageAt(root, path, top, base);
        if (at !== undefined && at.kind !== "module") {
          found.set(top, at);
          break;
        }
      }
    }
  const stubs = await Promise.all(
    [...found.values()].map((one) =>
      packageAt(
        root,
        one.base === "" ? `${one.name}-stubs` : `${one.base}/${one.name}-stubs`,
        `${one.name}-stubs`,
        one.base,
      ),
    ),
  );
  const packages = [...found.values(), ...stubs.filter((one) => one !== undefined)];
  const allTopLevel = extensions.length > 0 && extensions.every((extension) => !extension.name.includes("."));
  if (packages.length === 0 && !allTopLevel && name !== undefined) {
    const others = await candidates(root);
    const near = nearest(name, others.map(lastPart));
    const choice = others.find((other) => lastPart(other) === near) ?? (others.length === 1 ? others[0] : undefined);
    problems.add(
      new ZligError("package-not-found", `There is no package or module "${name}"`, {
        location: manifest.locate(["project", "name"]),
        hint:
          choice === undefined
            ? `Zlig looks for \`${name}/\`, \`src/${name}/\`, \`${name}.py\` and \`src/${name}.py\`; another one is named by \`packages\` in [tool.zlig], \`packages = []\` ships extensions only.`
            : `If \`${choice}\` is meant, add \`packages = ["${choice}"]\` to [tool.zlig].`,
      }),
    );
  }
  return packages;
}
