import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** What stands at a path of a tree: a file's text or bytes, a file with a mode, a symbolic link, or an empty folder (`null`). */
export type TreeNode = string | Uint8Array | { content: string; mode: number } | { link: string } | null;

/** Makes a folder that is removed when the test ends. Gives its absolute path, links resolved. */
export function makeFolder(prefix = "zlig-test-"): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), prefix)));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
    // A virtual environment takes a while on a busy machine.
  }, 120_000);
  return folder;
}

/** Makes files below a new folder (or `root`), in the order given. Gives the folder. */
export function makeTree(nodes: Readonly<Record<string, TreeNode>>, root = makeFolder()): string {
  for (const [path, node] of Object.entries(nodes)) {
    const file = join(root, path);
    mkdirSync(node === null ? file : dirname(file), { recursive: true });
    if (node === null) continue;
    if (typeof node === "string" || node instanceof Uint8Array) writeFileSync(file, node);
    else if ("link" in node) symlinkSync(node.link, file);
    else {
      writeFileSync(file, node.content);
      chmodSync(file, node.mode);
    }
  }
  return root;
}
