import { join } from "node:path";
import { Cache } from "../../server/core/engine/cache.ts";
import type { EngineContext } from "../../server/core/engine/context.ts";
import { Digests } from "../../server/core/engine/digests.ts";
import { Pool } from "../../server/core/engine/pool.ts";
import { PortablePaths } from "../../server/core/engine/portable-paths.ts";
import type { BuildEvent } from "../../server/core/event.ts";
import { makePlan } from "../../server/core/plan/make-plan.ts";
import type { Extension } from "../../server/core/project/project.ts";
import { makeToolchain } from "./plan-toolchain.ts";
import { makeProject } from "./project.ts";
import { makeFolder, makeTree } from "./tree.ts";

/** A program in Zig's place: a Node script whose `args` are the command's, with a few helpers. */
export function makeFakeZig(script: string): string {
  const helpers = `
const fs = require("node:fs");
const args = process.argv.slice(2);
const after = (flag) => args[args.indexOf(flag) + 1];
const source = args.at(-1);
const compileTo = (text, inputs = [source]) => {
  fs.writeFileSync(after("-o"), text);
  fs.writeFileSync(after("-MF"), after("-o") + ": " + inputs.join(" ") + "\\n");
};
`;
  const folder = makeTree({
    "zig.cjs": helpers + script,
    zig: {
      content: `#!/bin/sh\nexec ${JSON.stringify(process.execPath)} "$(dirname "$0")/zig.cjs" "$@"\n`,
      mode: 0o755,
    },
  });
  return join(folder, "zig");
}

/** What an engine's part runs in: a project folder, a cache of its own and a program in Zig's place. */
export async function makeContext(
  root: string,
  extensions: readonly Extension[],
  zig: string,
  parts: Partial<EngineContext> = {},
): Promise<EngineContext & { readonly events: readonly BuildEvent[] }> {
  const project = makeProject(root, { extensions });
  const toolchain = makeToolchain(undefined, {}, { zig: { executable: zig, version: "0.16.0", libDir: undefined } });
  const plan = makePlan(project, toolchain);
  const cache = parts.cache ?? (await Cache.open(makeFolder()));
  const events: BuildEvent[] = [];
  return {
    project,
    plan,
    toolchain,
    cache,
    digests: await Digests.open(cache, root),
    paths: new PortablePaths(root, plan.prefixes),
    pool: new Pool(2),
    scratch: parts.scratch ?? (await cache.scratch()),
    signal: new AbortController().signal,
    emit: (event) => events.push(event),
    reuse: true,
    ...parts,
    events,
  };
}
