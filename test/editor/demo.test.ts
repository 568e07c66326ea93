import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { venvWith } from "../support/venv.ts";
import { eventually } from "./eventually.ts";
import { testEditor } from "./test-editor.ts";
import type { Workbench } from "./workbench.ts";

const vscode = testEditor("demo");

/** Opens a fresh copy of the demo with its `pyproject.toml`, and waits until the language server looks at it. */
async function openDemo(name: string): Promise<{ readonly folder: string; readonly workbench: Workbench }> {
  const folder = await vscode.example("demo", name);
  const workbench = await vscode.open(folder);
  await workbench.editor.open("pyproject.toml");
  await workbench.editor.lenses("Build wheel");
  return { folder, workbench };
}

/** The line, from 1, that begins with a text. */
function lineOf(text: string, start: string): number {
  const index = text.split("\n").findIndex((line) => line.trimStart().startsWith(start));
  if (index === -1) throw new Error(`no line begins with “${start}”`);
  return index + 1;
}

async function listModules(folder: string): Promise<readonly string[]> {
  return (await readdir(join(folder, "src", "demo"))).filter((file) => /\.(?:so|pyd)$/.test(file));
}

test("the demo has no problem, and shows its lenses, its interpreter and its wheel tag", async () => {
  const { workbench } = await openDemo("clean");
  await workbench.waitForProblems(0);
  await workbench.editor.waitForSquiggles(0);
  const log = await workbench.outputWith("Zlig", "The language server is ready");
  expect(log).toMatch(/Activated in \d+\.\d ms/);
  expect(await workbench.editor.lenses("Clean")).toEqual(["Build", "Build wheel", "Clean", "Build demo.demo"]);
  const status = await workbench.languageStatus("Python 3.");
  expect(status).toMatch(/cp3\d+-cp3\d+-\w+/);
  expect(status).toMatch(/Zig 0\.17\.1/);
  await workbench.screenshot("demo 1 no problem");
});

test("a wrong key gets a squiggle, a message and a quick fix that mends it", async () => {
  const { workbench } = await openDemo("key");
  const { editor } = workbench;
  const line = lineOf(await editor.text(), "extensions");
  await editor.goTo(line, 1);
  await editor.type("extension = []\n");
  await editor.goTo(line, 1);
  await editor.press("Shift+End");
  await editor.type('pakages = ["src/demo"]');
  await editor.waitForSquiggles(1);
  const [problem] = await workbench.waitForProblems(1);
  expect(problem).toContain("Unknown key `pakages`");
  expect(problem).toContain(`at line ${line} and character 1.`);
  const hover = await editor.hover(line, 3, "pakages");
  expect(hover).toContain("Did you mean `packages`?");
  expect(hover).toContain("unknown-key");
  await workbench.screenshot("demo 2 wrong key");
  await editor.closeHover();
  const titles = await editor.quickFix(line, 3, "Change to `packages`");
  expect(titles.some((title) => title.includes("packages"))).toBe(true);
  await editor.waitForSquiggles(0);
  expect((await editor.text()).split("\n")[line - 1]).toBe('packages = ["src/demo"]');
  await workbench.waitForProblems(0);
  await workbench.screenshot("demo 3 mended");
});

test("a key is completed, with its documentation and a value to fill in", async () => {
  const { workbench } = await openDemo("completion");
  const { editor } = workbench;
  const line = lineOf(await editor.text(), "extensions");
  await editor.goTo(line, 1);
  await editor.type("\n");
  await editor.goTo(line, 1);
  await editor.type("pack");
  const labels = await editor.suggestions("packages");
  expect(labels).not.toContain("name");
  await workbench.screenshot("demo 4 completion");
  await editor.accept("packages");
  await editor.press("Escape");
  const text = await editor.text();
  expect(text.split("\n")[line - 1]).toMatch(/^packages = \[/);
});

test("an error in C shows where it is when the file is saved, goes when it is mended, and the module does the new thing", async () => {
  const { folder, workbench } = await openDemo("save");
  const { editor } = workbench;
  await editor.open("demo.c");
  const good = await editor.text();
  const line = lineOf(good, "return PyLong_FromLong(a + b);");
  await editor.replace(good.replace("(a + b)", "(a + nonsense)"));
  await editor.save("demo.c");
  await editor.waitForSquiggles(1, "error", 60_000);
  const [problem] = await workbench.waitForProblems(1);
  expect(problem).toContain("undeclared identifier 'nonsense'");
  const column = (good.split("\n")[line - 1] ?? "").indexOf("b)") + 1;
  expect(problem).toContain(`at line ${line} and character ${column}.`);
  await workbench.screenshot("demo 5 error in C");
  expect(await listModules(folder)).toEqual([]);

  await editor.replace(good.replace("(a + b)", "(1000 * a + b)"));
  await editor.save("demo.c");
  await editor.waitForSquiggles(0, "error", 60_000);
  await workbench.waitForProblems(0);
  await eventually("the module is in place", async () => (await listModules(folder)).length === 1, { timeout: 60_000 });
  const code = "import sys; sys.path.insert(0, 'src'); import demo; open('seen', 'w').write(str(demo.add(2, 3)))";
  await workbench.runInTerminal(`'${vscode.python}' -c "${code}"`);
  expect(await eventually("the terminal wrote", () => readFile(join(folder, "seen"), "utf8"))).toBe("2003");
  await workbench.screenshot("demo 6 mended and run");
});

test("a wheel is built from the palette, can be revealed, and installs", async () => {
  const { folder, workbench } = await openDemo("wheel");
  await workbench.run("Zlig: Build Wheel");
  const said = await workbench.notifications.waitFor("Wrote demo-0.1.0", 120_000);
  await workbench.screenshot("demo 7 wheel");
  await workbench.notifications.click("Wrote demo-0.1.0", "Reveal");
  const file = /demo-[\w.-]+\.whl/.exec(said)?.[0] ?? "";
  const row = workbench.page.locator(".explorer-folders-view .monaco-list-row.selected", { hasText: file });
  await row.waitFor({ state: "visible", timeout: 20_000 });
  await workbench.screenshot("demo 8 wheel revealed");
  const { python } = await venvWith("editor-install", []);
  const wheel = join(folder, "dist", file);
  await execa(python, ["-m", "pip", "install", "--quiet", "--no-index", "--force-reinstall", wheel]);
  const { stdout } = await execa(python, ["-c", "import demo; print(demo.add(2, 3))"]);
  expect(stdout).toBe("5");
});

test("a build from the code lens tells the import line, and Clean takes the module away", async () => {
  const { folder, workbench } = await openDemo("lens");
  await workbench.editor.clickLens("Build demo.demo");
  await workbench.notifications.waitForBuilt("demo.demo");
  expect(await listModules(folder)).toHaveLength(1);
  await workbench.notifications.click("demo.demo", "Copy Import Line");
  await eventually("the line is copied", async () => (await workbench.clipboard()) === "from demo import demo\n");
  await workbench.editor.clickLens("Clean");
  await workbench.notifications.waitFor("Removed");
  expect(await listModules(folder)).toEqual([]);
});
