import type { Interpreter } from "../toolchain/interpreter.ts";
import type { Target } from "../toolchain/target.ts";
import type { Zig } from "../toolchain/zig.ts";

/** The tools and the platform that a plan is made for. */
export interface Toolchain {
  readonly zig: Zig;
  readonly interpreter: Interpreter;
  readonly target: Target;
  /** Folders of this machine's own libraries, for extensions that link with some; empty when building for another platform. */
  readonly system: { readonly includeDirs: readonly string[]; readonly libraryDirs: readonly string[] };
}

/** A folder whose place differs from machine to machine, and the name that stands for it. */
export interface Prefix {
  readonly path: string;
  readonly name: string;
}

/** The folders of a toolchain whose places differ from machine to machine, the longest first, so that a folder wins over the one it lies in. */
export function prefixesOf({ zig, interpreter }: Pick<Toolchain, "zig" | "interpreter">): readonly Prefix[] {
  const prefixes: Prefix[] = interpreter.includeDirs.map((path, index) => ({
    path,
    name: index === 0 ? "python-include" : `python-include-${index}`,
  }));
  if (zig.libDir !== undefined) prefixes.push({ path: zig.libDir, name: "zig-lib" });
  return prefixes.sort((a, b) => b.path.length - a.path.length);
}
