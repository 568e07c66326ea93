import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ManifestProject } from "./manifest-project.ts";
import type { Workspace } from "./workspace.ts";
import { isManifest, isWithin } from "./workspace.ts";

/** The projects of a workspace that the editor has met: one for each `pyproject.toml`, nested ones too. */
export class Projects {
  readonly #workspace: Workspace;
  readonly #changed: (project: ManifestProject) => void;
  readonly #projects = new Map<string, ManifestProject>();
  onError: (error: unknown) => void = () => undefined;

  constructor(workspace: Workspace, changed: (project: ManifestProject) => void) {
    this.#workspace = workspace;
    this.#changed = changed;
  }

  /** The project of a manifest, by its absolute path. */
  at(manifest: string): ManifestProject {
    let project = this.#projects.get(manifest);
    if (project === undefined) {
      project = new ManifestProject(manifest, this.#workspace, this.#changed);
      project.onError = (error) => {
        this.onError(error);
      };
      this.#projects.set(manifest, project);
    }
    return project;
  }

  /** Every project met so far. */
  all(): readonly ManifestProject[] {
    return [...this.#projects.values()];
  }

  /** The projects of Zlig that a file lies in, the innermost first. Of a manifest, its own project alone. */
  async owning(path: string): Promise<readonly ManifestProject[]> {
    if (isManifest(path)) {
      const project = this.at(path);
      await project.load();
      return [project];
    }
    const found: ManifestProject[] = [];
    for (const manifest of this.#workspace.manifestsAbove(path)) {
      if (!this.#projects.has(manifest) && !(await this.#mayConcern(manifest))) continue;
      const project = this.at(manifest);
      if ((await project.load()) && project.concernsZlig) found.push(project);
    }
    return found;
  }

  /** Keeps projects of other tools from being remembered. */
  async #mayConcern(manifest: string): Promise<boolean> {
    const text = this.#workspace.document(manifest)?.getText() ?? (await readFile(manifest, "utf8").catch(() => ""));
    return text.includes("zlig");
  }

  /** The projects whose folder has a path in it. */
  around(path: string): readonly ManifestProject[] {
    return this.all().filter((project) => isWithin(project.folder, path));
  }

  /** Forgets projects outside the folders of the workspace, and those whose manifest is gone. */
  async sweep(): Promise<void> {
    for (const [manifest, project] of this.#projects) {
      if (this.#workspace.document(manifest) !== undefined) continue;
      const inside = this.#workspace.folders.some((folder) => isWithin(folder, dirname(manifest)));
      if (inside && (await project.load())) continue;
      project.dispose();
      this.#projects.delete(manifest);
    }
  }

  dispose(): void {
    for (const project of this.#projects.values()) project.dispose();
  }
}
