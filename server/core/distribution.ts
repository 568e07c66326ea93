import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { BuildRequest, PreparedBuild } from "./builder.ts";
import { buildInPlace, findAndProbe } from "./builder.ts";
import type { BuildOutcome } from "./engine/run-plan.ts";
import { ZligError } from "./error.ts";
import type { Emit } from "./event.ts";
import { fileErrorReason } from "./file-error.ts";
import type { PlannedArtefact } from "./package/artefacts.ts";
import type { Contents } from "./package/contents.ts";
import { archiveNames, licenseFiles } from "./package/contents.ts";
import { renderMetadata } from "./package/core-metadata.ts";
import type { DistInfo } from "./package/dist-info.ts";
import { readPreparedMetadata, writeDistInfo } from "./package/dist-info.ts";
import { renderEntryPoints } from "./package/entry-points.ts";
import { honestTarget } from "./package/platform-of-binaries.ts";
import type { WheelTag } from "./package/tags.ts";
import { expandTag, platformTag } from "./package/tags.ts";
import type { Project } from "./project/project.ts";
import { version } from "./version.ts";

/** A distribution that was written. */
export interface Distribution {
  /** Absolute path. */
  readonly path: string;
  /** File name: what PEP 517 hooks give back. */
  readonly name: string;
}

/** Where a distribution goes. */
export interface OutputOptions {
  /** Folder; it is made if it is not there. */
  readonly outDir: string;
  /** A `.dist-info` folder that `prepare_metadata_for_build_*` made: the wheel must say the same. */
  readonly metadataDirectory?: string | undefined;
}

function warn(emit: Emit, contents: Contents): void {
  for (const problem of contents.warnings) emit({ event: "problem", problem });
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new ZligError("output-unwritable", `The folder ${folder} cannot be made: ${fileErrorReason(error)}`, {
      hint: "Name another one with `--out-dir`.",
      cause: error,
    });
  }
}

async function distInfoOf(project: Project, tag: WheelTag, metadataDirectory: string | undefined): Promise<DistInfo> {
  const prepared = metadataDirectory === undefined ? undefined : await readPreparedMetadata(metadataDirectory);
  return {
    ...archiveNames(project.metadata),
    metadata: renderMetadata(project.metadata),
    entryPoints: renderEntryPoints(project.metadata),
    tags: expandTag(tag),
    rootIsPurelib: tag.platform === "any",
    buildTag: project.wheel.buildTag,
    generator: `zlig ${version}`,
    licenseFiles: await licenseFiles(project),
    ...prepared,
  };
}

function wheelName({ name, version: itsVersion, buildTag }: DistInfo, tag: WheelTag): string {
  return (
    [name, itsVersion, ...(buildTag === undefined ? [] : [buildTag]), tag.python, tag.abi, tag.platform].join("-") +
    ".whl"
  );
}

/**
 * The tag that the built modules satisfy: the plan's, or a newer platform when a module needs it. On Linux a module that
 * keeps to no manylinux platform makes it a wheel for this machine's system alone.
 */
function honestTag(prepared: PreparedBuild, outcome: BuildOutcome, emit: Emit): WheelTag {
  const { plan, toolchain } = prepared;
  if (toolchain === undefined || outcome.modules.length === 0) return plan.tag;
  const binaries = outcome.modules.map(({ artefact, binary }) => ({ path: artefact.archivePath, binary }));
  const { target, mismatches } = honestTarget(toolchain.target, binaries);
  if (target !== undefined) {
    const platform = platformTag(target);
    if (platform !== plan.tag.platform)
      emit({
        event: "notice",
        message: `The modules need a newer platform than planned: the wheel is tagged ${platform}`,
      });
    return { ...plan.tag, platform };
  }
  const reasons = mismatches.map(({ path, why }) => `${path}: ${why}`).join("; ");
  if (toolchain.target.os !== "linux")
    throw new ZligError("link-failed", `The modules do not fit ${plan.tag.platform}: ${reasons}`);
  const platform = `linux_${toolchain.target.machine}`;
  emit({ event: "notice", message: `The wheel is for this system alone (${platform}): ${reasons}` });
  return { ...plan.tag, platform };
}

/** An optional extension that could not be built is not in the wheel; without any extension it is still a platform wheel, as the plan said. */
function artefactsOf(outcome: BuildOutcome, fileOf: (digest: string) => string): PlannedArtefact[] {
  return outcome.modules.map(({ artefact, digest }) => ({
    extension: artefact.extension,
    file: fileOf(digest),
    archivePath: artefact.archivePath,
  }));
}

