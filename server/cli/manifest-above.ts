import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { ZligError } from "../core/error.ts";

/**
 * Tells of a `pyproject.toml` in one of the folders above, when the project folder has none: the command was most likely
 * started in a subfolder. Nothing is built up there unasked, for it may be another project.
 * @param project what `--project` says
 */
export function withManifestAbove(error: ZligError, project: string | boolean | undefined): ZligError {
  const start = resolve(typeof project === "string" ? project : ".");
  for (let folder = dirname(start); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "pyproject.toml"))) {
      const { code, message, location, cause } = error;
      const way = relative(process.cwd(), folder);
      const hint = `There is one in ${folder}: add \`--project ${way === "" ? "." : way}\`, or run the command there.`;
      return new ZligError(code, message, { hint, location, cause });
    }
    if (folder === dirname(folder)) return error;
  }
}
