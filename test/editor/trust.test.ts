import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { demoFiles } from "../support/demo.ts";
import { makeTree } from "../support/tree.ts";
import { eventually } from "./eventually.ts";
import { testEditor } from "./test-editor.ts";

const vscode = testEditor("trust", { workspaceTrust: true });

test("an untrusted workspace is checked and nothing is run in it, until it is trusted", async () => {
  const folder = await vscode.folder("stranger");
  makeTree(demoFiles, folder);
  const built = async (): Promise<boolean> =>
    (await readdir(join(folder, "src/demo"))).some((name) => name.endsWith(".so"));
  const workbench = await vscode.open(folder);
  await workbench.page.getByText("Restricted Mode", { exact: true }).first().waitFor();

  const { editor, notifications } = workbench;
  await editor.open("pyproject.toml");
  await workbench.outputWith("Zlig", "The language server is ready");
  await editor.press("Control+End");
  await editor.type("wheell = {}\n");
  await editor.waitForSquiggles(1);
  expect((await workbench.waitForProblems(1))[0]).toContain("wheell");
  expect(await workbench.languageStatus("Restricted Mode")).toContain("checking only");
  await workbench.screenshot("trust 1 checked in restricted mode");
  await editor.quickFix(11, 1, "Change to");
  await workbench.waitForProblems(0);
  await editor.save("pyproject.toml");

  await editor.open("demo.c");
  await editor.press("Control+Home");
  await editor.type("/* saved in restricted mode */\n");
  await editor.save("demo.c");
  await workbench.run("Zlig: Build Extensions In Place");
  await notifications.waitFor("Zlig does so only in a trusted workspace");
  await workbench.screenshot("trust 2 no build");
  expect(await built()).toBe(false);
  expect(await vscode.server.outputLog("Zlig")).not.toMatch(/\[error\]/);

  await notifications.click("Zlig does so only in a trusted workspace", "Manage Workspace Trust");
  await workbench.page.getByRole("button", { name: "Trust", exact: true }).first().click();
  await editor.open("pyproject.toml");
  await workbench.languageStatus("Python 3.");
  await workbench.run("Zlig: Build Extensions In Place");
  await notifications.waitForBuilt("demo.demo");
  await eventually("the module is in place", built);
  await workbench.screenshot("trust 3 trusted and built");
});
