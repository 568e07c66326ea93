import { ZligError } from "../error.ts";
import type { Person, ProjectMetadata } from "../project/metadata.ts";
import { withExtra } from "../python/marker.ts";
import { formatRequirement, parseRequirement } from "../python/requirement.ts";

/** What is to be rendered: `METADATA` of a wheel, or `PKG-INFO` of an sdist. */
export interface CoreMetadataOptions {
  readonly sdist?: boolean;
  /**
   * Names of core metadata fields (`Requires-Dist`) whose values may differ in wheels built from the sdist. What Zlig reads from source text
   * is the same in every wheel, so it is not among them, though `dynamic` in `[project]` lists it: PEP 643 means another thing by the word.
   */
  readonly dynamic?: readonly string[];
}

type Header = readonly [name: string, value: string];

type MetadataVersion = "2.1" | "2.2" | "2.4" | "2.5" | "2.6";

/** Fields that may be marked as dynamic, and of them those that may stand several times (core metadata specification 2.6). */
const singleFields = [
  "Author",
  "Author-Email",
  "Description",
  "Description-Content-Type",
  "Keywords",
  "License",
  "License-Expression",
  "Maintainer",
  "Maintainer-Email",
  "Requires-Python",
  "Summary",
];
const multipleFields = [
  "Classifier",
  "Import-Name",
  "Import-Namespace",
  "License-File",
  "Project-URL",
  "Provides-Extra",
  "Requires-Dist",
];

/** Puts a name into quotes where RFC 5322 asks for it. */
function displayName(name: string): string {
  return /[\][\\()<>@,:;".]/.test(name) ? `"${name.replace(/[\\"]/g, "\\$&")}"` : name;
}

function nameList(people: readonly Person[]): string {
  return people.flatMap(({ name, email }) => (name === undefined || email !== undefined ? [] : [name])).join(", ");
}

function emailList(people: readonly Person[]): string {
  return people
    .flatMap(({ name, email }) =>
      email === undefined ? [] : [name === undefined ? email : `${displayName(name)} <${email}>`],
    )
    .join(", ");
}

function optional(name: string, value: string | undefined): readonly Header[] {
  return value === undefined || value === "" ? [] : [[name, value]];
}

function requirementOfExtra(requirement: string, extra: string): string {
  const parsed = parseRequirement(requirement);
  return formatRequirement({ ...parsed, marker: withExtra(parsed.marker, extra) });
}

/** The headers after `Metadata-Version`, in their order. */
function headersOf(metadata: ProjectMetadata, dynamic: readonly string[]): readonly Header[] {
  const { importNames, importNamespaces } = metadata;
  return [
    ["Name", metadata.name],
    ["Version", metadata.version],
    ...optional("Summary", metadata.description),
    ...optional("Keywords", metadata.keywords.join(",")),
    ...optional("Author", nameList(metadata.authors)),
    ...optional("Author-Email", emailList(metadata.authors)),
    ...optional("Maintainer", nameList(metadata.maintainers)),
    ...optional("Maintainer-Email", emailList(metadata.maintainers)),
    ...optional("License", metadata.licenseText),
    ...optional("License-Expression", metadata.licenseExpression),
    ...(metadata.licenseFiles ?? []).map((file): Header => ["License-File", file]),
    ...metadata.classifiers.map((classifier): Header => ["Classifier", classifier]),
    ...Object.entries(metadata.urls).map(([label, url]): Header => ["Project-URL", `${label}, ${url}`]),
    ...optional("Requires-Python", metadata.requiresPython),
    ...metadata.dependencies.map((requirement): Header => ["Requires-Dist", requirement]),
    ...Object.entries(metadata.optionalDependencies).flatMap(([extra, requirements]): readonly Header[] => [
      ["Provides-Extra", extra],
      ...requirements.map((requirement): Header => ["Requires-Dist", requirementOfExtra(requirement, extra)]),
    ]),
    ...optional("Description-Content-Type", metadata.readme?.contentType),
    ...(importNames ?? []).map((name): Header => ["Import-Name", name]),
    ...(importNamespaces ?? []).map((name): Header => ["Import-Namespace", name]),
    // PEP 794: an empty name says that there is nothing to import.
    ...(importNames?.length === 0 ? [["Import-Name", ""] as const] : []),
    ...dynamic.map((field): Header => ["Dynamic", field]),
  ];
}

/** The lowest version of the format that has everything these headers say. */
function metadataVersion(
  metadata: ProjectMetadata,
  headers: readonly Header[],
  dynamic: readonly string[],
  sdist: boolean,
): MetadataVersion {
  // Since 2.6 a field may be marked as dynamic and have values, to which a wheel may add.
  const appended = dynamic.some(
    (field) => multipleFields.includes(field) && headers.some(([name, value]) => name === field && value !== ""),
  );
  if (sdist && appended) return "2.6";
  if (metadata.importNames !== undefined || metadata.importNamespaces !== undefined) return "2.5";
  if (metadata.licenseExpression !== undefined || metadata.licenseFiles !== undefined) return "2.4";
  // Only since 2.2 does an sdist without `Dynamic` say that its values hold for its wheels (PEP 643).
  return sdist || dynamic.length > 0 ? "2.2" : "2.1";
}

/** Writes a header; further lines of its value are indented to stand below the first. */
function formatHeader([name, value]: Header): string {
  const lines = value.split(/\r\n?|\n/);
  return `${name}: ${lines.join(`\n${" ".repeat(name.length + 2)}`)}\n`;
}

/**
 * Renders core metadata: `METADATA` of a wheel, or with `sdist` the `PKG-INFO` of an sdist, in the lowest version of the format that its
 * fields need (2.1 to 2.6; for an sdist at least 2.2). Line ends are `\n`.
 * @throws {ZligError} `internal` if `dynamic` names no field that may be dynamic
 */
export function renderMetadata(metadata: ProjectMetadata, options: CoreMetadataOptions = {}): string {
  const { sdist = false, dynamic = [] } = options;
  const wrong = dynamic.find((field) => !singleFields.includes(field) && !multipleFields.includes(field));
  if (wrong !== undefined) throw new ZligError("internal", `the field ${wrong} of core metadata cannot be dynamic`);
  const headers = headersOf(metadata, dynamic);
  const version = metadataVersion(metadata, headers, dynamic, sdist);
  const text = metadata.readme?.text.replace(/\r\n?/g, "\n") ?? "";
  return `${[["Metadata-Version", version] as const, ...headers].map(formatHeader).join("")}\n${text}`;
}
