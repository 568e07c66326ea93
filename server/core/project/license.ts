import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ManifestPath, TomlTable, TomlValue } from "../manifest/manifest.ts";
import { nearest } from "../options/nearest.ts";
import { canonicalizeLicenseExpression, licenseIdentifiers } from "../python/license-expression.ts";
import { placementOf } from "./containment.ts";
import type { FieldLine, FieldReader } from "./field-reader.ts";
import { byCodeUnit, explainEmptyGlob, expandGlobs } from "./globs.ts";
import type { ProjectMetadata } from "./metadata.ts";
import { checkFile, decodeText, plainPath, readTextFile } from "./text-file.ts";

type LicenseFields = Pick<ProjectMetadata, "licenseExpression" | "licenseText" | "licenseFiles">;

const licenseField: ManifestPath = ["project", "license"];
const filesField: ManifestPath = ["project", "license-files"];

/**
 * What is taken for a licence file when `license-files` is absent. PEP 639 leaves that to the tool; these are the globs of Flit, Hatchling
 * and setuptools, so that a project keeps its licence in its wheels when it changes to Zlig.
 */
const defaultGlobs = ["LICEN[CS]E*", "COPYING*", "NOTICE*", "AUTHORS*"];

function suggestLicense(expression: string): string {
  const words = expression.match(/[^\s()]+/g) ?? [];
  const whole = expression.trim().replace(/\s+(?:licen[cs]e)?\s*/gi, "-");
  const found =
    words.length === 1 || licenseIdentifiers.includes(whole) ? nearest(whole, licenseIdentifiers) : undefined;
  return found === undefined
    ? "Write an SPDX expression such as `MIT` or `Apache-2.0 OR BSD-3-Clause`; `LicenseRef-Name` stands for a licence that SPDX does not list."
    : `Did you mean \`${found}\`? \`LicenseRef-Name\` stands for a licence that SPDX does not list.`;
}

/** Reads the table form of `license`, deprecated by PEP 639. */
async function readLicenseTable(
  reader: FieldReader,
  root: string,
  table: TomlTable,
): Promise<{ text?: string; file?: string }> {
  reader.refuseOtherKeys(table, licenseField, ["file", "text"]);
  if ("file" in table === "text" in table) {
    reader.report(licenseField, "`project.license` needs either `file` or `text`", {
      hint: 'Better: `license = "MIT"`, an SPDX expression, with `license-files = ["LICENSE"]`.',
    });
    return {};
  }
  reader.report(licenseField, "`project.license` as a table is deprecated (PEP 639)", {
    severity: "warning",
    hint: 'Write an SPDX expression, `license = "MIT"`, and `license-files = ["LICENSE"]`.',
  });
  const path = [...licenseField, "file"];
  const file = reader.line(table["file"], path);
  const text =
    file === undefined
      ? reader.string(table["text"], [...licenseField, "text"])?.replace(/\r\n?/g, "\n")
      : await readTextFile(reader, root, file, path);
  return { ...(text === undefined ? {} : { text }), ...(file === undefined ? {} : { file: plainPath(file) }) };
}

