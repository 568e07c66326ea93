import type { OffsetRange } from "../location.ts";
import type { ManifestPath } from "./manifest.ts";
import type { Fault, HeaderNode, InlineTableNode, KeyPart, PairNode, SectionNode, ValueNode } from "./syntax.ts";

interface EntryPlace {
  /** Where it is named; an element of an array is not. */
  readonly key?: KeyPart;
  /** The value; of a table its header, or where there is none the key that implies it. The document as a whole has no place. */
  readonly place?: OffsetRange;
  /** A syntax fault lies in its own text (in a table: in its header or its own pairs). */
  readonly faulty: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A table, however it is written. */
export interface TableEntry extends EntryPlace {
  readonly kind: "table";
  /** `implied`: by a longer header; `implied-by-array`: by a longer `[[header]]`; `dotted`: by a dotted key. */
  readonly definedBy: "document" | "header" | "implied" | "implied-by-array" | "dotted" | "inline";
  readonly children: ReadonlyMap<string, Entry>;
  /** How many tables and arrays it lies in. */
  readonly depth: number;
}

/** An array written as one, or the array that `[[headers]]` make. */
export interface ArrayEntry extends EntryPlace {
  readonly kind: "array";
  readonly ofHeaders: boolean;
  readonly elements: readonly Entry[];
}

/** Any other value. */
export interface ScalarEntry extends EntryPlace {
  readonly kind: "scalar";
  readonly node: Exclude<ValueNode, { readonly kind: "array" | "inline-table" }>;
}

/** What stands at a path of a document. */
export type Entry = TableEntry | ArrayEntry | ScalarEntry;

/** The table that a section adds to, and the way to it. */
export interface SectionTable {
  readonly entry: TableEntry;
  readonly path: ManifestPath;
}

/** The tables of a document. */
export interface Tables {
  readonly root: TableEntry;
  readonly tables: ReadonlyMap<SectionNode, SectionTable>;
  /** Keys and tables that are defined twice. The first definition holds. */
  readonly faults: readonly Fault[];
}

type OpenTable = Mutable<Omit<TableEntry, "children">> & { readonly children: Map<string, OpenEntry> };
type OpenArray = Mutable<Omit<ArrayEntry, "elements">> & { readonly elements: OpenEntry[] };
type OpenEntry = OpenTable | OpenArray | Mutable<ScalarEntry>;

/** Deeper documents are refused, so that whoever walks over the values may do it recursively. */
const maxDepth = 1500;

/** Puts the pairs of all sections together into tables, by the rules of TOML 1.0 on defining each once. */
export function buildTables(sections: readonly SectionNode[]): Tables {
  return new TableBuilder().build(sections);
}

class TableBuilder {
  readonly #faults: Fault[] = [];
  readonly #root: OpenTable = newTable("document", 0);

  build(sections: readonly SectionNode[]): Tables {
    const tables = new Map<SectionNode, SectionTable>();
    for (const section of sections) {
      const table = section.header === undefined ? { entry: this.#root, path: [] } : this.#open(section.header);
      for (const pair of section.pairs) this.#addPair(table.entry, pair);
      tables.set(section, table);
    }
    return { root: this.#root, tables, faults: this.#faults };
  }

  #open(header: HeaderNode): { entry: OpenTable; path: ManifestPath } {
    const path: (string | number)[] = [];
    const { parts } = header.key;
    const detached = { entry: newTable("header", 0, { place: header, faulty: header.faulty }), path };
    let table = this.#root;
    for (const [index, part] of parts.entries()) {
      path.push(part.text);
      if (header.detached) continue;
      const last = index === parts.length - 1;
      const next = last ? this.#define(table, part, header) : this.#pass(table, part, header);
      if (next === undefined) {
        path.push(...parts.slice(index + 1).map((rest) => rest.text));
        table.faulty = true;
        return detached;
      }
      if (next.element !== undefined) path.push(next.element);
      table = next.table;
    }
    if (header.detached) {
      // What was meant may be a table below the nearest one named, which is then not whole.
      this.#nearest(path).faulty = true;
      return detached;
    }
    table.faulty ||= header.faulty;
    return { entry: table, path };
  }

  #nearest(path: ManifestPath): OpenTable {
    let table = this.#root;
    for (const name of path) {
      const child = table.children.get(String(name));
      const next = child?.kind === "array" ? child.elements.at(-1) : child;
      if (next?.kind !== "table") break;
      table = next;
    }
    return table;
  }

  /** Goes to a table that a header only passes through. */
  #pass(table: OpenTable, part: KeyPart, header: HeaderNode): { table: OpenTable; element?: number } | undefined {
    const child = table.children.get(part.text);
    if (child === undefined) {
      if (this.#isTooDeep(table, part)) return undefined;
      const made = newTable(header.array ? "implied-by-array" : "implied", table.depth + 1, { key: part, place: part });
      table.children.set(part.text, made);
      return { table: made };
    }
    if (child.kind === "table" && child.definedBy !== "inline") return { table: child };
    if (child.kind === "array" && child.ofHeaders) {
      const element = child.elements.at(-1);
      if (element?.kind === "table") return { table: element, element: child.elements.length - 1 };
    }
    this.#duplicate(
      "table-duplicate",
      part,
      child,
      `\`${part.text}\` already has a value, which a header cannot add to`,
    );
    return undefined;
  }

