import { readFile, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import type { ManifestPath } from "../manifest/manifest.ts";
import { placementOf } from "./containment.ts";
import type { FieldReader } from "./field-reader.ts";
import { fieldName } from "./field-reader.ts";

/** Gives the text of UTF-8 bytes, without byte order mark and with `\n` at line ends; `undefined` if they are not UTF-8. */
export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\r\n?/g, "\n");
  } catch {
    return undefined;
  }
}

/** Writes a path below the project plainly: `a/b` for `./a//b`. */
export function plainPath(path: string): string {
  return posix.normalize(path);
}

/** Checks that a path, given at a field, is a file of the project, and reports what is wrong. */
export async function checkFile(
  reader: FieldReader,
  root: string,
  path: string,
  field: ManifestPath,
): Promise<boolean> {
  if (path.includes("\\")) {
    reader.report(field, `\`${fieldName(field)}\` has a backslash: ${JSON.stringify(path)}`, {
      code: "glob-syntax",
      hint: "Write `/` between the parts of a path.",
    });
    return false;
  }
  // A drive letter makes a path absolute on Windows alone; it is refused everywhere, so that a project is read alike on all systems.
  const outside = /^(?:\/|[A-Za-z]:)/.test(path) || path.includes("\0");
  const placement = outside ? { kind: "outside" as const } : await placementOf(root, path);
  if (placement.kind === "outside") {
    reader.report(field, `${JSON.stringify(path)} leads out of the project`, {
      code: "path-outside-project",
      hint: "Copy the file into the folder of pyproject.toml, and name it relative to that.",
    });
    return false;
  }
  if (placement.kind === "missing" || !(await stat(join(root, path))).isFile()) {
    reader.report(field, `There is no file ${JSON.stringify(path)}`, {
      code: "path-missing",
      hint: "Paths are relative to pyproject.toml, and letter case counts.",
    });
    return false;
  }
  return true;
}

/** Reads a text file of the project that a field names. @returns `undefined` if that is not possible; the reason is reported. */
export async function readTextFile(
  reader: FieldReader,
  root: string,
  path: string,
  field: ManifestPath,
): Promise<string | undefined> {
  if (!(await checkFile(reader, root, path, field))) return undefined;
  const text = decodeText(await readFile(join(root, path)));
  if (text === undefined) {
    reader.report(field, `${JSON.stringify(path)} is not UTF-8 text`, {
      hint: "Save the file with the encoding UTF-8.",
    });
  }
  return text;
}
