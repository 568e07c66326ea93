import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { CodeAction } from "vscode-languageserver";
import { projectFolder, startServer } from "../support/editor-project.ts";
import { cModule, demoFiles, manifestHead } from "../support/project-files.ts";
import type { LanguageClient } from "../support/language-client.ts";
import { applyEdits, uriOf } from "../support/language-client.ts";

const untrusted = { trusted: false };

/** Opens a manifest and gives its text after the named fix of its first diagnostic of a code. */
async function fixed(
  client: LanguageClient,
  file: string,
  text: string,
  code: string,
  title?: RegExp,
): Promise<string> {
  await client.open(file, text);
  const found = (await client.pull(file)).filter((one) => one.code === code);
  const actions = await client.fixes(file, found.slice(0, 1), ["quickfix"]);
  const action = actions.find((one) => title === undefined || title.test(one.title));
  if (action === undefined)
    throw new Error(`no fix ${String(title)}: ${JSON.stringify(actions)} for ${JSON.stringify(found)}`);
  return applyEdits(text, action.edit?.changes?.[uriOf(file)] ?? []);
}

async function manifestClient(files: Readonly<Record<string, string>> = demoFiles("a")) {
  const root = projectFolder(files);
  return {
    root,
    file: join(root, "pyproject.toml"),
    client: await startServer({ folders: [root], settings: untrusted }),
  };
}

describe("a quick fix of a manifest", () => {
  const a = `extensions = [{ name = "demo.a", sources = ["demo/a.c"] }]\n`;

  test.each([
    ["an unknown key", "unknown-key", `[tool.zlig]\npakages = ["demo"]\n`, `[tool.zlig]\npackages = ["demo"]\n`],
    [
      "a value that is none of those allowed, keeping its quotes",
      "invalid-value",
      `[tool.zlig]\nbuild = { optimize = 'releasefast' }\n`,
      `[tool.zlig]\nbuild = { optimize = 'ReleaseFast' }\n`,
    ],
    [
      "a trailing comma",
      "toml-1-1",
      `[tool.zlig]\nwheel = { exclude = [], }\n`,
      `[tool.zlig]\nwheel = { exclude = [] }\n`,
    ],
    [
      "an inline table on several lines",
      "toml-1-1",
      `[tool.zlig]\nwheel = {\n  exclude = [],\n  include = []\n}\n`,
      `[tool.zlig]\nwheel = { exclude = [], include = [] }\n`,
    ],
    [
      "a capital boolean",
      "toml-syntax",
      `[tool.zlig.wheel]\nexclude-sources = True\n`,
      `[tool.zlig.wheel]\nexclude-sources = true\n`,
    ],
    [
      "a flag that Zig calls otherwise",
      "flag-refused",
      `[tool.zlig.build]\nextra-compile-args = ["-march=x86-64-v3"]\n`,
      `[tool.zlig.build]\nextra-compile-args = ["-march=x86_64_v3"]\n`,
    ],
    [
      "a glob that matches nothing",
      "glob-empty",
      `[tool.zlig]\n${a.replace("demo/a.c", "dem/a.c")}`,
      `[tool.zlig]\n${a}`,
    ],
    [
      "a key that is missing from an inline table",
      "missing-key",
      `[tool.zlig]\nextensions = [{ name = "demo.a" }]\n`,
      `[tool.zlig]\nextensions = [{ sources = ["src/**/*.c"], name = "demo.a" }]\n`,
    ],
    [
      "a key that is missing below a header",
      "missing-key",
      `[[tool.zlig.extensions]]\nname = "demo.a" # x\n\n[other]\n`,
      `[[tool.zlig.extensions]]\nname = "demo.a" # x\nsources = ["src/**/*.c"]\n\n[other]\n`,
    ],
  ])("mends %s", async (_what, code, before, after) => {
    const { client, file } = await manifestClient();
    expect(await fixed(client, file, manifestHead + before, code)).toBe(manifestHead + after);
  });

  test("makes Zlig the build backend and adds it to `requires`", async () => {
    const { client, file } = await manifestClient();
    const text = `[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n[project]\nname = "demo"\nversion = "1"\n[tool.zlig]\n${a}`;
    expect(await fixed(client, file, text, "build-backend")).toBe(
      text.replace('["setuptools"]', '["setuptools", "zlig"]').replace("setuptools.build_meta", "zlig"),
    );
  });

  test("adds a missing build system", async () => {
    const { client, file } = await manifestClient();
    const text = `[project]\nname = "demo"\nversion = "1"\n[tool.zlig]\n${a}`;
    expect(await fixed(client, file, text, "build-backend")).toBe(
      `[build-system]\nrequires = ["zlig"]\nbuild-backend = "zlig"\n\n${text}`,
    );
  });

  test("adds to `requires`", async () => {
    const { client, file } = await manifestClient();
    const text = `${manifestHead.replace('["zlig"]', "[\n  'wheel',\n]")}[tool.zlig]\n${a}`;
    expect(await fixed(client, file, text, "requires-missing")).toContain("[\n  'wheel',\n  \"zlig\",\n]");
  });

  test("renames a misspelt init function in its source, or the extension", async () => {
    const files = { ...demoFiles("a"), "demo/a.c": cModule("aa", "1") };
    const { client, root, file } = await manifestClient(files);
    const source = join(root, "demo/a.c");
    await client.open(file);
    const found = (await client.pull(file)).filter(({ code }) => code === "init-missing");
    const actions = await client.fixes(file, found, ["quickfix"]);
    expect(actions.map(({ title }) => title)).toEqual([
      "Rename the function to `PyInit_a`",
      'Rename the extension to "demo.aa"',
    ]);
    const edits = (action: CodeAction | undefined, path: string) => action?.edit?.changes?.[uriOf(path)] ?? [];
    expect(applyEdits(client.readDisk(source), edits(actions[0], source))).toContain("PyInit_a(void)");
    expect(applyEdits(client.text(file), edits(actions[1], file))).toContain('name = "demo.aa"');
    await client.open(source);
    const [own] = await client.fixes(source, await client.pull(source));
    expect(own?.title).toBe("Rename to `PyInit_a`");
    expect(applyEdits(client.text(source), edits(own, source))).toBe(
      cModule("aa", "1").replace("PyInit_aa", "PyInit_a"),
    );
  });

  test("inserts a module that compiles where no init function is", async () => {
    const files = { ...demoFiles("a"), "demo/a.c": "int nothing;" };
    const root = projectFolder(files);
    const client = await startServer({ folders: [root] });
    const file = join(root, "pyproject.toml");
    const source = join(root, "demo/a.c");
    const found = (await client.pullOpened(file)).filter(({ code }) => code === "init-missing");
    const [action] = await client.fixes(file, found, ["quickfix"]);
    expect(action?.title).toBe("Add `PyInit_a` to demo/a.c");
    await client.open(source);
    await client.change(source, applyEdits(client.text(source), action?.edit?.changes?.[uriOf(source)] ?? []));
    await client.save(source);
    await client.until("it is right", async () =>
      (await client.pull(file)).every(({ code }) => code !== "init-missing"),
    );
    expect(await client.request("zlig/build", { uri: uriOf(file) })).toMatchObject({ ok: true, messages: [] });
  });
});

