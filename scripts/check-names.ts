import { readFile } from "node:fs/promises";
import { execa } from "execa";

/**
 * A lock file may name no registry: whoever installs takes packages from the registry of their own configuration.
 * A path of somebody's home folder in a tracked file works for nobody else.
 */
const rules: readonly { readonly pattern: RegExp; readonly only?: RegExp; readonly why: string }[] = [
  { pattern: /"resolved":/, only: /package-lock\.json$/, why: "names a registry" },
  { pattern: /(?:^|[\s"'`(=:])\/(?:root|home\/[a-z]\w*)\/(?!\.)[\w.-]+/m, why: "names a path of one machine" },
];

const { stdout } = await execa("git", ["ls-files", "-z"]);
let found = 0;
for (const path of stdout.split("\0").filter((name) => name !== "")) {
  const text = await readFile(path, "utf8").catch(() => "");
  for (const { pattern, only, why } of rules)
    if ((only === undefined || only.test(path)) && pattern.test(text)) {
      console.error(`${path} ${why}: ${pattern.exec(text)?.[0].trim() ?? ""}`);
      found++;
    }
}
process.exitCode = found === 0 ? 0 : 1;
