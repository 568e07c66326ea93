import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Diagnostic } from "vscode-languageserver";
import { TextDocumentSaveReason } from "vscode-languageserver";
import type {
  AddExtensionResult,
  BuildResult,
  CompileCommand,
  DistributionResult,
  StatusResult,
} from "../../server/lsp/protocol.ts";
import { projectFolder, startServer } from "../support/editor-project.ts";
import { cModule, demoFiles, manifestHead, writeFiles } from "../support/project-files.ts";
import type { LanguageClient } from "../support/language-client.ts";
import { applyEdits, covered, uriOf } from "../support/language-client.ts";
import { lastingFolder } from "../support/lasting-folder.ts";
import { processesWith } from "../support/processes.ts";
import { findPythons, findTestZig, newestPython } from "../support/toolchain.ts";

function told(text: string, diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code, range }) => `${String(code)} at ${covered(text, range)}`);
}

async function build(client: LanguageClient, root: string, extension?: string): Promise<BuildResult> {
  return client.request("zlig/build", {
    uri: uriOf(join(root, "pyproject.toml")),
    ...(extension === undefined ? {} : { extension }),
  });
}

async function status(client: LanguageClient, root: string): Promise<StatusResult> {
  return client.request("zlig/status", { uri: uriOf(join(root, "pyproject.toml")) });
}

/** What Python gets from a module of the project. */
function python(root: string, expression: string): string {
  return execFileSync(newestPython().executable, ["-c", `import demo.a, sys; print(${expression})`], { cwd: root })
    .toString()
    .trim();
}

function artefacts(root: string): readonly string[] {
  return readdirSync(join(root, "demo")).filter((name) => name.endsWith(".so"));
}

