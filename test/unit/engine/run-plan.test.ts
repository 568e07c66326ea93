import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Cache } from "../../../server/core/engine/cache.ts";
import { Digests } from "../../../server/core/engine/digests.ts";
import type { BuildOutcome } from "../../../server/core/engine/run-plan.ts";
import { runPlan } from "../../../server/core/engine/run-plan.ts";
import type { BuildEvent } from "../../../server/core/event.ts";
import type { Extension } from "../../../server/core/project/project.ts";
import { samples } from "../../fixtures/binary/samples.ts";
import { makeContext, makeFakeZig } from "../../support/engine.ts";
import { errorOf } from "../../support/problem.ts";
import { makeExtension } from "../../support/project.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";

/** Compiles by what a source says: `sleep MS`, `warn TEXT`, `fail TEXT`, `die`, `touch FILE`, a line each; links to one module. */
const zig = `
if (args[0] === "build-lib") {
  const output = args.find((word) => word.startsWith("-femit-bin=")).slice("-femit-bin=".length);
  fs.copyFileSync(process.argv[1].replace("zig.cjs", "module"), output);
  process.exit(0);
}
let failed = false;
for (const line of fs.readFileSync(source, "utf8").split("\\n")) {
  const [word, ...rest] = line.split(" ");
  if (word === "sleep") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(rest[0]));
  if (word === "warn") console.error(source + ":1:1: warning: " + rest.join(" ") + " [-Wx]");
  if (word === "fail") { console.error(source + ":1:1: error: " + rest.join(" ")); failed = true; }
  if (word === "header") console.error("src/h.h:1:1: error: " + rest.join(" "));
  if (word === "die") process.kill(process.pid, "SIGKILL");
  if (word === "touch") fs.writeFileSync(rest[0], "");
}
if (failed) process.exit(1);
compileTo("object of " + source);
`;

interface Run {
  readonly outcome: BuildOutcome;
  readonly events: readonly BuildEvent[];
}

interface Scene {
  readonly root: string;
  readonly cache: Cache;
  readonly events: BuildEvent[];
  readonly run: (options?: { signal?: AbortSignal }) => Promise<Run>;
}

async function scene(
  sources: Readonly<Record<string, string>>,
  extensions: readonly Extension[] = [makeExtension("demo.sample", Object.keys(sources), { extraLinkArgs: open })],
): Promise<Scene> {
  const root = makeTree(sources);
  const program = makeFakeZig(zig);
  writeFileSync(join(program, "..", "module"), samples.elfX86_64);
  const cache = await Cache.open(makeFolder());
  const events: BuildEvent[] = [];
  await delay(10);
  return {
    root,
    cache,
    events,
    async run({ signal = new AbortController().signal } = {}) {
      const { project, plan, toolchain } = await makeContext(root, extensions, program, { cache, scratch: "" });
      const digests = await Digests.open(cache, root);
      events.length = 0;
      const options = { cache, digests, jobs: 4, signal, emit: (event: BuildEvent) => events.push(event), reuse: true };
      const outcome = await runPlan(project, plan, toolchain, options);
      return { outcome, events: [...events] };
    },
  };
}

const open = ["-Wl,-z,undefs"];

function messages(events: readonly BuildEvent[]): string[] {
  return events.flatMap((event) => (event.event === "diagnostic" ? [event.diagnostic.message] : []));
}

function steps(events: readonly BuildEvent[]): string[] {
  return events.flatMap((event) =>
    event.event === "step"
      ? [`${event.state} ${event.kind} ${event.source ?? event.extension} ${event.finished}/${event.total}`]
      : [],
  );
}

