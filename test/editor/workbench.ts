import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import type { CodeServer } from "./code-server.ts";
import { eventually } from "./eventually.ts";
import { screenshots } from "./kit.ts";
import { Notifications } from "./notifications.ts";
import type { ProblemRow } from "./page-scripts.ts";
import { problemRows, readClipboard } from "./page-scripts.ts";
import { QuickInput } from "./quick-input.ts";
import { TextEditor } from "./text-editor.ts";

/** One open window of the editor. */
export class Workbench {
  readonly page: Page;
  readonly server: CodeServer;
  readonly quickInput: QuickInput;
  readonly editor: TextEditor;
  readonly notifications: Notifications;
  /** What the page wrote to its console. */
  readonly console: string[] = [];

  constructor(page: Page, server: CodeServer) {
    this.page = page;
    this.server = server;
    this.quickInput = new QuickInput(page);
    this.editor = new TextEditor(page, this.quickInput);
    this.notifications = new Notifications(page);
    page.on("console", (message) => this.console.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => this.console.push(`pageerror: ${error.stack ?? error.message}`));
  }

  async waitUntilUsable(): Promise<void> {
    const statusBar = this.page.locator(".monaco-workbench .part.statusbar");
    await statusBar.waitFor({ state: "visible", timeout: 60_000 });
    const explorer = this.page.locator(".explorer-folders-view .monaco-list-row");
    await explorer.first().waitFor({ state: "visible", timeout: 60_000 });
  }

  /** Keeps what is on screen now. */
  async screenshot(name: string): Promise<void> {
    await mkdir(screenshots, { recursive: true });
    const file = `${name.replaceAll("/", "-")}.png`;
    await this.page.screenshot({ path: join(screenshots, file), animations: "disabled" });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  /** Runs a command by what the palette shows, its category included. */
  async run(label: string): Promise<void> {
    await this.quickInput.pick("F1", `>${label}`, label);
  }

  /** The rows of the Problems panel. */
  async problems(): Promise<readonly ProblemRow[]> {
    const panel = this.page.locator(".part.panel .markers-panel");
    if (!(await panel.isVisible())) await this.run("Problems: Focus on Problems View");
    await panel.waitFor({ state: "visible", timeout: 10_000 });
    return problemRows(panel.locator(".monaco-list-row"));
  }

  /** Waits until the Problems panel lists that many, and gives them. */
  async waitForProblems(count: number, timeout = 30_000): Promise<readonly string[]> {
    return eventually(
      `${count} problem(s) in the panel`,
      async () => {
        const texts = (await this.problems()).filter(({ kind }) => kind === "marker").map(({ text }) => text);
        if (texts.length !== count) throw new Error(JSON.stringify(texts));
        return texts;
      },
      { timeout, interval: 200 },
    );
  }

  statusItem(id: string): Locator {
    return this.page.locator(`.statusbar-item[id="${id}"]`);
  }

  /** The language status (`{}` in the status bar), opened; once it contains a text. */
  async languageStatus(part: string): Promise<string> {
    const item = this.statusItem("status.languageStatus");
    const found = await eventually(
      `a language status with “${part}”`,
      async () => {
        // A pointer that is there already opens no hover.
        await this.page.mouse.move(700, 450);
        await item.hover({ timeout: 3_000 });
        const hover = this.page.locator(".monaco-hover:visible .hover-language-status");
        await hover.first().waitFor({ state: "visible", timeout: 3_000 });
        const text = (await hover.allInnerTexts()).join("\n");
        if (!text.includes(part)) throw new Error(JSON.stringify(text));
        return text;
      },
      { timeout: 60_000, interval: 500 },
    );
    // The hover would lie over notifications.
    await this.page.mouse.move(700, 450);
    return found;
  }

  /** Waits until an extension's output channel contains a text, and gives the whole. */
  async outputWith(channel: string, part: string): Promise<string> {
    return eventually(
      `the output “${channel}” contains “${part}”`,
      async () => {
        const log = await this.server.outputLog(channel);
        if (!log.includes(part)) throw new Error(log.slice(-500));
        return log;
      },
      { timeout: 60_000 },
    );
  }

  /** Says yes in a dialog that contains a text, after keeping what it looks like. */
  async confirm(part: string, screenshot: string): Promise<void> {
    const box = this.page.locator(".monaco-dialog-box", { hasText: part });
    await box.waitFor({ state: "visible", timeout: 30_000 });
    await this.screenshot(screenshot);
    await box.getByRole("button", { name: "Yes" }).click();
    await box.waitFor({ state: "hidden" });
  }

  /** The text on the clipboard. */
  clipboard(): Promise<string> {
    return readClipboard(this.page);
  }

  /** Waits until the active terminal shows a text. */
  async terminalWith(part: string): Promise<void> {
    const rows = this.page.locator(".part.panel .terminal-wrapper.active .xterm-rows");
    await eventually(
      `the terminal shows “${part}”`,
      async () => {
        const text = (await rows.innerText()).replaceAll("\u00a0", " ");
        if (!text.replaceAll("\n", "").includes(part)) throw new Error(text);
        return true;
      },
      { timeout: 60_000 },
    );
  }

  /** Runs a line in a new terminal. */
  async runInTerminal(line: string): Promise<void> {
    await this.run("Terminal: Create New Terminal");
    const terminal = this.page.locator(".part.panel .terminal-wrapper.active .xterm-helper-textarea");
    await terminal.waitFor({ state: "attached", timeout: 30_000 });
    await terminal.focus();
    await this.page.keyboard.type(`${line}\n`, { delay: 2 });
  }
}
