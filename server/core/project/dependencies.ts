import type { ManifestPath, TomlTable, TomlValue } from "../manifest/manifest.ts";
import { isValidName, normalizeName } from "../python/name.ts";
import { formatRequirement, parseRequirement } from "../python/requirement.ts";
import type { FieldReader } from "./field-reader.ts";

/** Reads an array of PEP 508 requirements into their canonical form. */
function readRequirements(reader: FieldReader, value: TomlValue | undefined, field: ManifestPath): readonly string[] {
  return (reader.lines(value, field) ?? []).flatMap(({ text, path }) => {
    const requirement = reader.parse(path, text, "a dependency (PEP 508)", parseRequirement);
    return requirement === undefined ? [] : [formatRequirement(requirement)];
  });
}

/** Reads `dependencies`. */
export function readDependencies(reader: FieldReader, project: TomlTable): readonly string[] {
  return readRequirements(reader, project["dependencies"], ["project", "dependencies"]);
}

/** Reads `optional-dependencies`; extras are normalised, and two of one normalised name are refused (PEP 685). */
export function readOptionalDependencies(
  reader: FieldReader,
  project: TomlTable,
): Readonly<Record<string, readonly string[]>> {
  const field = ["project", "optional-dependencies"];
  const extras = new Map<string, { written: string; requirements: readonly string[] }>();
  for (const [written, value] of Object.entries(reader.table(project["optional-dependencies"], field) ?? {})) {
    const path = [...field, written];
    if (!isValidName(written)) {
      reader.report(path, `${JSON.stringify(written)} cannot name an extra`, {
        part: "key",
        hint: "Use letters, digits, `-`, `_` and `.`, with a letter or digit at both ends.",
      });
    }
    const extra = normalizeName(written);
    const other = extras.get(extra);
    if (other === undefined) {
      extras.set(extra, { written, requirements: readRequirements(reader, value, path) });
      continue;
    }
    reader.report(
      path,
      `The extras ${JSON.stringify(other.written)} and ${JSON.stringify(written)} have one normalised name, \`${extra}\` (PEP 685)`,
      {
        part: "key",
        hint: "Put their dependencies into one extra, or rename one of them.",
        related: [{ location: reader.locate([...field, other.written], "key"), message: "the other extra" }],
      },
    );
  }
  return Object.fromEntries([...extras].map(([extra, { requirements }]) => [extra, requirements]));
}
