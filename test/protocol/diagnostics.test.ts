import { writeFileSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Diagnostic } from "vscode-languageserver";
import { projectFolder, startServer } from "../support/editor-project.ts";
import { demoFiles, manifestHead, writeFiles } from "../support/project-files.ts";
import { makeScript } from "../support/fake-tools.ts";
import { covered, uriOf } from "../support/language-client.ts";
import { lastingFolder } from "../support/lasting-folder.ts";

function told(text: string, diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code, range }) => `${String(code)} at ${covered(text, range)}`);
}

describe("diagnostics of a manifest", () => {
  test("are none for a project that is right", async () => {
    const root = projectFolder(demoFiles("a"));
    const client = await startServer({ folders: [root], settings: { trusted: false } });
    const file = join(root, "pyproject.toml");
    await client.open(file);
    expect(await client.pull(file)).toEqual([]);
  });

  test("come while typing, with code, docs link and exact place, and go with their cause", async () => {
    const root = projectFolder(demoFiles("a"));
    const client = await startServer({ folders: [root], settings: { trusted: false, docsBase: "file:///docs/" } });
    const file = join(root, "pyproject.toml");
    await client.open(file);
    const good = client.text(file);
    await client.change(file, good.replace("[tool.zlig]", "[tool.zlig]\nwheel = { exclud = [] }\npackages = 3"));
    const found = await client.pull(file);
    expect(told(client.text(file), found)).toEqual(["unknown-key at exclud", "wrong-type at 3"]);
    expect(found[0]?.codeDescription?.href).toBe("file:///docs/errors.md#unknown-key");
    expect(found[0]?.message).toContain("Did you mean `exclude`?");
    await client.change(file, good);
    expect(await client.pull(file)).toEqual([]);
  });

  test("have no docs link where no docs are known", async () => {
    const root = projectFolder({ "pyproject.toml": `${manifestHead}[tool.zlig]\nx = 1\n`, "demo/__init__.py": "" });
    const client = await startServer({ folders: [root], settings: { trusted: false } });
    const [found] = await client.pullOpened(join(root, "pyproject.toml"));
    expect(found?.code).toBe("unknown-key");
    expect(found?.codeDescription).toBeUndefined();
  });

  test("say what the files contradict, and are corrected when a file appears", async () => {
    const root = projectFolder(demoFiles("a"));
    const client = await startServer({ folders: [root], settings: { trusted: false } });
    const file = join(root, "pyproject.toml");
    await client.open(file);
    await client.pull(file);
    await client.change(file, client.text(file).replace('"demo/a.c"', '"demo/a.c", "demo/b.c"'));
    await client.until("the glob is told", async () => (await client.pull(file)).length > 0);
    expect(told(client.text(file), await client.pull(file))).toEqual(['glob-empty at "demo/b.c"']);
    expect(client.refreshes).toBeGreaterThan(0);
    writeFiles(root, { "demo/b.c": "int b;" });
    await client.notify("workspace/didChangeWatchedFiles", {
      changes: [{ uri: uriOf(join(root, "demo/b.c")), type: 1 }],
    });
    await client.until("the glob is right", async () => (await client.pull(file)).length === 0);
  });

  test("move with the text above them until the files are looked at again", async () => {
    const root = projectFolder({
      ...demoFiles("a"),
      "pyproject.toml": `${manifestHead}[tool.zlig]\nextensions = [{ name = "demo.a", sources = ["no.c"] }]\n`,
    });
    const client = await startServer({ folders: [root], settings: { trusted: false } });
    const file = join(root, "pyproject.toml");
    await client.open(file);
    expect(told(client.text(file), await client.pull(file))).toEqual(['glob-empty at "no.c"']);
    for (let count = 0; count < 20; count++) {
      await client.edit(file, { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, "# 🐍\n");
      expect(told(client.text(file), await client.pull(file))).toEqual(['glob-empty at "no.c"']);
    }
  });

  test("stay right in broken documents, with astral characters, CRLF and a byte order mark", async () => {
    const root = projectFolder({ "demo/__init__.py": "" });
    const client = await startServer({ folders: [root], settings: { trusted: false } });
    const file = join(root, "pyproject.toml");
    const text = `\ufeff${manifestHead}# 🐍🐍\n[tool.other]\nk = "open\n[tool.zlig]\n"🐍𝔸" = 1\nextensions = [{ name = "🐍", sources = [1] }]\n`;
    await client.open(file, text.replaceAll("\n", "\r\n"));
    const found = told(client.text(file), await client.pull(file));
    expect(found).toContain('unknown-key at "🐍𝔸"');
    expect(found).toContain('invalid-name at "🐍"');
    expect(found).toContain("wrong-type at 1");
    expect(found.filter((one) => one.startsWith("toml-syntax"))).toHaveLength(2);
  });

  test("flag what only TOML 1.1 allows", async () => {
    const root = projectFolder({ "demo/__init__.py": "" });
    const client = await startServer({ folders: [root], settings: { trusted: false } });
    const file = join(root, "pyproject.toml");
    await client.open(file, `${manifestHead}[tool.zlig]\nwheel = { exclude = [], }\n`);
    expect(told(client.text(file), await client.pull(file))).toEqual(["toml-1-1 at ,"]);
  });

  test("are unchanged when they are as they were", async () => {
    const root = projectFolder(demoFiles("a"));
    const client = await startServer({ folders: [root], settings: { trusted: false } });
    const file = join(root, "pyproject.toml");
    await client.open(file);
    const first = await client.report(file);
    expect(first.kind).toBe("full");
    expect(await client.report(file, first.resultId)).toEqual({ kind: "unchanged", resultId: first.resultId });
    await client.change(file, `${client.text(file)}x = 1\n`);
    expect((await client.report(file, first.resultId)).kind).toBe("full");
  });

  test("are none in manifests of other tools", async () => {
    const root = projectFolder({ "pyproject.toml": '[tool.other]\nx = "open\n[project]\nnonsense = 1\n' });
    const client = await startServer({ folders: [root], settings: { trusted: false } });
    expect(await client.pullOpened(join(root, "pyproject.toml"))).toEqual([]);
  });

  test("are pushed to a client that does not pull, each once", async () => {
    const root = projectFolder(demoFiles("a"));
    const client = await startServer({ folders: [root], settings: { trusted: false }, pull: false });
    const file = join(root, "pyproject.toml");
    await client.open(file, client.readDisk(file).replace("extensions", "extension"));
    await client.until("it is pushed", () => client.pushed(file).length > 0);
    expect(client.pushed(file).filter(({ code }) => code === "unknown-key")).toHaveLength(1);
    await client.change(file, client.readDisk(file));
    await client.until("it is taken back", () => client.pushed(file).length === 0);
  });
});

describe("an untrusted workspace", () => {
  test("is validated in full, and no process is run in it, whatever is asked", async () => {
    const trace = join(lastingFolder("zlig-trace-"), "ran");
    const tool = makeScript("python3", `echo ran >> '${trace}'; exit 1`);
    const root = projectFolder({
      ...demoFiles("a"),
      ".venv/bin/python": "#!/bin/sh\nexit 1\n",
    });
    const file = join(root, "pyproject.toml");
    const client = await startServer({
      folders: [root],
      settings: { trusted: false, python: tool, zig: tool, buildOnSave: "always" },
    });
    await client.open(file, client.readDisk(file).replace('"demo/a.c"', '"demo/z.c"'));
    expect(told(client.text(file), await client.pull(file))).toEqual(['glob-empty at "demo/z.c"']);
    const source = join(root, "demo/a.c");
    await client.open(source);
    await client.save(source);
    await client.request("zlig/status", { uri: uriOf(file) });
    for (const method of ["zlig/build", "zlig/wheel", "zlig/sdist", "zlig/clean", "zlig/compileCommands"])
      await expect(client.request(method, { uri: uriOf(file) })).rejects.toThrow("not trusted");
    await client.request("zlig/report", { uri: uriOf(file) });
    expect(await client.request("textDocument/codeLens", { textDocument: { uri: uriOf(file) } })).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(() => client.readDisk(trace)).toThrow("ENOENT");
    // The trace is real: with trust, the tool is run.
    await client.notify("zlig/trusted", { trusted: true });
    await client.request("zlig/build", { uri: uriOf(file) });
    expect(client.readDisk(trace)).toContain("ran");
  });
});

describe("several projects", () => {
  test("nested ones are kept apart", async () => {
    const root = projectFolder(demoFiles("a"));
    const inner = demoFiles("b");
    writeFiles(join(root, "vendor/inner"), inner);
    const client = await startServer({ folders: [root], settings: { trusted: false } });
    const outer = join(root, "pyproject.toml");
    const nested = join(root, "vendor/inner/pyproject.toml");
    await client.open(outer);
    await client.open(nested, client.readDisk(nested).replace("demo/b.c", "demo/none.c"));
    expect(await client.pull(outer)).toEqual([]);
    expect(told(client.text(nested), await client.pull(nested))).toEqual(['glob-empty at "demo/none.c"']);
  });

  test("of several folders are kept apart, also when a folder comes and goes", async () => {
    const [one, two] = [projectFolder(demoFiles("a")), projectFolder(demoFiles("a"))];
    const client = await startServer({ folders: [one], settings: { trusted: false } });
    await client.notify("workspace/didChangeWorkspaceFolders", {
      event: { added: [{ uri: uriOf(two), name: "two" }], removed: [] },
    });
    const [first, second] = [join(one, "pyproject.toml"), join(two, "pyproject.toml")];
    await client.open(first);
    await client.open(second, `${client.readDisk(second)}[tool.zlig.x]\n`);
    expect(await client.pull(first)).toEqual([]);
    expect(told(client.text(second), await client.pull(second))).toEqual(["unknown-key at x"]);
    await client.close(second);
    await client.notify("workspace/didChangeWorkspaceFolders", {
      event: { added: [], removed: [{ uri: uriOf(two), name: "two" }] },
    });
    expect(await client.pull(first)).toEqual([]);
  });
});

describe("a source", () => {
  test("whose init function is misspelt is told at the name and at the function, in the text as it is edited", async () => {
    const root = projectFolder(demoFiles("a"));
    const client = await startServer({ folders: [root], settings: { trusted: false } });
    const file = join(root, "pyproject.toml");
    const source = join(root, "demo/a.c");
    await client.open(file);
    await client.open(source, client.readDisk(source).replace("PyInit_a", "PyInit_aa"));
    await client.until("the name is told", async () => (await client.pull(file)).length > 0);
    const [problem] = await client.pull(file);
    expect(told(client.text(file), [problem as Diagnostic])).toEqual(['init-missing at "demo.a"']);
    expect(problem?.relatedInformation?.[0]?.location.uri).toBe(uriOf(source));
    expect(told(client.text(source), await client.pull(source))).toEqual(["init-missing at PyInit_aa"]);
    await client.change(source, client.text(source).replace("PyInit_aa", "PyInit_a"));
    await client.until("it is right", async () => (await client.pull(file)).length === 0);
    expect(await client.pull(source)).toEqual([]);
  });

  test("that is deleted and made again is followed", async () => {
    const root = projectFolder(demoFiles("a"));
    const client = await startServer({ folders: [root], settings: { trusted: false } });
    const file = join(root, "pyproject.toml");
    const source = join(root, "demo/a.c");
    const text = client.readDisk(source);
    await client.open(file);
    unlinkSync(source);
    await client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: uriOf(source), type: 3 }] });
    await client.until("it is missed", async () => (await client.pull(file)).length > 0);
    writeFileSync(source, text);
    await client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: uriOf(source), type: 1 }] });
    await client.until("it is there", async () => (await client.pull(file)).length === 0);
  });
});
