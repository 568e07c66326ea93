import type { Problems } from "../error.ts";
import { ZligError } from "../error.ts";
import type { Manifest, ManifestPath, TomlTable } from "../manifest/manifest.ts";
import { nearest } from "../options/nearest.ts";
import { isValidName } from "../python/name.ts";
import type { ModuleFacts } from "../python/source.ts";
import { summaryOf } from "../python/source.ts";
import { formatSpecifierSet, parseSpecifierSet } from "../python/specifier.ts";
import { normalizeVersion, parseVersion } from "../python/version.ts";
import { readDependencies, readOptionalDependencies } from "./dependencies.ts";
import type { ProjectKey } from "./dynamic.ts";
import { projectKeys, readDynamic } from "./dynamic.ts";
import { readEntryPoints } from "./entry-points.ts";
import { FieldReader } from "./field-reader.ts";
import type { SuppliedNames } from "./import-names.ts";
import { readImportNames } from "./import-names.ts";
import { readLicense } from "./license.ts";
import type { ProjectMetadata } from "./metadata.ts";
import { readPeople } from "./people.ts";
import { readReadme } from "./readme.ts";

function readName(reader: FieldReader, project: TomlTable): string | undefined {
  const path = ["project", "name"];
  if (project["name"] === undefined) {
    reader.report(["project"], "`project.name` is missing", { code: "missing-key", hint: 'Add `name = "…"`.' });
    return undefined;
  }
  const name = reader.string(project["name"], path);
  if (name === undefined || isValidName(name)) return name;
  reader.report(path, `${JSON.stringify(name)} cannot name a project`, {
    hint: "Use letters, digits, `-`, `_` and `.`, with a letter or digit at both ends.",
  });
  return undefined;
}

function reportUndetermined(reader: FieldReader, index: number, message: string, hint: string): void {
  reader.report(["project", "dynamic", index], message, { code: "dynamic-undetermined", hint });
}

function readVersion(
  reader: FieldReader,
  project: TomlTable,
  dynamic: number | undefined,
  module: ModuleFacts | undefined,
): string | undefined {
  const path = ["project", "version"];
  const written = reader.string(project["version"], path);
  if (written !== undefined) {
    return reader.parse(
      path,
      written,
      "a version",
      normalizeVersion,
      "Versions follow PEP 440: `1.0`, `2.1rc1`, `0.3.post1`.",
    );
  }
  if (project["version"] !== undefined) return undefined;
  if (dynamic === undefined) {
    reader.report(["project"], "`project.version` is missing", {
      code: "missing-key",
      hint: 'Add `version = "…"`, or `dynamic = ["version"]` to take it from `__version__` in the module.',
    });
    return undefined;
  }
  if (module?.version === undefined) {
    reportUndetermined(
      reader,
      dynamic,
      "The version was not found in the source text of the module",
      'Write `__version__ = "…"` at the top level of the module, or `version` into `[project]`.',
    );
    return undefined;
  }
  if (parseVersion(module.version) !== undefined) return normalizeVersion(module.version);
  reader.report(
    ["project", "dynamic", dynamic],
    `\`__version__\` is ${JSON.stringify(module.version)}, which is not a version`,
    {
      hint: "Versions follow PEP 440: `1.0`, `2.1rc1`, `0.3.post1`.",
    },
  );
  return undefined;
}

function readDescription(
  reader: FieldReader,
  project: TomlTable,
  dynamic: number | undefined,
  module: ModuleFacts | undefined,
): string | undefined {
  const path = ["project", "description"];
  if (dynamic !== undefined) {
    const summary = summaryOf(module?.docstring ?? "");
    if (summary === undefined) {
      reportUndetermined(
        reader,
        dynamic,
        "The description was not found in the source text of the module",
        "Begin the module with a docstring, or write `description` into `[project]`.",
      );
    }
    return summary;
  }
  const description = reader.string(project["description"], path)?.replace(/\r\n?/g, "\n").trim();
  if (description?.includes("\n") === true) {
    reader.report(path, "`project.description` has more than one line; package indexes refuse that", {
      severity: "warning",
      hint: "Shorten it to one line; the long text belongs in `readme`.",
    });
  }
  return description === "" ? undefined : description;
}

function readRequiresPython(reader: FieldReader, project: TomlTable): string | undefined {
  const path = ["project", "requires-python"];
  const text = reader.line(project["requires-python"], path);
  if (text === undefined) return undefined;
  const specifiers = reader.parse(path, text, "a version specifier", parseSpecifierSet, "Write for instance `>=3.9`.");
  return specifiers === undefined || specifiers.length === 0 ? undefined : formatSpecifierSet(specifiers);
}

