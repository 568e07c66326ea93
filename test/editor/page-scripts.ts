import type { Locator, Page } from "playwright-core";

// The functions below are handed to the browser. The rest of the project must not see the DOM's types, so what is used of them stands here.

interface PageElement {
  readonly classList: { contains(name: string): boolean };
  readonly textContent: string | null;
  getAttribute(name: string): string | null;
  querySelector(selector: string): PageElement | null;
  contains(other: unknown): boolean;
}

declare const document: { readonly activeElement: unknown };
declare const navigator: {
  readonly clipboard: { readText(): Promise<string>; writeText(text: string): Promise<void> };
};

/** The rows of a list in a quick input. */
export function listRows(rows: Locator): Promise<readonly { readonly focused: boolean; readonly name: string }[]> {
  return rows.evaluateAll((elements: readonly PageElement[]) =>
    elements.map((row) => ({
      focused: row.classList.contains("focused"),
      name: (row.querySelector(".label-name")?.textContent ?? "").replaceAll("\u00a0", " "),
    })),
  );
}

/** A row of the Problems panel. */
export interface ProblemRow {
  readonly kind: "file" | "marker";
  /** What a screen reader says: message, source, code and place. */
  readonly text: string;
}

/** The rows of the Problems panel. */
export function problemRows(rows: Locator): Promise<readonly ProblemRow[]> {
  return rows.evaluateAll((elements: readonly PageElement[]) =>
    elements.map((row) => {
      const file = row.querySelector(".resource-label-container, .monaco-icon-label.file-icon") !== null;
      const text = (row.getAttribute("aria-label") ?? row.textContent ?? "").replaceAll("\u00a0", " ");
      return { kind: file ? "file" : "marker", text };
    }),
  );
}

/** Whether the focus is inside an element. */
export function hasFocus(element: Locator): Promise<boolean> {
  return element.evaluate((root: PageElement) => root.contains(document.activeElement));
}

/** Puts text on the clipboard. */
export function writeClipboard(page: Page, text: string): Promise<void> {
  return page.evaluate((given) => navigator.clipboard.writeText(given), text);
}

/** The text on the clipboard. */
export function readClipboard(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText());
}
