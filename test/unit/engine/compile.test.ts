import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Cache } from "../../../server/core/engine/cache.ts";
import type { Compiled } from "../../../server/core/engine/compile.ts";
import { compile, knownObject, recordedInputs } from "../../../server/core/engine/compile.ts";
import type { EngineContext } from "../../../server/core/engine/context.ts";
import type { CompileStep } from "../../../server/core/plan/plan.ts";
import { makeContext, makeFakeZig } from "../../support/engine.ts";
import { errorOf } from "../../support/problem.ts";
import { makeExtension } from "../../support/project.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";

function stepOf(context: EngineContext): CompileStep {
  const step = context.plan.steps.find((one) => one.kind === "compile");
  if (step === undefined) throw new Error("the plan compiles nothing");
  return step;
}

interface Scene {
  readonly root: string;
  readonly cache: Cache;
  /** Compiles `src/a.c` as a build of its own would, with what a test changes. */
  readonly compile: (parts?: Partial<EngineContext>) => Promise<Compiled>;
  readonly context: (parts?: Partial<EngineContext>) => Promise<EngineContext>;
}

const echo = `compileTo("object of " + fs.readFileSync(source, "utf8"), [source, "src/a.h"]);`;

async function scene(script: string, files: Record<string, string> = {}): Promise<Scene> {
  const root = makeTree({ "src/a.c": "int a;", "src/a.h": "int h;", ...files });
  const zig = makeFakeZig(script);
  const cache = await Cache.open(makeFolder());
  // Files that were written in the same millisecond in which a compiler starts may have been written after.
  await delay(10);
  const context = (parts: Partial<EngineContext> = {}): Promise<EngineContext> =>
    makeContext(root, [makeExtension("demo.a", ["src/a.c"])], zig, { cache, ...parts });
  return {
    root,
    cache,
    context,
    async compile(parts) {
      const made = await context(parts);
      return compile(made, stepOf(made));
    },
  };
}

describe.skipIf(process.platform === "win32")("a source", () => {
  test("is compiled, and its object is in the cache", async () => {
    const { compile: run, cache } = await scene(echo);
    const { state, object = "", diagnostics } = await run();
    expect([state, diagnostics]).toEqual(["done", []]);
    expect(readFileSync(cache.blobPath(object, "o"), "utf8")).toBe("object of int a;");
  });

  test("is compiled again only when it or what it includes has changed; what was is known", async () => {
    const { root, compile: run } = await scene(echo);
    const write = async (file: string, text: string): Promise<void> => {
      writeFileSync(join(root, file), text);
      await delay(10);
    };
    expect((await run()).state).toBe("done");
    expect((await run()).state).toBe("cached");
    await write("src/a.h", "int changed;");
    expect((await run()).state).toBe("done");
    await write("src/a.h", "int h;");
    expect((await run()).state).toBe("cached");
    await write("src/a.c", "int b;");
    expect((await run()).state).toBe("done");
    expect((await run({ reuse: false })).state).toBe("done");
    rmSync(join(root, "src/a.h"));
    expect((await run()).state).toBe("done");
  });

  test("of another checkout is known when it is the same", async () => {
    const one = await scene(echo);
    const two = await scene(echo);
    const first = await one.compile();
    const second = await two.compile({ cache: one.cache });
    expect(second.state).toBe("cached");
    expect(second.object).toBe(first.object);
  });

  test("that was saved while the compiler ran is compiled again by the next build", async () => {
    const script = `
const before = fs.readFileSync(source, "utf8");
if (before === "int a;") fs.writeFileSync("src/a.c", "int saved;");
compileTo("object of " + before, [source]);
`;
    const { compile: run, cache } = await scene(script);
    const first = await run();
    expect(readFileSync(cache.blobPath(first.object ?? "", "o"), "utf8")).toBe("object of int a;");
    await delay(10);
    const second = await run();
    expect(second.state).toBe("done");
    expect(readFileSync(cache.blobPath(second.object ?? "", "o"), "utf8")).toBe("object of int saved;");
    expect((await run()).state).toBe("cached");
  });

  test("whose header was saved after another compile had looked at it is not taken for what it was", async () => {
    const script = `
const header = fs.readFileSync("src/a.h", "utf8");
compileTo("object with " + header, [source, "src/a.h"]);
`;
    const { root, compile: run, context } = await scene(script);
    const made = await context();
    expect(await made.digests.of("src/a.h")).toBeDefined();
    writeFileSync(join(root, "src/a.h"), "int saved;");
    await delay(10);
    const built = await compile(made, stepOf(made));
    expect(built.state).toBe("done");
    writeFileSync(join(root, "src/a.h"), "int h;");
    await delay(10);
    const again = await run();
    expect(again.state).toBe("done");
    expect(again.object).not.toBe(built.object);
  });

  test("is compiled with Zig's caches in ours, and a date that does not change", async () => {
    const script = `
const { ZIG_GLOBAL_CACHE_DIR, ZIG_LOCAL_CACHE_DIR, SOURCE_DATE_EPOCH, LC_ALL } = process.env;
compileTo(JSON.stringify({ ZIG_GLOBAL_CACHE_DIR, ZIG_LOCAL_CACHE_DIR, SOURCE_DATE_EPOCH, LC_ALL }));
`;
    const { context, cache } = await scene(script);
    const made = await context();
    const { object = "" } = await compile(made, stepOf(made));
    expect(JSON.parse(readFileSync(cache.blobPath(object, "o"), "utf8"))).toEqual({
      ZIG_GLOBAL_CACHE_DIR: cache.zigFolder,
      ZIG_LOCAL_CACHE_DIR: join(made.scratch, "zig"),
      SOURCE_DATE_EPOCH: "1451606400",
      LC_ALL: process.platform === "darwin" ? "en_US.UTF-8" : "C.UTF-8",
    });
  });
});

