import { readdir, stat } from "node:fs/promises";
import { isAbsolute, join, posix } from "node:path";
import type { Problems } from "../error.ts";
import { ZligError } from "../error.ts";
import type { Manifest, TomlValue } from "../manifest/manifest.ts";
import { nearest } from "../options/nearest.ts";
import { checkString } from "../options/strings.ts";
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

/** Whether a folder or module of this name can be imported; a stub-only package has a hyphen (PEP 561). */
function isImportable(name: string): boolean {
  const plain = name.replace(/-stubs$/, "");
  return !plain.includes(".") && checkString("module-name", plain) === undefined;
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
    const path = posix.normalize(entry).replace(/\/+$/, "");
    const placement = await placementOf(root, path);
    if (placement.kind === "outside" || isAbsolute(entry)) {
      problems.add(
        new ZligError("path-outside-project", `The package "${entry}" lies outside the project`, {
          location,
          hint: "Name a package by its path relative to pyproject.toml, inside its folder.",
        }),
      );
      continue;
    }
    const name = lastPart(path).replace(/\.py$/, "");
    if (placement.kind === "inside" && !isImportable(name)) {
      problems.add(
        new ZligError("invalid-name", `"${entry}" is no package that Python could import: "${name}" is no name`, {
          location,
          hint:
            path === "."
              ? 'Name the package\'s own folder, as in `packages = ["src/demo"]`; modules are named one by one.'
              : "Use letters, digits and underscores; other files go into the wheel by `include` in [tool.zlig.wheel].",
        }),
      );
      continue;
    }
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

/**
 * The module names to look for, in this order: `[tool.flit.module] name`, else the project's name with underscores for
 * hyphens, as Flit does it (a dot stays, and means a namespace), and for dots too.
 */
function moduleNames(manifest: Manifest): readonly string[] {
  const get = (value: TomlValue | undefined, key: string): TomlValue | undefined =>
    typeof value === "object" && !Array.isArray(value) && !(value instanceof Date)
      ? (value as Readonly<Record<string, TomlValue>>)[key]
      : undefined;
  const flit = get(get(get(get(manifest.values, "tool"), "flit"), "module"), "name");
  if (typeof flit === "string") return [flit];
  const name = get(get(manifest.values, "project"), "name");
  if (typeof name !== "string") return [];
  return [...new Set([name.replaceAll("-", "_"), name.replaceAll(/[-.]+/g, "_")])];
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

/** The package or namespace of a name; a package wins, for a namespace is any folder that bears the name. */
async function homeOf(root: string, name: string): Promise<PythonPackage | undefined> {
  const places = await Promise.all(flitPlaces(name).map(({ path, base }) => packageAt(root, path, name, base)));
  return places.find((one) => one?.kind === "package") ?? places.find((one) => one?.kind === "namespace");
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

/** Reports packages that a symbolic link takes out of the project; gives the others. */
async function insideOnly(
  root: string,
  packages: readonly PythonPackage[],
  problems: Problems,
  manifest: Manifest,
): Promise<readonly PythonPackage[]> {
  const inside: PythonPackage[] = [];
  for (const one of packages)
    if ((await placementOf(root, one.path)).kind === "inside") inside.push(one);
    else
      problems.add(
        new ZligError("path-outside-project", `The package \`${one.path}\` is a link that leads out of the project`, {
          location: manifest.locate(["project", "name"]),
          hint: "Move the package into the project, or copy it there: an sdist could not carry it.",
        }),
      );
  return inside;
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
  const names = moduleNames(manifest);
  let byName: readonly PythonPackage[] = [];
  for (const name of names)
    if (byName.length === 0 && checkString("module-name", name) === undefined) byName = await discover(root, name);
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
      const at = await homeOf(root, top);
      if (at !== undefined) found.set(top, at);
    }
  const stubs = await Promise.all(
    [...found.values()].map((one) => {
      const name = `${one.name.split(".")[0] ?? ""}-stubs`;
      return packageAt(root, one.base === "" ? name : `${one.base}/${name}`, name, one.base);
    }),
  );
  const packages = await insideOnly(
    root,
    [...found.values(), ...stubs.filter((one) => one !== undefined)],
    problems,
    manifest,
  );
  const [name] = names;
  const allTopLevel = extensions.length > 0 && extensions.every((extension) => !extension.name.includes("."));
  if (found.size === 0 && !allTopLevel && name !== undefined) {
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
