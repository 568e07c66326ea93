import { cp, mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import type { TestContext } from "vitest";
import { afterAll, afterEach, beforeAll, inject } from "vitest";
import { venvWith } from "../support/venv.ts";
import { launchBrowser, openWorkbench } from "./browser.ts";
import type { CodeServer, CodeServerOptions } from "./code-server.ts";
import { startCodeServer } from "./code-server.ts";
import { editorCache } from "./kit.ts";
import type { Workbench } from "./workbench.ts";

/** The `.vsix` that `npm run package` made. */
export async function builtVsix(): Promise<string> {
  const [name, ...others] = (await readdir("dist")).filter((file) => file.endsWith(".vsix"));
  if (name === undefined || others.length > 0) throw new Error("dist holds no single .vsix: run `npm run package`");
  return resolve("dist", name);
}

/** A Python environment with Zig in it, as a user's. */
export function pythonWithZig(): ReturnType<typeof venvWith> {
  return venvWith("ziglang", ["ziglang==0.17.1"]);
}

/** One editor for the tests of a file. */
export class TestEditor {
  readonly #name: string;
  readonly #opened: Workbench[] = [];
  #server: CodeServer | undefined;
  #browser: Browser | undefined;
  /** The interpreter of the environment that is active around the editor. */
  python = "";

  constructor(name: string) {
    this.#name = name;
  }

  get server(): CodeServer {
    if (this.#server === undefined) throw new Error("the editor has not been started");
    return this.#server;
  }

  async start(options: Partial<CodeServerOptions>): Promise<void> {
    const kit = inject("editorKit");
    const { python, bin } = await pythonWithZig();
    this.python = python;
    this.#server = await startCodeServer(kit, {
      directory: join(editorCache, "run", this.#name),
      ...options,
      extensions: [await builtVsix(), ...(options.extensions ?? [])],
      env: { VIRTUAL_ENV: dirname(bin), ZLIG_CACHE_DIR: join(editorCache, "zlig-cache"), ...options.env },
    });
    this.#browser = await launchBrowser(kit);
  }

  /** Opens a folder in a new window. */
  async open(folder: string): Promise<Workbench> {
    if (this.#browser === undefined) throw new Error("the editor has not been started");
    const workbench = await openWorkbench(this.#browser, this.server, folder);
    this.#opened.push(workbench);
    return workbench;
  }

  /** Closes what a test has opened; of a test that has failed, keeps what was on screen and in the logs. */
  async closeWindows({ task }: TestContext): Promise<void> {
    for (const workbench of this.#opened.splice(0)) {
      if (task.result?.state === "fail") {
        await workbench.screenshot(`failed - ${task.name}`).catch(() => undefined);
        const log = await this.server.outputLog("Zlig").catch(() => "");
        console.error(`${log.slice(-3000)}\n${workbench.console.slice(-20).join("\n")}`);
      }
      await workbench.close().catch(() => undefined);
    }
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    await this.#server?.stop();
  }

  /** A fresh folder for a test's projects. */
  async folder(name: string): Promise<string> {
    const folder = join(editorCache, "projects", this.#name, name);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    return folder;
  }

  /** A copy of an example of the repository's, without what earlier builds left in it. */
  async example(example: string, name: string): Promise<string> {
    const folder = await this.folder(name);
    await cp(join("examples", example), folder, {
      recursive: true,
      filter: (file) => !/(?:\.(?:so|pyd|pyc)|__pycache__|[\\/]dist)$/.test(file),
    });
    return folder;
  }
}

/** Starts an editor before the tests of a file and stops it after them. */
export function testEditor(name: string, options: Partial<CodeServerOptions> = {}): TestEditor {
  const vscode = new TestEditor(name);
  beforeAll(() => vscode.start(options));
  afterEach((context) => vscode.closeWindows(context));
  afterAll(() => vscode.stop());
  return vscode;
}
