import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type {
  CodeLens,
  CompletionItem,
  DocumentLink,
  DocumentSymbol,
  Hover,
  InlayHint,
  LocationLink,
  Location,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver";
import { projectFolder, startServer } from "../support/editor-project.ts";
import { demoFiles, manifestHead } from "../support/project-files.ts";
import type { LanguageClient } from "../support/language-client.ts";
import { applyEdits, covered, uriOf, withCursor } from "../support/language-client.ts";

async function demo(files: Readonly<Record<string, string>> = demoFiles("a", "b"), trusted = false) {
  const root = projectFolder(files);
  const client = await startServer({ folders: [root], settings: { trusted } });
  const file = join(root, "pyproject.toml");
  await client.open(file);
  await client.pull(file);
  return { root, client, file };
}

/** Completes at the mark and gives each label with the text that comes of it. */
async function complete(client: LanguageClient, file: string, marked: string): Promise<Map<string, string>> {
  const { text, position } = withCursor(marked);
  await client.change(file, text);
  const items = await client.at<CompletionItem[]>("textDocument/completion", file, position);
  return new Map(
    items.map((item) => [item.label, item.textEdit === undefined ? "" : applyEdits(text, [item.textEdit as TextEdit])]),
  );
}

describe("completion", () => {
  test("offers the keys of each table with their documentation, in the form that fits, but none twice", async () => {
    const { client, file } = await demo();
    const keys = await complete(client, file, `${manifestHead}[tool.zlig]\npackages = []\n‸\n`);
    expect([...keys.keys()]).toEqual(expect.arrayContaining(["extensions", "wheel", "build"]));
    expect(keys.has("packages")).toBe(false);
    expect(keys.get("extensions")).toContain(
      '[tool.zlig]\npackages = []\nextensions = [{ name = "$1", sources = ["$2"] }]\n',
    );
    const inner = await complete(client, file, `${manifestHead}[[tool.zlig.extensions]]\nname = "x"\nso‸\n`);
    expect(inner.get("sources")).toContain('name = "x"\nsources = ["$0"]\n');
    const inline = await complete(client, file, `${manifestHead}[tool.zlig]\nextensions = [{ name = "x", ‸ }]\n`);
    expect(inline.get("sources")).toContain('{ name = "x", sources = ["$0"] }');
    expect(inline.has("packages")).toBe(false);
    // A key that has its value is replaced alone.
    const replaced = await complete(client, file, `${manifestHead}[tool.zlig.build]\nc-s‸ = "c11"\n`);
    expect(replaced.get("c-std")).toContain('c-std = "c11"\n');
  });

  test("offers tables in headers, arrays of tables where there are two brackets", async () => {
    const { client, file } = await demo();
    expect([...(await complete(client, file, "[‸]\n")).keys()]).toContain("tool.zlig");
    expect([...(await complete(client, file, "[tool.zlig.‸]\n")).keys()]).toEqual(
      expect.arrayContaining(["build", "wheel", "sdist"]),
    );
    const arrays = await complete(client, file, "[[tool.zlig.ex‸]]\n");
    expect([...arrays.keys()]).toContain("extensions");
    expect(arrays.has("wheel")).toBe(false);
    expect(arrays.get("extensions")).toBe("[[tool.zlig.extensions]]\n");
  });

  test("offers values with quotes where there are none, and keeps those that are there", async () => {
    const { client, file } = await demo();
    const bare = await complete(client, file, `${manifestHead}[tool.zlig.build]\noptimize = ‸\n`);
    expect(bare.get("ReleaseSafe")).toContain('optimize = "ReleaseSafe"\n');
    const literal = await complete(client, file, `${manifestHead}[tool.zlig.build]\noptimize = 'Rel‸'\n`);
    expect(literal.get("Debug")).toContain("optimize = 'Debug'\n");
    const open = await complete(client, file, `${manifestHead}[tool.zlig.build]\noptimize = "Rel‸\nc-std = "c11"\n`);
    expect(open.get("Debug")).toContain('optimize = "Debug"\nc-std');
    const truth = await complete(client, file, `${manifestHead}[tool.zlig.wheel]\nexclude-sources = ‸\n`);
    expect([...truth.keys()]).toEqual(["true", "false"]);
    expect([...(await complete(client, file, `${manifestHead}[tool.zlig.build]\ncpp-std = "‸"\n`)).keys()]).toContain(
      "c++20",
    );
    expect([...(await complete(client, file, '[build-system]\nbuild-backend = "‸"\n[tool.zlig]\n')).keys()]).toEqual([
      "zlig",
    ]);
  });

  test("offers files, folders and globs of the project, and nothing outside it", async () => {
    const { client, file } = await demo({
      ...demoFiles("a"),
      "demo/sub/x.cpp": "",
      "demo/data.txt": "",
      "demo/x.so": "",
    });
    const source = (typed: string): Promise<Map<string, string>> =>
      complete(
        client,
        file,
        `${manifestHead}[tool.zlig]\nextensions = [{ name = "demo.a", sources = ["${typed}‸"] }]\n`,
      );
    expect([...(await source("")).keys()]).toEqual(["demo/"]);
    const inside = await source("demo/");
    expect([...inside.keys()]).toEqual(["demo/*.c", "demo/**/*.c", "demo/a.c", "demo/sub/"]);
    expect(inside.get("demo/**/*.c")).toContain('sources = ["demo/**/*.c"]');
    expect([...(await source("!demo/")).keys()]).toContain("!demo/a.c");
    for (const outside of ["../", "/", "/etc/"]) expect((await source(outside)).size).toBe(0);
    const folders = await complete(client, file, `${manifestHead}[tool.zlig.build]\ninclude-dirs = ["demo/‸"]\n`);
    expect([...folders.keys()]).toEqual(["demo/sub"]);
    expect([...(await complete(client, file, `${manifestHead}[tool.zlig]\npackages = [‸]\n`)).keys()]).toEqual([
      "demo",
    ]);
  });

  test("offers packages for a name, and nothing in comments and other tools' tables", async () => {
    const { client, file } = await demo();
    const names = await complete(client, file, `${manifestHead}[tool.zlig]\nextensions = [{ name = "‸" }]\n`);
    expect([...names.keys()]).toEqual(["demo."]);
    expect((await complete(client, file, `${manifestHead}[tool.zlig]\n# pack‸\n`)).size).toBe(0);
    expect((await complete(client, file, `${manifestHead}[tool.black]\n‸\n`)).size).toBe(0);
  });
});

describe("hover", () => {
  async function hover(client: LanguageClient, file: string, marked: string): Promise<string> {
    const { text, position } = withCursor(marked);
    await client.change(file, text);
    await client.request("textDocument/documentLink", { textDocument: { uri: uriOf(file) } });
    const found = await client.at<Hover | null>("textDocument/hover", file, position);
    return found === null ? "" : (found.contents as { value: string }).value;
  }

  test("explains a key: its type, meaning, default and an example", async () => {
    const { client, file } = await demo();
    const text = await hover(client, file, `${manifestHead}[tool.zlig.build]\nopti‸mize = "Debug"\n`);
    expect(text).toContain('one of "ReleaseFast"');
    expect(text).toContain('Default: `"ReleaseFast"`');
    expect(text).toContain("```toml");
  });

  test("shows the files of a glob, and the file and function of a name", async () => {
    const { client, file } = await demo();
    const manifest = (name: string, glob: string): string =>
      `${manifestHead}[tool.zlig]\nextensions = [{ name = "${name}", sources = ["${glob}", "!demo/b.c"] }]\n`;
    expect(await hover(client, file, manifest("demo.a", "demo/*‸.c"))).toContain(
      "matches 2 files:\n\n- `demo/a.c`\n- `demo/b.c`",
    );
    expect(await hover(client, file, manifest("demo.a", "demo/*.c").replace("!demo", "!de‸mo"))).toContain(
      "takes away 1 file",
    );
    const name = await hover(client, file, manifest("demo‸.a", "demo/*.c"));
    expect(name).toContain("`PyInit_a`");
    expect(name).toContain("demo/a.");
  });

  test("says nothing elsewhere", async () => {
    const { client, file } = await demo();
    expect(await hover(client, file, manifestHead.replace("name", "na‸me") + "[tool.zlig]\n")).toBe("");
  });
});

describe("definition", () => {
  test("leads from a glob to its files, from a name to its init function and back, from a package to its file", async () => {
    const { client, file, root } = await demo();
    const go = async (marked: string): Promise<LocationLink[]> => {
      const { text, position } = withCursor(marked);
      await client.change(file, text);
      return client.at("textDocument/definition", file, position);
    };
    const text = `${manifestHead}[tool.zlig]\npackages = ["demo"]\nextensions = [{ name = "demo.a", sources = ["demo/*.c", "!demo/b.c"] }]\n`;
    expect((await go(text.replace("demo/*", "demo/‸*"))).map(({ targetUri }) => targetUri)).toEqual([
      uriOf(join(root, "demo/a.c")),
      uriOf(join(root, "demo/b.c")),
    ]);
    const [init] = await go(text.replace("demo.a", "dem‸o.a"));
    const source = join(root, "demo/a.c");
    expect(init?.targetUri).toBe(uriOf(source));
    expect(init === undefined ? "" : covered(client.readDisk(source), init.targetRange)).toBe("PyInit_a");
    expect((await go(text.replace('["demo"]', '["de‸mo"]')))[0]?.targetUri).toBe(uriOf(join(root, "demo/__init__.py")));
    await client.open(source);
    const offset = withCursor(client.text(source).replace("PyInit_a", "Py‸Init_a"));
    const [back] = await client.at<(LocationLink | Location)[]>("textDocument/definition", source, offset.position);
    const target = back !== undefined && "targetUri" in back ? back : undefined;
    expect(target?.targetUri).toBe(uriOf(file));
    expect(target === undefined ? "" : covered(client.text(file), target.targetRange)).toBe('"demo.a"');
  });
});

test("a client that does not know links gets plain locations", async () => {
  const root = projectFolder(demoFiles("a"));
  const client = await startServer({ folders: [root], settings: { trusted: false }, links: false });
  const file = join(root, "pyproject.toml");
  await client.open(file);
  const { position } = withCursor(client.text(file).replace("demo/a.c", "demo/‸a.c"));
  const found = await client.at<Location[]>("textDocument/definition", file, position);
  expect(found.map(({ uri }) => uri)).toEqual([uriOf(join(root, "demo/a.c"))]);
});

describe("rename", () => {
  test("changes the name in the manifest and the init function in its source, from either side", async () => {
    const { client, file, root } = await demo();
    const source = join(root, "demo/a.c");
    await client.open(source);
    const inManifest = withCursor(client.text(file).replace('"demo.a"', '"demo.‸a"')).position;
    const inSource = withCursor(client.text(source).replace("PyInit_a", "PyInit_‸a")).position;
    for (const [path, position] of [
      [file, inManifest],
      [source, inSource],
    ] as const) {
      const prepared = await client.at<{ placeholder: string }>("textDocument/prepareRename", path, position);
      expect(prepared.placeholder).toBe("a");
      const edit = await client.at<WorkspaceEdit>("textDocument/rename", path, position, { newName: "_fast" });
      expect(applyEdits(client.text(file), edit.changes?.[uriOf(file)] ?? [])).toContain('name = "demo._fast"');
      expect(applyEdits(client.text(source), edit.changes?.[uriOf(source)] ?? [])).toContain("PyInit__fast(void)");
    }
  });

  test("knows names that are not ASCII, and refuses what is no name or taken", async () => {
    const { client, file, root } = await demo();
    const { position } = withCursor(client.text(file).replace('"demo.a"', '"demo.‸a"'));
    const rename = (newName: string): Promise<WorkspaceEdit> =>
      client.at("textDocument/rename", file, position, { newName });
    const edit = await rename("größe");
    const source = join(root, "demo/a.c");
    expect(applyEdits(client.readDisk(source), edit.changes?.[uriOf(source)] ?? [])).toContain(
      "PyInitU_gre_6ka8i(void)",
    );
    await expect(rename("class")).rejects.toThrow("Python reserves");
    await expect(rename("b")).rejects.toThrow('There is an extension "demo.b" already');
    await expect(rename("x.y")).rejects.toThrow("last part");
  });
});

describe("what is shown in a manifest", () => {
  test("code lenses build, for trusted workspaces and with the commands that the client has", async () => {
    const { client, file } = await demo(demoFiles("a", "b"), true);
    const lenses = await client.request<CodeLens[]>("textDocument/codeLens", { textDocument: { uri: uriOf(file) } });
    expect(lenses.map(({ command }) => command?.title)).toEqual([
      "Build",
      "Build wheel",
      "Clean",
      "Build demo.a",
      "Build demo.b",
    ]);
    expect(lenses[3]?.command).toMatchObject({
      command: "zlig.server.buildExtension",
      arguments: [{ uri: uriOf(file), extension: "demo.a" }],
    });
    const own = await startServer({ folders: [], settings: { clientCommands: true } });
    await own.open(file);
    const [first] = await own.request<CodeLens[]>("textDocument/codeLens", { textDocument: { uri: uriOf(file) } });
    expect(first?.command?.command).toBe("zlig.build");
  });

  test("inlay hints count the files of globs, unless they are switched off", async () => {
    const { client, file } = await demo({
      ...demoFiles("a"),
      "pyproject.toml": `${manifestHead}[tool.zlig]\nextensions = [{ name = "demo.a", sources = ["demo/*.c", "demo/a.c", "!demo/x*.c"] }]\n`,
      "demo/x1.c": "",
      "demo/x2.c": "",
    });
    const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    const hints = (): Promise<InlayHint[]> =>
      client.request("textDocument/inlayHint", { textDocument: { uri: uriOf(file) }, range });
    expect((await hints()).map(({ label }) => label)).toEqual(["3 files", "takes away 2 files"]);
    await client.notify("workspace/didChangeConfiguration", { settings: { zlig: { inlayHints: false } } });
    expect(await hints()).toEqual([]);
  });

  test("links lead to files that are named plainly", async () => {
    const { client, file, root } = await demo();
    const links = await client.request<DocumentLink[]>("textDocument/documentLink", {
      textDocument: { uri: uriOf(file) },
    });
    expect(links.map(({ target, range }) => [target, covered(client.text(file), range)])).toEqual([
      [uriOf(join(root, "demo/a.c")), "demo/a.c"],
      [uriOf(join(root, "demo/b.c")), "demo/b.c"],
    ]);
  });

  test("symbols are those of Zlig's table, however it is written", async () => {
    const { client, file } = await demo();
    const names = async (): Promise<unknown> => {
      const tree = (symbols: readonly DocumentSymbol[]): unknown =>
        symbols.map(({ name, children }) => [
          name,
          ...(children === undefined || children.length === 0 ? [] : [tree(children)]),
        ]);
      return tree(
        await client.request<DocumentSymbol[]>("textDocument/documentSymbol", { textDocument: { uri: uriOf(file) } }),
      );
    };
    await client.change(
      file,
      `${manifestHead}[tool.zlig]\npackages = []\n[[tool.zlig.extensions]]\nname = "demo.a"\nsources = []\n[tool.zlig.wheel]\nexclude = []\n`,
    );
    expect(await names()).toEqual([
      ["tool.zlig", [["packages"], ["extensions", [["demo.a", [["name"], ["sources"]]]]], ["wheel", [["exclude"]]]]],
    ]);
  });
});
