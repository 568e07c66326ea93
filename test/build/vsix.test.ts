import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import JSZip from "jszip";
import { beforeAll, expect, test } from "vitest";
import { makeFolder } from "../support/tree.ts";

const [name = ""] = readdirSync("dist").filter((file) => file.endsWith(".vsix"));
let files: readonly { readonly path: string; readonly data: Buffer }[] = [];

beforeAll(async () => {
  const archive = await JSZip.loadAsync(readFileSync(join("dist", name)));
  const entries = Object.values(archive.files).filter((entry) => !entry.dir);
  files = await Promise.all(
    entries.map(async (entry) => ({ path: entry.name, data: await entry.async("nodebuffer") })),
  );
});

/** Unpacks the extension into a folder that goes when the test ends. */
function unpack(): string {
  const folder = makeFolder();
  for (const { path, data } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), data);
  }
  return join(folder, "extension");
}

test("it holds what it needs and nothing else, and is small", () => {
  const inside = files.map(({ path }) => path).filter((path) => path.startsWith("extension/"));
  const allowed =
    /^extension\/(?:package(?:\.nls)?\.json|readme\.md|changelog\.md|LICENSE\.txt|dist\/(?:(?:zlig|server|extension)[\w-]*\.js|package\.json|requirements\.json|THIRD_PARTY_NOTICES\.txt)|docs\/[\w-]+\.md|extension\/media\/icon\.png|extension\/walkthrough\/\w+\.md|l10n\/bundle\.l10n\.json|syntaxes\/zlig\.tmLanguage\.json)$/;
  expect(inside.filter((path) => !allowed.test(path))).toEqual([]);
  for (const needed of ["dist/extension.js", "dist/server.js", "dist/zlig.js", "docs/errors.md", "readme.md"])
    expect(inside).toContain(`extension/${needed}`);
  expect(statSync(join("dist", name)).size).toBeLessThan(600_000);
});

test("its code imports only what is in it, Node's modules and VS Code", async () => {
  const extension = unpack();
  const { outputs } = await build({
    entryPoints: ["extension.js", "server.js", "zlig.js"].map((script) => join(extension, "dist", script)),
    outdir: join(extension, "bundled"),
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    external: ["vscode"],
    metafile: true,
    logLevel: "silent",
  }).then(({ metafile }) => metafile);
  const outside = Object.values(outputs).flatMap(({ imports }) => imports.filter(({ external }) => external === true));
  const known = new Set([...builtinModules, "vscode"]);
  expect(outside.map(({ path }) => path.replace(/^node:/, "")).filter((path) => !known.has(path))).toEqual([]);
});

test("the core inside works without anything beside it", async () => {
  const extension = unpack();
  const { stdout } = await promisify(execFile)(process.execPath, [join(extension, "dist", "zlig.js"), "--version"]);
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string };
  expect(stdout).toContain(version);
});

test("the language server inside answers without anything beside it", async () => {
  const server = join(unpack(), "dist", "server.js");
  expect(existsSync(resolve(dirname(server), "node_modules"))).toBe(false);
  const child = spawn(process.execPath, [server, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const params = { processId: process.pid, rootUri: null, capabilities: {} };
    const request = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(request)}\r\n\r\n${request}`);
    let answer = "";
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      answer += chunk.toString();
      if (answer.includes('"serverInfo"')) break;
    }
    expect(answer).toContain('"name":"zlig"');
  } finally {
    child.kill();
  }
});
