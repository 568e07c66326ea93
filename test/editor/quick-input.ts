import type { Locator, Page } from "playwright-core";
import { eventually } from "./eventually.ts";
import { listRows } from "./page-scripts.ts";

/** The widget at the top of the workbench: commands, files, picks and input boxes. */
export class QuickInput {
  readonly #page: Page;
  readonly widget: Locator;
  readonly #input: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.widget = page.locator(".quick-input-widget:visible");
    this.#input = this.widget.locator(".quick-input-filter input");
  }

  #rows(): ReturnType<typeof listRows> {
    return listRows(this.widget.locator(".monaco-list-row"));
  }

  /** Opens it with a key, types, and accepts the row with that label. */
  async pick(key: string, text: string, label: string): Promise<void> {
    // A key pressed before the workbench has bound its keys is lost.
    await eventually(
      `the quick input opens on ${key}`,
      async () => {
        if (await this.#input.isVisible()) return true;
        await this.#page.keyboard.press(key);
        await this.#input.waitFor({ state: "visible", timeout: 1_500 });
        return true;
      },
      { timeout: 30_000 },
    );
    await this.#input.fill(text);
    let filled = Date.now();
    await eventually(
      `the quick input offers “${label}”`,
      async () => {
        const rows = await this.#rows();
        if (rows.find(({ focused }) => focused)?.name === label) return true;
        if (rows.some(({ name }) => name === label)) await this.#input.press("ArrowDown");
        else if (Date.now() - filled > 2_000) {
          // The list of commands is taken when the text changes: one that is registered later shows on the next change.
          await this.#input.fill(text.slice(0, 1));
          await this.#input.fill(text);
          filled = Date.now();
        }
        throw new Error(JSON.stringify(rows.slice(0, 8)));
      },
      { timeout: 40_000, interval: 150 },
    );
    await this.#input.press("Enter");
    await eventually(
      "the choice is taken",
      async () => !(await this.#input.isVisible()) || (await this.#input.inputValue({ timeout: 500 })) !== text,
      { timeout: 10_000, interval: 50 },
    );
  }

  /** Chooses a row of the pick that a command shows, by a part of its label. */
  async choose(label: string): Promise<void> {
    const row = this.widget.locator(".monaco-list-row", { hasText: label }).first();
    await row.waitFor({ state: "visible", timeout: 20_000 });
    await row.click();
  }

  /** The labels that a command's pick shows, once one of them contains a text. */
  async offered(part: string): Promise<readonly string[]> {
    return eventually(`the pick offers “${part}”`, async () => {
      const names = (await this.#rows()).map(({ name }) => name);
      if (!names.some((name) => name.includes(part))) throw new Error(JSON.stringify(names));
      return names;
    });
  }

  /** Answers the input box that a command shows. */
  async answer(text: string): Promise<void> {
    await this.#input.waitFor({ state: "visible", timeout: 20_000 });
    await this.#input.fill(text);
    await this.#page.keyboard.press("Enter");
  }

  /** Types into the input box, and waits until it complains with a text. */
  async waitForComplaint(text: string, part: string): Promise<void> {
    await this.#input.waitFor({ state: "visible", timeout: 20_000 });
    await this.#input.fill(text);
    const message = this.widget.locator(".quick-input-message");
    await eventually("a complaint", async () => (await message.innerText()).includes(part));
  }

  async close(): Promise<void> {
    await this.#page.keyboard.press("Escape");
    await this.widget.waitFor({ state: "hidden" });
  }
}
