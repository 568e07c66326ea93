import { join } from "node:path";
import { ZligError } from "../error.ts";
import type { Extension, Project } from "../project/project.ts";
import type { ContentEntry } from "./archive-entry.ts";
import type { Contents } from "./contents.ts";
import { archiveNames } from "./contents.ts";
import { dataEntries } from "./data-entries.ts";
import { Tree } from "./tree.ts";
import { sortEntries } from "./archive-entry.ts";

/** The Python that an editable wheel is for. */
export interface EditableTarget {
  /** Major and minor version. */
  readonly version: readonly [number, number];
  readonly windows: boolean;
}

/** A module that is imported when Python starts: the one that rebuilds stale extensions. */
export interface StartupHook {
  /** Top-level name of the module, which must be the distribution's own. */
  readonly module: string;
  /** A function of it, without arguments. */
  readonly callable: string;
  /** The module's text. */
  readonly source: string;
}

/**
 * Makes the content of an editable wheel (PEP 660) beside its `.dist-info`: a `.pth` file with the project's base
 * folders, the data, headers and scripts of a usual wheel, and for a hook its module with a start-up line (a
 * `.start` file as well where Python knows it, PEP 829). A plain path is what type checkers and editors understand.
 * @throws {ZligError} `archive-path` if the project's own path cannot be written into a `.pth` file.
 */
export async function editableContents(
  project: Project,
  target: EditableTarget,
  hook?: StartupHook,
): Promise<Contents> {
  const warnings: ZligError[] = [];
  // The distribution's name makes it unique; without the version it stays the same file when that changes.
  const stem = `__editable__.${archiveNames(project.metadata).name}`;
  const lines = baseFolders(project).map((folder) => pathLine(join(project.root, ...folder.split("/")), target));
  if (hook !== undefined) lines.push(`import ${hook.module}; ${hook.module}.${hook.callable}()`);
  const made: ContentEntry[] = [{ path: `${stem}.pth`, content: textOf(lines), why: "path of the project" }];
  if (hook !== undefined) {
    made.push({ path: `${hook.module}.py`, content: Buffer.from(hook.source), why: "start-up hook" });
    if (isAtLeast(target.version, 3, 15)) {
      const line = `${hook.module}:${hook.callable}`;
      made.push({ path: `${stem}.start`, content: textOf([line]), why: "start-up hook" });
    }
  }
  const data = await dataEntries(project, new Tree(project.root), warnings);
  return { entries: sortEntries([...made, ...data]), leftOut: [], warnings };
}

/** The folders, relative to the project, that have to be on `sys.path`: those of packages, then those of extensions. */
export function baseFolders(project: Pick<Project, "packages" | "extensions">): string[] {
  return [...new Set([...project.packages.map(({ base }) => base), ...project.extensions.map(baseOf)])];
}

/** `src` for what is built into `src/demo` and is packed as `demo`. */
function baseOf({ directory, archiveDirectory }: Extension): string {
  if (archiveDirectory === "") return directory;
  return directory.slice(0, directory.length - archiveDirectory.length).replace(/\/$/, "");
}

/**
 * A line of a `.pth` file. Python strips its end, and before 3.13 reads the file in the locale's encoding. A path that cannot be decoded so keeps
 * Python from starting: on Windows, and with `LC_ALL=C` elsewhere. There a line of code says the same in ASCII.
 */
function pathLine(folder: string, target: EditableTarget): string {
  if (/[\r\n]/.test(folder)) {
    throw new ZligError("archive-path", `the project's path has a line break: ${JSON.stringify(folder)}`, {
      hint: "An editable install needs a path of one line: rename the folder.",
    });
  }
  // eslint-disable-next-line no-control-regex -- ASCII is what is asked for
  if (!isAtLeast(target.version, 3, 13) && /[^\x00-\x7f]/.test(folder)) {
    if (target.windows) return `import sys; sys.path.append(${asciiLiteral(folder)})`;
    // A name is bytes there, which every locale decodes in its own way.
    return `import os, sys; sys.path.append(os.fsdecode(${bytesLiteral(folder)}))`;
  }
  return /\s$/.test(folder) ? join(folder, "/") : folder;
}

/** A Python string literal in ASCII. */
function asciiLiteral(text: string): string {
  const escape = (character: string): string => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x80 ? `\\${character}` : `\\U${code.toString(16).padStart(8, "0")}`;
  };
  // eslint-disable-next-line no-control-regex -- ASCII stays as it is
  return `"${text.replace(/["\\]|[^\x00-\x7f]/gu, escape)}"`;
}

/** A Python literal of a text's bytes in UTF-8. */
function bytesLiteral(text: string): string {
  const bytes = Array.from(Buffer.from(text), (byte) => {
    const character = String.fromCharCode(byte);
    if (byte >= 0x80) return `\\x${byte.toString(16)}`;
    return character === '"' || character === "\\" ? `\\${character}` : character;
  });
  return `b"${bytes.join("")}"`;
}

function isAtLeast([major, minor]: readonly [number, number], wantedMajor: number, wantedMinor: number): boolean {
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

function textOf(lines: readonly string[]): Uint8Array {
  return Buffer.from(lines.map((line) => `${line}\n`).join(""));
}
