import { readFileSync } from "node:fs";
import { isAbsolute, relative } from "node:path";
import type { Diagnostic } from "../core/engine/diagnostic.ts";
import type { ZligError } from "../core/error.ts";
import type { Location } from "../core/location.ts";
import type { Colours } from "./colours.ts";
import { plain } from "./colours.ts";
import { columnsOf, fitEnd, fitStart } from "./columns.ts";

/** Control characters, line and paragraph separators, and the marks that turn the direction of writing around. */
const harmful =
  // eslint-disable-next-line no-control-regex -- these are the characters that are looked for
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/g;

function visible(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

/** Makes a text harmless to a terminal and true to the eye: control characters other than line feed and tab, and marks of writing direction, become visible. */
export function printable(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(harmful, visible);
}

/** The same for what has to stay on one line, as a path. */
export function printableLine(text: string): string {
  return text.replace(harmful, visible).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}

/** A path as people like to read it: relative to the current folder when it lies in it. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" || /^\.\.(?:[\\/]|$)/.test(short) || isAbsolute(short) ? path : short;
}

/** `2 errors`, `1 error`. */
export function quantity(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

/** `pyproject.toml:9:1`, one-based. */
function placeText({ file, range }: Location): string {
  const place = range === undefined ? "" : `:${range.start.line + 1}:${range.start.character + 1}`;
  return printableLine(shortPath(file)) + place;
}

function severityColour(colours: Colours, severity: "error" | "warning" | "note"): (text: string) => string {
  return { error: colours.red, warning: colours.yellow, note: colours.cyan }[severity];
}

/** How problems are written. */
export interface TextOptions {
  readonly colours?: Colours;
  /** Columns that a source line may take; more of it is left out around the marks. */
  readonly columns?: number;
  /** The head alone, when a problem of the same place follows and brings source line and hint. */
  readonly brief?: boolean;
  /** Whether it stands for itself (the default), and not for several of its kind: then further places are shown. */
  readonly alone?: boolean;
}

/** A stretch of a source line as it is shown. */
function shown(text: string): string {
  return printableLine(text.replaceAll("\t", "    "));
}

/** The source line of a place with marks below the range, as compilers show it; empty when the file cannot be read. */
function excerpt({ file, range }: Location, { colours = plain, columns = 160 }: TextOptions): string {
  if (range === undefined) return "";
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return "";
  }
  const line = text.split(/\r\n|\n|\r/)[range.start.line];
  if (line === undefined) return "";
  const end = range.end.line === range.start.line ? range.end.character : line.length;
  const number = String(range.start.line + 1).padStart(5);
  const room = Math.max(40, columns - number.length - 3);
  const marked = fitStart(shown(line.slice(range.start.character, end)), Math.floor(room / 2));
  const after = shown(line.slice(end));
  // What does not fit is taken from what stands before only so far as what stands behind cannot give it.
  const left = room - columnsOf(marked);
  const before = fitEnd(shown(line.slice(0, range.start.character)), Math.max(left - columnsOf(after), left >> 1));
  const behind = fitStart(after, left - columnsOf(before));
  const marks = " ".repeat(columnsOf(before)) + colours.green("^".repeat(Math.max(1, columnsOf(marked))));
  return `\n${number} | ${before}${marked}${behind}\n${" ".repeat(number.length)} | ${marks}`;
}

/** A problem that Zlig found, for people. */
export function problemText(problem: ZligError, options: TextOptions = {}): string {
  const { severity, code, message, hint, location, related } = problem;
  const { colours = plain, brief = false, alone = true } = options;
  const place = location === undefined ? "" : `${colours.bold(placeText(location))}: `;
  const kind = severityColour(colours, severity)(colours.bold(`${severity}[${code}]`));
  const head = `${place}${kind}: ${printable(message)}`;
  if (brief) return head;
  const more = (alone ? related : [])
    .map((one) => `\n  ${placeText(one.location)}: ${printable(one.message)}${excerpt(one.location, options)}`)
    .join("");
  const way =
    hint === undefined ? "" : `\n  ${colours.cyan("hint")}: ${printable(hint).replaceAll("\n", "\n        ")}`;
  return head + (location === undefined ? "" : excerpt(location, options)) + more + way;
}

/** The compiler's source line and marks. Where it gives ranges, clang puts one more blank before each of them. */
function compilerExcerpt(text: string): string {
  const lines = text.split("\n");
  const spaced = lines.every((line) => /^ *\d* \|(?: {2}|$)/.test(line));
  return printable(spaced ? lines.map((line) => line.replace(" |  ", " | ")).join("\n") : text);
}

/** A message of the compiler with its notes, in the compiler's own form. */
export function diagnosticText(diagnostic: Diagnostic, options: TextOptions = {}): string {
  const { severity, message, code, location, excerpt: lines, notes } = diagnostic;
  const { colours = plain } = options;
  const place = location === undefined ? "" : `${colours.bold(placeText(location))}: `;
  const name = code === undefined ? "" : ` [${printableLine(code)}]`;
  const head = `${place}${severityColour(colours, severity)(colours.bold(severity))}: ${printable(message)}${name}`;
  const further = notes.map((note) => diagnosticText(note, options));
  return [head, ...(lines === undefined ? [] : [compilerExcerpt(lines)]), ...further].join("\n");
}