function readUrls(reader: FieldReader, project: TomlTable): Readonly<Record<string, string>> {
  const field = ["project", "urls"];
  const entries = Object.entries(reader.table(project["urls"], field) ?? {}).flatMap(
    ([label, value]): [string, string][] => {
      const path: ManifestPath = [...field, label];
      // eslint-disable-next-line no-control-regex -- they would break the header they are written to
      if (label.trim() === "" || Array.from(label).length > 32 || /[,\u0000-\u001f\u007f]/.test(label)) {
        reader.report(path, `${JSON.stringify(label)} cannot label a URL`, {
          part: "key",
          hint: "A label has 1 to 32 characters on one line, and no comma.",
        });
      }
      const url = reader.line(value, path);
      if (url === "") reader.report(path, `The URL ${JSON.stringify(label)} is empty`, { hint: "Leave the key out." });
      return url === undefined ? [] : [[label, url]];
    },
  );
  return Object.fromEntries(entries);
}

function refuseUnknownKeys(reader: FieldReader, project: TomlTable): void {
  for (const key of Object.keys(project)) {
    if ((projectKeys as readonly string[]).includes(key)) continue;
    const meant = nearest(key, projectKeys);
    reader.report(["project", key], `\`[project]\` has no key ${JSON.stringify(key)}`, {
      part: "key",
      hint:
        meant === undefined
          ? "Settings of tools belong in a `[tool.…]` table; a key behind a table header belongs to that table."
          : `Did you mean \`${meant}\`?`,
    });
  }
}

/**
 * Reads the `[project]` table (PEP 621, 639, 685, 794, 808), with the files it names. Nothing outside the project folder is read.
 * @param root absolute path of the project folder, links resolved
 * @param module what the source text of the project's module says, for `version` and `description` in `dynamic`
 * @param problems takes every problem with its place; warnings too
 * @param supplied import names of what the project ships, for `import-names` and `import-namespaces` in `dynamic`
 * @returns `undefined` if an error was found
 */
export async function readMetadata(
  manifest: Manifest,
  root: string,
  module: ModuleFacts | undefined,
  problems: Problems,
  supplied: SuppliedNames = {},
): Promise<ProjectMetadata | undefined> {
  const errorsBefore = problems.errors.length;
  const reader = new FieldReader(manifest, problems);
  if (manifest.values["project"] === undefined) {
    problems.add(
      new ZligError("missing-key", "There is no `[project]` table", {
        location: { file: manifest.file },
        hint: "Add a `[project]` table with `name` and `version`.",
      }),
    );
    return undefined;
  }
  const project = reader.table(manifest.values["project"], ["project"]);
  if (project === undefined) return undefined;

  refuseUnknownKeys(reader, project);
  const dynamic = readDynamic(reader, project);
  const name = readName(reader, project);
  const version = readVersion(reader, project, dynamic.get("version"), module);
  const description = readDescription(reader, project, dynamic.get("description"), module);
  const readme = await readReadme(reader, root, project["readme"]);
  const requiresPython = readRequiresPython(reader, project);
  const classifiers = reader.lines(project["classifiers"], ["project", "classifiers"]) ?? [];
  const license = await readLicense(reader, root, project, classifiers);
  const rest = {
    authors: readPeople(reader, project["authors"], "authors"),
    maintainers: readPeople(reader, project["maintainers"], "maintainers"),
    keywords: (reader.lines(project["keywords"], ["project", "keywords"]) ?? []).map(({ text }) => text),
    classifiers: classifiers.map(({ text }) => text),
    urls: readUrls(reader, project),
    entryPoints: readEntryPoints(reader, project),
    dependencies: readDependencies(reader, project),
    optionalDependencies: readOptionalDependencies(reader, project),
    ...readImportNames(reader, project, namesAskedFor(reader, dynamic, supplied)),
    dynamic: [...dynamic.keys()],
  };
  if (name === undefined || version === undefined || problems.errors.length > errorsBefore) return undefined;
  return {
    name,
    version,
    ...(description === undefined ? {} : { description }),
    ...(readme === undefined ? {} : { readme }),
    ...(requiresPython === undefined ? {} : { requiresPython }),
    ...license,
    ...rest,
  };
}

/** Narrows the names at hand to those that `dynamic` asks for. */
function namesAskedFor(
  reader: FieldReader,
  dynamic: ReadonlyMap<ProjectKey, number>,
  supplied: SuppliedNames,
): SuppliedNames {
  const asked = (key: ProjectKey, names: readonly string[] | undefined): readonly string[] | undefined => {
    const index = dynamic.get(key);
    if (index === undefined) return undefined;
    if (names === undefined) {
      const hint = `Write \`${key}\` into \`[project]\`, and remove it from \`dynamic\`.`;
      reportUndetermined(reader, index, `\`project.${key}\` could not be found out: no package was found`, hint);
    }
    return names;
  };
  const importNames = asked("import-names", supplied.importNames);
  const importNamespaces = asked("import-namespaces", supplied.importNamespaces);
  return {
    ...(importNames === undefined ? {} : { importNames }),
    ...(importNamespaces === undefined ? {} : { importNamespaces }),
  };
}
