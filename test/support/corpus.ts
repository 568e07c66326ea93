import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "./tree.ts";
import { unpackedSdists } from "./sdists.ts";

const overlays = join(import.meta.dirname, "..", "corpus", "overlays");

/** A text of TOML without one of its top-level tables; what is below it stays. */
function withoutTable(text: string, name: string): string {
  const kept: string[] = [];
  let inside = false;
  for (const line of text.split("\n")) {
    const header = /^\s*\[+\s*([^\]]+?)\s*\]/.exec(line)?.[1];
    if (header !== undefined) inside = header === name;
    if (!inside) kept.push(line);
  }
  return kept.join("\n");
}

/**
 * Gives a copy of a published project's sdist that is built by Zlig: its `[build-system]` gives way to the overlay in `test/corpus/overlays`, which also
 * has the `[tool.zlig]` tables. Everything else, the other build system's files included, is as published.
 * @param pin `name==version`
 */
export async function corpusProject(pin: string): Promise<string> {
  const [published = ""] = await unpackedSdists([pin]);
  const [name = ""] = pin.split("==");
  const folder = join(makeFolder(), name);
  cpSync(published, folder, { recursive: true });
  const manifest = join(folder, "pyproject.toml");
  const text = withoutTable(readFileSync(manifest, "utf8"), "build-system");
  writeFileSync(manifest, `${text}\n${readFileSync(join(overlays, `${name}.toml`), "utf8")}`);
  // It has the metadata of the published build, and front ends may believe them.
  rmSync(join(folder, "PKG-INFO"));
  return folder;
}