describe("compile on save", () => {
  test("shows errors at their exact place, and takes them back when they are mended", async () => {
    const root = projectFolder(demoFiles("a", "b"));
    const client = await startServer({ folders: [root] });
    const source = join(root, "demo/a.c");
    await client.open(source);
    const good = client.text(source);
    await client.change(source, good.replace("    (void)self", '    const char *𝔸é🐍 = "é🐍"; oops;\n    (void)self'));
    await client.save(source);
    await client.until("errors come", () => client.pushed(source).length > 0);
    const errors = client.pushed(source).filter(({ severity }) => severity === 1);
    expect(told(client.text(source), errors)).toEqual(["undefined at oops"]);
    expect(artefacts(root)).toEqual([]);
    await client.change(source, good.replace("FromLong(1)", "FromLong(41 + 1)"));
    await client.save(source);
    await client.until("errors go", () => client.pushed(source).length === 0);
    await client.until("the module is there", () => artefacts(root).length > 0);
    expect(python(root, "demo.a.value()")).toBe("42");
    // Nothing else was built.
    expect(artefacts(root).every((name) => name.startsWith("a."))).toBe(true);
  });

  test("builds what includes a saved header and nothing else, and shows errors in the header", async () => {
    const files = demoFiles("a", "b", "c");
    const root = projectFolder({
      ...files,
      "demo/a.c": cModule("a", "VALUE", '#include "shared.h"'),
      "demo/b.c": cModule("b", "VALUE", '#include "shared.h"'),
      "demo/shared.h": "#define VALUE 1\n",
    });
    const client = await startServer({ folders: [root] });
    expect((await build(client, root)).ok).toBe(true);
    const before = statSync(join(root, "demo", artefacts(root).find((name) => name.startsWith("c.")) ?? "")).mtimeMs;
    const header = join(root, "demo/shared.h");
    await client.open(header);
    await client.change(header, "#define VALUE 2\nstatic int unused_one(void) { return 1; }\n");
    await client.save(header);
    await client.until("a warning in the header", () => client.pushed(header).length > 0);
    expect(told(client.text(header), client.pushed(header))).toEqual(["-Wunused-function at unused_one"]);
    await client.until("both are built", async () => {
      const { extensions } = await status(client, root);
      return extensions.every(({ state }) => state === "fresh");
    });
    expect(python(root, "demo.a.value()")).toBe("2");
    expect(statSync(join(root, "demo", artefacts(root).find((name) => name.startsWith("c.")) ?? "")).mtimeMs).toBe(
      before,
    );
  });

  test("keeps warnings over builds that find everything done, as Zig alone does not", async () => {
    const root = projectFolder({ ...demoFiles("a"), "demo/a.c": cModule("a", "1", "static int unused_one;") });
    const source = join(root, "demo/a.c");
    for (let count = 0; count < 2; count++) {
      // The second server finds all objects in the cache.
      const client = await startServer({ folders: [root] });
      const result = await build(client, root);
      expect(result.counts.compiled).toBe(count === 0 ? 1 : 0);
      expect(result.messages.map(({ code }) => code)).toEqual(["-Wunused-variable"]);
      expect(told(client.readDisk(source), client.pushed(source))).toEqual(["-Wunused-variable at unused_one"]);
      await client.stop();
    }
  });

  test("turns notes into related places and fix-its into quick fixes", async () => {
    const root = projectFolder({
      ...demoFiles("a"),
      "demo/a.c": cModule(
        "a",
        "1",
        "struct point { int x; };\nint f(struct point *p) { return p.x; }\nint g(int a) { return hh(a); }\nint h(int a);",
      ),
    });
    const client = await startServer({ folders: [root] });
    const source = join(root, "demo/a.c");
    await client.open(source);
    await build(client, root);
    const arrow = client
      .pushed(source)
      .find(({ message }) => typeof message === "string" && message.includes("did you mean to use '->'"));
    expect(arrow?.source).toBe("clang");
    const [fix] = await client.fixes(source, arrow === undefined ? [] : [arrow]);
    const edits = fix?.edit?.changes?.[uriOf(source)] ?? [];
    expect(applyEdits(client.text(source), edits)).toContain("return p->x;");
    await client.change(
      source,
      client.text(source).replace("p.x", "p->x").replace("int h(int a);", "int v;\ndouble v;"),
    );
    await client.save(source);
    await client.until("the redefinition is told", () =>
      client.pushed(source).some(({ relatedInformation }) => relatedInformation !== undefined),
    );
    const related = client.pushed(source).flatMap(({ relatedInformation }) => relatedInformation ?? []);
    expect(
      related.map(({ message, location }) => `${message} at ${covered(client.text(source), location.range)}`),
    ).toContain("previous definition is here at v");
  });

  test("is asked for: by hand, always or never", async () => {
    const root = projectFolder(demoFiles("a"));
    const client = await startServer({ folders: [root] });
    const source = join(root, "demo/a.c");
    await client.open(source);
    await client.save(source, TextDocumentSaveReason.AfterDelay);
    await client.save(source, TextDocumentSaveReason.FocusOut);
    await delay(1500);
    expect(artefacts(root)).toEqual([]);
    await client.notify("workspace/didChangeConfiguration", { settings: { zlig: { buildOnSave: "never" } } });
    await client.save(source);
    await delay(1500);
    expect(artefacts(root)).toEqual([]);
    await client.notify("workspace/didChangeConfiguration", { settings: { zlig: { buildOnSave: "always" } } });
    await client.save(source, TextDocumentSaveReason.AfterDelay);
    await client.until("it is built", () => artefacts(root).length > 0);
  });

  test("makes one build of a storm of saves, and shows the last state alone", async () => {
    const root = projectFolder(demoFiles("a"));
    const client = await startServer({ folders: [root] });
    const source = join(root, "demo/a.c");
    await client.open(source);
    const good = client.text(source);
    for (let count = 0; count < 30; count++) {
      await client.change(
        source,
        good.replace("FromLong(1)", count % 2 === 0 ? `FromLong(${count}` : `FromLong(${count})`),
      );
      await client.save(source);
    }
    await client.until("it is built", () => artefacts(root).length > 0);
    await client.until("it is fresh", async () => (await status(client, root)).extensions[0]?.state === "fresh");
    expect(client.pushed(source)).toEqual([]);
    expect(python(root, "demo.a.value()")).toBe("29");
    const begins = client.progress.filter(({ value }) => value.kind === "begin").length;
    expect(begins).toBeLessThan(15);
  });

  test("takes back what was said of a file that is deleted", async () => {
    const root = projectFolder({ ...demoFiles("a"), "demo/a.c": `#error no\n` });
    const client = await startServer({ folders: [root] });
    const source = join(root, "demo/a.c");
    await build(client, root);
    expect(client.pushed(source)).toHaveLength(1);
    unlinkSync(source);
    await client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: uriOf(source), type: 3 }] });
    await client.until("it is taken back", () => client.pushed(source).length === 0);
  });

  test("works in nested projects and in the one around them", async () => {
    const root = projectFolder(demoFiles("a"));
    writeFiles(join(root, "vendor/inner"), demoFiles("a"));
    const client = await startServer({ folders: [root] });
    const source = join(root, "vendor/inner/demo/a.c");
    await client.open(source);
    await client.save(source);
    await client.until("the inner one is built", () => artefacts(join(root, "vendor/inner")).length > 0);
    await delay(500);
    expect(artefacts(root)).toEqual([]);
  });
});

