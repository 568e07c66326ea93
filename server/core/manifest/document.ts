import { TomlDate } from "smol-toml";
import type { OffsetRange } from "../location.ts";
import type { ManifestPath, TomlTable, TomlValue } from "./manifest.ts";
import type { TomlDocument } from "./scanner.ts";
import { scanToml } from "./scanner.ts";
import type { Cursor } from "./cursor.ts";
import { cursorAt } from "./cursor.ts";
import type { Fault, KeyPart } from "./syntax.ts";
import type { Entry, TableEntry } from "./tables.ts";

/** What a document means: its values, where each stands, and which parts of it are free of faults. Works on broken texts too. */
export class ManifestDocument {
  readonly syntax: TomlDocument;

  constructor(text: string) {
    this.syntax = scanToml(text);
  }

  get faults(): readonly Fault[] {
    return this.syntax.faults;
  }

  /**
   * The values, in the form that smol-toml gives them (tables without a prototype, `TomlDate`, integers beyond 2^53 as bigint), with `\n` for
   * every line end in a string. Broken values are left out.
   */
  toValues(): TomlTable {
    return tableValue(this.syntax.root);
  }

  /** What stands at a path, if anything does. */
  entryAt(path: ManifestPath): Entry | undefined {
    const { entry, depth } = this.#reach(path);
    return depth === path.length ? entry : undefined;
  }

  /**
   * The place of the value at a path, or of its key (an element of an array has none: its value is meant).
   * For a path that is not there, the place of the nearest value above it that is; undefined for the document as a whole.
   */
  locate(path: ManifestPath, part: "key" | "value" = "value"): OffsetRange | undefined {
    const { entry, depth } = this.#reach(path);
    const place = part === "key" && depth === path.length ? (entry.key ?? entry.place) : entry.place;
    return place === undefined ? undefined : { start: place.start, end: place.end };
  }

  /**
   * Tells whether what stands at a path, with all below it, was read without a syntax fault: then nothing in it is missing or
   * elsewhere because of one. Without a path, the same of the whole document. Forms of TOML 1.1 are no fault here.
   */
  intact(path: ManifestPath = []): boolean {
    if (path.length === 0) return this.faults.every((fault) => fault.kind === "toml-1-1");
    const entry = this.entryAt(path);
    return entry !== undefined && isWhole(entry);
  }

  /** What an offset is in: a key, a value, a header, of which table. */
  pathAt(offset: number): Cursor {
    return cursorAt(this.syntax, offset);
  }

  /** Keys that are a trap in JavaScript: assigning to them changes an object's prototype. */
  unsafeKeys(): readonly KeyPart[] {
    const found: KeyPart[] = [];
    collectUnsafe(this.syntax.root, found);
    return found;
  }

  #reach(path: ManifestPath): { entry: Entry; depth: number } {
    let entry: Entry = this.syntax.root;
    for (const [depth, step] of path.entries()) {
      const next: Entry | undefined =
        entry.kind === "table"
          ? entry.children.get(String(step))
          : entry.kind === "array" && typeof step === "number"
            ? entry.elements[step]
            : undefined;
      if (next === undefined) return { entry, depth };
      entry = next;
    }
    return { entry, depth: path.length };
  }
}

function tableValue(table: TableEntry): TomlTable {
  const values = Object.create(null) as Record<string, TomlValue>;
  for (const [name, entry] of table.children) {
    const value = valueOf(entry);
    if (value === undefined) continue;
    // Plain assignment would set the prototype for `__proto__`.
    Object.defineProperty(values, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return values;
}

function valueOf(entry: Entry): TomlValue | undefined {
  if (entry.kind === "table") return tableValue(entry);
  if (entry.kind === "array") return entry.elements.map(valueOf).filter((value) => value !== undefined);
  const { node } = entry;
  if (node.kind === "broken") return undefined;
  return "value" in node ? node.value : new TomlDate(node.text);
}

function isWhole(entry: Entry): boolean {
  if (entry.faulty) return false;
  if (entry.kind === "table") return entry.children.values().every(isWhole);
  return entry.kind === "scalar" || entry.elements.every(isWhole);
}

function collectUnsafe(entry: Entry, found: KeyPart[]): void {
  if (entry.kind === "array") for (const element of entry.elements) collectUnsafe(element, found);
  if (entry.kind !== "table") return;
  for (const [name, child] of entry.children) {
    if (name === "__proto__" && child.key !== undefined) found.push(child.key);
    collectUnsafe(child, found);
  }
}
