import type { LanguageStatusItem } from "vscode";
import { l10n, languages, LanguageStatusSeverity, window, workspace } from "vscode";
import type { StatusResult } from "../server/lsp/protocol.ts";
import type { Disposable } from "./disposable.ts";
import { disposeAll } from "./disposable.ts";
import { documentSelector } from "./documents.ts";
import { errorText } from "./failure.ts";

import type { Services } from "./services.ts";
import { projectOf } from "./workspace.ts";

/** What the status shows in words, for eyes and for screen readers alike. */
interface StatusText {
  readonly text: string;
  readonly detail: string;
  readonly severity: LanguageStatusSeverity;
  /** The path of the interpreter. */
  readonly tooltip?: string;
}

function statusText({ python, version, tag, zig, extensions, problems }: StatusResult): StatusText {
  const compiler = zig === undefined ? l10n.t("no Zig found") : `Zig ${zig}`;
  if (python === undefined)
    return {
      text: l10n.t("No Python found"),
      detail: problems[0]?.message ?? "",
      severity: LanguageStatusSeverity.Warning,
    };
  const other = extensions.filter(({ state }) => state === "other-interpreter");
  const built = other.length === 0 ? undefined : l10n.t("built for another Python");
  return {
    text: version ?? "Python",
    detail: [built, tag, compiler].filter((part) => part !== undefined).join(" · "),
    tooltip: python,
    severity:
      zig === undefined || built !== undefined ? LanguageStatusSeverity.Warning : LanguageStatusSeverity.Information,
  };
}

/** The language-status item: the interpreter of the active project, the wheel tag it gives, and Zig. */
export class Status implements Disposable {
  readonly #services: Services;
  readonly #item: LanguageStatusItem;
  readonly #disposables: Disposable[];
  #generation = 0;

  constructor(services: Services) {
    this.#services = services;
    this.#item = languages.createLanguageStatusItem("zlig.interpreter", documentSelector);
    this.#item.name = "Zlig";
    const update = (): void => {
      void this.update();
    };
    this.#disposables = [
      this.#item,
      window.onDidChangeActiveTextEditor(update),
      workspace.onDidGrantWorkspaceTrust(update),
      services.server.onDidChangeState(update),
      services.server.onDidChangeStatus(update),
      services.interpreters.onDidChange(update),
    ];
    update();
  }

  /** Shows what holds now for the active editor's project. */
  async update(): Promise<void> {
    const generation = ++this.#generation;
    const shown = await this.#read();
    // A slower answer to an earlier question must not overwrite a newer one.
    if (generation !== this.#generation || shown === undefined) return;
    this.#item.text = shown.text;
    this.#item.detail = shown.detail;
    this.#item.severity = shown.severity;
    this.#item.command = {
      title: l10n.t("Select Interpreter"),
      command: "zlig.selectInterpreter",
      ...(shown.tooltip === undefined ? {} : { tooltip: shown.tooltip }),
    };
    this.#item.accessibilityInformation = { label: `Zlig: ${shown.text}, ${shown.detail}` };
  }

  async #read(): Promise<StatusText | undefined> {
    const { server, interpreters, log } = this.#services;
    const active = window.activeTextEditor?.document.uri;
    const project = active === undefined ? undefined : await projectOf(active);
    if (project === undefined || server.state === "stopped") return undefined;
    if (server.state === "failed")
      return { text: l10n.t("Zlig has stopped"), detail: "", severity: LanguageStatusSeverity.Error };
    if (!workspace.isTrusted)
      return {
        text: l10n.t("Restricted Mode"),
        detail: l10n.t("checking only"),
        severity: LanguageStatusSeverity.Information,
      };
    if (server.state === "starting") return undefined;
    this.#item.busy = true;
    try {
      await interpreters.send(project);
      return statusText(await server.request<StatusResult>("zlig/status", { uri: project.toString() }));
    } catch (error) {
      log.warn(`There is no status: ${errorText(error)}`);
      return { text: "Zlig", detail: errorText(error), severity: LanguageStatusSeverity.Warning };
    } finally {
      this.#item.busy = false;
    }
  }

  dispose(): void {
    disposeAll(this.#disposables);
  }
}
