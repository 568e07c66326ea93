import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { projectFolder, startServer } from "../support/editor-project.ts";
import type { LanguageClient } from "../support/language-client.ts";
import { uriOf } from "../support/language-client.ts";
import { lastingFolder } from "../support/lasting-folder.ts";
import { processesWith } from "../support/processes.ts";
import { cModule, demoFiles, manifestHead } from "../support/project-files.ts";

const untrusted = { trusted: false };

function residentMegabytes(client: LanguageClient): number {
  const status = readFileSync(`/proc/${client.process.pid ?? 0}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

describe("the server", () => {
  test("is as quick and as small after thousands of edits as after some", async () => {
    const root = projectFolder(demoFiles("a", "b", "c"));
    const client = await startServer({ folders: [root], settings: untrusted });
    const file = join(root, "pyproject.toml");
    await client.open(file);
    const round = async (edits: number): Promise<number> => {
      const began = performance.now();
      for (let count = 0; count < edits; count++) {
        const from = { line: 8, character: 0 };
        // Something is written, and taken away again.
        if (count % 2 === 0) await client.edit(file, { start: from, end: from }, "k🐍 = [\n");
        else await client.edit(file, { start: from, end: { line: 9, character: 0 } }, "");
        if (count % 5 === 0) await client.pull(file);
      }
      await client.pull(file);
      const took = performance.now() - began;
      await delay(4000);
      return took;
    };
    await round(400);
    const first = await round(400);
    const before = residentMegabytes(client);
    await round(2000);
    const last = await round(400);
    expect(residentMegabytes(client)).toBeLessThan(before + 15);
    // Other work on the machine may double a time; what grows with each edit would be tenfold.
    expect(last).toBeLessThan(first * 4 + 500);
    expect(await client.pull(file)).toEqual([]);
  });

  test("ends a crash without loss: another one, given the documents again, says the same", async () => {
    const root = projectFolder(demoFiles("a"));
    const file = join(root, "pyproject.toml");
    const text = `${manifestHead}[tool.zlig]\nunknown = 1\nextensions = [{ name = "demo.a", sources = ["no.c"] }]\n`;
    const first = await startServer({ folders: [root], settings: untrusted });
    await first.open(file, text);
    const said = await first.pull(file);
    expect(said).toHaveLength(2);
    const ended = new Promise((resolve) => first.process.once("exit", resolve));
    first.process.kill("SIGKILL");
    await ended;
    const second = await startServer({ folders: [root], settings: untrusted });
    await second.open(file, text);
    expect(await second.pull(file)).toEqual(said);
  });

  test("leaves no compiler behind when it is terminated in the middle of a build, nor when its client vanishes", async () => {
    for (const end of ["SIGTERM", "stdin"] as const) {
      const names = Array.from({ length: 8 }, (_, index) => `m${index}`);
      const root = projectFolder({
        ...demoFiles(...names),
        ...Object.fromEntries(names.map((name) => [`demo/${name}.c`, cModule(name, "1", `/* ${end} ${name} */`)])),
      });
      const cache = lastingFolder("zlig-ended-cache-");
      const client = await startServer({ folders: [root], env: { ZLIG_CACHE_DIR: cache } });
      client.request("zlig/build", { uri: uriOf(join(root, "pyproject.toml")) }).catch(() => undefined);
      await client.until("a compiler runs", () => processesWith(cache).some(({ pid }) => pid !== client.process.pid));
      const ended = new Promise((resolve) => client.process.once("exit", resolve));
      if (end === "SIGTERM") client.process.kill("SIGTERM");
      else client.process.stdin?.end();
      await ended;
      await client.until("no process is left", () => processesWith(cache).length === 0, 5000);
    }
  });

  test("answers on after requests that make no sense", async () => {
    const root = projectFolder(demoFiles("a"));
    const client = await startServer({ folders: [root], settings: untrusted });
    const file = join(root, "pyproject.toml");
    await client.open(file);
    const nonsense: readonly [string, object][] = [
      ["textDocument/hover", { textDocument: { uri: "untitled:x" }, position: { line: 0, character: 0 } }],
      ["textDocument/hover", { textDocument: { uri: uriOf(file) }, position: { line: 99_999, character: 99_999 } }],
      ["textDocument/completion", { textDocument: { uri: "file:///%zz" }, position: { line: 0, character: 0 } }],
      ["textDocument/diagnostic", { textDocument: { uri: uriOf(join(root, "none/pyproject.toml")) } }],
      [
        "textDocument/definition",
        { textDocument: { uri: uriOf(join(root, "no.c")) }, position: { line: 0, character: 0 } },
      ],
      ["zlig/build", {}],
      ["zlig/status", { uri: "no uri" }],
      ["zlig/status", { uri: uriOf("/") }],
      ["zlig/addExtension", { uri: uriOf(file), name: "", language: "c" }],
      ["zlig/unknown", {}],
      ["workspace/executeCommand", { command: "zlig.server.build", arguments: [] }],
    ];
    for (const [method, params] of nonsense) await client.request(method, params).catch(() => undefined);
    await client.notify("zlig/setPython", { uri: 1 });
    await client.notify("workspace/didChangeConfiguration", { settings: null });
    await client.notify("textDocument/didSave", { textDocument: { uri: uriOf(join(root, "never-opened.c")) } });
    expect(await client.pull(file)).toEqual([]);
    expect(client.stderr).toBe("");
    expect(await client.stop()).toBe(0);
  });

  test("is ready in time", async () => {
    const times: number[] = [];
    for (let count = 0; count < 3; count++) {
      const began = performance.now();
      const client = await startServer({ folders: [], settings: untrusted });
      times.push(performance.now() - began);
      await client.stop();
    }
    expect(Math.min(...times)).toBeLessThan(1000);
  });
});
