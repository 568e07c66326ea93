import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Binary } from "../binary/binary.ts";
import { isCompilerRuntime } from "../binary/compiler-runtime.ts";
import { ZligError } from "../error.ts";
import type { LinkStep } from "../plan/plan.ts";
import type { Extension } from "../project/project.ts";
import { run } from "../toolchain/process.ts";
import { digestOf } from "./cache.ts";
import type { Compiled } from "./compile.ts";
import type { EngineContext, QueryContext } from "./context.ts";
import { zigEnvironment } from "./context.ts";
import { libraryFolders } from "./provided-symbols.ts";
import type { ModuleFacts } from "./verify.ts";
import { readModule, verifyModule } from "./verify.ts";

/** What a link step came to. */
export interface Linked {
  readonly state: "done" | "cached" | "failed";
  /** Digest of the module; absent when the link failed or the module could not be imported. */
  readonly module?: string;
  /** What the module asks of its platform: for the wheel's tag. */
  readonly binary?: Binary;
  readonly problems: readonly ZligError[];
}

interface LinkRecord {
  readonly module: string;
  readonly binary: Binary;
}

const recordKind = "links";

function isLinkRecord(value: unknown): value is LinkRecord {
  const record = value as Partial<LinkRecord> | null;
  return (
    typeof record === "object" &&
    record !== null &&
    typeof record.module === "string" &&
    typeof record.binary === "object"
  );
}

/** Only what the tag is decided by is kept: the names a module exports may be thousands. */
function essence(binary: Binary): Binary {
  return { ...binary, exports: [], undefined: [] };
}

/** The key of a link: the command, and every input by content. */
async function keyOf(context: QueryContext, step: LinkStep, objects: ReadonlyMap<string, string>): Promise<string> {
  const parts: unknown[] = [context.paths.command(step.command, context.plan.compiler)];
  for (const input of step.inputs) parts.push(objects.get(input) ?? (await context.digests.of(input)));
  // Version scripts, response files and the like: an argument that is a file of the project counts by its content.
  for (const argument of step.command.slice(1))
    for (const word of argument.split(/[,=]/))
      if (word !== "" && !word.startsWith("-") && !objects.has(word)) {
        const digest = await context.digests.of(word);
        if (digest !== undefined) parts.push([word, digest]);
      }
  for (const file of libraryFiles(step.command)) {
    const digest = await context.digests.of(file);
    if (digest !== undefined) parts.push([file, digest]);
  }
  return digestOf(JSON.stringify(parts));
}

/** Libraries that come with Zig and its target. */
const ownLibraries = new Set(["c", "c++", "m", "pthread", "dl", "rt", "util"]);

/** Every file that a link could find for one of its `-l` arguments. */
function* libraryFiles(command: readonly string[]): Generator<string> {
  const names = command.filter((word) => /^-l./.test(word)).map((word) => word.slice(2));
  for (const folder of libraryFolders(command))
    for (const name of names.filter((one) => !ownLibraries.has(one)))
      for (const file of [
        `lib${name}.so`,
        `lib${name}.a`,
        `lib${name}.dylib`,
        `lib${name}.tbd`,
        `${name}.lib`,
        `lib${name}.dll.a`,
      ])
        yield join(folder, file);
}

/** Digest of the module that a link would come to, when an earlier build knows; nothing is run. */
export async function knownModule(
  context: QueryContext,
  step: LinkStep,
  objects: ReadonlyMap<string, string>,
): Promise<string | undefined> {
  const record = await context.cache.readRecord(recordKind, await keyOf(context, step, objects));
  return isLinkRecord(record) ? record.module : undefined;
}

let counter = 0;

