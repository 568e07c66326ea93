import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { commandPage } from "./generate/command.ts";
import { configurationPage } from "./generate/configuration.ts";
import { errorsPage } from "./generate/errors.ts";
import { grammarText } from "./generate/grammar.ts";
import { schemaText } from "./generate/json-schema.ts";
import { l10nText } from "./generate/l10n.ts";

/** Every file that is made from a table in the code. `--check` writes nothing and fails when one is stale. */
const files: Readonly<Record<string, () => string>> = {
  "docs/configuration.md": configurationPage,
  "docs/errors.md": errorsPage,
  "docs/command.md": commandPage,
  "docs/zlig.schema.json": schemaText,
  "syntaxes/zlig.tmLanguage.json": grammarText,
  "l10n/bundle.l10n.json": l10nText,
};

const stale: string[] = [];
for (const [path, make] of Object.entries(files)) {
  const wanted = make();
  if ((await readFile(path, "utf8").catch(() => "")) === wanted) continue;
  if (process.argv.includes("--check")) stale.push(path);
  else {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, wanted);
    console.log(`wrote ${path}`);
  }
}
if (stale.length > 0) {
  console.error(`stale: ${stale.join(", ")}; run \`npm run generate\``);
  process.exitCode = 1;
}
