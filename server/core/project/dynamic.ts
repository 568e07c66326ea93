import type { TomlTable } from "../manifest/manifest.ts";
import { nearest } from "../options/nearest.ts";
import type { FieldReader } from "./field-reader.ts";

/** The keys of `[project]` (pyproject.toml specification). */
export const projectKeys = [
  "name",
  "version",
  "description",
  "readme",
  "requires-python",
  "license",
  "license-files",
  "authors",
  "maintainers",
  "keywords",
  "classifiers",
  "urls",
  "scripts",
  "gui-scripts",
  "entry-points",
  "dependencies",
  "optional-dependencies",
  "import-names",
  "import-namespaces",
  "dynamic",
] as const;

/** A key of `[project]`. */
export type ProjectKey = (typeof projectKeys)[number];

/** Keys with one value: they are either static or dynamic. All others may be both, and are then added to (PEP 808). */
const singleKeys: readonly string[] = ["version", "description", "readme", "requires-python", "license"];

const suppliedKeys: readonly string[] = ["version", "description", "import-names", "import-namespaces"];

/** Reads `dynamic`. Gives the listed keys that Zlig can supply, with their index in the list. */
export function readDynamic(reader: FieldReader, project: TomlTable): ReadonlyMap<ProjectKey, number> {
  const dynamic = new Map<ProjectKey, number>();
  for (const { text, path } of reader.lines(project["dynamic"], ["project", "dynamic"]) ?? []) {
    const index = path.at(-1);
    const key = projectKeys.find((known) => known === text);
    const isStatic = key !== undefined && project[key] !== undefined;
    if (key === undefined || key === "name" || key === "dynamic") {
      const meant = nearest(text, projectKeys);
      reader.report(path, `${JSON.stringify(text)} cannot be dynamic`, {
        hint: key === undefined && meant !== undefined ? `Did you mean \`${meant}\`?` : undefined,
      });
    } else if (isStatic && singleKeys.includes(key)) {
      reader.report(path, `\`project.${key}\` is given and listed in \`dynamic\``, {
        hint: "Remove one of the two.",
        related: [{ location: reader.locate(["project", key], "key"), message: "here it is given" }],
      });
    } else if (suppliedKeys.includes(key)) {
      if (typeof index === "number" && !dynamic.has(key)) dynamic.set(key, index);
    } else if (isStatic) {
      reader.report(path, `Zlig adds nothing to \`project.${key}\``, {
        severity: "warning",
        hint: "Remove it from `dynamic`.",
      });
    } else {
      reader.report(path, `Zlig cannot find out \`project.${key}\` by itself`, {
        code: "dynamic-undetermined",
        hint: `Write \`${key}\` into \`[project]\`, and remove it from \`dynamic\`.`,
      });
    }
  }
  return dynamic;
}
