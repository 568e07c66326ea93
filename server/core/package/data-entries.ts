import type { ZligError } from "../error.ts";
import { Problems } from "../error.ts";
import type { Project } from "../project/project.ts";
import type { ArchiveEntry } from "./archive-entry.ts";
import { readEntry } from "./archive-entry.ts";
import { archiveNames, matchKey } from "./contents.ts";
import type { Tree, TreeFile } from "./tree.ts";

/** A file of the project that is installed outside the import packages. */
export interface DataFile extends TreeFile {
  /** Path below the wheel's `.data` folder: `scripts/tool`. */
  readonly target: string;
  readonly why: string;
}

/**
 * Lists the files that go into the wheel's `.data` folder: headers, scripts, data, and Flit's external data. Headers
 * and data keep their path below the fixed folder of their glob. Headers get no folder of the distribution's name:
 * installers add it (`include/site/python3.X/NAME`).
 */
export async function dataFiles(project: Project, tree: Tree, warnings: ZligError[]): Promise<DataFile[]> {
  const { wheel } = project;
  const at = ["tool", "zlig", "wheel"];
  const found: DataFile[] = [];
  for (const match of await matchKey(project, tree, wheel.headers, [...at, "headers"], warnings)) {
    found.push({ ...match, target: `headers/${match.below}`, why: "header of the C API" });
  }
  for (const match of await matchKey(project, tree, wheel.scripts, [...at, "scripts"], warnings)) {
    // Installers put scripts into one folder: a path below it would be lost.
    found.push({ ...match, target: `scripts/${match.path.slice(match.path.lastIndexOf("/") + 1)}`, why: "script" });
  }
  for (const [folder, globs] of Object.entries(wheel.data)) {
    const prefix = folder.split("/").filter((part) => part !== "" && part !== ".");
    for (const match of await matchKey(project, tree, globs, [...at, "data", folder], warnings)) {
      found.push({ ...match, target: ["data", ...prefix, match.below].join("/"), why: "data file" });
    }
  }
  if (wheel.externalData !== undefined) {
    const folder = wheel.externalData.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "");
    for (const file of await tree.files(folder)) {
      found.push({ ...file, target: `data/${file.path.slice(folder.length + 1)}`, why: "external data" });
    }
  }
  return found;
}

/**
 * Makes the members of the wheel's `.data` folder.
 * @throws {ZligError} for files that cannot be packed.
 */
export async function dataEntries(project: Project, tree: Tree, warnings: ZligError[]): Promise<ArchiveEntry[]> {
  const { name, version } = archiveNames(project.metadata);
  const problems = new Problems();
  const entries: ArchiveEntry[] = [];
  for (const { fault, file, target, why } of await dataFiles(project, tree, warnings)) {
    const path = `${name}-${version}.data/${target}`;
    if (fault !== undefined) problems.add(fault);
    else if (!target.startsWith("scripts/")) entries.push({ path, file, why });
    else {
      const content = withPortableShebang(Buffer.from((await readEntry({ path: target, file, why })).content));
      entries.push(
        content === undefined ? { path, file, executable: true, why } : { path, content, executable: true, why },
      );
    }
  }
  problems.throwIfErrors();
  return entries;
}

/**
 * Gives a Python script the first line that installers replace by their interpreter (wheel specification): `#!python`, as
 * setuptools does. `undefined` for any other file.
 */
function withPortableShebang(script: Buffer): Buffer | undefined {
  const end = script.indexOf("\n");
  const line = script.subarray(0, end === -1 ? script.length : end).toString("latin1");
  const match = /^#!.*python(w?)[0-9.]*(?:\.exe)?([ \t].*?)?(\r?)$/i.exec(line);
  if (match === null || /^#!pythonw?\b/.test(line)) return undefined;
  const [, windowed = "", args = "", carriage = ""] = match;
  const first = Buffer.from(`#!python${windowed}${args}${carriage}`, "latin1");
  return Buffer.concat([first, script.subarray(line.length)]);
}
