import type { TextEdit } from "vscode-languageserver";
import type { ManifestPath } from "../core/manifest/manifest.ts";
import type { ManifestReading } from "../core/manifest/read.ts";
import type { ArrayNode, SectionNode, ValueNode } from "../core/manifest/syntax.ts";

/** Text as a TOML string. */
export function tomlString(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}

/** The line end that a text uses. */
export function lineEndOf(text: string): string {
  return /\r\n|\n/.exec(text)?.[0] ?? "\n";
}

/** The syntax node of the value at a path: arrays and strings that are written as values, not by headers. */
export function valueNodeAt({ document }: ManifestReading, path: ManifestPath): ValueNode | undefined {
  const entry = document.entryAt(path);
  if (entry?.place === undefined) return undefined;
  if (entry.kind === "scalar") return entry.node;
  const { place } = entry;
  return "kind" in place ? (place as ValueNode) : undefined;
}

/** Adds an element to an array in the way the array is written: on the same line, or on a line of its own, comments kept. */
export function appendToArray(reading: ManifestReading, array: ArrayNode, element: string): TextEdit {
  const { text } = reading.manifest;
  const last = array.elements.at(-1);
  if (last === undefined) {
    const range = reading.lines.rangeOf({ start: array.start, end: array.start + 1 });
    return { range, newText: `[${element}` };
  }
  const between = text.slice(last.end, array.end - 1);
  const at = reading.lines.positionAt(last.end);
  const lineStart = text.lastIndexOf("\n", last.start) + 1;
  const lead = text.slice(lineStart, last.start);
  const comma = /^[ \t\r\n]*,/.exec(between.replace(/#[^\n]*/g, (comment) => " ".repeat(comment.length)));
  if (!between.includes("\n") || !/^[ \t]*$/.test(lead)) {
    const end = comma === null ? last.end : last.end + comma[0].length;
    const position = reading.lines.positionAt(end);
    return { range: { start: position, end: position }, newText: `${comma === null ? "," : ""} ${element}` };
  }
  const newLine = `${lineEndOf(text)}${lead}${element},`;
  if (comma === null) return { range: { start: at, end: at }, newText: `,${newLine}` };
  // Behind the line of the last element, so that its comment stays with it.
  const lineEnd = text.slice(0, array.end).indexOf("\n", last.end + comma[0].length);
  const end = lineEnd < 0 ? last.end + comma[0].length : text[lineEnd - 1] === "\r" ? lineEnd - 1 : lineEnd;
  const position = reading.lines.positionAt(end);
  return { range: { start: position, end: position }, newText: newLine };
}

/** The place behind the last pair of a section: its own line, before blank lines and comments that lead to the next table. */
function endOfSection(reading: ManifestReading, section: SectionNode): number {
  const { text } = reading.manifest;
  const last = section.pairs.at(-1)?.end ?? section.header?.end ?? section.start;
  const lineEnd = /\r?\n/.exec(text.slice(last));
  return lineEnd === null ? text.length : last + lineEnd.index;
}

/** Adds `key = value` to the table with a header of just this path; `undefined` where no header has it. */
export function addPair(
  reading: ManifestReading,
  table: ManifestPath,
  key: string,
  value: string,
): TextEdit | undefined {
  const { document, lines, manifest } = reading;
  const wanted = JSON.stringify(table);
  const section = document.syntax.sections.find(
    (one) => one.header !== undefined && JSON.stringify(document.syntax.tables.get(one)?.path) === wanted,
  );
  if (section === undefined) return undefined;
  const position = lines.positionAt(endOfSection(reading, section));
  return { range: { start: position, end: position }, newText: `${lineEndOf(manifest.text)}${key} = ${value}` };
}

/** Adds a table with its header at the end of the text. */
export function addTable(
  reading: ManifestReading,
  header: string,
  pairs: readonly (readonly [string, string])[],
): TextEdit {
  const { text } = reading.manifest;
  const end = lineEndOf(text);
  const gap = text === "" ? "" : text.endsWith("\n") ? (/\n\r?\n$/.test(text) ? "" : end) : end + end;
  const position = reading.lines.positionAt(text.length);
  const lines = [header, ...pairs.map(([key, value]) => `${key} = ${value}`)];
  return { range: { start: position, end: position }, newText: gap + lines.join(end) + end };
}

/** Adds a string to the array of strings at a path, or makes the array. */
export function addString(reading: ManifestReading, path: ManifestPath, text: string): TextEdit | undefined {
  const node = valueNodeAt(reading, path);
  if (node?.kind === "array") return appendToArray(reading, node, tomlString(text));
  const key = path.at(-1);
  const table = path.slice(0, -1);
  if (node !== undefined || typeof key !== "string") return undefined;
  return (
    addPair(reading, table, key, `[${tomlString(text)}]`) ??
    (reading.document.entryAt(table) === undefined
      ? addTable(reading, `[${table.join(".")}]`, [[key, `[${tomlString(text)}]`]])
      : undefined)
  );
}
