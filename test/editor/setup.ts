import { existsSync } from "node:fs";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { execa } from "execa";
import type { TestProject } from "vitest/node";
import type { EditorKit } from "./kit.ts";
import { editorCache } from "./kit.ts";

const versions = { node: "24.21.0", codeServer: "4.139.1" };

const architecture = ({ x64: "x64", arm64: "arm64" } as Readonly<Record<string, string>>)[process.arch];
const nodeHome = join(editorCache, "node", "node_modules", `node-linux-${architecture ?? process.arch}`);
const codeServerHome = join(editorCache, "code-server", "node_modules", "code-server");
const workbench = join(codeServerHome, "lib", "vscode");

const environment = {
  PATH: `${join(nodeHome, "bin")}:${process.env["PATH"] ?? ""}`,
  // Native modules are compiled against the headers that came with this Node: nothing is downloaded for them.
  npm_config_nodedir: nodeHome,
  JOBS: String(availableParallelism()),
  // An `npm run` around this hands down its own prefix and script rules.
  npm_config_local_prefix: undefined,
  npm_config_ignore_scripts: undefined,
};

/** Runs a program into the log of a step. */
type Run = (program: string, args: readonly string[], directory: string) => Promise<void>;

/**
 * Does the work of a step once for each key, and leaves a stamp.
 * @throws what the program printed last, when it fails
 */
async function step(name: string, key: string, work: (run: Run) => Promise<void>): Promise<void> {
  const stamp = join(editorCache, "stamps", name);
  const log = join(editorCache, "logs", `${name}.log`);
  if ((await readFile(stamp, "utf8").catch(() => "")) === key) return;
  await Promise.all([stamp, log].map((file) => mkdir(dirname(file), { recursive: true })));
  await rm(stamp, { force: true });
  await rm(log, { force: true });
  process.stderr.write(`editor kit: ${name} ${key}\n`);
  await work(async (program, args, directory) => {
    const output = { file: log, append: true };
    const { failed, all, shortMessage } = await execa(program, args, {
      cwd: directory,
      env: environment,
      stdin: "ignore",
      stdout: [output, "pipe"],
      stderr: [output, "pipe"],
      all: true,
      reject: false,
    });
    if (failed) throw new Error(`editor kit: ${name}: ${shortMessage}\n${all.slice(-4000)}\nThe whole log: ${log}`);
  });
  await writeFile(stamp, key);
}

async function startFolder(name: string): Promise<string> {
  const folder = join(editorCache, name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), '{"private":true}\n');
  return folder;
}

function npmInstall(...wanted: readonly string[]): readonly string[] {
  return ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", ...wanted];
}

/** Chromium and what draws text, from Debian's packages where this may install them. */
async function systemPackages(): Promise<string> {
  const places = [process.env["ZLIG_TEST_CHROMIUM"], "/usr/bin/chromium", "/usr/bin/chromium-browser"];
  const found = (): string | undefined => places.find((place) => place !== undefined && existsSync(place));
  const compilers = ["/usr/bin/g++", "/usr/bin/make"].every((program) => existsSync(program));
  const chromium = found();
  if (chromium !== undefined && compilers) return chromium;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    const names = "Debian's packages chromium, g++ and make";
    throw new Error(`The editor tests need ${names}: install them, or name a Chromium in ZLIG_TEST_CHROMIUM.`);
  }
  await step("system-packages", "chromium g++ make", async (run) => {
    process.env["DEBIAN_FRONTEND"] = "noninteractive";
    await run("apt-get", ["update", "-q"], "/");
    const names = ["chromium", "g++", "make", "fontconfig", "fonts-dejavu-core"];
    await run("apt-get", ["install", "-q", "-y", "--no-install-recommends", ...names], "/");
  });
  const installed = found();
  if (installed === undefined) throw new Error("Debian's package chromium is installed, but there is no Chromium.");
  return installed;
}

/** code-server and the two trees its own install script would fill, without running install scripts. */
async function installCodeServer(run: Run): Promise<void> {
  const folder = await startFolder("code-server");
  await run("npm", npmInstall(`code-server@${versions.codeServer}`), folder);
  await run("npm", npmInstall("--omit=dev"), workbench);
  // As its postinstall does: the `code-server` of the integrated terminal, and what opens a browser.
  for (const [link, target] of [
    ["bin/remote-cli/code-server", "code-linux.sh"],
    ["bin/helpers/browser.sh", "browser-linux.sh"],
  ] as const) {
    await rm(join(workbench, link), { force: true });
    await symlink(target, join(workbench, link));
  }
  await run("npm", npmInstall("--omit=dev"), join(workbench, "extensions"));
}

/** The two native modules that matter and come without a binary: log files, and a host that ends with its server. */
async function buildNativeModules(run: Run): Promise<void> {
  const names = ["@vscode/spdlog", "@vscode/native-watchdog"];
  await run("npm", ["rebuild", "--foreground-scripts", ...names], workbench);
  await run("node", ["-e", names.map((name) => `require(${JSON.stringify(name)});`).join("")], workbench);
}

/**
 * Puts a real VS Code (code-server, driven in Debian's Chromium) into the tests' cache; what is there already stays.
 * @throws when this machine cannot have it, saying what is missing
 */
export async function setUpEditor(): Promise<EditorKit> {
  if (process.platform !== "linux" || architecture === undefined)
    throw new Error(`The editor tests run on Linux (x64, arm64), not on ${process.platform} ${process.arch}.`);
  const chromium = await systemPackages();
  await step("node", `${architecture}-${versions.node}`, async (run) => {
    const folder = await startFolder("node");
    await run("npm", npmInstall(`node-linux-${architecture}@${versions.node}`), folder);
  });
  await step("code-server", versions.codeServer, installCodeServer);
  await step("native-modules", `${versions.codeServer} ${versions.node}`, buildNativeModules);
  return {
    node: resolve(nodeHome, "bin", "node"),
    codeServer: resolve(codeServerHome, "out", "node", "entry.js"),
    chromium,
  };
}

/** Vitest calls this once before the editor tests. */
export default async function provideEditor(project: TestProject): Promise<void> {
  project.provide("editorKit", await setUpEditor());
}
