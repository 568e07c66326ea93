import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { ZligError } from "../error.ts";
import { comparePaths } from "./archive-entry.ts";
import { isIgnoredFile, isIgnoredFolder } from "./ignored.ts";

/** A file below the project, or something that stands where a file could. */
export interface TreeFile {
  /** Relative to the project, with `/`, as it is reached: through links under the link's name. */
  readonly path: string;
  /** Absolute path of what is read, links resolved. */
  readonly file: string;
  /** Why it cannot be packed, if so: known when found, an error only when it is wanted. */
  readonly fault?: ZligError;
}

/**
 * Lists files of a project, each folder read once. The order does not depend on the file system. Links to files and
 * folders inside the project are followed, loops are cut, links out of it are faults.
 */
export class Tree {
  /** Absolute path, links resolved. */
  readonly root: string;
  readonly #folders = new Map<string, Promise<readonly Dirent[]>>();

  constructor(root: string) {
    this.root = root;
  }

  /** Absolute path of a project-relative one. */
  absolute(path: string): string {
    return join(this.root, ...path.split("/"));
  }

  /**
   * Every file below a folder (project-relative; `""` is the project), without what {@link isIgnoredFolder} and
   * {@link isIgnoredFile} name. A missing folder has none. `skip` keeps further folders out.
   */
  async files(folder: string, skip: (name: string, path: string) => boolean = () => false): Promise<TreeFile[]> {
    const start = await this.#resolve(folder);
    if (start === undefined) return [];
    if (start.fault !== undefined) return [start];
    if (!(await stat(start.file)).isDirectory()) return [];
    const found: TreeFile[] = [];
    await this.#walk(folder, start.file, [start.file], skip, found);
    return found.sort((a, b) => comparePaths(a.path, b.path));
  }

  /** The file at a project-relative path; `undefined` if there is none of just this spelling, or it is a folder. */
  async file(path: string): Promise<TreeFile | undefined> {
    if (!(await this.#isSpelledSo(path))) return undefined;
    const found = await this.#resolve(path);
    if (found === undefined || found.fault !== undefined) return found;
    return (await stat(found.file)).isFile() ? found : undefined;
  }

  /** Whether a project-relative path is a folder. */
  async isFolder(path: string): Promise<boolean> {
    return (await stat(this.absolute(path)).catch(() => undefined))?.isDirectory() ?? false;
  }

  async #walk(
    folder: string,
    real: string,
    above: readonly string[],
    skip: (name: string, path: string) => boolean,
    found: TreeFile[],
  ): Promise<void> {
    for (const entry of await this.#read(real)) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isFile()) {
        if (!isIgnoredFile(entry.name)) found.push({ path, file: join(real, entry.name) });
      } else if (entry.isDirectory()) {
        if (isIgnoredFolder(entry.name) || skip(entry.name, path)) continue;
        const below = join(real, entry.name);
        await this.#walk(path, below, [...above, below], skip, found);
      } else if (entry.isSymbolicLink()) {
        if (isIgnoredFile(entry.name) || isIgnoredFolder(entry.name)) continue;
        const target = await this.#target(join(real, entry.name), path);
        if (target.fault !== undefined) found.push(target);
        else if ((await stat(target.file)).isFile()) found.push(target);
        else if (!skip(entry.name, path) && !above.some((folderAbove) => isInside(target.file, folderAbove))) {
          // A link to a folder it lies in would be followed for ever; what it shows is packed already.
          await this.#walk(path, target.file, [...above, target.file], skip, found);
        }
      }
    }
  }

  #read(real: string): Promise<readonly Dirent[]> {
    let entries = this.#folders.get(real);
    if (entries === undefined) {
      entries = readdir(real, { withFileTypes: true }).catch((error: unknown) => {
        throw new ZligError("file-unreadable", `the folder ${real} cannot be read: ${(error as Error).message}`, {
          location: { file: real },
          cause: error,
        });
      });
      this.#folders.set(real, entries);
    }
    return entries;
  }

  async #resolve(path: string): Promise<TreeFile | undefined> {
    const absolute = this.absolute(path);
    try {
      await stat(absolute);
    } catch {
      return undefined;
    }
    return this.#target(absolute, path);
  }

  async #target(absolute: string, path: string): Promise<TreeFile> {
    try {
      const file = await realpath(absolute);
      if (isInside(this.root, file)) return { path, file };
      const fault = new ZligError("path-outside-project", `${path} leads out of the project, to ${file}`, {
        location: { file: absolute },
        hint: "Copy the file into the project, or leave it out with `exclude`.",
      });
      return { path, file, fault };
    } catch (error) {
      const fault = new ZligError("file-unreadable", `${path} is a symbolic link to nothing, or a loop of links`, {
        location: { file: absolute },
        hint: "Mend or remove the link, or leave it out with `exclude`.",
        cause: error,
      });
      return { path, file: absolute, fault };
    }
  }

  /** Guards against file systems that ignore letter case: a path of another spelling would be another path elsewhere. */
  async #isSpelledSo(path: string): Promise<boolean> {
    const parts = path.split("/");
    for (const [index, part] of parts.entries()) {
      const folder = await realpath(this.absolute(parts.slice(0, index).join("/"))).catch(() => undefined);
      if (folder === undefined || !isInside(this.root, folder)) return false;
      if (!(await stat(folder)).isDirectory()) return false;
      if (!(await this.#read(folder)).some((entry) => entry.name === part)) return false;
    }
    return true;
  }
}

/** Whether `path` is `folder` or lies below it. Both are absolute, links resolved. */
function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
