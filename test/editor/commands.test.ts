import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { CompileCommand } from "../../server/lsp/protocol.ts";
import { expect, test } from "vitest";
import { demoFiles, manifestText } from "../support/demo.ts";
import { makeTree } from "../support/tree.ts";
import { venvWith } from "../support/venv.ts";
import { eventually } from "./eventually.ts";
import { editorCache } from "./kit.ts";
import { testEditor } from "./test-editor.ts";
import type { Workbench } from "./workbench.ts";

/** Where pip looks for packages, instead of the index. */
const links = join(editorCache, "links");
const vscode = testEditor("commands", { env: { PIP_NO_INDEX: "1", PIP_FIND_LINKS: links } });

/** Packs a `ziglang` of a few bytes whose `zig` runs that of the tests' environment. */
async function packZiglang(): Promise<void> {
  const where = "import ziglang, os; print(os.path.join(os.path.dirname(ziglang.__file__), 'zig'))";
  const { stdout: zig } = await execa(vscode.python, ["-c", where]);
  const folder = await vscode.folder("ziglang");
  makeTree(
    {
      "pyproject.toml": manifestText('packages = ["ziglang"]')
        .replace('"demo"', '"ziglang"')
        .replace('"1.0"', '"0.17.1"'),
      "ziglang/__init__.py": "",
      "ziglang/zig": { content: `#!/bin/sh\nexec '${zig}' "$@"\n`, mode: 0o755 },
    },
    folder,
  );
  await execa(process.execPath, ["dist/zlig.js", "wheel", "--project", folder, "--out-dir", links]);
}

async function openDemo(
  name: string,
  files: Readonly<Record<string, string>> = {},
): Promise<{ readonly folder: string; readonly workbench: Workbench }> {
  const folder = await vscode.folder(name);
  makeTree({ ...demoFiles, ...files }, folder);
  const workbench = await vscode.open(folder);
  await workbench.editor.open("pyproject.toml");
  await workbench.editor.lenses("Build wheel");
  return { folder, workbench };
}

test("New Extension Module edits the manifest, keeps its comments, writes a source, and builds it", async () => {
  const { folder, workbench } = await openDemo("new", {
    "pyproject.toml": manifestText('extensions = [{ name = "demo.demo", sources = ["src/demo/demo.c"] }]'),
    "src/demo/__init__.py": "",
  });
  const { editor, quickInput, notifications } = workbench;
  await editor.press("Control+End");
  await editor.type("# a comment at the end\n");
  await editor.save("pyproject.toml");
  await workbench.run("Zlig: New Extension Module");
  await quickInput.waitForComplaint("demo.9x", "A dotted import name");
  await quickInput.answer("demo._speedups");
  await workbench.screenshot("commands 1 language of the new module");
  await quickInput.choose("C");
  await editor.tab("_speedups.c").waitFor({ state: "visible", timeout: 30_000 });
  await notifications.waitForBuilt("demo._speedups");
  await workbench.screenshot("commands 2 new module");
  const manifest = await readFile(join(folder, "pyproject.toml"), "utf8");
  expect(manifest).toContain('name = "demo._speedups"');
  expect(manifest).toContain("# a comment at the end");
  expect(manifest).toContain('name = "demo.demo"');
  const code = "import demo._speedups as s; print(s.add(20, 3))";
  const { stdout } = await execa(vscode.python, ["-c", code], { cwd: folder, env: { PYTHONPATH: "src" } });
  expect(stdout).toBe("23");
  await workbench.waitForProblems(0);
});

