import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import JSZip from "jszip";
import { ZligError } from "../error.ts";
import type { ArchiveEntry } from "./archive-entry.ts";
import { checkEntries, readEntry, sortEntries } from "./archive-entry.ts";
import type { TimeEnvironment } from "./archive-time.ts";
import { archiveTime } from "./archive-time.ts";
import { writeAtomically } from "./atomic-file.ts";
import type { DistInfo } from "./dist-info.ts";
import { distInfoEntries, distInfoFolder } from "./dist-info.ts";
import type { RecordRow } from "./record.ts";
import { recordHash, renderRecord } from "./record.ts";

/** What may vary when an archive is written. */
export interface WriteOptions {
  /** Where `SOURCE_DATE_EPOCH` stands. Default: `process.env`. */
  readonly environment?: TimeEnvironment;
  readonly signal?: AbortSignal | undefined;
}

const regularFile = 0o100000;
/** What a ZIP without the 64-bit extension holds, with room for what deflating can add to content that does not shrink. */
const mostEntries = 0xfffe;
const mostBytes = 4.2e9;

/**
 * Writes a wheel (PEP 427 and its specification): `entries` ordered by path, then the `.dist-info` folder, `RECORD` last.
 * The same entries give the same bytes, wherever and whenever it is written: the time is fixed, of the modes only the
 * executable bit counts, and the deflater is JavaScript. The file appears whole or not at all.
 * @throws {ZligError} `archive-path`, `archive-conflict`, `archive-limit`, `file-unreadable`, `output-unwritable`.
 */
export async function writeWheel(
  file: string,
  entries: readonly ArchiveEntry[],
  distInfo: DistInfo,
  options: WriteOptions = {},
): Promise<void> {
  const record = `${distInfoFolder(distInfo)}/RECORD`;
  // Readers find the end of a ZIP first, so metadata belongs there (wheel specification, recommended).
  const all: ArchiveEntry[] = [...sortEntries(entries), ...distInfoEntries(distInfo)];
  checkEntries([...all, { path: record, content: new Uint8Array(), why: "record of the wheel" }]);
  const date = archiveTime("zip", options.environment);

  const zip = new JSZip();
  const add = (path: string, content: Uint8Array, mode: number): void => {
    zip.file(path, content, { binary: true, createFolders: false, date, unixPermissions: regularFile | mode });
  };
  const rows: RecordRow[] = [];
  let bytes = 0;
  for (const entry of all) {
    options.signal?.throwIfAborted();
    const { content, mode } = await readEntry(entry);
    bytes += content.byteLength + 2 * Buffer.byteLength(entry.path) + 1024;
    if (bytes > mostBytes || all.length + 1 > mostEntries) {
      throw new ZligError("archive-limit", `the wheel is too large: ${all.length} files, more than ${bytes} bytes`, {
        hint: "Leave data out with `[tool.zlig.wheel] exclude`, or ship it separately.",
      });
    }
    rows.push({ path: entry.path, hash: recordHash(content), size: content.byteLength });
    add(entry.path, content, mode);
  }
  add(record, Buffer.from(renderRecord(rows, record)), 0o644);

  await writeAtomically(file, async (temporary) => {
    const stream = zip.generateNodeStream({
      platform: "UNIX",
      compression: "DEFLATE",
      compressionOptions: { level: 6 },
      streamFiles: false,
    });
    await pipeline(stream, createWriteStream(temporary, { flags: "wx" }), { signal: options.signal });
  });
}
