import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { demoFiles } from "../support/demo.ts";
import { makeTree } from "../support/tree.ts";
import { venvWith } from "../support/venv.ts";
import { eventually } from "./eventually.ts";
import { TestEditor, pythonWithZig } from "./test-editor.ts";
import { packStandIn } from "./stand-in.ts";

/** The Python extension: one environment is active; a command makes another one active. */
function pythonExtension(first: string, second: string): string {
  return `
const vscode = require("vscode");
const changed = new vscode.EventEmitter();
let path = ${JSON.stringify(first)};
exports.activate = (context) => {
  context.subscriptions.push(vscode.commands.registerCommand("standIn.switchPython", () => {
    path = ${JSON.stringify(second)};
    changed.fire({ path });
    changed.fire({ path });
  }));
  return {
    environments: {
      getActiveEnvironmentPath: () => ({ id: path, path }),
      resolveEnvironment: async ({ path }) => ({ executable: { uri: vscode.Uri.file(path) } }),
      onDidChangeActiveEnvironmentPath: changed.event,
    },
  };
};
`;
}

/** The C/C++ extension: what a provider says of demo.c is written to a file. It also calls language-model tools, as a chat would. */
const cppExtension = `
const vscode = require("vscode");
const write = (name, value) => {
  const file = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, name);
  return vscode.workspace.fs.writeFile(file, Buffer.from(JSON.stringify(value)));
};
const ask = async (provider) => {
  const [uri] = await vscode.workspace.findFiles("**/demo.c");
  const can = await provider.canProvideConfiguration(uri);
  await write("intellisense.json", { id: provider.extensionId, can, items: await provider.provideConfigurations([uri]) });
};
const tool = (command, name, input) => vscode.commands.registerCommand(command, async () => {
  try {
    const result = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
    await write(name + ".json", result.content.map((part) => part.value).join(""));
  } catch (error) {
    await write(name + ".json", "error: " + error.message);
  }
});
exports.activate = (context) => {
  context.subscriptions.push(tool("standIn.build", "zlig_build", {}), tool("standIn.explain", "zlig_explain", {}));
  return {
    getApi: () => ({
      getVersion: () => 6,
      registerCustomConfigurationProvider: () => undefined,
      notifyReady: ask,
      didChangeCustomConfiguration: ask,
      dispose: () => undefined,
    }),
  };
};
`;

const vscode = new TestEditor("neighbours");
let second = "";

beforeAll(async () => {
  const { python } = await pythonWithZig();
  // Another environment of the same Python: without Zig in it.
  second = (await venvWith("editor-install", [])).python;
  await vscode.start({
    extensions: [
      await packStandIn(
        "ms-python",
        "python",
        { "standIn.switchPython": "Switch Python" },
        pythonExtension(python, second),
      ),
      await packStandIn(
        "ms-vscode",
        "cpptools",
        { "standIn.build": "Build Tool", "standIn.explain": "Explain Tool" },
        cppExtension,
      ),
    ],
    settings: { "chat.disableAIFeatures": false },
    env: { VIRTUAL_ENV: undefined },
  });
});
afterEach((context) => vscode.closeWindows(context));
afterAll(() => vscode.stop());

test("the Python extension names the interpreter, and a change of it is followed", async () => {
  const folder = await vscode.folder("python");
  makeTree(demoFiles, folder);
  const workbench = await vscode.open(folder);
  await workbench.editor.open("pyproject.toml");
  await workbench.outputWith("Zlig", "Interpreters come from the extension “Python”");
  expect(await workbench.languageStatus("Zig 0.17.1")).toContain("Python 3.");
  await workbench.run("Stand-in: Switch Python");
  expect(await workbench.languageStatus("no Zig found")).toContain("Python 3.");
  await workbench.screenshot("neighbours 1 another Python");
});

test("the C/C++ extension is told how sources are compiled, and no settings are touched", async () => {
  const folder = await vscode.folder("cpptools");
  makeTree(demoFiles, folder);
  const workbench = await vscode.open(folder);
  await workbench.editor.open("demo.c");
  const text = await eventually("the provider was asked", () => readFile(join(folder, "intellisense.json"), "utf8"), {
    timeout: 60_000,
  });
  const { can, id, items } = JSON.parse(text) as {
    readonly can: boolean;
    readonly id: string;
    readonly items: readonly {
      readonly configuration: { readonly includePath: readonly string[]; standard: string };
    }[];
  };
  expect(can).toBe(true);
  expect(id).toBe("zlig.zlig");
  expect(items).toHaveLength(1);
  expect(items[0]?.configuration.standard).toBe("gnu17");
  expect(items[0]?.configuration.includePath.some((path) => /include[\\/]python3/.test(path))).toBe(true);
  await expect(readFile(join(folder, ".vscode", "settings.json"), "utf8")).rejects.toThrow(/ENOENT/);
});

test("language models get a build tool, which the user has to confirm, and a tool that explains", async () => {
  const folder = await vscode.folder("tools");
  makeTree(demoFiles, folder);
  const workbench = await vscode.open(folder);
  await workbench.editor.open("pyproject.toml");
  await workbench.editor.lenses("Build wheel");
  await workbench.run("Stand-in: Build Tool");
  await workbench.confirm("Build native modules?", "neighbours 2 tool");
  const built = await eventually("the tool answered", () => readFile(join(folder, "zlig_build.json"), "utf8"), {
    timeout: 60_000,
  });
  expect(JSON.parse(JSON.parse(built) as string)).toMatchObject({ ok: true, modules: ["demo.demo"] });
  await workbench.run("Stand-in: Explain Tool");
  await workbench.confirm("Explain the project?", "neighbours 3 tool");
  const explained = await eventually("the tool answered", () => readFile(join(folder, "zlig_explain.json"), "utf8"));
  expect(JSON.parse(explained)).toContain("demo.demo");
});
