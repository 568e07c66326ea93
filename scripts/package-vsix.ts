import { readFile, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createVSIX } from "@vscode/vsce";

/** What users download stays small: the whole of Zlig fits. */
const mostBytes = 600_000;

/**
 * Packs the VS Code extension from what `npm run build` left in `dist`.
 * @returns the path of the file and its size in bytes
 * @throws if it has grown beyond what is promised
 */
export async function packageVsix(): Promise<{ readonly path: string; readonly bytes: number }> {
  const { name, version } = JSON.parse(await readFile("package.json", "utf8")) as { name: string; version: string };
  for (const file of await readdir("dist")) if (file.endsWith(".vsix")) await rm(join("dist", file));
  const path = join("dist", `${name}-${version}.vsix`);
  // Everything is bundled; there is no public repository yet that links of the README could be completed with.
  await createVSIX({
    packagePath: path,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  const { size } = await stat(path);
  if (size > mostBytes) throw new Error(`${path} has ${size} bytes, more than ${mostBytes}`);
  return { path, bytes: size };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { path, bytes } = await packageVsix();
  console.log(`wrote ${path} (${Math.round(bytes / 1000)} kB)`);
}
