import { readFile, stat } from "node:fs/promises";
import { isAbsolute, join, posix, relative } from "node:path";
import { ZligError } from "../error.ts";
import { toPosix } from "../project/containment.ts";
import type { Extension } from "../project/project.ts";
import { isOutputFolder } from "./ignored.ts";
import type { Include } from "./include-scan.ts";
import { scanIncludes } from "./include-scan.ts";
import type { Tree, TreeFile } from "./tree.ts";

/** What is compiled from sources of the project: an extension, or a static library of several. */
export interface CompileUnit extends Pick<Extension, "name" | "includeDirs" | "depends" | "extraObjects"> {
  readonly sources: readonly { readonly path: string; readonly extraCompileArgs: readonly string[] }[];
  readonly libraries: readonly string[];
  readonly libraryDirs: readonly string[];
  readonly extraCompileArgs: readonly string[];
}

/** A file that compiling reads. */
export interface CompileInput extends TreeFile {
  readonly why: string;
  /** `source` and `include` are reached from what is compiled; `header` only lies where a header could be asked for. */
  readonly kind: "source" | "include" | "header" | "depends" | "object";
}

/** What {@link compileInputs} found. */
export interface CompileInputs {
  /** By project-relative path. */
  readonly files: ReadonlyMap<string, CompileInput>;
  /** Files outside the project that sources include by a relative path: an sdist cannot carry them. */
  readonly warnings: readonly ZligError[];
}

const headerSuffix = /\.(?:h|hh|hp|hpp|hxx|h\+\+|H|inl|inc|ipp|ixx|tpp|txx|tcc|icc|tbl|def|pxd|pxi)$/;

/** Whether a file is, by its suffix, one that sources include. */
export function isHeader(path: string): boolean {
  return headerSuffix.test(path);
}

/**
 * Finds every file of the project that compiling may read, on any platform: sources, `depends`, objects, libraries in
 * the project's library folders, what the sources include (followed through the texts), and further headers beside the sources and in include
 * folders, for includes whose name is only known to the preprocessor.
 */
export async function compileInputs(tree: Tree, units: readonly CompileUnit[]): Promise<CompileInputs> {
  const found = new Map<string, CompileInput>();
  const warnings = new Map<string, ZligError>();
  const texts = new Map<string, Promise<Include[]>>();
  const add = (file: TreeFile | undefined, kind: CompileInput["kind"], why: string): boolean => {
    if (file === undefined) return false;
    const known = found.get(file.path);
    // What is reached for certain says more than where it lies.
    if (known === undefined || (known.kind === "header" && kind !== "header"))
      found.set(file.path, { ...file, kind, why });
    return true;
  };
  const includesOf = (file: TreeFile): Promise<Include[]> => {
    let includes = texts.get(file.path);
    if (includes === undefined) {
      includes = readFile(file.file, "utf8").then(
        (text) => scanIncludes(file.path, text),
        () => [],
      );
      texts.set(file.path, includes);
    }
    return includes;
  };

  for (const unit of units) {
    const { folders, forced } = searchOf(tree, unit);
    const queue: TreeFile[] = [];
    const seen = new Set<string>();
    const visit = (file: TreeFile): void => {
      if (seen.has(file.path) || file.fault !== undefined) return;
      seen.add(file.path);
      queue.push(file);
    };
    for (const { path } of unit.sources) {
      const file = await tree.file(path);
      if (add(file, "source", `source of ${unit.name}`) && file !== undefined) visit(file);
    }
    for (const path of unit.depends) {
      const file = await tree.file(path);
      if (add(file, "depends", `depends of ${unit.name}`) && file !== undefined && isHeader(path)) visit(file);
    }
    for (const path of [...unit.extraObjects, ...libraryFiles(unit)]) {
      const inside = insidePath(tree, path);
      if (inside !== undefined) add(await tree.file(inside), "object", `linked into ${unit.name}`);
    }
    const lookUp = async (include: Include, from: string): Promise<TreeFile | undefined> => {
      if (isAbsolute(include.path)) return undefined;
      for (const folder of include.local ? [folderOf(from), ...folders] : folders) {
        const path = posix.join(folder, toPosix(include.path));
        if (!path.startsWith("../")) {
          const file = await tree.file(path);
          if (file !== undefined) return file;
        } else if (include.local && (await stat(join(tree.root, path)).catch(() => undefined))?.isFile() === true) {
          warnings.set(
            `${from}\0${include.path}`,
            new ZligError("sdist-incomplete", `${from} includes "${include.path}", which lies outside the project`, {
              severity: "warning",
              location: { file: tree.absolute(from) },
              hint: "Move it into the project: an sdist cannot carry it.",
            }),
          );
          return undefined;
        }
      }
      return undefined;
    };
    for (const name of forced) {
      const file = await lookUp({ path: name, local: true, text: true }, "pyproject.toml");
      if (add(file, "include", `included by ${unit.name}`) && file !== undefined) visit(file);
    }
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      for (const include of await includesOf(file)) {
        const target = await lookUp(include, file.path);
        if (add(target, "include", `included by ${file.path}`) && target !== undefined && include.text) visit(target);
      }
    }
    await addHeaders(tree, unit, folders, add);
  }
  return { files: found, warnings: [...warnings.values()] };
}

