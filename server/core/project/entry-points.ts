import type { ManifestPath, TomlTable, TomlValue } from "../manifest/manifest.ts";
import {
  entryPointNameProblem,
  isEntryPointGroup,
  normalizeObjectReference,
  scriptGroups,
} from "../python/entry-point.ts";
import type { FieldReader } from "./field-reader.ts";
import type { ProjectMetadata } from "./metadata.ts";

function readGroup(
  reader: FieldReader,
  value: TomlValue | undefined,
  path: ManifestPath,
  group: string,
): Readonly<Record<string, string>> {
  const isScript = (scriptGroups as readonly string[]).includes(group);
  const entries = Object.entries(reader.table(value, path) ?? {}).flatMap(([name, element]): [string, string][] => {
    const entryPath = [...path, name];
    const problem = entryPointNameProblem(name, group);
    if (problem !== undefined) {
      reader.report(entryPath, `${JSON.stringify(name)} cannot name an entry point: ${problem}`, {
        part: "key",
        hint: "Use letters, digits, underscores, dots and hyphens.",
      });
    }
    const reference = reader.string(element, entryPath);
    if (reference === undefined) return [];
    const normalized = reader.parse(
      entryPath,
      reference,
      "an object reference",
      (text) => normalizeObjectReference(text, isScript),
      isScript ? "Write `package.module:function`." : "Write `package.module` or `package.module:object`.",
    );
    return normalized === undefined ? [] : [[name, normalized]];
  });
  return Object.fromEntries(entries);
}

/** Reads `scripts`, `gui-scripts` and `entry-points`. */
export function readEntryPoints(reader: FieldReader, project: TomlTable): ProjectMetadata["entryPoints"] {
  const groups: [string, Readonly<Record<string, string>>][] = [
    ["console_scripts", readGroup(reader, project["scripts"], ["project", "scripts"], "console_scripts")],
    ["gui_scripts", readGroup(reader, project["gui-scripts"], ["project", "gui-scripts"], "gui_scripts")],
  ];
  const field = ["project", "entry-points"];
  for (const [group, value] of Object.entries(reader.table(project["entry-points"], field) ?? {})) {
    const path = [...field, group];
    if ((scriptGroups as readonly string[]).includes(group)) {
      const key = group === "console_scripts" ? "scripts" : "gui-scripts";
      reader.report(path, `\`${group}\` is not allowed in \`project.entry-points\``, {
        part: "key",
        hint: `Put its entries into \`[project.${key}]\`.`,
      });
      continue;
    }
    if (!isEntryPointGroup(group)) {
      reader.report(path, `${JSON.stringify(group)} cannot name a group of entry points`, {
        part: "key",
        hint: "A group is named by letters, digits and underscores, with dots between: `pytest11`, `babel.extractors`.",
      });
      continue;
    }
    groups.push([group, readGroup(reader, value, path, group)]);
  }
  for (const name of Object.keys(groups[1]?.[1] ?? {})) {
    if (!Object.hasOwn(groups[0]?.[1] ?? {}, name)) continue;
    reader.report(
      ["project", "gui-scripts", name],
      `There is a script and a GUI script called ${JSON.stringify(name)}`,
      {
        part: "key",
        hint: "Give one of them another name: both would be installed to one file.",
        related: [{ location: reader.locate(["project", "scripts", name], "key"), message: "the script" }],
      },
    );
  }
  return Object.fromEntries(groups.filter(([, entries]) => Object.keys(entries).length > 0));
}
