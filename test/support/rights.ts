import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";

function chmodTree(folder: string, folderMode: number, fileMode: number): void {
  chmodSync(folder, folderMode);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (!entry.isSymbolicLink())
      chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? folderMode : fileMode);
}

/** Takes the right to write from a folder and all in it, until the test ends. */
export function makeReadOnly(folder: string): void {
  chmodTree(folder, 0o555, 0o444);
  onTestFinished(() => {
    chmodTree(folder, 0o755, 0o644);
  });
}

/**
 * A command that heeds the rights of files, also for root, who may do all otherwise: all of root's privileges are
 * dropped before it runs (`setpriv` of util-linux).
 * @throws when they are heeded all the same: a test would show nothing
 */
export function heedingRights(command: readonly string[], readOnly: string): readonly string[] {
  const asRoot = process.getuid?.() === 0;
  const prefix = asRoot ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"] : [];
  const attempt = [...prefix, process.execPath, "-e", `fs.writeFileSync(process.argv[1], "")`];
  try {
    execFileSync(attempt[0] ?? "", [...attempt.slice(1), join(readOnly, "written")], { stdio: "ignore" });
  } catch {
    return [...prefix, ...command];
  }
  throw new Error(`${readOnly} can be written by ${[...prefix, "…"].join(" ")}`);
}
