import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parse, TomlError } from "smol-toml";
import { Problems, ProblemsError, ZligError } from "../error.ts";
import type { Location, OffsetRange } from "../location.ts";
import { unit } from "./characters.ts";
import { ManifestDocument } from "./document.ts";
import { hintOf } from "./hints.ts";
import { intactValues } from "./intact.ts";
import { LineIndex } from "./lines.ts";
import type { Manifest, ManifestPath, TomlTable } from "./manifest.ts";
import { viewOf } from "./path-map.ts";
import type { Fault } from "./syntax.ts";
import { locateInvalidUtf8 } from "./utf8.ts";

/** More problems than this in one file are not told: they no longer help. */
const maxProblems = 20;

/** A `pyproject.toml` as an editor has it: what is wrong with its syntax, and as much of it as can be read all the same. */
export interface ManifestReading {
  readonly document: ManifestDocument;
  readonly lines: LineIndex;
  readonly problems: readonly ZligError[];
  /** All values of a valid text; of a broken one those that no fault touches. */
  readonly manifest: Manifest;
  /** Whether all values were read: then what is not among them is really absent. */
  readonly complete: boolean;
}

/** The values of a text, or why it has none. */
interface Judgement {
  readonly values?: TomlTable;
  readonly error?: TomlError;
}

/** smol-toml's values of a text, or its error. */
function judgeToml(text: string): Judgement {
  try {
    // Integers beyond 2^53 belong to other tools and are no reason to refuse the file.
    // Line ends in strings are read as Python reads them, so that every checkout of a project gives the same values.
    return {
      values: parse(text.replaceAll("\r\n", "\n"), { integersAsBigInt: "asNeeded", unsafeKeyBehaviour: "keep" }),
    };
  } catch (error) {
    if (error instanceof TomlError) return { error };
    throw error;
  }
}

/**
 * Reads the text of a `pyproject.toml`, valid or not. smol-toml judges it and gives its values; what Python before 3.15 cannot read, because it
 * knows TOML 1.0 only, is a problem as well.
 * @param file absolute path, for locations
 * @param judge `false` takes the scanner's word for values and validity, which is as good and quicker, for every keystroke
 */
export function inspectManifest(file: string, text: string, judge = true): ManifestReading {
  const document = new ManifestDocument(text);
  const lines = new LineIndex(text);
  const locationOf = (stretch: OffsetRange): Location => ({ file, range: lines.rangeOf(stretch) });
  const problems = new Problems();
  for (const fault of document.faults.slice(0, maxProblems)) problems.add(problemOf(text, fault, locationOf));

  if (text.charCodeAt(0) === unit.byteOrderMark) problems.add(byteOrderMark(locationOf({ start: 0, end: 1 })));

  const judged: Judgement = judge ? judgeToml(text) : document.intact() ? { values: document.toValues() } : {};
  if (judged.error !== undefined && document.intact()) problems.add(fromTomlError(judged.error, locationOf, lines));
  const { values } = judged;
  // smol-toml's own protection would refuse or drop `constructor` as well, which can be the name of a script. Its tables have no
  // prototype, so that only `__proto__` is a danger, to code that copies tables.
  for (const key of document.unsafeKeys()) {
    problems.add(new ZligError("toml-syntax", "`__proto__` is refused as a key", { location: locationOf(key) }));
  }
  const located: Manifest = {
    file,
    text,
    values: values ?? {},
    locate(path: ManifestPath, part: "key" | "value" = "value"): Location {
      const place = document.locate(path, part);
      return place === undefined ? { file } : locationOf(place);
    },
  };
  const complete = values !== undefined;
  let manifest = located;
  if (!complete) {
    const intact = intactValues(document);
    manifest = viewOf(located, intact.values, intact.map);
  }
  return { document, lines, problems: problems.all, manifest, complete };
}

/**
 * Reads the text of a valid `pyproject.toml`, as {@link inspectManifest}.
 * @throws {ZligError} `toml-syntax` or `toml-1-1`; a ProblemsError of them if there are several
 */
export function parseManifest(file: string, text: string): Manifest {
  const { problems, manifest } = inspectManifest(file, text);
  const [first, ...rest] = problems;
  if (first !== undefined) throw new ProblemsError([first, ...rest]);
  return manifest;
}

/**
 * Reads the `pyproject.toml` of a project.
 * @throws {ZligError} `manifest-missing` if there is none or it cannot be read; else as {@link parseManifest}
 */
export async function readManifest(projectDir: string): Promise<Manifest> {
  const file = resolve(join(projectDir, "pyproject.toml"));
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw unreadable(file, error);
  }
  const invalid = locateInvalidUtf8(bytes);
  if (invalid !== undefined) {
    throw new ZligError("toml-syntax", `${invalid.description}: TOML files are UTF-8`, {
      location: {
        file,
        range: { start: invalid.position, end: { ...invalid.position, character: invalid.position.character + 1 } },
      },
      hint: "Save the file with the encoding UTF-8.",
    });
  }
  return parseManifest(file, new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
}

function problemOf(text: string, fault: Fault, locationOf: (stretch: OffsetRange) => Location): ZligError {
  const { related } = fault;
  return new ZligError(fault.kind === "toml-1-1" ? "toml-1-1" : "toml-syntax", fault.message, {
    location: locationOf(fault),
    hint: hintOf(text, fault),
    ...(related === undefined ? {} : { related: [{ location: locationOf(related), message: "first defined here" }] }),
  });
}

/** Not against TOML, but Python's reader refuses it, and with it pip. */
function byteOrderMark(location: Location): ZligError {
  return new ZligError("toml-syntax", "the file begins with a byte order mark, which Python's TOML reader refuses", {
    location,
    hint: "Save the file as UTF-8 without a byte order mark (BOM).",
  });
}

/** The one error of smol-toml, for what the scanner takes for valid. */
function fromTomlError(error: TomlError, locationOf: (stretch: OffsetRange) => Location, lines: LineIndex): ZligError {
  const start = lines.offsetAt({ line: error.line - 1, character: error.column - 1 });
  const message = error.message.replace(/^Invalid TOML document: /, "").replace(/\n[^]*$/, "");
  return new ZligError("toml-syntax", message, { location: locationOf({ start, end: start + 1 }), cause: error });
}

function unreadable(file: string, error: unknown): ZligError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const options = { location: { file }, cause: error };
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return new ZligError("manifest-missing", `there is no pyproject.toml: ${file}`, {
        ...options,
        hint: "Run the command in the folder that holds it, or name the folder with `--project`.",
      });
    case "EISDIR":
      return new ZligError("manifest-missing", `pyproject.toml is a folder: ${file}`, options);
    case "EACCES":
    case "EPERM":
      return new ZligError("manifest-missing", `pyproject.toml may not be read: ${file}`, {
        ...options,
        hint: "Give yourself permission to read it.",
      });
    case "ELOOP":
      return new ZligError("manifest-missing", `pyproject.toml is a symbolic link to itself: ${file}`, options);
    default:
      return new ZligError("manifest-missing", `pyproject.toml cannot be read: ${String(error)}`, options);
  }
}
