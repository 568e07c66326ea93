import type { Extension } from "../project/project.ts";

/** An extension module that a build made, or will make. */
export interface PlannedArtefact {
  readonly extension: Pick<Extension, "name">;
  /** Absolute path: in the project, or in the cache. */
  readonly file: string;
  /** Path in the wheel: `demo/demo.cpython-311-x86_64-linux-gnu.so`. */
  readonly archivePath: string;
}

/** Whether a file is, by its name, what Python would import as an extension module, for whatever version and platform. */
export function isExtensionModule(name: string): boolean {
  return /\.(?:so|pyd)$/i.test(name);
}

/** How a file belongs to an extension of the project: its module for some Python, or what a linker leaves beside it. */
export interface OwnArtefact {
  readonly extension: Extension;
  readonly kind: "module" | "by-product";
}

/** Tells whether a project-relative path is where an extension is built in place, for any version and platform. */
export function ownArtefact(extensions: readonly Extension[], path: string): OwnArtefact | undefined {
  const slash = path.lastIndexOf("/");
  const [folder, name] = [path.slice(0, Math.max(slash, 0)), path.slice(slash + 1)];
  for (const extension of extensions) {
    if (extension.directory !== folder || !name.startsWith(`${extension.moduleName}.`)) continue;
    if (isExtensionModule(name)) return { extension, kind: "module" };
    if (/\.(?:lib|exp|pdb|ilk|dll\.a)$/i.test(name)) return { extension, kind: "by-product" };
  }
  return undefined;
}