describe("the linker", () => {
  test("points at the reference to what is missing, and at the name", async () => {
    const root = projectFolder({
      ...demoFiles("a"),
      "demo/a.c": cModule("a", "missing_one()", "/* missing_one */\nextern int missing_one(void);"),
    });
    const client = await startServer({ folders: [root] });
    const manifest = join(root, "pyproject.toml");
    const source = join(root, "demo/a.c");
    await client.open(manifest);
    const { ok, problems } = await build(client, root);
    expect(ok).toBe(false);
    expect(problems.map(({ code }) => code)).toEqual(["undefined-symbol"]);
    expect(told(client.readDisk(source), client.pushed(source))).toEqual(["undefined-symbol at missing_one"]);
    expect(client.pushed(source)[0]?.range.start.line).toBe(6);
    expect(told(client.text(manifest), client.pushed(manifest))).toEqual(['undefined-symbol at "demo.a"']);
    expect(client.pushed(manifest)[0]?.relatedInformation?.[0]?.location.uri).toBe(uriOf(source));
    // The same finding is not pulled as well.
    expect((await client.pull(manifest)).filter(({ code }) => code === "undefined-symbol")).toEqual([]);
    await client.open(source);
    await client.change(
      source,
      client.text(source).replace("extern int missing_one(void);", "static int missing_one(void) { return 5; }"),
    );
    await client.save(source);
    await client.until(
      "it is taken back",
      () => client.pushed(source).length === 0 && client.pushed(manifest).length === 0,
    );
    await client.until("it is built", () => artefacts(root).length > 0);
    expect(python(root, "demo.a.value()")).toBe("5");
  });

  test("says nothing twice of a missing init function, which the texts alone show", async () => {
    const root = projectFolder({ ...demoFiles("a"), "demo/a.c": cModule("b", "1") });
    const client = await startServer({ folders: [root] });
    const manifest = join(root, "pyproject.toml");
    expect(told(client.readDisk(manifest), await client.pullOpened(manifest))).toEqual(['init-missing at "demo.a"']);
    const { problems } = await build(client, root);
    expect(problems.map(({ code }) => code)).toEqual(["init-missing"]);
    const all = [...(await client.pull(manifest)), ...client.pushed(manifest)];
    expect(told(client.text(manifest), all)).toEqual(['init-missing at "demo.a"']);
  });
});

describe("the import after a build", () => {
  test("finds an init function that fails, at the name", async () => {
    const root = projectFolder({
      ...demoFiles("a"),
      "demo/a.c":
        '#include <Python.h>\nPyMODINIT_FUNC PyInit_a(void) { PyErr_SetString(PyExc_ImportError, "not today"); return NULL; }\n',
    });
    const client = await startServer({ folders: [root] });
    const manifest = join(root, "pyproject.toml");
    const source = join(root, "demo/a.c");
    const { ok, problems } = await build(client, root);
    expect(ok).toBe(false);
    expect(problems[0]?.message).toContain("ImportError: not today");
    expect(told(client.readDisk(manifest), client.pushed(manifest))).toEqual(['import-failed at "demo.a"']);
    await client.open(source);
    await client.change(source, cModule("a", "1"));
    await client.save(source);
    await client.until("it is taken back", () => client.pushed(manifest).length === 0);
  });

  test("finds a crash, and does not crash with it", async () => {
    const root = projectFolder({
      ...demoFiles("a"),
      "demo/a.c": "#include <Python.h>\n#include <stdlib.h>\nPyMODINIT_FUNC PyInit_a(void) { abort(); }\n",
    });
    const client = await startServer({ folders: [root] });
    const { problems } = await build(client, root);
    expect(problems[0]?.code).toBe("import-failed");
    expect(problems[0]?.message).toContain("crashed");
  });

  test("does not blame a module for what its package imports and is not installed", async () => {
    const root = projectFolder({ ...demoFiles("a"), "demo/__init__.py": "import surely_not_installed\n" });
    const client = await startServer({ folders: [root] });
    expect(await build(client, root)).toMatchObject({ ok: true, problems: [] });
  });
});

