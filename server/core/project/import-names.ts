import type { ManifestPath, TomlTable } from "../manifest/manifest.ts";
import { isImportName } from "../python/identifier.ts";
import type { FieldReader } from "./field-reader.ts";

/** The import names that the project's packages and extensions give, for `dynamic`. */
export interface SuppliedNames {
  readonly importNames?: readonly string[];
  readonly importNamespaces?: readonly string[];
}

interface ImportName {
  /** Without `; private`. */
  readonly name: string;
  /** As it goes into core metadata. */
  readonly text: string;
  readonly path: ManifestPath;
}

function readNames(
  reader: FieldReader,
  project: TomlTable,
  key: "import-names" | "import-namespaces",
  supplied: readonly string[] | undefined,
): readonly ImportName[] | undefined {
  const field = ["project", key];
  const written = reader.lines(project[key], field);
  const names = written?.flatMap(({ text, path }): ImportName[] => {
    const [name = "", tag, ...others] = text.split(";").map((part) => part.trim());
    if (!isImportName(name)) {
      reader.report(path, `${JSON.stringify(text)} is not an import name`, {
        hint: "Write Python names with dots between them; ` ; private` may follow.",
      });
      return [];
    }
    if ((tag !== undefined && tag !== "private") || others.length > 0) {
      reader.report(path, `Only \`; private\` may follow the import name in ${JSON.stringify(text)}`);
      return [];
    }
    return [{ name, text: tag === undefined ? name : `${name}; private`, path }];
  });
  if (supplied === undefined) return names;
  const known = new Set(names?.map(({ name }) => name));
  const added = supplied.filter((text) => !known.has(text.split(";")[0]?.trim() ?? text));
  return [...(names ?? []), ...added.map((text) => ({ name: text.split(";")[0]?.trim() ?? text, text, path: field }))];
}

/** Reads `import-names` and `import-namespaces` (PEP 794); what `dynamic` asks for is appended to what is written (PEP 808). */
export function readImportNames(
  reader: FieldReader,
  project: TomlTable,
  supplied: SuppliedNames,
): { importNames?: readonly string[]; importNamespaces?: readonly string[] } {
  const names = readNames(reader, project, "import-names", supplied.importNames);
  const namespaces = readNames(reader, project, "import-namespaces", supplied.importNamespaces);
  if (namespaces?.length === 0 && project["import-namespaces"] !== undefined) {
    reader.report(["project", "import-namespaces"], "`project.import-namespaces` cannot be empty (PEP 794)", {
      hint: "Leave the key out.",
    });
  }
  for (const { name, path } of namespaces ?? []) {
    if (names?.some((other) => other.name === name) !== true) continue;
    reader.report(path, `\`${name}\` stands in \`import-names\` and in \`import-namespaces\` (PEP 794)`, {
      hint: "A name is either the project's own or shared with others.",
    });
  }
  const all = [...(names ?? []), ...(namespaces ?? [])];
  for (const { name, path } of all) {
    const parent = name.split(".").slice(0, -1).join(".");
    if (parent === "" || all.some((other) => other.name === parent)) continue;
    reader.report(path, `\`${name}\` is listed, but not \`${parent}\` above it (PEP 794)`, {
      hint: `Add \`${parent}\` to \`import-namespaces\`, or to \`import-names\` if it is the project's own.`,
    });
  }
  return {
    ...(names === undefined ? {} : { importNames: names.map(({ text }) => text) }),
    ...(namespaces === undefined || namespaces.length === 0
      ? {}
      : { importNamespaces: namespaces.map(({ text }) => text) }),
  };
}
