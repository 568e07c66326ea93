import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ZligError } from "../error.ts";
import type { ArchiveEntry, ContentEntry } from "./archive-entry.ts";
import { readEntry, sortEntries } from "./archive-entry.ts";

/** What the `.dist-info` folder of a wheel says. */
export interface DistInfo {
  /** Distribution name as file names have it: lower case, `_` between parts. */
  readonly name: string;
  /** Version as file names have it: normalised, without `-`. */
  readonly version: string;
  /** Content of `METADATA`. */
  readonly metadata: string | Uint8Array;
  /** Content of `entry_points.txt`; the file is left out when absent. */
  readonly entryPoints?: string | Uint8Array | undefined;
  /** Tags of the wheel, expanded: one `Tag` line each. */
  readonly tags: readonly string[];
  readonly rootIsPurelib: boolean;
  readonly buildTag?: string | undefined;
  /** Name and version of Zlig: `zlig 1.0`. */
  readonly generator: string;
  /** Licence files: path relative to the project with `/`, and absolute path (PEP 639). */
  readonly licenseFiles: readonly { readonly path: string; readonly file: string }[];
  /** Software bills of materials: file name and content (PEP 770). */
  readonly sboms?: readonly { readonly name: string; readonly content: string | Uint8Array }[];
}

/** The name of the `.dist-info` folder. */
export function distInfoFolder(distInfo: Pick<DistInfo, "name" | "version">): string {
  return `${distInfo.name}-${distInfo.version}.dist-info`;
}

/** The content of the file `WHEEL` (wheel specification 1.0). */
export function renderWheelFile(distInfo: Pick<DistInfo, "generator" | "rootIsPurelib" | "tags" | "buildTag">): string {
  return [
    "Wheel-Version: 1.0",
    `Generator: ${distInfo.generator}`,
    `Root-Is-Purelib: ${String(distInfo.rootIsPurelib)}`,
    ...distInfo.tags.map((tag) => `Tag: ${tag}`),
    ...(distInfo.buildTag === undefined ? [] : [`Build: ${distInfo.buildTag}`]),
    "",
  ].join("\n");
}

/** The members of the `.dist-info` folder, except `RECORD`, ordered by path. */
export function distInfoEntries(distInfo: DistInfo): ArchiveEntry[] {
  const folder = distInfoFolder(distInfo);
  const made = (name: string, content: string | Uint8Array, why: string): ContentEntry => ({
    path: `${folder}/${name}`,
    content: typeof content === "string" ? Buffer.from(content) : content,
    why,
  });
  return sortEntries([
    made("METADATA", distInfo.metadata, "core metadata"),
    made("WHEEL", renderWheelFile(distInfo), "wheel metadata"),
    ...(distInfo.entryPoints === undefined ? [] : [made("entry_points.txt", distInfo.entryPoints, "entry points")]),
    ...(distInfo.sboms ?? []).map((sbom) => made(`sboms/${sbom.name}`, sbom.content, "software bill of materials")),
    ...distInfo.licenseFiles.map(({ path, file }) => ({
      path: `${folder}/licenses/${path}`,
      file,
      executable: false,
      why: "licence file",
    })),
  ]);
}

/**
 * Writes the `.dist-info` folder into `parent`, for PEP 517's `prepare_metadata_for_build_wheel` and PEP 660's like.
 * @returns the folder's name, as the hook has to.
 */
export async function writeDistInfo(parent: string, distInfo: DistInfo): Promise<string> {
  const folder = distInfoFolder(distInfo);
  try {
    for (const entry of distInfoEntries(distInfo)) {
      const { content } = await readEntry(entry);
      const file = join(parent, ...entry.path.split("/"));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    }
  } catch (error) {
    if (error instanceof ZligError) throw error;
    throw new ZligError("output-unwritable", `${join(parent, folder)} cannot be written: ${(error as Error).message}`, {
      cause: error,
    });
  }
  return folder;
}

/** What an earlier call of `prepare_metadata_for_build_wheel` promised. */
export interface PreparedMetadata {
  readonly metadata: Uint8Array;
  readonly entryPoints: Uint8Array | undefined;
}

/**
 * Reads back the `.dist-info` folder that the installer passes as `metadata_directory`; PEP 517 wants the wheel to say
 * the same. Both the folder itself and the one it was written into are taken, as installers differ.
 * @throws {ZligError} `path-missing` if there is no such metadata.
 */
export async function readPreparedMetadata(folder: string): Promise<PreparedMetadata> {
  const inside = await readdir(folder).catch((): string[] => []);
  const nested = inside.filter((name) => name.endsWith(".dist-info"));
  const [only] = nested;
  const distInfo =
    !inside.includes("METADATA") && nested.length === 1 && only !== undefined ? join(folder, only) : folder;
  const metadata = await readFile(join(distInfo, "METADATA")).catch((error: unknown) => {
    throw new ZligError("path-missing", `the metadata folder ${folder} has no METADATA`, { cause: error });
  });
  const entryPoints = await readFile(join(distInfo, "entry_points.txt")).catch(() => undefined);
  return { metadata, entryPoints };
}
