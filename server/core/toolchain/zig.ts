import { realpath, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ZligError } from "../error.ts";
import { findOnPath } from "./find-interpreter.ts";
import { run } from "./process.ts";

/** A Zig that was found, with its version in the supported range. */
export interface Zig {
  /** Absolute path of the executable. */
  readonly executable: string;
  readonly version: string;
  /** Zig's own library folder: its headers are a part of its version. */
  readonly libDir: string | undefined;
}

/** Where Zig is looked for. */
export interface ZigPlaces {
  /** What the caller names (`--zig`): the environment of a PEP 517 build. */
  readonly given?: string | undefined;
  /** `zig` of the `ziglang` package in the interpreter's environment. */
  readonly ziglang?: string | undefined;
}

/** The supported range: from the first version to below the last. Each minor version in it is tested. */
export const zigRange = { from: "0.15.1", below: "0.18.0" } as const;

/** The requirement on PyPI that brings a supported Zig. */
export const ziglangRequirement = `ziglang>=${zigRange.from},<${zigRange.below.replace(/\.0$/, "")}`;

function numbers(version: string): readonly number[] {
  return (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? "0").split(".").map(Number);
}

function compare(a: string, b: string): number {
  const left = numbers(a);
  const right = numbers(b);
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a version of Zig is in the supported range; development builds count as what they lead to. */
export function isSupportedZig(version: string): boolean {
  return compare(version, zigRange.from) >= 0 && compare(version, zigRange.below) < 0;
}

/** Finds the library folder as Zig itself does: `lib` or `lib/zig`, in the executable's folder or one above. */
async function findLibDir(executable: string): Promise<string | undefined> {
  const real = await realpath(executable);
  for (let folder = dirname(real); ; folder = dirname(folder)) {
    for (const lib of [join(folder, "lib", "zig"), join(folder, "lib")])
      if ((await stat(join(lib, "std", "std.zig")).catch(() => undefined))?.isFile() === true) return lib;
    if (folder === dirname(folder)) return undefined;
  }
}

async function candidates(
  places: ZigPlaces,
  env: NodeJS.ProcessEnv,
): Promise<{ path: string; named: string | undefined }[]> {
  // Zig is run from the project's folder, so a relative path, which is relative to ours, must not stay one.
  const absolute = async (name: string): Promise<string> =>
    /[\\/]/.test(name) ? resolve(name) : ((await findOnPath(name, env)) ?? resolve(name));
  const chosen = env["ZLIG_ZIG"];
  if (chosen !== undefined && chosen !== "") return [{ path: await absolute(chosen), named: "`ZLIG_ZIG`" }];
  if (places.given !== undefined) return [{ path: await absolute(places.given), named: "`--zig`" }];
  const found = [places.ziglang, env["ZLIG_ZIGLANG"], await findOnPath("zig", env)];
  return [...new Set(found)]
    .filter((path) => path !== undefined && path !== "")
    .map((path) => ({ path: path ?? "", named: undefined }));
}

/** Finds a supported Zig, or says what was found instead; `undefined` when there is none at all. */
async function searchZig(
  places: ZigPlaces,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<Zig | { readonly path: string; readonly version: string } | undefined> {
  let unsupported: { path: string; version: string } | undefined;
  for (const { path, named } of await candidates(places, env)) {
    const result = await run([path, "version"], { signal });
    if (result.exitCode !== 0) {
      if (signal?.aborted === true) throw new ZligError("cancelled", "Cancelled");
      if (named === undefined) continue;
      throw new ZligError("zig-missing", `${named} names "${path}", which could not be run as Zig`, {
        hint: `Correct it, or leave it out and \`pip install "${ziglangRequirement}"\`.`,
        cause: result.failure ?? result.stderr,
      });
    }
    const version = result.stdout.trim();
    if (isSupportedZig(version)) return { executable: path, version, libDir: await findLibDir(path) };
    unsupported ??= { path, version };
    if (named !== undefined) break;
  }
  return unsupported;
}

/** The version of the supported Zig that a build would use; `undefined` when there is none. */
export async function findSupportedZig(places: ZigPlaces, env: NodeJS.ProcessEnv): Promise<Zig | undefined> {
  const found = await searchZig(places, env, undefined).catch(() => undefined);
  return found !== undefined && "executable" in found ? found : undefined;
}

/**
 * Finds Zig: `ZLIG_ZIG`, what the caller names, `ziglang` in the environment, `zig` on the path; the first in the supported range.
 * @throws {ZligError} `zig-missing`, or `zig-version` when only unsupported ones were found
 */
export async function findZig(places: ZigPlaces, env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<Zig> {
  const found = await searchZig(places, env, signal);
  if (found === undefined)
    throw new ZligError("zig-missing", "There is no Zig to compile with", {
      hint: `Install it into the environment: \`pip install "${ziglangRequirement}"\`; or put \`zig\` on the path, or name it in \`ZLIG_ZIG\`.`,
    });
  if ("executable" in found) return found;
  throw new ZligError(
    "zig-version",
    `Zig ${found.version} at ${found.path} is outside the supported range (${zigRange.from} up to, not including, ${zigRange.below})`,
    {
      hint: `Install a supported one: \`pip install "${ziglangRequirement}"\`.`,
    },
  );
}