/** Runs one link command. Gives the module, or the linker's words. */
async function runLink(
  context: EngineContext,
  step: LinkStep,
  command: readonly [string, ...string[]],
  objects: ReadonlyMap<string, string>,
): Promise<{ content: Uint8Array; file: string } | { words: string }> {
  const folder = join(context.scratch, `link-${counter++}`);
  const file = `${folder}.so`;
  const [program, ...args] = command;
  const real = args.map((argument) => {
    const object = objects.get(argument);
    if (object !== undefined) return context.cache.blobPath(object, "o");
    return argument.endsWith(step.output) ? argument.slice(0, -step.output.length) + file : argument;
  });
  const result = await run([program, ...real], {
    cwd: context.project.root,
    env: zigEnvironment(context),
    signal: context.signal,
  });
  if (context.signal.aborted) throw new ZligError("cancelled", "Cancelled");
  if (result.failure !== undefined) throw new ZligError("tool-failed", `Zig could not be started: ${result.failure}`);
  if (result.exitCode === undefined)
    throw new ZligError(
      "tool-failed",
      `The linker was killed by ${result.signal ?? "a signal"} on "${step.extension}"`,
      {
        hint: "The machine may be short of memory; try again with fewer jobs (`--jobs 1`).",
        cause: result.stderr,
      },
    );
  const content = await readFile(file).catch(() => undefined);
  if (result.exitCode === 0 && content !== undefined && content.length > 0) return { content, file };
  let words = (result.stderr + result.stdout).trim();
  for (const [name, digest] of objects)
    words = words.replaceAll(context.cache.blobPath(digest, "o"), name.replace(/^object:[^/]*\/(.*)\.o$/, "$1"));
  return { words: words.replaceAll(file, step.output.replace("module:", "")) };
}

function linkProblem(context: EngineContext, extension: Extension, words: string): ZligError {
  const library = /unable to find (?:dynamic|static)? ?(?:system )?library ['"]([^'"]+)['"]/.exec(words)?.[1];
  if (library !== undefined)
    return new ZligError("link-failed", `There is no library "${library}" to link "${extension.name}" with`, {
      location: context.project.manifest.locate([...extension.manifestPath, "libraries"]),
      hint: "Install its development package, or name its folder in `library-dirs`.",
    });
  const duplicate = /duplicate symbol: (\S+)/.exec(words)?.[1];
  return new ZligError(
    "link-failed",
    duplicate === undefined
      ? `The linker failed on "${extension.name}":\n${words}`
      : `"${extension.name}" defines \`${duplicate}\` twice:\n${words}`,
    {
      location: context.project.manifest.locate([...extension.manifestPath, "name"]),
      ...(duplicate === undefined ? {} : { hint: "A glob may match a file that another source already includes." }),
    },
  );
}

async function linkNow(
  context: EngineContext,
  step: LinkStep,
  objects: ReadonlyMap<string, string>,
): Promise<{ content: Uint8Array; file: string; facts: ModuleFacts } | { words: string }> {
  const first = await runLink(context, step, step.command, objects);
  if ("words" in first) {
    // ARM and 32-bit objects fail in the linker where others stay open: the runtime may still have what is missing.
    const missing = [...first.words.matchAll(/undefined symbol: (\S+)/g)].map((match) => match[1] ?? "");
    if (step.withRuntime === undefined || !missing.some(isCompilerRuntime)) return first;
  }
  if ("file" in first) {
    const facts = await readModule(context, step, first.content);
    if (step.withRuntime === undefined || !facts.open.some(isCompilerRuntime)) return { ...first, facts };
  }
  context.emit({
    event: "notice",
    message: `"${step.extension}" needs Zig's compiler runtime, which is built once for a platform`,
  });
  const second = await runLink(context, step, step.withRuntime ?? step.command, objects);
  return "words" in second ? second : { ...second, facts: await readModule(context, step, second.content) };
}

/**
 * Links an extension and makes sure that Python could import what comes out; or finds the module of an earlier link of
 * the same command and the same objects.
 * @param objects product names of the plan to digests
 * @throws {ZligError} `cancelled`, `tool-failed`, `cache-unwritable`
 */
export async function link(
  context: EngineContext,
  step: LinkStep,
  extension: Extension,
  objects: ReadonlyMap<string, string>,
  compiled: readonly Compiled[],
): Promise<Linked> {
  const { cache } = context;
  const key = await keyOf(context, step, objects);
  const record = context.reuse ? await cache.readRecord(recordKind, key) : undefined;
  if (isLinkRecord(record) && (await cache.hasBlob(record.module, "so")))
    return { state: "cached", module: record.module, binary: record.binary, problems: [] };
  return context.pool.run(async () => {
    const result = await linkNow(context, step, objects);
    if ("words" in result) return { state: "failed", problems: [linkProblem(context, extension, result.words)] };
    const problems = await verifyModule(context, step, extension, result.facts, compiled);
    if (problems.length > 0) return { state: "failed", problems };
    const { digest } = await cache.adopt(result.file, "so");
    const binary = essence(result.facts.binary);
    await cache.writeRecord(recordKind, key, { module: digest, binary } satisfies LinkRecord);
    return { state: "done", module: digest, binary, problems: [] };
  });
}
