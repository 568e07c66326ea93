import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";

/** A running process. */
export interface RunningProcess {
  readonly pid: number;
  /** Its command line, arguments parted by spaces. */
  readonly command: string;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // It has ended in the meantime, or is another user's.
    return "";
  }
}

/** The running processes that have a text in their command line, or (where the system shows it) in their environment. */
export function processesWith(text: string): readonly RunningProcess[] {
  if (!existsSync("/proc/self/cmdline")) {
    return execFileSync("ps", ["-A", "-ww", "-o", "pid=,args="], { encoding: "utf8" })
      .split("\n")
      .filter((line) => line.includes(text))
      .map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim().replace(/^\d+\s+/, "") }));
  }
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({
      pid: Number(name),
      command: readIfThere(`/proc/${name}/cmdline`).replaceAll("\0", " "),
      environment: readIfThere(`/proc/${name}/environ`),
    }))
    .filter(({ command, environment }) => command.includes(text) || environment.includes(text))
    .map(({ pid, command }) => ({ pid, command }));
}

/** Whether a process runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
