import type { Toolchain } from "../../server/core/plan/toolchain.ts";
import type { Interpreter } from "../../server/core/toolchain/interpreter.ts";
import { targetFromTag } from "../../server/core/toolchain/target.ts";
import { makeInterpreter } from "./interpreter.ts";

/** A made-up toolchain: Zig at `/zig`, an interpreter at `/python`, and the target of a wheel's platform tag. */
export function makeToolchain(
  tag = "manylinux_2_17_x86_64",
  interpreter: Partial<Interpreter> = {},
  parts: Partial<Toolchain> = {},
): Toolchain {
  return {
    zig: { executable: "/zig/zig", version: "0.16.0", libDir: "/zig/lib" },
    interpreter: makeInterpreter(interpreter),
    target: targetFromTag(tag),
    system: { includeDirs: [], libraryDirs: [] },
    ...parts,
  };
}
