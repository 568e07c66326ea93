import type { ExtensionContext, LogOutputChannel, Uri } from "vscode";
import { EventEmitter, extensions, workspace } from "vscode";
import type { Disposable } from "./disposable.ts";
import { disposeAll } from "./disposable.ts";
import type { EnvironmentSource } from "./environments.ts";
import { findEnvironmentSource } from "./environments.ts";
import { errorText } from "./failure.ts";
import type { LanguageServer } from "./language-server.ts";
import { textSetting } from "./settings.ts";
import { findProjects, folderOf } from "./workspace.ts";

const chosenKey = "zlig.interpreters";

/** Who named an interpreter. */
export type InterpreterOrigin = "setting" | "chosen" | "environment" | "server";

/**
 * The interpreter of each project: that of the setting, the one chosen here, that of the Python extension; without any of them the
 * server looks for one itself. In an untrusted workspace none of it is asked.
 */
export class Interpreters implements Disposable {
  readonly #context: ExtensionContext;
  readonly #server: LanguageServer;
  readonly #log: LogOutputChannel;
  readonly #changed = new EventEmitter<Uri>();
  readonly #sent = new Map<string, string | undefined>();
  readonly #disposables: Disposable[] = [];
  #source: Promise<EnvironmentSource | undefined> | undefined;
  #subscription: Disposable | undefined;

  /** Fires with the project whose interpreter is another one now. */
  readonly onDidChange = this.#changed.event;

  constructor(context: ExtensionContext, server: LanguageServer, log: LogOutputChannel) {
    this.#context = context;
    this.#server = server;
    this.#log = log;
    this.#disposables.push(
      this.#changed,
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("zlig.python")) this.#sendSoon();
      }),
      workspace.onDidGrantWorkspaceTrust(() => {
        this.#sendSoon();
      }),
      server.onDidChangeState((state) => {
        if (state !== "running") return;
        this.#sent.clear();
        this.#sendSoon();
      }),
      extensions.onDidChange(() => {
        this.#forgetSource();
        this.#sendSoon();
      }),
    );
  }

  /** The interpreter of a project and who named it; `undefined` leaves it to the server. */
  async of(project: Uri): Promise<{ readonly python: string | undefined; readonly origin: InterpreterOrigin }> {
    if (!workspace.isTrusted) return { python: undefined, origin: "server" };
    const setting = textSetting("python", project);
    if (setting !== undefined) return { python: setting, origin: "setting" };
    const chosen = this.#chosen()[project.toString()];
    if (chosen !== undefined) return { python: chosen, origin: "chosen" };
    const found = await this.#fromSource(project);
    return { python: found, origin: found === undefined ? "server" : "environment" };
  }

  /** Remembers the interpreter that the user chose for a project; `undefined` goes back to finding it. */
  async choose(project: Uri, python: string | undefined): Promise<void> {
    const others = Object.entries(this.#chosen()).filter(([uri]) => uri !== project.toString());
    const all = python === undefined ? others : [...others, [project.toString(), python]];
    await this.#context.workspaceState.update(chosenKey, Object.fromEntries(all));
    await this.send(project);
  }

  /** Tells the server which interpreter a project has, when it does not know yet. */
  async send(project: Uri): Promise<void> {
    if (this.#server.state !== "running") return;
    const uri = project.toString();
    const { python } = await this.of(project);
    // Other extensions announce the same environment several times over.
    if (this.#sent.has(uri) ? this.#sent.get(uri) === python : python === undefined) return;
    this.#sent.set(uri, python);
    await this.#server.notify("zlig/setPython", { uri, python });
    this.#changed.fire(project);
  }

  /** Makes the server look at a project's environment anew: something was installed into it. */
  async refresh(project: Uri): Promise<void> {
    const { python } = await this.of(project);
    await this.#server.notify("zlig/setPython", { uri: project.toString(), python });
    this.#changed.fire(project);
  }

  #chosen(): Readonly<Record<string, string>> {
    return this.#context.workspaceState.get<Record<string, string>>(chosenKey, {});
  }

  async #fromSource(project: Uri): Promise<string | undefined> {
    try {
      this.#source ??= this.#subscribe();
      const source = await this.#source;
      return await source?.interpreterFor(folderOf(project));
    } catch (error) {
      this.#log.warn(`The Python extension could not name an interpreter: ${errorText(error)}`);
      return undefined;
    }
  }

  async #subscribe(): Promise<EnvironmentSource | undefined> {
    const source = await findEnvironmentSource();
    if (source !== undefined) {
      this.#log.info(`Interpreters come from the extension “${source.name}”.`);
      this.#subscription = source.onDidChange(() => {
        this.#sendSoon();
      });
    }
    return source;
  }

  #forgetSource(): void {
    this.#source = undefined;
    this.#subscription?.dispose();
    this.#subscription = undefined;
  }

  #sendSoon(): void {
    if (this.#server.state !== "running") return;
    this.#sendAll().catch((error: unknown) => {
      this.#log.warn(`The interpreter could not be passed on: ${errorText(error)}`);
    });
  }

  async #sendAll(): Promise<void> {
    for (const project of await findProjects()) await this.send(project);
  }

  dispose(): void {
    this.#forgetSource();
    disposeAll(this.#disposables);
  }
}
