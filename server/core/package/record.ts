import { createHash } from "node:crypto";

/** A line of `RECORD` before it is written. */
export interface RecordRow {
  /** Path in the wheel. */
  readonly path: string;
  /** As {@link recordHash} gives it. */
  readonly hash: string;
  /** In bytes. */
  readonly size: number;
}

/** The hash of a file's content as `RECORD` has it: `sha256=`, URL-safe base64 without padding. */
export function recordHash(content: Uint8Array): string {
  return `sha256=${createHash("sha256").update(content).digest("base64url")}`;
}

/** The text of `RECORD`: CSV in the order given, and last the line of `RECORD` itself, which has no hash. */
export function renderRecord(rows: readonly RecordRow[], recordPath: string): string {
  const lines = rows.map((row) => `${quote(row.path)},${row.hash},${row.size}\n`);
  return `${lines.join("")}${quote(recordPath)},,\n`;
}

function quote(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
