import { createHash } from "node:crypto";
import { lstatSync, readFileSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/**
 * What lies in a folder: of every entry its kind, mode, size, time of change and content. Two equal snapshots mean that
 * nothing was written in between, not even the same bytes again.
 */
export function snapshot(folder: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const look = (path: string, name: string): void => {
    const stat = lstatSync(path, { bigint: true });
    const head = `${stat.mode.toString(8)} ${stat.mtimeNs}`;
    if (stat.isSymbolicLink()) found[name] = `${head} -> ${readlinkSync(path)}`;
    else if (stat.isDirectory()) {
      found[name] = head;
      for (const entry of readdirSync(path)) look(join(path, entry), `${name}/${entry}`);
    } else found[name] = `${head} ${stat.size} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
  };
  look(folder, ".");
  return found;
}
