import type { OffsetRange } from "../location.ts";
import { lineBreakAt } from "./characters.ts";
import type { ManifestPath } from "./manifest.ts";
import type { TomlDocument } from "./scanner.ts";
import type {
  ArrayNode,
  HeaderNode,
  InlineTableNode,
  KeyNode,
  KeyPart,
  PairNode,
  SectionNode,
  ValueNode,
} from "./syntax.ts";

/** What an offset of a document is in, for completion and hover. It is found in broken lines too. */
export interface Cursor {
  /**
   * `header`: in the name of a table; `key`: in a key, or where one can begin; `value`: in a value, or where one can begin (after `=`, in an
   * array); `comment`: in a comment.
   */
  readonly place: "header" | "key" | "value" | "comment";
  /** The table that the key belongs to, or whose key has the value; of a header, the part of its name before the cursor. */
  readonly table: ManifestPath;
  /** What the offset is in: the table's path, then the key up to the cursor's part, or the whole key and the indices of elements. */
  readonly path: ManifestPath;
  /** The key part or value at the offset: what a completion replaces. Absent where nothing is written yet. */
  readonly range?: OffsetRange;
  /** The innermost value at the offset. */
  readonly value?: ValueNode;
  readonly pair?: PairNode;
  readonly section: SectionNode;
}

/** Tells what an offset is in. */
export function cursorAt(document: TomlDocument, offset: number): Cursor {
  const section = sectionAt(document, offset);
  const table = document.tables.get(section)?.path ?? [];
  if (document.comments.some((comment) => comment.start < offset && offset <= comment.end)) {
    return { place: "comment", table, path: table, section };
  }
  const { header } = section;
  if (header !== undefined && reaches(document.text, header, offset)) return inHeader(section, header, offset);
  const pair = pairAt(document.text, section.pairs, offset);
  if (pair === undefined) return { place: "key", table, path: table, section };
  return inPair({ text: document.text, section }, table, pair, offset);
}

interface Context {
  readonly text: string;
  readonly section: SectionNode;
}

function sectionAt(document: TomlDocument, offset: number): SectionNode {
  const [first] = document.sections;
  const found = document.sections.findLast((section) => section.start <= offset) ?? first;
  if (found === undefined) throw new RangeError("a document has at least one section");
  return found;
}

/** Tells whether an offset is in a node or behind it on the line where it ends. */
function reaches(text: string, node: OffsetRange, offset: number): boolean {
  if (offset < node.start) return false;
  if (offset <= node.end) return true;
  for (let at = node.end; at < offset; at += 1) {
    if (lineBreakAt(text, at) > 0) return false;
  }
  return true;
}

function pairAt(text: string, pairs: readonly PairNode[], offset: number): PairNode | undefined {
  const pair = pairs.findLast((candidate) => candidate.start <= offset);
  return pair !== undefined && reaches(text, pair, offset) ? pair : undefined;
}

function inHeader(section: SectionNode, header: HeaderNode, offset: number): Cursor {
  return { place: "header", ...keyCursor([], partsAt(header.key, offset), offset), section };
}

interface KeyPlace {
  readonly before: string[];
  /** Absent behind a dot. */
  readonly part?: KeyPart;
}

/** The key part at an offset, or else the last one if no dot follows it, and those before it. */
function partsAt(key: KeyNode, offset: number): KeyPlace {
  const names = key.parts.map((part) => part.text);
  const index = key.parts.findIndex((part) => offset <= part.end);
  const found = index < 0 ? key.parts.length - 1 : index;
  const part = key.parts[found];
  if (part === undefined || (index < 0 && key.end > part.end)) return { before: names };
  return offset < part.start ? { before: names.slice(0, found) } : { before: names.slice(0, found), part };
}

function keyCursor(
  table: ManifestPath,
  { before, part }: KeyPlace,
  offset: number,
): Pick<Cursor, "table" | "path" | "range"> {
  const owner = [...table, ...before];
  if (part === undefined) return { table: owner, path: owner };
  return { table: owner, path: [...owner, part.text], ...(offset <= part.end ? rangeOf(part) : {}) };
}

function inPair(context: Context, table: ManifestPath, pair: PairNode, offset: number): Cursor {
  const { section } = context;
  if (pair.equals === undefined || offset <= pair.equals) {
    return { place: "key", ...keyCursor(table, partsAt(pair.key, offset), offset), pair, section };
  }
  const names = pair.key.parts.map((part) => part.text);
  const owner = [...table, ...names.slice(0, -1)];
  return inValue(context, owner, [...table, ...names], pair.value, pair, offset);
}

function inValue(
  context: Context,
  table: ManifestPath,
  path: ManifestPath,
  value: ValueNode | undefined,
  pair: PairNode,
  offset: number,
): Cursor {
  const { section } = context;
  if (value === undefined || offset < value.start) return { place: "value", table, path, pair, section };
  if (value.kind === "array" && isInside(value, offset)) return inArray(context, table, path, value, pair, offset);
  if (value.kind === "inline-table" && isInside(value, offset)) {
    const inner = value.pairs.findLast((candidate) => candidate.start <= offset);
    // Behind a comma the next key can begin.
    if (inner === undefined || isAfterComma(context.text, inner, offset))
      return { place: "key", table: path, path, section };
    return inPair(context, path, inner, offset);
  }
  return { place: "value", table, path, ...(offset <= value.end ? rangeOf(value) : {}), value, pair, section };
}

function inArray(
  context: Context,
  table: ManifestPath,
  path: ManifestPath,
  array: ArrayNode,
  pair: PairNode,
  offset: number,
): Cursor {
  const index = array.elements.findLastIndex((element) => element.start <= offset);
  const element = array.elements[index];
  if (element !== undefined && offset <= element.end) {
    return inValue(context, table, [...path, index], element, pair, offset);
  }
  return { place: "value", table, path: [...path, index + 1], value: array, pair, section: context.section };
}

/** Tells whether an offset is between the brackets. */
function isInside(value: ArrayNode | InlineTableNode, offset: number): boolean {
  return offset > value.start && (offset < value.end || (offset === value.end && !value.closed));
}

function isAfterComma(text: string, pair: PairNode, offset: number): boolean {
  return offset > pair.end && text.slice(pair.end, offset).includes(",");
}

function rangeOf(node: OffsetRange): { range: OffsetRange } {
  return { range: { start: node.start, end: node.end } };
}
