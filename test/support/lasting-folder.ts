import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const folders: string[] = [];

// An `exit` listener would not do: vitest ends its workers without one.
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  // An environment with Zig in it has some twenty thousand files.
}, 120_000);

/** Makes a folder that is removed when the last test of the file has ended. Gives its absolute path, links resolved. */
export function lastingFolder(prefix: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), prefix)));
  folders.push(folder);
  return folder;
}
