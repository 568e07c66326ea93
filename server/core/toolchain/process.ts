import type { Options } from "execa";
import { execa } from "execa";

/** How a child process ended. */
export interface ProcessResult {
  /** The exit code; `undefined` when a signal ended it or it could not be started. */
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Why the process could not be started (`ENOENT`, `EACCES` …). */
  readonly failure: string | undefined;
}

/** What a child process may see of the environment: what compilers and Python need to run, and nothing else. */
const allowed = new Set([
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "TMPDIR",
  "TMP",
  "TEMP",
  "SYSTEMROOT",
  "SYSTEMDRIVE",
  "WINDIR",
  "COMSPEC",
  "PATHEXT",
  "USERPROFILE",
  "APPDATA",
  "LOCALAPPDATA",
  "PROGRAMDATA",
  "PROGRAMFILES",
  "NUMBER_OF_PROCESSORS",
  "SDKROOT",
  "DEVELOPER_DIR",
  "LD_LIBRARY_PATH",
  "DYLD_LIBRARY_PATH",
]);

/** The environment of a child process: the allowed part of ours, the C locale, and what the caller adds. */
export function childEnvironment(added: Readonly<Record<string, string>> = {}): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined && allowed.has(name.toUpperCase())) env[name] = value;
  // Messages are parsed, so they must not be translated; UTF-8 keeps file names in them readable.
  return { ...env, LC_ALL: process.platform === "darwin" ? "en_US.UTF-8" : "C.UTF-8", ...added };
}

function killTree(pid: number): void {
  if (process.platform === "win32") {
    // Windows has no process groups to signal; taskkill walks the tree.
    void execa("taskkill", ["/pid", String(pid), "/T", "/F"], { reject: false, windowsHide: true });
    return;
  }
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The whole group has ended by itself.
  }
}

/**
 * Runs a program with a list of arguments, never through a shell. When the signal aborts, the whole process tree is killed.
 * @param command the program and its arguments
 * @param options `cwd`; `env`, added to the allowed part of our own; `input` for standard input (none: it is closed)
 * @returns how it ended; it does not throw for a program that fails or cannot be started
 */
export async function run(
  command: readonly [string, ...string[]],
  options: {
    readonly cwd?: string | undefined;
    readonly env?: Readonly<Record<string, string>> | undefined;
    readonly input?: string | undefined;
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<ProcessResult> {
  const [file, ...args] = command;
  if (options.signal?.aborted === true)
    return { exitCode: undefined, signal: "SIGKILL", stdout: "", stderr: "", failure: undefined };
  const settings = {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.input === undefined ? { stdin: "ignore" } : { input: options.input }),
    env: childEnvironment(options.env),
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    // A group of its own, so that the whole tree can be killed at once.
    detached: process.platform !== "win32",
    windowsHide: true,
    cleanup: true,
  } as const satisfies Options;
  let child;
  try {
    child = execa(file, args, settings);
  } catch (error) {
    // An argument that no system can pass on, such as one with a NUL character.
    return { exitCode: undefined, signal: undefined, stdout: "", stderr: "", failure: (error as Error).message };
  }
  const { pid } = child;
  const kill = (): void => {
    if (pid !== undefined) killTree(pid);
  };
  options.signal?.addEventListener("abort", kill, { once: true });
  if (pid !== undefined) running.add(pid);
  try {
    const result = await child;
    return {
      exitCode: result.exitCode,
      signal: result.signal,
      stdout: result.stdout,
      stderr: result.stderr,
      failure:
        result.failed && result.exitCode === undefined && result.signal === undefined
          ? (result.code ?? result.shortMessage)
          : undefined,
    };
  } finally {
    options.signal?.removeEventListener("abort", kill);
    if (pid !== undefined) running.delete(pid);
  }
}

const running = new Set<number>();

/** Kills every process tree that is still running: for the end of our own process. */
export function killAll(): void {
  for (const pid of running) killTree(pid);
}