describe("a build", () => {
  test("shows progress, and is cancelled with every process it started", async () => {
    const names = Array.from({ length: 12 }, (_, index) => `m${index}`);
    const slow = `#include <Python.h>\n${Array.from({ length: 400 }, (_, index) => `#define A${index} A${index + 1} + A${index + 1} * 3`).join("\n")}\n`;
    const root = projectFolder({
      ...demoFiles(...names),
      ...Object.fromEntries(names.map((name) => [`demo/${name}.c`, cModule(name, "1", `${slow}\n/* ${name} */`)])),
    });
    const cacheFolder = lastingFolder("zlig-cancel-cache-");
    const client = await startServer({ folders: [root], env: { ZLIG_CACHE_DIR: cacheFolder } });
    const pending = build(client, root);
    await client.until("work has begun", () => client.progress.some(({ value }) => value.kind === "report"));
    const [token] = client.tokens;
    const began = performance.now();
    await client.notify("window/workDoneProgress/cancel", { token });
    const result = await pending;
    expect(performance.now() - began).toBeLessThan(3000);
    expect(result).toMatchObject({ ok: false, cancelled: true });
    expect(client.progress.filter((one) => one.token === token).map(({ value }) => value.kind)).toEqual(
      expect.arrayContaining(["begin", "end"]),
    );
    await client.until(
      "no process is left",
      () => processesWith(cacheFolder).every(({ pid }) => pid === client.process.pid),
      5000,
    );
    // Nothing half-made is in the way of the next one.
    expect((await build(client, root)).ok).toBe(true);
  });

  test("of a user breaks off one in the background and both come to their end", async () => {
    const root = projectFolder(demoFiles("a", "b"));
    const client = await startServer({
      folders: [root],
      env: { ZLIG_CACHE_DIR: lastingFolder("zlig-preempt-cache-") },
    });
    const source = join(root, "demo/a.c");
    await client.open(source);
    await client.save(source);
    await delay(300);
    const result = await build(client, root, "demo.b");
    expect(result).toMatchObject({ ok: true, modules: ["demo.b"] });
    await client.until("the other one is built too", () => artefacts(root).length === 2);
  });

  test("of a manifest with errors says them, and pushes them only while it is closed", async () => {
    const root = projectFolder({ "pyproject.toml": `${manifestHead}[tool.zlig]\nx = 1\n`, "demo/__init__.py": "" });
    const client = await startServer({ folders: [root] });
    const manifest = join(root, "pyproject.toml");
    const { ok, problems } = await build(client, root);
    expect(ok).toBe(false);
    expect(problems.map(({ code }) => code)).toEqual(["unknown-key"]);
    expect(told(client.readDisk(manifest), client.pushed(manifest))).toEqual(["unknown-key at x"]);
    expect(told(client.readDisk(manifest), await client.pullOpened(manifest))).toEqual(["unknown-key at x"]);
    await client.until("it is not said twice", () => client.pushed(manifest).length === 0);
  });

  test("tells what the environment lacks", async () => {
    const root = projectFolder(demoFiles("a"));
    const client = await startServer({
      folders: [root],
      settings: { zig: join(root, "no-zig") },
      env: { ZLIG_ZIG: "" },
    });
    const { ok, problems } = await build(client, root);
    expect(ok).toBe(false);
    expect(problems.map(({ code }) => code)).toEqual(["zig-missing"]);
    const source = join(root, "demo/a.c");
    await client.open(source);
    for (let count = 0; count < 3; count++) await client.save(source);
    await client.until("it is told", () => client.messages.length > 0);
    await delay(500);
    expect(client.messages).toHaveLength(1);
  });
});

