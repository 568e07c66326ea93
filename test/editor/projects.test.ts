import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { demoFiles, manifestText, moduleSource } from "../support/demo.ts";
import { makeTree } from "../support/tree.ts";
import { eventually } from "./eventually.ts";
import { testEditor } from "./test-editor.ts";

const vscode = testEditor("projects");

/** A project whose module is `NAME.NAME`. */
function project(name: string): Record<string, string> {
  return {
    "pyproject.toml": manifestText(
      `packages = ["src/${name}"]`,
      `extensions = [{ name = "${name}.${name}", sources = ["src/${name}/*.c"] }]`,
    ),
    [`src/${name}/__init__.py`]: "",
    [`src/${name}/${name}.c`]: moduleSource(name),
  };
}

async function modulesBelow(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder, { recursive: true });
  return files.filter((file) => file.endsWith(".so")).map((file) => file.replace(/\..*$/, ""));
}

test("a save builds only the project that the file is in, of two folders and a nested project", async () => {
  const folder = await vscode.folder("workspace");
  makeTree(project("one"), join(folder, "first"));
  makeTree(project("two"), join(folder, "second"));
  makeTree(project("three"), join(folder, "second", "nested"));
  const workspace = join(folder, "both.code-workspace");
  await writeFile(workspace, JSON.stringify({ folders: [{ path: "first" }, { path: "second" }] }));
  const workbench = await vscode.open(workspace);
  const { editor } = workbench;

  await editor.open("three.c");
  await workbench.outputWith("Zlig", "The language server is ready");
  const good = await editor.text();
  await editor.replace(good.replace("(42)", "(oops)"));
  await editor.save("three.c");
  await editor.waitForSquiggles(1, "error", 60_000);
  expect((await workbench.waitForProblems(1))[0]).toContain("undeclared identifier 'oops'");

  await editor.open("one.c");
  await editor.press("Control+Home");
  await editor.type("/* changed */\n");
  await editor.save("one.c");
  await eventually("the first project is built", async () => (await modulesBelow(folder)).length > 0, {
    timeout: 60_000,
  });
  expect(await modulesBelow(folder)).toEqual(["first/src/one/one"]);
  await workbench.waitForProblems(1);
  await workbench.screenshot("projects 1 one built, another broken");

  await editor.open("three.c");
  await editor.replace(good);
  await editor.save("three.c");
  await workbench.waitForProblems(0, 60_000);
  await eventually("the nested project is built", async () => (await modulesBelow(folder)).length === 2, {
    timeout: 60_000,
  });
  expect((await modulesBelow(folder)).toSorted()).toEqual(["first/src/one/one", "second/nested/src/three/three"]);
});

test("a command without an active project asks which one is meant", async () => {
  const folder = await vscode.folder("asked");
  makeTree(project("one"), join(folder, "first"));
  makeTree(project("two"), join(folder, "second"));
  const workbench = await vscode.open(folder);
  await workbench.outputWith("Zlig", "The language server is ready");
  await workbench.run("Zlig: Build Extensions In Place");
  await workbench.quickInput.offered("second");
  await workbench.screenshot("projects 2 which project");
  await workbench.quickInput.choose("second");
  await workbench.notifications.waitForBuilt("two.two");
  expect(await modulesBelow(folder)).toEqual(["second/src/two/two"]);
});

test("a server that has crashed comes back with the documents that are open", async () => {
  const folder = await vscode.folder("crash");
  makeTree(demoFiles, folder);
  const workbench = await vscode.open(folder);
  const { editor } = workbench;
  await editor.open("pyproject.toml");
  await editor.lenses("Build wheel");
  await editor.press("Control+End");
  await editor.type("wheell = {}\n");
  await editor.waitForSquiggles(1);
  const before = await workbench.outputWith("Zlig", "process id");
  const pid = Number(/process id (\d+)/.exec(before)?.[1]);
  expect(pid).toBeGreaterThan(1);
  process.kill(pid, "SIGKILL");
  await workbench.outputWith("Zlig", "The language server runs again");
  await editor.quickFix(11, 1, "Change to");
  await editor.waitForSquiggles(0);
  await workbench.screenshot("projects 3 after a crash");
});
