import { lineBreakAt, unit } from "./characters.ts";
import { scanKey } from "./keys.ts";
import { scanPair } from "./pairs.ts";
import { Reader } from "./reader.ts";
import { buildTables } from "./tables.ts";
import type { Tables } from "./tables.ts";
import type { HeaderNode, PairNode, SectionNode, TomlSyntax } from "./syntax.ts";

/** A TOML text as a syntax tree, and as the tables that it defines. */
export interface TomlDocument extends TomlSyntax, Pick<Tables, "root" | "tables"> {}

interface OpenSection {
  readonly header?: HeaderNode;
  readonly pairs: PairNode[];
  readonly start: number;
}

/**
 * Reads a text as TOML 1.0 into a syntax tree with offsets. It never throws and takes time in proportion to the text: what is wrong
 * becomes a fault, and reading goes on at the next line that looks like a header or `key =`. Forms that only TOML 1.1 has are read, and
 * reported as faults of kind `toml-1-1`. Keys and tables that are defined twice are faults as well.
 */
export function scanToml(text: string): TomlDocument {
  const reader = new Reader(text);
  if (reader.peek() === unit.byteOrderMark) reader.offset = 1;
  const first: OpenSection = { pairs: [], start: reader.offset };
  const sections = [first];
  let section = first;
  while (!reader.atEnd) {
    reader.skipBlanks();
    if (reader.skipComment() || reader.skipLineBreak()) continue;
    if (reader.offset >= text.length) break;
    reader.beginStatement();
    if (reader.peek() === unit.openBracket) {
      const header = scanHeader(reader);
      if (header !== undefined) {
        section = { header, pairs: [], start: header.start };
        sections.push(section);
      }
    } else {
      section.pairs.push(scanStatement(reader));
    }
  }
  const closed = closeSections(sections, text.length);
  const { root, tables, faults } = buildTables(closed);
  const all = [...reader.faults, ...faults].sort((one, other) => one.start - other.start || one.end - other.end);
  return { text, sections: closed, comments: reader.comments, faults: all, root, tables };
}

/** Each section reaches to the next one. */
function closeSections(sections: readonly OpenSection[], end: number): SectionNode[] {
  return sections.map((section, index) => ({ ...section, end: sections[index + 1]?.start ?? end }));
}

function scanStatement(reader: Reader): PairNode {
  const pair = scanPair(reader, "line", 0);
  if (!reader.resyncing) endLine(reader, pair.value === undefined ? undefined : "a value");
  return reader.broken && !pair.faulty ? { ...pair, faulty: true } : pair;
}

/** Takes the rest of the line: nothing but a comment may be there. */
function endLine(reader: Reader, after: string | undefined): void {
  reader.skipBlanks();
  reader.skipComment();
  if (reader.atLineEnd) return;
  const start = reader.offset;
  const end = reader.skipLine();
  if (after !== undefined) {
    reader.fault(
      "trailing-text",
      start,
      Math.max(end, start + 1),
      `nothing but a comment may follow ${after} on its line`,
    );
  }
  reader.broken = true;
}

/** Reads a header. A line that begins with `[` and cannot be meant as one gives undefined; it stays in the section above. */
function scanHeader(reader: Reader): HeaderNode | undefined {
  const start = reader.offset;
  const array = reader.peek(1) === unit.openBracket;
  const brackets = array ? 2 : 1;
  reader.offset += brackets;
  reader.skipBlanks();
  const key = scanKey(reader);
  let detached = !key.complete;
  if (key.parts.length === 0) reader.fault("key-missing", start, reader.offset, "a table needs a name");
  reader.skipBlanks();
  let closed = 0;
  while (closed < brackets && reader.peek() === unit.closeBracket) {
    reader.offset += 1;
    closed += 1;
  }
  let end = closed > 0 ? reader.offset : Math.max(key.end, start + brackets);
  if (closed < brackets) {
    const rest = restOfLine(reader);
    if (closed === 0 && rest !== "" && !rest.startsWith("#")) {
      const strange = reader.offset;
      end = reader.skipLine();
      if (!rest.includes("]") || rest.includes(",") || rest.includes("=")) {
        reader.fault("trailing-text", start, end, "this line is neither a table header nor a key with a value");
        return undefined;
      }
      reader.fault(
        "key-character",
        strange,
        end,
        "the name of a table has dots between its parts, and quotes around others than letters, digits, `_` and `-`",
      );
      detached = true;
    } else {
      const missing = array ? (closed === 1 ? "a second `]`" : "`]]`") : "`]`";
      reader.fault("header-unclosed", start, end, `${missing} is missing after the name of this table`);
    }
  }
  endLine(reader, "a table header");
  return { key, array, faulty: reader.broken, detached, start, end };
}

function restOfLine(reader: Reader): string {
  let end = reader.offset;
  while (end < reader.text.length && lineBreakAt(reader.text, end) === 0) end += 1;
  return reader.text.slice(reader.offset, end).trim();
}
