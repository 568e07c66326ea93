import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { eventually } from "./eventually.ts";
import type { EditorKit } from "./kit.ts";

/** A workbench that asks nothing, animates nothing and phones nobody. */
const quietSettings: Readonly<Record<string, unknown>> = {
  "telemetry.telemetryLevel": "off",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "workbench.reduceMotion": "on",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.editor.enablePreview": false,
  "window.restoreWindows": "none",
  "window.commandCenter": false,
  "chat.disableAIFeatures": true,
  "update.mode": "none",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  // Its default in a browser is to save by itself.
  "files.autoSave": "off",
  "files.simpleDialog.enable": true,
  "editor.autoClosingBrackets": "never",
  "editor.autoClosingQuotes": "never",
  "editor.autoIndent": "none",
  "editor.acceptSuggestionOnEnter": "off",
  "editor.minimap.enabled": false,
  "editor.cursorBlinking": "solid",
  "editor.hover.delay": 100,
  "terminal.integrated.shellIntegration.enabled": false,
  // Drawn as text, so that it can be read.
  "terminal.integrated.gpuAcceleration": "off",
};

/** The environment without what another VS Code, or a test runner, has put into it. */
function cleanEnvironment(home: string, temporary: string, more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const foreign =
    /^(?:VSCODE_|CODE_SERVER_|CS_|ELECTRON_|VITEST|npm_|ZLIG_)|^(?:XDG_RUNTIME_DIR|NODE_OPTIONS|NODE_ENV|PORT|PASSWORD|HASHED_PASSWORD|VIRTUAL_ENV)$/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(kept),
    // An empty gallery: without it the workbench asks a public one for updates.
    EXTENSIONS_GALLERY: "{}",
    HOME: home,
    TMPDIR: temporary,
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_DATA_HOME: join(home, ".local/share"),
    XDG_CACHE_HOME: join(home, ".cache"),
    ...more,
  };
}

/** What a server is started with. */
export interface CodeServerOptions {
  /** Made anew; holds the user data, the extensions and the home folder. */
  readonly directory: string;
  /** `.vsix` files to install. */
  readonly extensions: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: NodeJS.ProcessEnv;
  /** Whether the editor asks if a workspace is trusted; otherwise every one is. */
  readonly workspaceTrust?: boolean;
}

/** A running code-server. */
export class CodeServer {
  readonly url: string;
  readonly #userData: string;
  readonly #stop: () => Promise<void>;
  #settings: Readonly<Record<string, unknown>>;

  constructor(url: string, userData: string, settings: Readonly<Record<string, unknown>>, stop: () => Promise<void>) {
    this.url = url;
    this.#userData = userData;
    this.#settings = settings;
    this.#stop = stop;
  }

  /** Changes user settings; an open workbench follows. */
  async setSettings(changed: Readonly<Record<string, unknown>>): Promise<void> {
    this.#settings = { ...this.#settings, ...changed };
    await writeFile(join(this.#userData, "User", "settings.json"), JSON.stringify(this.#settings, undefined, 2));
  }

  /** The text of an output channel, from the newest log file behind it. */
  async outputLog(name: string): Promise<string> {
    const logs = join(this.#userData, "logs");
    const files = (await readdir(logs, { recursive: true })).filter((file) => basename(file) === `${name}.log`).sort();
    const newest = files.at(-1);
    return newest === undefined ? "" : readFile(join(logs, newest), "utf8");
  }

  /** The text of every log of the extension hosts. */
  async hostLogs(): Promise<string> {
    const logs = join(this.#userData, "logs");
    const files = (await readdir(logs, { recursive: true })).filter((file) => /remoteexthost\.log$/.test(file)).sort();
    return (await Promise.all(files.map((file) => readFile(join(logs, file), "utf8")))).join("\n");
  }

  /** Ends it, its extension hosts and their children. */
  stop(): Promise<void> {
    return this.#stop();
  }
}

/**
 * Starts a code-server on a free port, with extensions installed.
 * @throws with what it printed
 */
export async function startCodeServer(kit: EditorKit, options: CodeServerOptions): Promise<CodeServer> {
  const { directory, extensions, workspaceTrust = false } = options;
  const home = join(directory, "home");
  const userData = join(directory, "user-data");
  const extensionsFolder = join(directory, "extensions");
  await rm(directory, { recursive: true, force: true });
  for (const folder of [home, join(userData, "User"), extensionsFolder]) await mkdir(folder, { recursive: true });
  // Its sockets go there, and a socket's path has at most 107 characters.
  const temporary = await mkdtemp(join(tmpdir(), "cs-"));
  const environment = cleanEnvironment(home, temporary, options.env ?? {});
  const settings = { ...quietSettings, "security.workspace.trust.enabled": workspaceTrust, ...options.settings };
  await writeFile(join(userData, "User", "settings.json"), JSON.stringify(settings, undefined, 2));
  await writeFile(join(directory, "config.yaml"), "auth: none\n");
  const common = ["--config", join(directory, "config.yaml"), "--user-data-dir", userData];
  common.push("--extensions-dir", extensionsFolder);

  const installs = extensions.flatMap((file) => ["--install-extension", file]);
  const { stdout, stderr } = await execa(kit.node, [kit.codeServer, ...common, ...installs, "--force"], {
    env: environment,
    extendEnv: false,
    cwd: directory,
    timeout: 120_000,
  });
  if (!/successfully installed/.test(stdout)) throw new Error(`the extension was not installed:\n${stdout}\n${stderr}`);

  const args = ["--bind-addr", "127.0.0.1:0", "--auth", "none", "--disable-telemetry", "--disable-update-check"];
  args.push("--disable-getting-started-override", "--ignore-last-opened");
  if (!workspaceTrust) args.push("--disable-workspace-trust");
  // Its own process group, so that everything below it can be ended.
  const child = spawn(kit.node, [kit.codeServer, ...common, ...args], {
    env: environment,
    cwd: directory,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
    });
  const ended = new Promise<true>((resolve) => {
    child.once("exit", () => {
      resolve(true);
    });
  });
  const signal = (name: NodeJS.Signals): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, name);
    } catch {
      // The group has no process any more.
    }
  };
  const stop = async (): Promise<void> => {
    signal("SIGTERM");
    await Promise.race([ended, delay(5_000)]);
    // Stragglers of the group, such as the terminals' host.
    signal("SIGKILL");
    await rm(temporary, { recursive: true, force: true });
  };
  try {
    const listening = await eventually(
      "code-server listens",
      () => {
        if (child.exitCode !== null) throw new Error(printed);
        return /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(printed);
      },
      { timeout: 60_000 },
    );
    const url = listening[1] ?? "";
    // The first request loads VS Code's own server, which takes seconds.
    await eventually("the workbench page answers", async () => (await fetch(url)).ok, { timeout: 60_000 });
    return new CodeServer(url, userData, settings, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}
