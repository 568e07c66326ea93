import { Problems, ZligError } from "../error.ts";
import { languageOf } from "../project/language.ts";
import type { Project, PythonPackage } from "../project/project.ts";
import type { ArchiveEntry } from "./archive-entry.ts";
import { sortEntries } from "./archive-entry.ts";
import type { PlannedArtefact } from "./artefacts.ts";
import { isExtensionModule, ownArtefact } from "./artefacts.ts";
import type { CompileUnit } from "./compile-inputs.ts";
import { compileInputs } from "./compile-inputs.ts";
import type { Contents, LeftOut } from "./contents.ts";
import { matchKey } from "./contents.ts";
import { dataEntries } from "./data-entries.ts";
import { pathMatcher } from "./patterns.ts";
import type { TreeFile } from "./tree.ts";
import { Tree } from "./tree.ts";

/** What a build adds to the project's own files. */
export interface WheelInputs {
  readonly artefacts: readonly PlannedArtefact[];
  /** Static libraries of the project: their sources stay out of the wheel as well. */
  readonly libraries?: readonly CompileUnit[];
}

/**
 * Decides what goes into the wheel beside its `.dist-info`: the files of all packages, the artefacts of this build, and
 * what `[tool.zlig.wheel]` adds and takes away.
 *
 * Of the compile inputs only sources stay out: those listed, those of a source's suffix beside them (another platform's),
 * and those that sources include. Headers stay in, as in a setuptools package with its data: who offers a C API ships them beside
 * the code, and one private header too many does less harm than a public one that is missing.
 *
 * A compiled module that this build did not make stays out. One of the project's own extensions was built for another Python,
 * which is nothing to warn of; any other is named in a warning, unless `include` names it.
 * @throws {ZligError} `path-outside-project` and `file-unreadable` for wanted files that cannot be packed.
 */
export async function wheelContents(project: Project, inputs: WheelInputs): Promise<Contents> {
  const tree = new Tree(project.root);
  const problems = new Problems();
  const warnings: ZligError[] = [];
  const leftOut = new Map<string, LeftOut>();
  const entries = new Map<string, ArchiveEntry>();
  const { wheel } = project;

  const inPlace = new Set(inputs.artefacts.map((artefact) => artefact.archivePath));
  const included = await matchKey(project, tree, wheel.include, ["tool", "zlig", "wheel", "include"], warnings);
  const isIncluded = new Set(included.map(({ path }) => path));
  const isExcluded = pathMatcher(wheel.exclude);
  const isSource = wheel.excludeSources ? await sourceTest(project, tree, inputs.libraries ?? []) : () => false;

  const add = (file: TreeFile, archivePath: string, why: string): void => {
    // An artefact of this build takes the place of what an earlier one left in the project.
    if (inPlace.has(archivePath) || leftOut.has(file.path)) return;
    const reason = reasonToLeaveOut(file.path);
    if (reason !== undefined) leftOut.set(file.path, { path: file.path, why: reason });
    else if (file.fault !== undefined) problems.add(file.fault);
    // One file may be reached twice; two files of one path are for the writer to refuse.
    else if (!entries.has(`${archivePath}\0${file.file}`))
      entries.set(`${archivePath}\0${file.file}`, { path: archivePath, file: file.file, why });
  };
  const reasonToLeaveOut = (path: string): string | undefined => {
    if (isExcluded(path)) return "excluded by [tool.zlig.wheel] exclude";
    const own = ownArtefact(project.extensions, path);
    if (own?.kind === "by-product") return `by-product of linking ${own.extension.name}`;
    if (own?.kind === "module") return `not made by this build of ${own.extension.name}`;
    if (isIncluded.has(path)) return undefined;
    if (isExtensionModule(path)) {
      const why = "a compiled module that this build did not make";
      warnings.push(
        new ZligError("binary-left-out", `${path} stays out of the wheel: ${why}`, {
          severity: "warning",
          location: { file: tree.absolute(path) },
          hint: "Delete it, or name it in `[tool.zlig.wheel] include` if it is meant to be shipped.",
        }),
      );
      return why;
    }
    return isSource(path) ? "extension source" : undefined;
  };

  for (const one of project.packages) {
    const files = one.kind === "module" ? [await tree.file(one.path)] : await tree.files(one.path);
    for (const file of files) if (file !== undefined) add(file, packagePath(one, file.path), reasonOf(one));
  }
  for (const match of included) {
    // An unpacked sdist has this file, the project it was made from does not.
    if (match.path === "PKG-INFO") continue;
    add(match, includedPath(project.packages, match.path), `included by [tool.zlig.wheel] include ${match.glob}`);
  }
  problems.throwIfErrors();

  const artefacts = inputs.artefacts.map(({ extension, file, archivePath }) => ({
    path: archivePath,
    file,
    // As linkers make them, and so as other backends ship them; fixed, since Windows has no such bit.
    executable: true,
    why: `artefact of ${extension.name}`,
  }));
  return {
    entries: sortEntries([...entries.values(), ...artefacts, ...(await dataEntries(project, tree, warnings))]),
    leftOut: sortEntries([...leftOut.values()]),
    warnings,
  };
}

function reasonOf(one: PythonPackage): string {
  return one.kind === "module" ? `module ${one.name}` : `package file of ${one.name}`;
}

/** Path in the wheel: the folder that is on `sys.path` becomes the wheel's root. */
function packagePath(one: PythonPackage, path: string): string {
  return one.base === "" ? path : path.slice(one.base.length + 1);
}

/** Included files keep their place relative to the packages: those below a base folder lose it, others keep their path. */
function includedPath(packages: readonly PythonPackage[], path: string): string {
  const bases = packages.map(({ base }) => base).filter((base) => base !== "" && path.startsWith(`${base}/`));
  const longest = bases.reduce((a, b) => (b.length > a.length ? b : a), "");
  return longest === "" ? path : path.slice(longest.length + 1);
}

async function sourceTest(
  project: Project,
  tree: Tree,
  libraries: readonly CompileUnit[],
): Promise<(path: string) => boolean> {
  const units = [...project.extensions, ...libraries];
  const { files } = await compileInputs(tree, units);
  const folders = new Set(units.flatMap((unit) => unit.sources.map(({ path }) => folderOf(path))));
  return (path) => {
    const input = files.get(path);
    if (input?.kind === "source") return true;
    if (!path.endsWith(".zig") && languageOf(path) === undefined) return false;
    return input?.kind === "include" || input?.kind === "depends" || folders.has(folderOf(path));
  };
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}
