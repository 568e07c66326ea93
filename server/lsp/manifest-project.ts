import { realpath } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Diagnostic } from "vscode-languageserver";
import { toPosix } from "../core/project/containment.ts";
import type { ManifestReading } from "../core/manifest/read.ts";
import { inspectManifest } from "../core/manifest/read.ts";
import type { DiagnosticRenderer } from "./diagnostics.ts";
import type { FileFindings, TextFindings } from "./inspection.ts";
import { concernsZlig, inspectFiles, inspectText } from "./inspection.ts";
import { TextChange } from "./text-change.ts";
import type { Workspace } from "./workspace.ts";

/** How long typing must rest before files are looked at, in milliseconds. */
const rest = 150;

interface ReadText {
  readonly text: string;
  readonly reading: ManifestReading;
  readonly findings: TextFindings;
}

/** A project as the editor shows it: the manifest's text of this moment, and what the files said when they were last looked at. */
export class ManifestProject {
  /** Absolute path of `pyproject.toml`. */
  readonly file: string;
  /** The project folder as the client names it. */
  readonly folder: string;
  readonly #workspace: Workspace;
  readonly #changed: (project: ManifestProject) => void;
  #read: ReadText | undefined;
  #files: FileFindings | undefined;
  #outdated = true;
  #running: Promise<FileFindings | undefined> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #diskText: string | undefined;
  #root: string | undefined;
  /** Further diagnostics of the manifest that come from builds and are pulled: the states of artefacts. */
  extra: (reading: ManifestReading) => readonly Diagnostic[] = () => [];
  /** What `extra` was made from, to tell when it changes. */
  extraKey = "";
  /** The project-relative path of an extension's artefact, once the interpreter is known. */
  artefactOf: (extension: string) => string | undefined = () => undefined;

  /** @param changed called when the diagnostics differ from what a pull has given last */
  constructor(file: string, workspace: Workspace, changed: (project: ManifestProject) => void) {
    this.file = file;
    this.folder = dirname(file);
    this.#workspace = workspace;
    this.#changed = changed;
  }

  /** The project folder with its links resolved, known once files were looked at. */
  get root(): string {
    return this.#root ?? this.folder;
  }

  /** Resolves the links of the project folder. */
  async realRoot(): Promise<string> {
    this.#root ??= await realpath(this.folder).catch(() => this.folder);
    return this.#root;
  }

  /** Whether there is a manifest that is read at all. */
  get exists(): boolean {
    return this.#text !== undefined;
  }

  get #text(): string | undefined {
    return this.#workspace.document(this.file)?.getText() ?? this.#diskText;
  }

  /** Reads the manifest from the disk, where it is not open. Gives whether there is one. */
  async load(): Promise<boolean> {
    if (this.#workspace.document(this.file) === undefined) this.#diskText = await this.#workspace.diskText(this.file);
    return this.exists;
  }

  /** The manifest as it is now. */
  get reading(): ManifestReading {
    return this.#current().reading;
  }

  /** What the manifest's text alone says. */
  get textFindings(): TextFindings {
    return this.#current().findings;
  }

  #current(): ReadText {
    const text = this.#text ?? "";
    if (this.#read?.text !== text) {
      // smol-toml judges when typing rests.
      const reading = inspectManifest(this.file, text, false);
      this.#read = { text, reading, findings: inspectText(reading) };
    }
    return this.#read;
  }

  /** Whether the manifest has anything to do with Zlig. */
  get concernsZlig(): boolean {
    return this.exists && concernsZlig(this.reading);
  }

  /** What the files said when they were last looked at, perhaps for an older text. */
  get lastFiles(): FileFindings | undefined {
    return this.#files;
  }

  /** The files' findings for the manifest as it is now. */
  async files(): Promise<FileFindings> {
    while (this.#outdated || this.#files?.text !== this.reading.manifest.text) {
      this.#running ??= this.#inspect();
      await this.#running;
    }
    return this.#files;
  }

  async #inspect(): Promise<FileFindings | undefined> {
    clearTimeout(this.#timer);
    this.#outdated = false;
    try {
      const { reading } = this.#current();
      const root = await this.realRoot();
      const found = await inspectFiles(reading, root, (path) => this.#workspace.text(join(this.folder, path)));
      const judged = reading.complete ? inspectManifest(this.file, reading.manifest.text).problems : [];
      const known = new Set(reading.problems.map(({ message }) => message));
      this.#files = { ...found, problems: [...judged.filter(({ message }) => !known.has(message)), ...found.problems] };
    } catch (error) {
      // A folder that vanishes under the search is no reason to show nothing any more.
      this.#files = { text: this.#text ?? "", problems: [], packages: [], extensions: [], globs: new Map() };
      this.onError(error);
    } finally {
      this.#running = undefined;
    }
    return this.#files;
  }

  /** Takes what goes wrong where nobody waits. */
  onError: (error: unknown) => void = () => undefined;

  /** Looks at the files again, soon: the manifest or a file of the project has changed. */
  touch(filesChanged: boolean): void {
    if (filesChanged) this.#outdated = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.#refresh();
    }, rest);
  }

  async #refresh(): Promise<void> {
    if (!this.concernsZlig) return;
    const before = this.#shown(this.#files);
    await this.files();
    if (this.#shown(this.#files) !== before) this.#changed(this);
  }

  #shown(files: FileFindings | undefined): string {
    if (files === undefined) return "";
    const change = new TextChange(files.text, this.#text ?? "");
    return JSON.stringify([
      files.problems.map(({ code, message, hint, location, related }) => [
        code,
        message,
        hint,
        location?.range === undefined ? undefined : change.range(location.range),
        related,
      ]),
      [...files.globs],
    ]);
  }

  /** Stops what is under way. */
  dispose(): void {
    clearTimeout(this.#timer);
  }

  /**
   * The diagnostics of the manifest. The first time they wait for the files; later they are there at once, what the files said about
   * an earlier text carried over to this one.
   */
  async diagnostics(renderer: DiagnosticRenderer): Promise<readonly Diagnostic[]> {
    if (!this.concernsZlig) return [];
    if (this.#files === undefined) await this.files();
    const { reading, findings } = this.#current();
    const files = this.#files;
    const { text } = reading.manifest;
    const found = findings.problems.map((problem) => renderer.render(problem));
    if (files !== undefined) {
      const change = new TextChange(files.text, text);
      for (const problem of files.problems) {
        const shown = renderer.render(problem);
        const range = problem.location?.range === undefined ? shown.range : change.range(shown.range);
        if (range !== undefined) found.push({ ...shown, range });
      }
    }
    return [...found, ...this.extra(reading)];
  }

  /** The path of a file relative to the project, with `/`. */
  relativePath(path: string): string {
    return toPosix(relative(this.folder, path));
  }
}
