import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createVSIX } from "@vscode/vsce";
import { editorCache } from "./kit.ts";

/**
 * Packs an extension that stands in for one that cannot be had here: it carries that one's identifier and offers the part of its API that is used.
 * @param source CommonJS; it may `require("vscode")`
 * @returns the path of the `.vsix`
 */
export async function packStandIn(
  publisher: string,
  name: string,
  commands: Readonly<Record<string, string>>,
  source: string,
): Promise<string> {
  const folder = join(editorCache, "stand-ins", `${publisher}.${name}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const manifest = {
    publisher,
    name,
    displayName: `Stand-in for ${name}`,
    description: "Only for tests.",
    version: "1.0.0",
    license: "MIT",
    engines: { vscode: "^1.101.0" },
    main: "./main.js",
    activationEvents: [],
    contributes: {
      commands: Object.entries(commands).map(([command, title]) => ({ command, title, category: "Stand-in" })),
    },
  };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "main.js"), source);
  await writeFile(join(folder, "README.md"), "Only for tests.\n");
  const packed = `${folder}.vsix`;
  await createVSIX({
    cwd: folder,
    packagePath: packed,
    dependencies: false,
    allowMissingRepository: true,
    skipLicense: true,
  });
  return packed;
}
