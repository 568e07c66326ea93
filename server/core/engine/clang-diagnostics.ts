import type { Position, Range } from "../location.ts";
import type { Diagnostic, FixIt } from "./diagnostic.ts";

interface Draft {
  severity: "error" | "warning" | "note";
  message: string;
  code?: string;
  location?: { file: string; range: Range };
  excerpt?: string;
  notes: Draft[];
  fixIts: FixIt[];
}

/** `file:3:5:{3:5-3:9}{3:1-3:4}: error: message [-Wname]`, the file and the place left out where there are none. */
const headline =
  /^(?:(?<file>.+?):(?<line>\d+):(?<column>\d+)(?::(?<ranges>(?:\{[\d:-]+\})+))?: |(?:clang(?:\+\+)?|zig|ld\.lld|<unknown>): )?(?<severity>fatal error|error|warning|note): (?<message>.*)$/;
const fixItLine = /^fix-it:"(?<file>(?:[^"\\]|\\.)*)":\{(?<range>[\d:-]+)\}:"(?<text>(?:[^"\\]|\\.)*)"$/;
const includeLine = /^In file included from .+:\d+:$/;
const summaryLine = /^\d+ (?:error|warning)s?(?: and \d+ (?:error|warning)s?)? generated\.$/;
const excerptLine = /^\s*(?:\d+ )?\|/;

function position(line: string, column: string): Position {
  return { line: Math.max(0, Number(line) - 1), character: Math.max(0, Number(column) - 1) };
}

function rangeOf(text: string): Range {
  const [start = "1:1", end = start] = text.split("-");
  const [startLine = "1", startColumn = "1"] = start.split(":");
  const [endLine = "1", endColumn = "1"] = end.split(":");
  return { start: position(startLine, startColumn), end: position(endLine, endColumn) };
}

/** The range of a message: of those clang names, the one that the place lies in; else the place alone. */
function messageRange(at: Position, ranges: string | undefined): Range {
  for (const text of ranges?.match(/[\d:-]+/g) ?? []) {
    const range = rangeOf(text);
    const starts = range.start.line === at.line && range.start.character <= at.character;
    const ends = range.end.line > at.line || (range.end.line === at.line && range.end.character > at.character);
    if (starts && ends) return range;
  }
  return { start: at, end: at };
}

function unescape(text: string): string {
  const bytes: number[] = [];
  for (let index = 0; index < text.length; index++) {
    const octal = /^\\([0-7]{3})/.exec(text.slice(index, index + 4));
    if (octal !== null) {
      bytes.push(Number.parseInt(octal[1] ?? "0", 8));
      index += 3;
      continue;
    }
    let character = text[index] ?? "";
    if (character === "\\") {
      character = text[++index] ?? "";
      character = { n: "\n", t: "\t", r: "\r" }[character] ?? character;
    }
    bytes.push(...Buffer.from(character, "utf8"));
  }
  return Buffer.from(bytes).toString("utf8");
}

function headDraft(match: RegExpExecArray): Draft {
  const { file, line, column, ranges, severity, message = "" } = match.groups ?? {};
  const named = severity === "note" ? null : /^(?<text>.*) \[(?<names>-W[^\]]+)\]$/.exec(message);
  const at = line === undefined || column === undefined ? undefined : position(line, column);
  const code = named?.groups?.["names"]?.split(",").find((name) => name !== "-Werror");
  return {
    severity: severity === "fatal error" ? "error" : (severity as Draft["severity"]),
    message: named?.groups?.["text"] ?? message,
    ...(code === undefined ? {} : { code }),
    ...(file === undefined || at === undefined ? {} : { location: { file, range: messageRange(at, ranges) } }),
    notes: [],
    fixIts: [],
  };
}

function append(draft: Draft, line: string): void {
  draft.excerpt = draft.excerpt === undefined ? line : `${draft.excerpt}\n${line}`;
}

/**
 * Reads what clang writes with `-fdiagnostics-print-source-range-info -fdiagnostics-parseable-fixits
 * -fno-color-diagnostics`: notes go to the message they follow, and so do lines that are no message. Where there is no
 * message before them they become one of their own, if there is no other at all.
 */
export function parseClangDiagnostics(text: string): readonly Diagnostic[] {
  const found: Draft[] = [];
  const stray: string[] = [];
  let current: Draft | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (line === "" || includeLine.test(line) || summaryLine.test(line)) continue;
    // Before anything else: the source line that is shown may itself look like a message.
    if (current !== undefined && excerptLine.test(line)) {
      append(current, line);
      continue;
    }
    const fixIt = fixItLine.exec(line);
    if (fixIt?.groups !== undefined && current !== undefined) {
      const { file = "", range = "", text: replacement = "" } = fixIt.groups;
      current.fixIts.push({ file: unescape(file), range: rangeOf(range), text: unescape(replacement) });
      continue;
    }
    const head = headline.exec(line);
    if (head !== null) {
      const draft = headDraft(head);
      const parent = found.at(-1);
      if (draft.severity === "note" && parent !== undefined) parent.notes.push(draft);
      else found.push(draft);
      current = draft;
    } else if (current === undefined) stray.push(line);
    // The assembler shows its lines without a margin; whatever else is said after a message belongs to it.
    else append(current, line);
  }
  if (found.length === 0 && stray.length > 0)
    return [{ severity: "error", message: stray.join("\n"), notes: [], fixIts: [] }];
  return found;
}