  /** Makes the table that a header names. */
  #define(table: OpenTable, part: KeyPart, header: HeaderNode): { table: OpenTable; element?: number } | undefined {
    const child = table.children.get(part.text);
    if (child === undefined && this.#isTooDeep(table, part)) return undefined;
    const place = { key: part, place: { start: header.start, end: header.end } };
    if (header.array) {
      if (child !== undefined && !(child.kind === "array" && child.ofHeaders)) {
        this.#duplicate(
          "table-duplicate",
          part,
          child,
          `\`${part.text}\` is defined above, and not as an array of tables`,
        );
        return undefined;
      }
      const array = child ?? { kind: "array", ofHeaders: true, elements: [], faulty: false, ...place };
      if (child === undefined) table.children.set(part.text, array);
      const made = newTable("header", table.depth + 2, { place: place.place });
      return { table: made, element: array.elements.push(made) - 1 };
    }
    if (child === undefined) {
      const made = newTable("header", table.depth + 1, place);
      table.children.set(part.text, made);
      return { table: made };
    }
    if (child.kind !== "table" || child.definedBy === "inline") {
      this.#duplicate(
        "table-duplicate",
        part,
        child,
        `\`${part.text}\` is defined above, and not as a table of its own`,
      );
      return undefined;
    }
    if (child.definedBy === "implied" || child.definedBy === "implied-by-array") {
      Object.assign(child, { definedBy: "header" }, place);
    } else {
      const how = child.definedBy === "dotted" ? "by a dotted key" : "above";
      this.#duplicate("table-duplicate", part, child, `the table \`${part.text}\` is already defined ${how}`);
    }
    return { table: child };
  }

  #addPair(section: OpenTable, pair: PairNode): void {
    if (pair.faulty) section.faulty = true;
    const { parts, complete } = pair.key;
    const leaf = parts.at(-1);
    if (!complete || leaf === undefined || pair.equals === undefined) return;
    let table = section;
    for (const part of parts.slice(0, -1)) {
      const next = this.#passDotted(table, part);
      if (next === undefined) return;
      table = next;
    }
    const first = table.children.get(leaf.text);
    if (first !== undefined) {
      this.#duplicate("key-duplicate", leaf, first, `\`${leaf.text}\` is already defined above`);
    } else if (pair.value !== undefined && !this.#isTooDeep(table, leaf)) {
      const entry = this.#entryOf(pair.value, table.depth + 1, leaf);
      if (pair.faulty) entry.faulty = true;
      table.children.set(leaf.text, entry);
    }
  }

  #passDotted(table: OpenTable, part: KeyPart): OpenTable | undefined {
    const child = table.children.get(part.text);
    if (child === undefined) {
      if (this.#isTooDeep(table, part)) return undefined;
      const made = newTable("dotted", table.depth + 1, { key: part, place: part });
      table.children.set(part.text, made);
      return made;
    }
    if (child.kind === "table" && (child.definedBy === "dotted" || child.definedBy === "implied-by-array")) {
      child.definedBy = "dotted";
      return child;
    }
    this.#duplicate(
      "key-duplicate",
      part,
      child,
      `\`${part.text}\` is already defined above, and a dotted key cannot add to it`,
    );
    return undefined;
  }

  #entryOf(node: ValueNode, depth: number, key?: KeyPart): OpenEntry {
    const own = { place: node, faulty: false, ...(key === undefined ? {} : { key }) };
    if (node.kind === "array") {
      const elements = node.elements.map((element) => this.#entryOf(element, depth + 1));
      return { kind: "array", ofHeaders: false, elements, ...own };
    }
    if (node.kind === "inline-table") return this.#inlineTable(node, depth, own);
    return { kind: "scalar", node, ...own };
  }

  #inlineTable(node: InlineTableNode, depth: number, own: Partial<EntryPlace>): OpenTable {
    const table = newTable("inline", depth, own);
    for (const pair of node.pairs) this.#addPair(table, pair);
    return table;
  }

  #isTooDeep(table: OpenTable, part: KeyPart): boolean {
    if (table.depth < maxDepth) return false;
    const message = `more than ${maxDepth} tables lie in each other`;
    // One such key has thousands of parts, and one fault says enough.
    if (this.#faults.at(-1)?.kind !== "nesting")
      this.#faults.push({ kind: "nesting", start: part.start, end: part.end, message });
    return true;
  }

  #duplicate(kind: "key-duplicate" | "table-duplicate", part: KeyPart, first: OpenEntry, message: string): void {
    const related = first.key ?? first.place;
    const where = related === undefined ? {} : { related: { start: related.start, end: related.end } };
    this.#faults.push({ kind, start: part.start, end: part.end, message, ...where });
  }
}

function newTable(definedBy: TableEntry["definedBy"], depth: number, own: Partial<EntryPlace> = {}): OpenTable {
  return { kind: "table", definedBy, depth, children: new Map(), faulty: false, ...own };
}
