import { Problems, ZligError } from "../error.ts";
import type { TomlValue } from "../manifest/manifest.ts";
import type { Project } from "../project/project.ts";
import type { ArchiveEntry } from "./archive-entry.ts";
import { sortEntries } from "./archive-entry.ts";
import { isExtensionModule, ownArtefact } from "./artefacts.ts";
import type { CompileUnit } from "./compile-inputs.ts";
import { compileInputs } from "./compile-inputs.ts";
import type { Contents, LeftOut } from "./contents.ts";
import { matchKey } from "./contents.ts";
import { dataFiles } from "./data-entries.ts";
import { pathMatcher } from "./patterns.ts";
import type { TreeFile } from "./tree.ts";
import { Tree } from "./tree.ts";

/** What building needs beyond what {@link Project} says. */
export interface SdistInputs {
  /** Static libraries of the project. */
  readonly libraries?: readonly CompileUnit[];
  /** Further files: those that dynamic fields are read from, generators and their inputs. Project-relative. */
  readonly files?: readonly { readonly path: string; readonly why: string }[];
}

/** A file, and whether building or installing from the sdist needs it. */
interface Candidate extends TreeFile {
  readonly why: string;
  readonly needed: boolean;
}

/**
 * Decides what goes into the sdist (without `PKG-INFO`): all that building, on any platform, and the wheel's content need,
 * then `include`, less `exclude` (`pyproject.toml` always stays). Version control is not asked, so that a tree and its
 * unpacked sdist give the same. Artefacts are left out.
 * @throws {ZligError} `path-outside-project` and `file-unreadable` for wanted files that cannot be packed.
 */
export async function sdistContents(project: Project, inputs: SdistInputs = {}): Promise<Contents> {
  const tree = new Tree(project.root);
  const problems = new Problems();
  const warnings: ZligError[] = [];
  const leftOut = new Map<string, LeftOut>();
  const excluded = new Map<string, Candidate>();
  const entries = new Map<string, ArchiveEntry>();
  const { metadata, sdist, wheel } = project;

  const inWheel = await matchKey(project, tree, wheel.include, ["tool", "zlig", "wheel", "include"], []);
  const asked = await matchKey(project, tree, sdist.include, ["tool", "zlig", "sdist", "include"], warnings);
  const named = new Set([...inWheel, ...asked].map(({ path }) => path));
  const isExcluded = pathMatcher(sdist.exclude);

  const add = (candidate: Candidate): void => {
    const { path, file, fault, why } = candidate;
    if (entries.has(path) || excluded.has(path) || path === "PKG-INFO") return;
    const own = ownArtefact(project.extensions, path);
    if (own !== undefined) leftOut.set(path, { path, why: `artefact of ${own.extension.name}` });
    else if (path !== "pyproject.toml" && isExcluded(path)) excluded.set(path, candidate);
    else if (isExtensionModule(path) && !named.has(path) && !why.startsWith("linked"))
      leftOut.set(path, { path, why: "a compiled module" });
    else if (fault !== undefined) problems.add(fault);
    else entries.set(path, { path, file, why });
  };
  const addPath = async (path: string, why: string): Promise<void> => {
    const file = await tree.file(path);
    if (file !== undefined) add({ ...file, why, needed: true });
  };

  await addPath("pyproject.toml", "project file");
  if (metadata.readme?.file !== undefined) await addPath(metadata.readme.file, "readme");
  for (const path of metadata.licenseFiles ?? []) await addPath(path, "licence file");
  const units = [...project.extensions, ...(inputs.libraries ?? [])];
  const compiled = await compileInputs(tree, units);
  warnings.push(...compiled.warnings);
  for (const input of compiled.files.values()) add({ ...input, needed: input.kind !== "header" });
  const inWheelExcluded = pathMatcher(wheel.exclude);
  for (const one of project.packages) {
    if (one.kind === "module") await addPath(one.path, `module ${one.name}`);
    else {
      for (const file of await tree.files(one.path)) {
        add({ ...file, why: `package file of ${one.name}`, needed: !inWheelExcluded(file.path) });
      }
    }
  }
  for (const file of await dataFiles(project, tree, [])) add({ ...file, needed: true });
  for (const file of inWheel) add({ ...file, why: "included in the wheel", needed: true });
  for (const file of await backendFiles(project, tree)) {
    add({ ...file, why: "build backend of the project", needed: true });
  }
  for (const { path, why } of inputs.files ?? []) await addPath(path, why);
  for (const file of asked) add({ ...file, why: `included by sdist include ${file.glob}`, needed: false });
  problems.throwIfErrors();

  for (const path of excluded.keys()) leftOut.set(path, { path, why: "excluded by sdist exclude" });
  const [first, ...others] = [...excluded.values()].filter(({ needed }) => needed);
  if (first !== undefined) {
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    warnings.push(
      new ZligError(
        "sdist-incomplete",
        `the sdist goes without ${first.path} (${first.why})${more}, which the wheel needs`,
        {
          severity: "warning",
          location: project.manifest.locate(["tool", "zlig", "sdist", "exclude"]),
          hint: "A wheel built from the sdist will differ from one built here, or fail. Narrow `exclude`.",
        },
      ),
    );
  }
  return {
    entries: sortEntries([...entries.values()]),
    leftOut: sortEntries([...leftOut.values()]),
    warnings,
  };
}

/**
 * The files of a project that is its own build backend (`build-system.backend-path`, PEP 517): the folders named, of the
 * project's own folder only the backend's module, since the rest of it is no backend.
 */
async function backendFiles(project: Project, tree: Tree): Promise<TreeFile[]> {
  const system: TomlValue | undefined = project.manifest.values["build-system"];
  if (typeof system !== "object" || Array.isArray(system) || system instanceof Date) return [];
  const { "backend-path": folders, "build-backend": backend } = system as Readonly<Record<string, TomlValue>>;
  if (!Array.isArray(folders)) return [];
  const module = typeof backend === "string" ? (/^\w+/.exec(backend)?.[0] ?? "") : "";
  const found: TreeFile[] = [];
  for (const given of folders) {
    if (typeof given !== "string") continue;
    const folder = given.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "");
    if (folder !== "" && folder !== ".") found.push(...(await tree.files(folder)));
    else if (module !== "") {
      const file = await tree.file(`${module}.py`);
      found.push(...(file === undefined ? await tree.files(module) : [file]));
    }
  }
  return found;
}
