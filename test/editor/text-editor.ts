import type { Locator, Page } from "playwright-core";
import { eventually } from "./eventually.ts";
import { hasFocus, readClipboard, writeClipboard } from "./page-scripts.ts";
import type { QuickInput } from "./quick-input.ts";

/** The active text editor. Lines and columns count from 1, as the status bar shows them. */
export class TextEditor {
  readonly #page: Page;
  readonly #quickInput: QuickInput;
  readonly root: Locator;

  constructor(page: Page, quickInput: QuickInput) {
    this.#page = page;
    this.#quickInput = quickInput;
    this.root = page.locator(".editor-group-container.active .editor-instance .monaco-editor").first();
  }

  tab(name: string): Locator {
    return this.#page.locator(`.editor-group-container.active .tab.active[data-resource-name="${name}"]`);
  }

  /** Opens a file by its name, or a path that ends with it. */
  async open(name: string): Promise<void> {
    const base = name.slice(name.lastIndexOf("/") + 1);
    await this.#quickInput.pick("Control+P", name, base);
    await this.tab(base).waitFor({ state: "visible", timeout: 20_000 });
    await this.root.locator(".view-line").first().waitFor({ state: "visible", timeout: 20_000 });
  }

  /** Puts the focus into the editor of the first group. */
  async focus(): Promise<void> {
    await eventually("the editor has the focus", async () => {
      if (await hasFocus(this.root)) return true;
      await this.#page.keyboard.press("Control+1");
      return hasFocus(this.root);
    });
  }

  /** The whole text, unsaved changes included. */
  async text(): Promise<string> {
    await this.focus();
    const nothing = "\u0000 nothing copied yet";
    await writeClipboard(this.#page, nothing);
    await this.#page.keyboard.press("Control+A");
    await this.#page.keyboard.press("Control+C");
    const copied = await eventually("the copied text", async () => {
      const text = await readClipboard(this.#page);
      return text === nothing ? undefined : { text };
    });
    await this.#page.keyboard.press("Control+Home");
    return copied.text.replaceAll("\r\n", "\n");
  }

  /** Puts the cursor somewhere. */
  async goTo(line: number, column = 1): Promise<void> {
    await this.focus();
    await this.#page.keyboard.press("Control+G");
    const input = this.#quickInput.widget.locator(".quick-input-filter input");
    await input.waitFor({ state: "visible" });
    await input.fill(`:${line}:${column}`);
    await input.press("Enter");
    await this.#quickInput.widget.waitFor({ state: "hidden" });
    const status = this.#page.locator('[id="status.editor.selection"]');
    await eventually(`the cursor is at ${line}:${column}`, async () =>
      new RegExp(`Ln ${line}, Col ${column}\\b`).test(await status.innerText()),
    );
  }

  /** Types key by key. */
  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text, { delay: 5 });
  }

  async press(key: string): Promise<void> {
    await this.#page.keyboard.press(key);
  }

  /** Replaces the whole text at once. */
  async replace(text: string): Promise<void> {
    await this.focus();
    await this.#page.keyboard.press("Control+A");
    await this.#page.keyboard.insertText(text);
  }

  /** Saves, and waits until there is nothing left to save. */
  async save(name: string): Promise<void> {
    const dirty = this.#page.locator(`.tab.dirty[data-resource-name="${name}"]`);
    await dirty.waitFor({ state: "visible", timeout: 5_000 });
    await this.#page.keyboard.press("Control+S");
    await dirty.waitFor({ state: "hidden", timeout: 15_000 });
  }

  /** Waits until that many squiggles of a kind are drawn. */
  async waitForSquiggles(count: number, kind: "error" | "warning" | "info" = "error", timeout = 30_000): Promise<void> {
    const squiggles = this.root.locator(`.view-overlays .squiggly-${kind}`);
    await eventually(
      `${count} ${kind} squiggle(s)`,
      async () => {
        const found = await squiggles.count();
        if (found !== count) throw new Error(`${found} are drawn`);
        return true;
      },
      { timeout },
    );
  }

  /** The hover at a position, once it contains a text. */
  async hover(line: number, column: number, part: string): Promise<string> {
    await this.goTo(line, column);
    await this.#page.keyboard.press("Control+K");
    await this.#page.keyboard.press("Control+I");
    return eventually(`a hover with “${part}”`, async () => {
      const text = (await this.#page.locator(".monaco-hover:visible").allInnerTexts()).join("\n");
      if (!text.includes(part)) throw new Error(JSON.stringify(text));
      return text;
    });
  }

  async closeHover(): Promise<void> {
    await this.#page.keyboard.press("Escape");
    await this.#page.locator(".monaco-hover:visible").first().waitFor({ state: "hidden" });
  }

  /** Applies the quick fix at a position whose title contains a text. @returns the titles of all that are offered */
  async quickFix(line: number, column: number, part: string): Promise<readonly string[]> {
    await this.goTo(line, column);
    const rows = this.#page.locator(".action-widget:visible .monaco-list-row.action");
    // Right after an edit, or while the server starts, there may be none yet.
    await eventually("quick fixes", async () => {
      await this.#page.keyboard.press("Escape");
      await this.#page.keyboard.press("Control+.");
      await rows.first().waitFor({ state: "visible", timeout: 3_000 });
      return true;
    });
    const titles = (await rows.allInnerTexts()).map((title) => title.trim());
    await rows.filter({ hasText: part }).first().click();
    return titles;
  }

  /** What completion offers at the cursor, once one of them is a label. */
  async suggestions(label: string): Promise<readonly string[]> {
    const widget = this.#page.locator(".suggest-widget:visible");
    return eventually(
      `completion offers “${label}”`,
      async () => {
        if (!(await widget.isVisible())) await this.#page.keyboard.press("Control+Space");
        await widget.locator(".monaco-list-row").first().waitFor({ state: "visible", timeout: 3_000 });
        const labels = await widget.locator(".monaco-list-row .label-name").allInnerTexts();
        if (!labels.includes(label)) throw new Error(JSON.stringify(labels));
        return labels;
      },
      { timeout: 30_000, interval: 200 },
    );
  }

  /** Accepts a suggestion. */
  async accept(label: string): Promise<void> {
    const row = this.#page.locator(".suggest-widget:visible .monaco-list-row").filter({
      has: this.#page.locator(".label-name", { hasText: new RegExp(`^${label}$`) }),
    });
    await row.first().click();
  }

  /** The titles of the code lenses drawn, once one contains a text. */
  async lenses(part: string): Promise<readonly string[]> {
    return eventually(`a code lens with “${part}”`, async () => {
      const titles = await this.root.locator(".codelens-decoration a").allInnerTexts();
      if (!titles.some((title) => title.includes(part))) throw new Error(JSON.stringify(titles));
      return titles;
    });
  }

  /** Clicks the first code lens with that title. */
  async clickLens(title: string): Promise<void> {
    const lens = this.root.locator(".codelens-decoration a", { hasText: title }).first();
    // Lenses are drawn anew when the server has news: a click in that moment is lost.
    let before = "";
    let since = Date.now();
    await eventually("the lenses stay where they are", async () => {
      const now = JSON.stringify([await lens.boundingBox(), await lens.getAttribute("id")]);
      if (now !== before) since = Date.now();
      before = now;
      return Date.now() - since > 1_000;
    });
    await lens.click();
  }
}