/** Tells what is wrong with a glob by the rules for globs in packaging standards. */
function globProblem(glob: string): string | undefined {
  if (glob === "") return "it is empty";
  if (/^(?:\/|[A-Za-z]:)/.test(glob)) return "it has to be relative to pyproject.toml";
  if (glob.includes("\\")) return "`/` has to stand between the parts";
  if (glob.includes("..")) return "`..` is not allowed";
  const wrong = /[^\p{L}\p{N} _.\-/*?[\]]/u.exec(glob)?.[0];
  if (wrong !== undefined) return `the character ${JSON.stringify(wrong)} is not allowed`;
  if (!/^(?:[^[\]]|\[[^[\]/*?]+\])*$/.test(glob)) return "a bracket is not closed, or there is nothing in it";
  return undefined;
}

/** Tells whether a matched file may be taken, and reports why not. */
async function checkLicenseFile(
  reader: FieldReader,
  root: string,
  file: string,
  field: ManifestPath,
  severity: "error" | "warning",
): Promise<boolean> {
  const placement = await placementOf(root, file);
  if (placement.kind !== "inside") {
    reader.report(field, `The licence file ${JSON.stringify(file)} is a link that leads out of the project`, {
      code: "path-outside-project",
      hint: "Replace the link by a copy of the file.",
    });
    return false;
  }
  if (decodeText(await readFile(join(root, file))) === undefined) {
    reader.report(field, `The licence file ${JSON.stringify(file)} is not UTF-8 text`, {
      severity,
      hint: "Save the file with the encoding UTF-8.",
    });
  }
  return true;
}

async function readLicenseFiles(reader: FieldReader, root: string, value: TomlValue): Promise<readonly string[]> {
  const files = new Set<string>();
  for (const { text: glob, path } of reader.lines(value, filesField) ?? []) {
    const problem = globProblem(glob);
    if (problem !== undefined) {
      reader.report(path, `${JSON.stringify(glob)} is not a glob for licence files: ${problem}`, {
        code: "glob-syntax",
        hint: "Letters, digits, `_`, `-`, `.`, spaces, `/`, `*`, `**`, `?` and `[…]` may stand in it.",
      });
      continue;
    }
    const { files: matched } = await expandGlobs(root, [glob]);
    if (matched.length === 0) {
      const hint = await explainEmptyGlob(root, glob);
      reader.report(path, `${JSON.stringify(glob)} matches no file`, { code: "glob-empty", hint });
    }
    for (const file of matched)
      if (await checkLicenseFile(reader, root, file, path, "error")) files.add(plainPath(file));
  }
  return [...files].sort(byCodeUnit);
}

/** Finds the licence files of a project that does not name any. */
async function findLicenseFiles(
  reader: FieldReader,
  root: string,
  named: string | undefined,
): Promise<readonly string[] | undefined> {
  const files = new Set<string>();
  if (named !== undefined && (await checkFile(reader, root, named, [...licenseField, "file"]))) files.add(named);
  for (const file of (await expandGlobs(root, defaultGlobs)).files) {
    // The place of the table stands for a key that is not there.
    if (await checkLicenseFile(reader, root, file, ["project"], "warning")) files.add(file);
  }
  return files.size === 0 ? undefined : [...files].sort(byCodeUnit);
}

/** Reads `license` and `license-files` (PEP 639), and holds them against the classifiers. */
export async function readLicense(
  reader: FieldReader,
  root: string,
  project: TomlTable,
  classifiers: readonly FieldLine[],
): Promise<LicenseFields> {
  const value = project["license"];
  const files = project["license-files"];
  let fields: LicenseFields = {};
  let named: string | undefined;
  if (typeof value === "string") {
    const expression = reader.parse(
      licenseField,
      value,
      "a licence expression (PEP 639)",
      canonicalizeLicenseExpression,
      suggestLicense(value),
    );
    if (expression !== undefined) fields = { licenseExpression: expression };
  } else {
    const table = reader.table(value, licenseField);
    const license = table === undefined ? {} : await readLicenseTable(reader, root, table);
    named = license.file;
    if (license.text !== undefined) fields = { licenseText: license.text };
    if (table !== undefined && files !== undefined) {
      reader.report(filesField, "`project.license-files` cannot stand beside `project.license` as a table (PEP 639)", {
        part: "key",
        hint: 'Write an SPDX expression: `license = "MIT"`.',
      });
    }
  }
  checkClassifiers(reader, classifiers, typeof value === "string");
  const found =
    files === undefined ? await findLicenseFiles(reader, root, named) : await readLicenseFiles(reader, root, files);
  return found === undefined ? fields : { ...fields, licenseFiles: found };
}

/**
 * Both rules of PEP 639 are a MAY. Flit and pyproject-metadata refuse a classifier beside an expression; Hatchling does not, package indexes
 * take it, and a project shall not fail for it when it changes to Zlig.
 */
function checkClassifiers(reader: FieldReader, classifiers: readonly FieldLine[], hasExpression: boolean): void {
  const path = classifiers.find(({ text }) => text.startsWith("License ::"))?.path;
  if (path === undefined) return;
  reader.report(path, "Licence classifiers are deprecated (PEP 639)", {
    severity: "warning",
    hint: hasExpression
      ? "Remove the classifier: `project.license` says it all."
      : 'Say it in an SPDX expression, `license = "MIT"`, and remove the classifier.',
  });
}
