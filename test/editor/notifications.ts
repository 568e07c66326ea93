import type { Page } from "playwright-core";
import { eventually } from "./eventually.ts";

/** The notifications of the workbench. */
export class Notifications {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** The texts on screen. */
  async texts(): Promise<readonly string[]> {
    const messages = this.#page.locator(".notifications-toasts .notification-list-item-message:visible");
    return (await messages.allInnerTexts()).map((text) => text.trim());
  }

  /** Waits for one that contains a text. Progress is shown in notifications too: name words that only the result has. */
  async waitFor(part: string | RegExp, timeout = 30_000): Promise<string> {
    return eventually(
      `a notification with “${String(part)}”`,
      async () => {
        const texts = await this.texts();
        const found = texts.find((text) => (typeof part === "string" ? text.includes(part) : part.test(text)));
        if (found === undefined) throw new Error(JSON.stringify(texts));
        return found;
      },
      { timeout, interval: 50 },
    );
  }

  /** Waits until none is on screen that contains a text. */
  async waitUntilGone(part: string): Promise<void> {
    await eventually(`no notification with “${part}”`, async () =>
      (await this.texts()).every((text) => !text.includes(part)),
    );
  }

  /** Waits for the result of a build of extensions, by the name that it is told with. */
  async waitForBuilt(what: string, timeout = 120_000): Promise<string> {
    const name = what.replaceAll(".", "\\.");
    return this.waitFor(new RegExp(`^(?:Built ${name} in |${name}: up to date)`), timeout);
  }

  async click(part: string, button: string): Promise<void> {
    const item = this.#page.locator(".notifications-toasts .notification-list-item", { hasText: part });
    await item.getByRole("button", { name: button }).click();
  }
}