describe("artefacts", () => {
  test("that are older than their sources, or for another interpreter, are told at the name", async () => {
    const root = projectFolder(demoFiles("a"));
    const client = await startServer({ folders: [root] });
    const manifest = join(root, "pyproject.toml");
    await client.open(manifest);
    expect((await status(client, root)).extensions).toMatchObject([{ name: "demo.a", state: "missing" }]);
    await build(client, root);
    expect((await status(client, root)).extensions).toMatchObject([{ state: "fresh" }]);
    expect(await client.pull(manifest)).toEqual([]);
    writeFiles(root, { "demo/a.c": cModule("a", "2") });
    await client.notify("workspace/didChangeWatchedFiles", {
      changes: [{ uri: uriOf(join(root, "demo/a.c")), type: 2 }],
    });
    await client.until("it is stale", async () => (await client.pull(manifest)).length > 0);
    expect(told(client.text(manifest), await client.pull(manifest))).toEqual(['artefact-stale at "demo.a"']);
    await build(client, root);
    await client.until("it is fresh", async () => (await client.pull(manifest)).length === 0);
    expect(client.statusChanges).toBeGreaterThan(0);
    const other = findPythons().find(({ version }) => version[1] >= 9 && version[1] !== newestPython().version[1]);
    if (other === undefined) throw new Error("this test needs two CPythons 3.9 or newer");
    await client.notify("zlig/setPython", { uri: uriOf(manifest), python: other.executable });
    await client.until("it is another's", async () => (await client.pull(manifest)).length > 0);
    expect(told(client.text(manifest), await client.pull(manifest))).toEqual(['artefact-other-python at "demo.a"']);
    expect((await status(client, root)).python).toBe(other.executable);
  });

  test("are removed by cleaning, those of Zlig alone", async () => {
    const root = projectFolder({ ...demoFiles("a"), "demo/other.so": "not ours" });
    const client = await startServer({ folders: [root] });
    await build(client, root);
    const { removed } = await client.request<{ removed: string[] }>("zlig/clean", {
      uri: uriOf(join(root, "pyproject.toml")),
    });
    expect(removed).toHaveLength(1);
    expect(artefacts(root)).toEqual(["other.so"]);
  });
});

describe("distributions", () => {
  test("are written into dist", async () => {
    const root = projectFolder(demoFiles("a"));
    const client = await startServer({ folders: [root] });
    const uri = uriOf(join(root, "pyproject.toml"));
    const wheel = await client.request<DistributionResult>("zlig/wheel", { uri });
    expect(wheel.ok).toBe(true);
    expect(wheel.path).toMatch(/dist[\\/]demo-1\.0-cp3\d+-cp3\d+-\S+\.whl$/);
    expect(existsSync(wheel.path ?? "")).toBe(true);
    const sdist = await client.request<DistributionResult>("zlig/sdist", { uri });
    expect(sdist.path).toBe(join(root, "dist", "demo-1.0.tar.gz"));
    expect(existsSync(sdist.path ?? "")).toBe(true);
  });

  test("are not written when the build fails, and its errors are told", async () => {
    const root = projectFolder({ ...demoFiles("a"), "demo/a.c": "#error no\n" });
    const client = await startServer({ folders: [root] });
    const wheel = await client.request<DistributionResult>("zlig/wheel", { uri: uriOf(join(root, "pyproject.toml")) });
    expect(wheel.ok).toBe(false);
    expect(wheel.messages.map(({ message }) => message)).toEqual(["no"]);
    expect(client.pushed(join(root, "demo/a.c"))).toHaveLength(1);
  });
});

describe("the compilation database", () => {
  test.each(["c", "cpp"])("has what any clang understands, for a .%s file", async (suffix) => {
    const includes =
      suffix === "c"
        ? "#include <stdio.h>\n#include <math.h>"
        : "#include <string>\n#include <vector>\n#include <cmath>";
    const root = projectFolder({
      "pyproject.toml": `${manifestHead}[tool.zlig]\nextensions = [{ name = "demo.a", sources = ["demo/a.${suffix}"] }]\n`,
      "demo/__init__.py": "",
      [`demo/a.${suffix}`]: cModule("a", "1", includes),
    });
    const client = await startServer({ folders: [root] });
    const uri = uriOf(join(root, "pyproject.toml"));
    const [entry] = await client.request<CompileCommand[]>("zlig/compileCommands", { uri });
    expect(entry?.directory).toBe(root);
    expect(entry?.file).toBe(join(root, `demo/a.${suffix}`));
    expect(entry?.arguments.find((one) => one.startsWith("--target="))).toMatch(/^--target=\w+-(?:unknown|apple|w64)-/);
    expect(entry?.arguments).not.toContain("-target");
    // Zig has a plain clang inside, which knows none of Zig's targets and headers. Every other clang finds its own headers by itself.
    const [, ...rest] = entry?.arguments ?? [];
    const libc = rest.find((argument) => /[\\/]libc[\\/]include[\\/]/.test(argument)) ?? "";
    const own = join(libc, "..", "..", "..", "include");
    execFileSync(findTestZig(), ["clang", ...rest, "-isystem", own, "-fsyntax-only"], { cwd: root, stdio: "pipe" });
  });
});