test("Build Source Distribution, Write compile_commands.json and Copy Diagnostic Report give what they say", async () => {
  const { folder, workbench } = await openDemo("files");
  await workbench.run("Zlig: Build Source Distribution");
  await workbench.notifications.waitFor("Wrote demo-1.0.tar.gz", 60_000);
  expect(await readdir(join(folder, "dist"))).toEqual(["demo-1.0.tar.gz"]);
  await workbench.run("Zlig: Write compile_commands.json");
  // The toast may be gone before anyone looks: the file itself tells that the command has ended.
  const [entry] = await eventually(
    "compile_commands.json is written",
    async () => JSON.parse(await readFile(join(folder, "compile_commands.json"), "utf8")) as readonly CompileCommand[],
  );
  expect(entry?.file).toContain("demo.c");
  await workbench.run("Zlig: Copy Diagnostic Report");
  const report = await eventually(
    "the report is on the clipboard",
    async () => {
      const text = await workbench.clipboard();
      return text.startsWith("Zlig ") ? text : undefined;
    },
    { timeout: 60_000 },
  );
  expect(report).toMatch(/^Zlig \d+\.\d+\.\d+, Visual Studio Code 1\./);
  expect(report).toContain("demo.demo");
  expect(report).toContain("| Zig | 0.17.1 |");
});

test("Select Interpreter offers what is there, remembers the choice, and offers to build for it", async () => {
  const { folder, workbench } = await openDemo("interpreter");
  const other = await venvWith("editor-install", []);
  await execa("ln", ["-s", join(other.bin, ".."), join(folder, "other")]);
  await workbench.run("Zlig: Select Interpreter");
  const offered = await workbench.quickInput.offered("./other/bin/python");
  expect(offered.some((label) => label.includes("Find one automatically"))).toBe(true);
  await workbench.screenshot("commands 3 interpreters");
  await workbench.quickInput.choose("./other/bin/python");
  await workbench.notifications.waitFor("The project has another interpreter now");
  expect(await workbench.languageStatus("no Zig found")).toContain("Python 3.");
  await workbench.run("Zlig: Build Extensions In Place");
  await workbench.notifications.waitFor("There is no Zig", 60_000);
  await workbench.page.getByRole("button", { name: "Install Zig" }).waitFor();
  await workbench.screenshot("commands 4 no Zig in that environment");

  await workbench.run("Zlig: Select Interpreter");
  await workbench.quickInput.choose("Find one automatically");
  await workbench.languageStatus("Zig 0.17.1");
  await workbench.notifications.click("The project has another interpreter now", "Build Now");
  await workbench.notifications.waitForBuilt("demo.demo");
});

test("Install Zig into the Environment lets the project's interpreter build", async () => {
  await packZiglang();
  const { folder, workbench } = await openDemo("install");
  await execa(vscode.python, ["-m", "venv", join(folder, ".venv")]);
  await workbench.run("Zlig: Select Interpreter");
  await workbench.quickInput.choose("./.venv/bin/python");
  await workbench.notifications.waitFor("The project has another interpreter now");
  await workbench.languageStatus("no Zig found");
  await workbench.run("Zlig: Install Zig into the Environment");
  await workbench.notifications.waitFor("Zig is installed for", 120_000);
  await workbench.screenshot("commands 8 Zig installed");
  await workbench.languageStatus("Zig 0.17.1");
  await workbench.notifications.click("The project has another interpreter now", "Build Now");
  await workbench.notifications.waitForBuilt("demo.demo");
});

test("a build task runs in a terminal, and shows there what the compiler says", async () => {
  const { folder, workbench } = await openDemo("task");
  await workbench.run("Tasks: Run Task");
  await workbench.quickInput.choose("zlig");
  await workbench.quickInput.offered("zlig: build");
  await workbench.screenshot("commands 5 tasks");
  await workbench.quickInput.choose("zlig: build");
  await workbench.terminalWith("in place: src/demo/demo.");
  expect((await readdir(join(folder, "src", "demo"))).some((name) => name.endsWith(".so"))).toBe(true);
  await workbench.screenshot("commands 6 task terminal");
});

test("the walkthrough has four steps", async () => {
  const { workbench } = await openDemo("walkthrough");
  await workbench.run("Welcome: Open Walkthrough...");
  await workbench.quickInput.choose("Write a native Python module");
  const steps = workbench.page.locator(".getting-started-step");
  await eventually("four steps", async () => (await steps.count()) === 4);
  const media = workbench.page.locator(".getting-started-media iframe");
  await media.waitFor({ state: "visible", timeout: 20_000 });
  await workbench.screenshot("commands 7 walkthrough");
});