describe.skipIf(process.platform === "win32")("a run of a plan", () => {
  test("tells the messages of the compiler in the order of the plan, whichever source is done first", async () => {
    const { run } = await scene({
      "src/a.c": "sleep 300\nwarn first",
      "src/b.c": "warn second\nwarn third",
      "src/c.c": "sleep 100\nwarn fourth",
    });
    expect(messages((await run()).events)).toEqual(["first", "second", "third", "fourth"]);
    const again = await run();
    expect(messages(again.events)).toEqual(["first", "second", "third", "fourth"]);
    expect(again.outcome.counts).toEqual({ compiled: 0, linked: 0, reused: 4 });
  });

  test("goes on after a refused source, and tells a header's message once", async () => {
    const { run } = await scene({
      "src/a.c": "header in the header\nfail a",
      "src/b.c": "",
      "src/c.c": "header in the header\nfail c",
    });
    const { outcome, events } = await run();
    expect(messages(events)).toEqual(["in the header", "a", "c"]);
    expect(outcome.problems).toMatchObject([
      { code: "compile-failed", message: '"demo.sample" was not built: the compiler refused src/a.c, src/c.c' },
    ]);
    expect(outcome.modules).toEqual([]);
    expect(steps(events).at(-1)).toBe("failed link demo.sample 4/4");
  });

  test("counts its steps", async () => {
    const { run } = await scene({ "src/a.c": "" });
    expect(steps((await run()).events)).toEqual([
      "started compile src/a.c 0/2",
      "done compile src/a.c 1/2",
      "started link demo.sample 1/2",
      "done link demo.sample 2/2",
    ]);
    expect(steps((await run()).events)).toEqual([
      "started compile src/a.c 0/2",
      "cached compile src/a.c 1/2",
      "started link demo.sample 1/2",
      "cached link demo.sample 2/2",
    ]);
  });

  test("builds the other extensions when one fails; a failed optional one is a warning", async () => {
    const { run } = await scene({ "a.c": "fail a", "b.c": "", "c.c": "fail c" }, [
      makeExtension("demo.bad", ["a.c"]),
      makeExtension("demo.sample", ["b.c"], { extraLinkArgs: open }),
      makeExtension("demo.maybe", ["c.c"], { optional: true }),
    ]);
    const { outcome, events } = await run();
    expect(outcome.modules.map(({ artefact }) => artefact.extension.name)).toEqual(["demo.sample"]);
    expect(outcome.problems.map(({ message }) => message)).toEqual([
      '"demo.bad" was not built: the compiler refused a.c',
    ]);
    const warnings = events.flatMap((event) => (event.event === "problem" ? [event.problem] : []));
    expect(warnings.map(({ severity, message }) => [severity, message])).toEqual([
      ["warning", '"demo.maybe" was not built: the compiler refused c.c'],
    ]);
  });

  test("repairs damaged objects of which it needs some", async () => {
    const { run, cache } = await scene({ "src/a.c": "", "src/b.c": "" });
    const first = await run();
    const blobs = join(cache.folder, "blobs");
    for (const folder of readdirSync(blobs))
      for (const name of readdirSync(join(blobs, folder))) writeFileSync(join(blobs, folder, name), "damaged");
    const again = await run();
    expect(again.outcome.problems).toEqual([]);
    expect(again.outcome.modules[0]?.digest).toBe(first.outcome.modules[0]?.digest);
    expect(again.outcome.counts.linked).toBe(1);
  });
});

describe.skipIf(process.platform === "win32")("a run that cannot go on", () => {
  test("ends when all that it started has ended, and leaves nothing unfinished", async () => {
    const { run, root, cache } = await scene({ "src/a.c": "die", "src/b.c": "sleep 500\ntouch ended" });
    expect(await errorOf(run())).toMatchObject({ code: "tool-failed", exitCode: 3 });
    expect(existsSync(join(root, "ended"))).toBe(true);
    expect(readdirSync(join(cache.folder, "tmp"))).toEqual([]);
  });

  test("because it was cancelled says so, and leaves nothing unfinished", async () => {
    const { run, cache, root } = await scene({ "src/a.c": "touch begun\nsleep 30000", "src/b.c": "sleep 30000" });
    const controller = new AbortController();
    const running = errorOf(run({ signal: controller.signal }));
    for (let tries = 0; !existsSync(join(root, "begun")) && tries < 400; tries++) await delay(25);
    const started = performance.now();
    controller.abort();
    expect((await running).code).toBe("cancelled");
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(readdirSync(join(cache.folder, "tmp"))).toEqual([]);
  });
});
