import { stat } from "node:fs/promises";
import type { BuildRequest } from "../core/builder.ts";
import type { Toolchain } from "../core/plan/toolchain.ts";

interface Known {
  readonly toolchain: Toolchain;
  /** Programs and what they looked like. */
  readonly stamps: readonly (readonly [path: string, stamp: string])[];
}

async function stampOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found === undefined ? "" : [found.size, found.ino, found.mtimeNs].join(":");
}

/**
 * Toolchains that were found, so that a save does not ask interpreter and Zig about themselves again. One whose programs have changed, or for
 * which another program was chosen, is found anew.
 */
export class Toolchains {
  readonly #known = new Map<string, Known>();

  /** @throws {ZligError} what the environment lacks */
  async find(request: BuildRequest): Promise<Toolchain> {
    const { findToolchain, interpreterOf } = await import("../core/builder.ts");
    const chosen = await interpreterOf(request);
    const key = JSON.stringify([request.directory, chosen, request.zig, request.target]);
    const known = this.#known.get(key);
    if (known !== undefined) {
      const now = await Promise.all(known.stamps.map(([path]) => stampOf(path)));
      if (known.stamps.every(([, stamp], index) => stamp !== "" && stamp === now[index])) return known.toolchain;
    }
    const toolchain = await findToolchain(request);
    const programs = [toolchain.interpreter.executable, toolchain.zig.executable];
    const stamps = await Promise.all(programs.map(async (path) => [path, await stampOf(path)] as const));
    this.#known.set(key, { toolchain, stamps });
    return toolchain;
  }

  /** Forgets everything: a package may have been installed. */
  clear(): void {
    this.#known.clear();
  }
}