describe("source.fixAll", () => {
  test("mends everything that has one cure at once", async () => {
    const { client, file } = await manifestClient();
    const text = `${manifestHead}[tool.zlig]\npakages = ["demo"]\nwheel = { exclud = [], "exclude-sources" = True }\nextensions = [{ name = "demo.a", sources = ["demo/a.c"] }]\n`;
    await client.open(file, text);
    const [action] = await client.fixes(file, [], ["source.fixAll"]);
    expect(action?.kind).toBe("source.fixAll.zlig");
    expect(applyEdits(text, action?.edit?.changes?.[uriOf(file)] ?? [])).toBe(
      text.replace("pakages", "packages").replace("exclud ", "exclude ").replace("True", "true"),
    );
  });

  test("offers nothing where nothing is wrong", async () => {
    const { client, file } = await manifestClient();
    await client.open(file);
    expect(await client.fixes(file, [], ["source.fixAll"])).toEqual([]);
  });
});

describe("the refactoring that ignores artefacts", () => {
  test("adds them to .gitignore and to Flit's exclude, and is gone when they are there", async () => {
    const { client, root, file } = await manifestClient({ ...demoFiles("a"), ".gitignore": "dist/" });
    await client.open(file);
    const at = { line: 9, character: 3 };
    const ask = (): Promise<CodeAction[]> =>
      client.request("textDocument/codeAction", {
        textDocument: { uri: uriOf(file) },
        range: { start: at, end: at },
        context: { diagnostics: [], only: ["refactor"] },
      });
    const [action] = await ask();
    const ignore = join(root, ".gitignore");
    expect(applyEdits("dist/", action?.edit?.changes?.[uriOf(ignore)] ?? [])).toBe("dist/\ndemo/*.so\ndemo/*.pyd\n");
    const text = applyEdits(client.text(file), action?.edit?.changes?.[uriOf(file)] ?? []);
    expect(text).toContain('[tool.flit.sdist]\nexclude = ["demo/*.so", "demo/*.pyd"]\n');
    await client.change(file, text);
    await client.open(ignore, "demo/*.so\ndemo/*.pyd\n");
    await client.until("nothing is left to do", async () => (await ask()).length === 0);
  });
});
