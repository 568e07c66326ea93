import { readFileSync } from "node:fs";
import { relative } from "node:path";
import pc from "picocolors";
import type { Diagnostic } from "../core/engine/diagnostic.ts";
import type { ZligError } from "../core/error.ts";
import type { Location } from "../core/location.ts";

/** Makes a text harmless to a terminal: control characters other than line feed and tab become visible. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are the characters that are looked for
  return text.replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code === 0x0d ? "" : `\\x${code.toString(16).padStart(2, "0")}`;
  });
}

/** A path as people like to read it: relative to the current folder when it lies in it. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" || short.startsWith("..") ? path : short;
}

/** `pyproject.toml:9:1`, one-based. */
function placeText({ file, range }: Location): string {
  const place = range === undefined ? "" : `:${range.start.line + 1}:${range.start.character + 1}`;
  return printable(shortPath(file)) + place;
}

const severityColour = { error: pc.red, warning: pc.yellow, note: pc.cyan } as const;

/** The source line of a place with marks below the range, as compilers show it; empty when the file cannot be read. */
function excerpt({ file, range }: Location): string {
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
  const before = printable(line.slice(0, range.start.character)).replaceAll("\t", "    ");
  const marked = printable(line.slice(range.start.character, end)).replaceAll("\t", "    ");
  const after = printable(line.slice(end)).replaceAll("\t", "    ");
  const marks = " ".repeat(before.length) + pc.green("^".repeat(Math.max(1, marked.length)));
  return `\n${number} | ${before}${marked}${after}\n      | ${marks}`;
}

/** A problem that Zlig found, for people. */
export function problemText(problem: ZligError): string {
  const { severity, code, message, hint, location, related } = problem;
  const place = location === undefined ? "" : `${pc.bold(placeText(location))}: `;
  const head = `${place}${severityColour[severity](pc.bold(`${severity}[${code}]`))}: ${printable(message)}`;
  const more = related
    .map((one) => `\n  ${placeText(one.location)}: ${printable(one.message)}${excerpt(one.location)}`)
    .join("");
  const way = hint === undefined ? "" : `\n  ${pc.cyan("hint")}: ${printable(hint).replaceAll("\n", "\n        ")}`;
  return head + (location === undefined ? "" : excerpt(location)) + more + way;
}

/** A message of the compiler with its notes, in the compiler's own form. */
export function diagnosticText(diagnostic: Diagnostic): string {
  const { severity, message, code, location, excerpt: lines, notes } = diagnostic;
  const place = location === undefined ? "" : `${pc.bold(placeText(location))}: `;
  const name = code === undefined ? "" : ` [${code}]`;
  const head = `${place}${severityColour[severity](pc.bold(severity))}: ${printable(message)}${name}`;
  return [head, ...(lines === undefined ? [] : [printable(lines)]), ...notes.map(diagnosticText)].join("\n");
}
