import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { slowFiles } from "../support/demo.ts";
import { processesWith } from "../support/processes.ts";
import { makeTree } from "../support/tree.ts";
import { eventually } from "./eventually.ts";
import { editorCache } from "./kit.ts";
import { testEditor } from "./test-editor.ts";

const cache = join(editorCache, "run", "cancel", "zlig-cache");
const vscode = testEditor("cancel", { env: { ZLIG_CACHE_DIR: cache } });

test("a build shows how far it is, and Cancel ends it with every process of its own", async () => {
  const folder = await vscode.folder("slow");
  makeTree(slowFiles(400), folder);
  const workbench = await vscode.open(folder);
  await workbench.editor.open("pyproject.toml");
  await workbench.editor.lenses("Build wheel");
  await workbench.run("Zlig: Build Extensions In Place");
  await workbench.notifications.waitFor("/402)", 60_000);
  await workbench.screenshot("cancel 1 progress");
  expect(processesWith(cache).some(({ command }) => command.includes("/zig "))).toBe(true);
  await workbench.notifications.click("Building extensions", "Cancel");
  await workbench.notifications.waitUntilGone("Building extensions");
  await eventually("no compiler runs any more", () =>
    processesWith(cache).every(({ command }) => !command.includes("/zig ")),
  );
  await workbench.outputWith("Zlig", "Building extensions: cancelled.");
  await workbench.screenshot("cancel 2 cancelled");
  expect((await readdir(join(folder, "src/demo"))).filter((name) => name.endsWith(".so"))).toEqual([]);
  await workbench.waitForProblems(0);
});