describe.skipIf(process.platform === "win32")("what the compiler says", () => {
  test("comes with the object, also when it is used again", async () => {
    const script = `
console.error(process.cwd() + "/src/a.h:1:5:{1:5-1:6}: warning: odd [-Wodd]\\n    1 | int h;\\n      |     ^");
console.error('fix-it:"src/a.h":{1:5-1:6}:"g"');
compileTo("o");
`;
    const { root, compile: run } = await scene(script);
    const first = await run();
    expect(first.diagnostics).toMatchObject([
      {
        severity: "warning",
        code: "-Wodd",
        location: { file: join(root, "src/a.h") },
        fixIts: [{ file: join(root, "src/a.h"), text: "g" }],
      },
    ]);
    const second = await run();
    expect(second.state).toBe("cached");
    expect(second.diagnostics).toEqual(first.diagnostics);
  });

  test("in another checkout is about that one's files", async () => {
    const script = `console.error(process.cwd() + "/src/a.c:1:1: warning: odd [-Wodd]"); compileTo("o");`;
    const one = await scene(script);
    await one.compile();
    const two = await scene(script);
    const replayed = await two.compile({ cache: one.cache });
    expect(replayed.state).toBe("cached");
    expect(replayed.diagnostics[0]?.location?.file).toBe(join(two.root, "src/a.c"));
  });

  test("of a source that it refuses makes a failed step, and nothing is kept", async () => {
    const {
      root,
      compile: run,
      context,
    } = await scene(`console.error("src/a.c:1:1: error: no\\n1 error generated."); process.exit(1);`);
    const { state, object, diagnostics } = await run();
    expect([state, object]).toEqual(["failed", undefined]);
    expect(diagnostics).toMatchObject([
      { severity: "error", message: "no", location: { file: join(root, "src/a.c") } },
    ]);
    const made = await context();
    expect(await knownObject(made, stepOf(made))).toBeUndefined();
  });

  test("may be nothing that is understood: it is told as an error of the source", async () => {
    const { root, compile: run } = await scene(
      `console.error("a.c:1:1: warning: w\\nstrange words"); process.exit(3);`,
    );
    const { diagnostics } = await run();
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ severity: "error", location: { file: join(root, "src/a.c") } });
    expect(diagnostics[0]?.message).toBe("The compiler failed with exit code 3:\na.c:1:1: warning: w\nstrange words");
    const silent = await scene(`process.exit(4);`);
    expect((await silent.compile()).diagnostics[0]?.message).toBe("The compiler failed with exit code 4");
  });

  test("does not show where unfinished objects lie", async () => {
    const { compile: run } = await scene(`console.error("error: unable to write " + after("-o")); process.exit(1);`);
    expect((await run()).diagnostics[0]?.message).toBe("unable to write object:demo.a/src/a.c.o");
  });
});

describe.skipIf(process.platform === "win32")("a compiler", () => {
  test("that is killed is the machine's fault", async () => {
    const { compile: run } = await scene(`process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 1000);`);
    const error = await errorOf(run());
    expect(error).toMatchObject({ code: "tool-failed", exitCode: 3 });
    expect(error.message).toBe("The compiler was killed by SIGKILL on src/a.c");
    expect(error.hint).toContain("--jobs 1");
  });

  test("that cannot be started too", async () => {
    const { context } = await scene("");
    const made = await context();
    const step = { ...stepOf(made), command: [join(made.project.root, "gone"), "cc"] as const };
    expect(await errorOf(compile(made, step))).toMatchObject({ code: "tool-failed" });
  });

  test("is killed when the build is cancelled, and another one is not started", async () => {
    const { compile: run, root } = await scene(
      `fs.writeFileSync("started", ""); setInterval(() => {}, 1000); void compileTo;`,
    );
    const controller = new AbortController();
    const running = errorOf(run({ signal: controller.signal }));
    const started = (): boolean => {
      try {
        readFileSync(join(root, "started"));
        return true;
      } catch {
        return false;
      }
    };
    for (let tries = 0; !started() && tries < 400; tries++) await delay(25);
    controller.abort();
    expect((await running).code).toBe("cancelled");
    rmSync(join(root, "started"));
    expect((await errorOf(run({ signal: controller.signal }))).code).toBe("cancelled");
    expect(started()).toBe(false);
  });
});

describe.skipIf(process.platform === "win32")("what earlier compiles know", () => {
  test("is the object, while nothing has changed, and every file that was read", async () => {
    const { root, compile: run, context } = await scene(echo);
    const asked = async (): Promise<readonly [string | undefined, readonly string[] | undefined]> => {
      const made = await context();
      return [await knownObject(made, stepOf(made)), await recordedInputs(made, stepOf(made))];
    };
    expect(await asked()).toEqual([undefined, undefined]);
    const { object } = await run();
    const inputs = [join(root, "src/a.c"), join(root, "src/a.h")];
    expect(await asked()).toEqual([object, inputs]);
    writeFileSync(join(root, "src/a.h"), "changed");
    expect(await asked()).toEqual([undefined, inputs]);
  });

  test("that is damaged counts as nothing", async () => {
    const { compile: run, cache } = await scene(echo);
    await run();
    const damage = (folder: string): void => {
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
    };
    damage(join(cache.folder, "compiles"));
    expect((await run()).state).toBe("done");
  });
});
