import { join } from "node:path";
import { newestPython } from "./toolchain.ts";
import { makeTree } from "./tree.ts";

/** Makes an executable shell script in a folder of its own. Gives its path. */
export function makeScript(name: string, text: string): string {
  return join(makeTree({ [name]: { content: `#!/bin/sh\n${text}\n`, mode: 0o755 } }), name);
}

/**
 * Makes an interpreter that answers as a real one but for some facts about itself: stands for interpreters that no test
 * machine has to have.
 * @param facts what Zlig's probe shall read instead
 */
export function makePython(facts: Readonly<Record<string, unknown>>): string {
  const change = "import json, sys; d = json.load(sys.stdin); d.update(json.loads(sys.argv[1])); print(json.dumps(d))";
  const { executable } = newestPython();
  const quoted = JSON.stringify({ ziglang: null, ...facts }).replaceAll("'", `'\\''`);
  return makeScript("python3", `'${executable}' "$@" | '${executable}' -c '${change}' '${quoted}'`);
}

/** Makes a Zig that only tells its version. */
export function makeZig(version: string): string {
  return makeScript("zig", `echo ${version}`);
}