describe("a new extension", () => {
  test.each(["c", "c++"] as const)("of %s is named in the manifest, compiles and imports", async (language) => {
    const text = `${manifestHead}[tool.zlig] # ours\nextensions = [\n  # the first one\n  { name = "demo.a", sources = ["demo/a.c"] }, # a\n]\n`;
    const root = projectFolder({ ...demoFiles("a"), "pyproject.toml": text });
    const client = await startServer({ folders: [root] });
    const manifest = join(root, "pyproject.toml");
    await client.open(manifest);
    const { edit, file } = await client.request<AddExtensionResult>("zlig/addExtension", {
      uri: uriOf(manifest),
      name: "demo._fast",
      language,
    });
    const changed = applyEdits(text, edit.changes?.[uriOf(manifest)] ?? []);
    const suffix = language === "c" ? "c" : "cpp";
    expect(changed).toBe(
      text.replace("# a\n", `# a\n  { name = "demo._fast", sources = ["demo/_fast.${suffix}"] },\n`),
    );
    writeFiles(root, { "pyproject.toml": changed, [`demo/_fast.${suffix}`]: file.content });
    expect(file.uri).toBe(uriOf(join(root, `demo/_fast.${suffix}`)));
    await client.change(manifest, changed);
    expect(await client.pull(manifest)).toEqual([]);
    if (language === "c") {
      const result = await build(client, root, "demo._fast");
      expect(result).toMatchObject({ ok: true, modules: ["demo._fast"], messages: [] });
      const out = execFileSync(
        newestPython().executable,
        ["-c", "import demo._fast as f; print(f.add(2, 3), f.add.__text_signature__)"],
        { cwd: root },
      );
      expect(out.toString().trim()).toBe("5 (a, b)");
    }
  });

  test("is refused with a reason when its name cannot be", async () => {
    const root = projectFolder(demoFiles("a"));
    const client = await startServer({ folders: [root] });
    const add = (name: string): Promise<unknown> =>
      client.request("zlig/addExtension", { uri: uriOf(join(root, "pyproject.toml")), name, language: "c" });
    await expect(add("demo.a")).rejects.toThrow('There is an extension "demo.a" already');
    await expect(add("other.x")).rejects.toThrow("lies in none of the project's packages");
    await expect(add("demo.class")).rejects.toThrow("Python reserves");
  });
});

describe("the report", () => {
  test("has versions and problems, and neither secrets nor the user's name", async () => {
    const root = projectFolder(demoFiles("a"));
    const client = await startServer({
      folders: [root],
      env: { SECRET_TOKEN: "hunter2", HOME: root, USER: "somebody" },
    });
    const text = await client.request<string>("zlig/report", { uri: uriOf(join(root, "pyproject.toml")) });
    expect(text).toContain("| Zlig | ");
    expect(text).toContain("`demo.a`: missing");
    expect(text).not.toContain("hunter2");
    expect(text).not.toContain(root);
  });
});

describe("commands of the server", () => {
  test("are offered only to clients without their own, and say what they did", async () => {
    const root = projectFolder(demoFiles("a"));
    const plain = await startServer({ folders: [root] });
    expect(plain.initialized?.capabilities.executeCommandProvider?.commands).toContain("zlig.server.build");
    await plain.request("workspace/executeCommand", {
      command: "zlig.server.build",
      arguments: [{ uri: uriOf(join(root, "pyproject.toml")) }],
    });
    await plain.until("it is told", () => plain.messages.length > 0);
    expect(plain.messages).toEqual(["Zlig: built demo.a"]);
    const own = await startServer({ folders: [root], settings: { clientCommands: true } });
    expect(own.initialized?.capabilities.executeCommandProvider).toBeUndefined();
  });
});

test("nothing but artefacts and distributions is written into a project", async () => {
  const root = projectFolder(demoFiles("a"));
  const client = await startServer({ folders: [root] });
  await build(client, root);
  expect(readdirSync(root).sort()).toEqual(["demo", "pyproject.toml"]);
  expect(
    readdirSync(join(root, "demo"))
      .filter((name) => !name.endsWith(".so"))
      .sort(),
  ).toEqual(["__init__.py", "a.c"]);
  expect(readFileSync(join(root, "demo/a.c"), "utf8")).toBe(cModule("a", "1"));
});