async function addHeaders(
  tree: Tree,
  unit: CompileUnit,
  folders: readonly string[],
  add: (file: TreeFile, kind: "header", why: string) => boolean,
): Promise<void> {
  for (const folder of folders) {
    // The project itself holds environments and outputs, whose headers are not the project's.
    const skip = folder === "" ? isOutputFolder : () => false;
    for (const file of await tree.files(folder, skip)) {
      if (isHeader(file.path)) add(file, "header", `header in an include folder of ${unit.name}`);
    }
  }
  for (const folder of new Set(unit.sources.map(({ path }) => folderOf(path)))) {
    for (const file of await tree.files(folder, () => true)) {
      if (isHeader(file.path)) add(file, "header", `header beside a source of ${unit.name}`);
    }
  }
}

/** The include folders of a unit inside the project, and the files that `-include` forces in. */
function searchOf(tree: Tree, unit: CompileUnit): { folders: string[]; forced: string[] } {
  const folders = [...unit.includeDirs];
  const forced: string[] = [];
  const args = [...unit.extraCompileArgs, ...unit.sources.flatMap((source) => source.extraCompileArgs)];
  for (const [index, arg] of args.entries()) {
    const next = args[index + 1];
    const joined = /^(?:-I|-iquote|-isystem|-idirafter)(.+)$/.exec(arg)?.[1];
    if (joined !== undefined) folders.push(joined);
    else if (/^(?:-I|-iquote|-isystem|-idirafter)$/.test(arg) && next !== undefined) folders.push(next);
    else if (/^-(?:include|imacros)$/.test(arg) && next !== undefined) forced.push(next);
  }
  return { folders: [...new Set(folders.flatMap((folder) => insidePath(tree, folder) ?? []))], forced };
}

function* libraryFiles(unit: CompileUnit): Generator<string> {
  for (const folder of unit.libraryDirs) {
    for (const name of unit.libraries) {
      for (const file of [`lib${name}.a`, `lib${name}.so`, `lib${name}.dylib`, `${name}.lib`, `lib${name}.dll.a`]) {
        yield isAbsolute(folder) ? join(folder, file) : posix.join(folder, file);
      }
    }
  }
}

/** A path as the project sees it: relative, `""` for the project itself; `undefined` for one outside it. */
function insidePath(tree: Tree, path: string): string | undefined {
  const way = isAbsolute(path) ? toPosix(relative(tree.root, path)) : posix.normalize(path).replace(/\/$/, "");
  if (way === ".." || way.startsWith("../") || isAbsolute(way)) return undefined;
  return way === "." ? "" : way;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}
