import { readFile, readdir } from "node:fs/promises";

/** The folder of the package that a bundled file belongs to: `node_modules/execa`, `node_modules/@scope/name`. */
function packageFolder(input: string): string | undefined {
  const found = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input);
  return found?.[0];
}

/**
 * The licences of everything that was bundled, as they have to go with it.
 * @param inputs the bundled files, as esbuild's metafile names them
 * @throws if a package has no licence text
 */
export async function thirdPartyNotices(inputs: readonly string[]): Promise<string> {
  const folders = [...new Set(inputs.map(packageFolder).filter((folder) => folder !== undefined))].sort();
  const sections: string[] = [];
  for (const folder of folders) {
    const { name, version, license } = JSON.parse(await readFile(`${folder}/package.json`, "utf8")) as {
      name: string;
      version: string;
      license?: string;
    };
    const files = (await readdir(folder)).filter((file) => /^(?:licen[cs]e|copying|notice)/i.test(file)).sort();
    const [first] = files;
    if (first === undefined && license === undefined) throw new Error(`${name} has no licence`);
    const texts = await Promise.all(files.map((file) => readFile(`${folder}/${file}`, "utf8")));
    const text = first === undefined ? `Licence: ${license ?? ""}` : texts.map((one) => one.trim()).join("\n\n");
    sections.push(`${name} ${version} (${license ?? "see below"})\n\n${text}`);
  }
  const rule = "-".repeat(78);
  return `Zlig contains code of these packages.\n\n${sections.map((section) => `${rule}\n${section}\n`).join("\n")}`;
}
