import type { Browser } from "playwright-core";
import { chromium } from "playwright-core";
import type { CodeServer } from "./code-server.ts";
import type { EditorKit } from "./kit.ts";
import { Workbench } from "./workbench.ts";

/** Starts a headless Chromium that reaches this machine only. */
export function launchBrowser(kit: EditorKit): Promise<Browser> {
  return chromium.launch({
    executablePath: kit.chromium,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--force-color-profile=srgb",
      "--font-render-hinting=none",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });
}

/** Opens a folder, or a `.code-workspace` file, in a fresh browser profile, and waits until the workbench can be used. */
export async function openWorkbench(browser: Browser, server: CodeServer, folder: string): Promise<Workbench> {
  const context = await browser.newContext({
    viewport: { width: 1400, height: 900 },
    deviceScaleFactor: 1,
    colorScheme: "dark",
    reducedMotion: "reduce",
  });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.url });
  const page = await context.newPage();
  const workbench = new Workbench(page, server);
  const query = new URLSearchParams({ [folder.endsWith(".code-workspace") ? "workspace" : "folder"]: folder });
  await page.goto(`${server.url}/?${query.toString()}`, { waitUntil: "domcontentloaded", timeout: 60_000 });
  await workbench.waitUntilUsable();
  return workbench;
}
