import { open } from "node:fs/promises";
import pako from "pako";
import { pack } from "tar-stream";
import { ZligError } from "../error.ts";
import type { ArchiveEntry } from "./archive-entry.ts";
import { checkEntries, readEntry, sortEntries } from "./archive-entry.ts";
import { archiveTime } from "./archive-time.ts";
import { writeAtomically } from "./atomic-file.ts";
import type { WriteOptions } from "./wheel.ts";

/** What names an sdist, and its `PKG-INFO`. */
export interface SdistInfo {
  /** Distribution name as file names have it: lower case, `_` between parts. */
  readonly name: string;
  /** Version as file names have it: normalised, without `-`. */
  readonly version: string;
  /** Content of `PKG-INFO`. */
  readonly metadata: string | Uint8Array;
}

/** The name of the sdist's file (PEP 625). */
export function sdistFileName(sdist: Pick<SdistInfo, "name" | "version">): string {
  return `${sdist.name}-${sdist.version}.tar.gz`;
}

/**
 * Writes an sdist (PEP 517, 625): a gzipped pax tar with one folder at its top, regular files only, ordered by path.
 * Entries' paths are relative to that folder. The same entries give the same bytes, wherever and whenever it is written.
 * The file appears whole or not at all.
 * @throws {ZligError} `archive-path`, `archive-conflict`, `file-unreadable`, `output-unwritable`.
 */
export async function writeSdist(
  file: string,
  entries: readonly ArchiveEntry[],
  sdist: SdistInfo,
  options: WriteOptions = {},
): Promise<void> {
  const metadata = typeof sdist.metadata === "string" ? Buffer.from(sdist.metadata) : sdist.metadata;
  // A PKG-INFO of the project itself is what remains of an unpacked sdist: ours takes its place.
  const own = entries.filter((entry) => entry.path !== "PKG-INFO");
  const all = sortEntries<ArchiveEntry>([...own, { path: "PKG-INFO", content: metadata, why: "core metadata" }]);
  checkEntries(all);
  const top = `${sdist.name}-${sdist.version}`;
  const mtime = archiveTime("tar", options.environment);

  const tar = pack();
  for (const entry of all) {
    options.signal?.throwIfAborted();
    const { content, mode } = await readEntry(entry);
    const header = { name: `${top}/${entry.path}`, type: "file", mode, mtime, uid: 0, gid: 0 } as const;
    tar.entry({ ...header, size: content.byteLength }, Buffer.from(content));
  }
  tar.finalize();

  await writeAtomically(file, async (temporary) => {
    const output = await open(temporary, "wx");
    try {
      const gzip = gzipper();
      for await (const chunk of tar as AsyncIterable<Uint8Array>) {
        options.signal?.throwIfAborted();
        await output.writeFile(gzip(chunk, false));
      }
      await output.writeFile(gzip(new Uint8Array(), true));
    } finally {
      await output.close();
    }
  });
}

/**
 * Compresses chunk by chunk. Not `node:zlib`: its bytes differ between processors and versions of Node. The header has
 * no time, and its operating system is "unknown" (255).
 */
function gzipper(): (chunk: Uint8Array, last: boolean) => Uint8Array {
  const deflate = new pako.Deflate({ gzip: true, level: 6, header: { time: 0, os: 255 } });
  let ready: Uint8Array[] = [];
  deflate.onData = (chunk) => void ready.push(chunk as Uint8Array);
  return (chunk, last) => {
    // pako takes an empty chunk only as the last one.
    if (chunk.byteLength > 0 || last) deflate.push(chunk, last);
    if ((deflate.err as number) !== 0) throw new ZligError("internal", `gzip failed: ${deflate.msg}`);
    const done = Buffer.concat(ready);
    ready = [];
    return done;
  };
}