async function write(
  file: (distInfo: DistInfo) => string,
  contents: Contents,
  distInfo: DistInfo,
  outDir: string,
  request: BuildRequest,
): Promise<Distribution> {
  const { writeWheel } = await import("./package/wheel.ts");
  const folder = resolve(outDir);
  await makeFolder(folder);
  const name = file(distInfo);
  await writeWheel(join(folder, name), contents.entries, distInfo, {
    environment: request.env,
    signal: request.signal,
  });
  return { path: join(folder, name), name };
}

/**
 * Builds the extensions in place and packs the wheel (PEP 427): the packages' files and the artefacts of this build alone.
 * @throws {ZligError} what the build and the writing throw
 */
export async function buildWheel(
  request: BuildRequest,
  prepared: PreparedBuild,
  output: OutputOptions,
): Promise<Distribution> {
  const { wheelContents } = await import("./package/wheel-contents.ts");
  const outcome = await buildInPlace(request, prepared, "keep-in-cache");
  const tag = honestTag(prepared, outcome, request.emit);
  const contents = await wheelContents(prepared.project, { artefacts: artefactsOf(outcome, outcome.fileOf) });
  warn(request.emit, contents);
  const distInfo = await distInfoOf(prepared.project, tag, output.metadataDirectory);
  return write((info) => wheelName(info, tag), contents, distInfo, output.outDir, request);
}

/** Builds the extensions in place and packs an editable wheel (PEP 660): a `.pth` file that names the project's folders. */
export async function buildEditable(
  request: BuildRequest,
  prepared: PreparedBuild,
  output: OutputOptions,
): Promise<Distribution> {
  const { editableContents } = await import("./package/editable.ts");
  const outcome = await buildInPlace(request, prepared, "fail");
  const tag = honestTag(prepared, outcome, request.emit);
  const { version: python, platform } = prepared.toolchain?.interpreter ?? (await findAndProbe(request));
  const contents = await editableContents(prepared.project, {
    version: [python[0], python[1]],
    windows: platform.startsWith("win"),
  });
  warn(request.emit, contents);
  const distInfo = await distInfoOf(prepared.project, tag, output.metadataDirectory);
  return write((info) => wheelName(info, tag), contents, distInfo, output.outDir, request);
}

/** Packs the source distribution (PEP 625): everything that a build needs, and no artefact. */
export async function buildSdist(
  project: Project,
  request: BuildRequest,
  output: OutputOptions,
): Promise<Distribution> {
  const [{ sdistContents }, { writeSdist, sdistFileName }] = await Promise.all([
    import("./package/sdist-contents.ts"),
    import("./package/sdist.ts"),
  ]);
  const contents = await sdistContents(project);
  warn(request.emit, contents);
  const info = { ...archiveNames(project.metadata), metadata: renderMetadata(project.metadata, { sdist: true }) };
  const folder = resolve(output.outDir);
  await makeFolder(folder);
  const name = sdistFileName(info);
  await writeSdist(join(folder, name), contents.entries, info, { environment: request.env, signal: request.signal });
  return { path: join(folder, name), name };
}

/** Writes the `.dist-info` folder that a wheel of the project would have, for PEP 517's and PEP 660's metadata hooks. Builds nothing. */
export async function writeMetadata(prepared: PreparedBuild, output: OutputOptions): Promise<Distribution> {
  const folder = resolve(output.outDir);
  await makeFolder(folder);
  const name = await writeDistInfo(folder, await distInfoOf(prepared.project, prepared.plan.tag, undefined));
  return { path: join(folder, name), name };
}

/** A file of an archive, and the reason why it is in it. */
export interface PlannedFile {
  readonly path: string;
  readonly why: string;
}

/** What the wheel of a plan would hold, and what stays out, with the reasons. Builds nothing. */
export async function previewWheel(
  prepared: PreparedBuild,
): Promise<{ files: readonly PlannedFile[]; leftOut: readonly PlannedFile[] }> {
  const [{ wheelContents }, { distInfoEntries, distInfoFolder }] = await Promise.all([
    import("./package/wheel-contents.ts"),
    import("./package/dist-info.ts"),
  ]);
  // The artefacts are not there yet: an empty folder stands for where they will be.
  const nowhere = await mkdtemp(join(tmpdir(), "zlig-"));
  try {
    const artefacts = prepared.plan.artefacts.map(({ extension, archivePath }) => ({
      extension,
      archivePath,
      file: join(nowhere, "module"),
    }));
    const contents = await wheelContents(prepared.project, { artefacts });
    const distInfo = await distInfoOf(prepared.project, prepared.plan.tag, undefined);
    const files = [...contents.entries, ...distInfoEntries(distInfo)].map(({ path, why }) => ({ path, why }));
    return {
      files: [...files, { path: `${distInfoFolder(distInfo)}/RECORD`, why: "record of the wheel" }],
      leftOut: contents.leftOut,
    };
  } finally {
    await rm(nowhere, { recursive: true, force: true });
  }
}
