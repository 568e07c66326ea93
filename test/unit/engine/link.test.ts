import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Cache, digestOf } from "../../../server/core/engine/cache.ts";
import type { Compiled } from "../../../server/core/engine/compile.ts";
import type { EngineContext } from "../../../server/core/engine/context.ts";
import type { Linked } from "../../../server/core/engine/link.ts";
import { knownModule, link } from "../../../server/core/engine/link.ts";
import type { LinkStep } from "../../../server/core/plan/plan.ts";
import type { Extension } from "../../../server/core/project/project.ts";
import { samples } from "../../fixtures/binary/samples.ts";
import { makeContext, makeFakeZig } from "../../support/engine.ts";
import { errorOf, only } from "../../support/problem.ts";
import { makeExtension } from "../../support/project.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";

/** A shared object that exports `PyInit_sample` and leaves `nowhere` open, with texts replaced by others as long. */
function moduleWith(...replacements: readonly (readonly [string, string])[]): Buffer {
  let text = Buffer.from(samples.elfX86_64).toString("latin1");
  for (const [from, to] of replacements) {
    if (from.length !== to.length || !text.includes(from)) throw new Error(`${from} cannot become ${to}`);
    text = text.replaceAll(from, to);
  }
  return Buffer.from(text, "latin1");
}

interface Scene {
  readonly root: string;
  readonly cache: Cache;
  /** Links as a build of its own would. */
  readonly link: (object?: string) => Promise<Linked>;
  readonly context: () => Promise<EngineContext>;
  readonly events: () => readonly string[];
}

const allowOpen = { extraLinkArgs: ["-Wl,-z,undefs"] };

/** A linker that gives a module; with the compiler runtime another one, when there is one. */
const linker = `
const runtime = !args.includes("-fno-compiler-rt");
const output = args.find((word) => word.startsWith("-femit-bin=")).slice("-femit-bin=".length);
const other = process.argv[1].replace("zig.cjs", "with-runtime");
const content = runtime && fs.existsSync(other) ? other : process.argv[1].replace("zig.cjs", "module");
fs.copyFileSync(content, output);
`;

async function scene(
  script: string,
  parts: Partial<Extension> = {},
  outputs: { module?: Uint8Array; withRuntime?: Uint8Array } = {},
): Promise<Scene> {
  const root = makeTree({ "src/sample.c": "" });
  const zig = makeFakeZig(script);
  writeFileSync(join(zig, "..", "module"), outputs.module ?? moduleWith());
  if (outputs.withRuntime !== undefined) writeFileSync(join(zig, "..", "with-runtime"), outputs.withRuntime);
  const cache = await Cache.open(makeFolder());
  const told: string[] = [];
  const context = (): Promise<EngineContext> =>
    makeContext(root, [makeExtension("demo.sample", ["src/sample.c"], parts)], zig, {
      cache,
      emit: (event) => {
        if (event.event === "notice") told.push(event.message);
      },
    });
  return {
    root,
    cache,
    context,
    events: () => told,
    async link(object = "object") {
      const made = await context();
      const file = join(made.scratch, "sample.o");
      writeFileSync(file, object === "object" ? samples.elfObjectI686 : object);
      const { digest } = await cache.adopt(file, "o");
      const [compile] = made.plan.steps.filter((step) => step.kind === "compile");
      if (compile === undefined) throw new Error("the plan compiles nothing");
      const compiled: Compiled = { step: compile, state: "done", object: digest, diagnostics: [] };
      const objects = new Map([[compile.output, digest]]);
      return link(made, stepOf(made), made.project.extensions[0] as Extension, objects, [compiled]);
    },
  };
}

function stepOf(context: EngineContext): LinkStep {
  const step = context.plan.steps.find((one) => one.kind === "link");
  if (step === undefined) throw new Error("the plan links nothing");
  return step;
}

describe.skipIf(process.platform === "win32")("a module", () => {
  test("is linked once for the same objects", async () => {
    const { link: run, cache } = await scene(linker, allowOpen);
    const first = await run();
    expect(first).toMatchObject({ state: "done", problems: [], binary: { machine: "x86_64", exports: [] } });
    expect(await cache.hasBlob(first.module ?? "", "so")).toBe(true);
    expect(await run()).toEqual({ ...first, state: "cached" });
    expect((await run("another object")).state).toBe("done");
  });

  test("that was damaged in the cache is linked again", async () => {
    const { link: run, cache } = await scene(linker, allowOpen);
    const { module = "" } = await run();
    writeFileSync(cache.blobPath(module, "so"), "damaged");
    expect(await run()).toMatchObject({ state: "done", module });
  });

  test("is known from an earlier build, without a link", async () => {
    const { link: run, context } = await scene(linker, allowOpen);
    const { module } = await run();
    const made = await context();
    const object = made.plan.steps.find((step) => step.kind === "compile")?.output ?? "";
    const known = (digest: string): Promise<string | undefined> =>
      knownModule(made, stepOf(made), new Map([[object, digest]]));
    expect(await known(digestOf(samples.elfObjectI686))).toBe(module);
    expect(await known(digestOf("another object"))).toBeUndefined();
  });

  test.each<[string, Partial<Extension>]>([
    ["an object of the project", { extraObjects: ["vendor/fast.o"] }],
    ["a version script", { extraLinkArgs: ["-Wl,--version-script=vendor/fast.o", "-Wl,-z,undefs"] }],
    ["a library in a folder of the project", { libraries: ["fast"], libraryDirs: ["vendor"] }],
    ["a library that link arguments name", { extraLinkArgs: ["-Lvendor", "-lfast", "-Wl,-z,undefs"] }],
  ])("is linked again when %s changes", async (_, parts) => {
    const { root, link: run } = await scene(linker, { ...allowOpen, ...parts });
    mkdirSync(join(root, "vendor"));
    for (const text of ["one", "two"]) {
      writeFileSync(join(root, "vendor/fast.o"), text);
      writeFileSync(join(root, "vendor/libfast.a"), text);
      expect((await run()).state).toBe("done");
      expect((await run()).state).toBe("cached");
    }
  });
});

describe.skipIf(process.platform === "win32")("the compiler runtime", () => {
  const needing = moduleWith(["nowhere", "memmove"]);

  test("is linked in when a symbol that only it defines stays open", async () => {
    const { link: run, events } = await scene(
      linker,
      {},
      {
        module: needing,
        withRuntime: moduleWith(["nowhere", "_PyOpen"]),
      },
    );
    expect(await run()).toMatchObject({ state: "done", problems: [] });
    expect(events()).toEqual(['"demo.sample" needs Zig\'s compiler runtime, which is built once for a platform']);
  });

  test("is linked in also where a library cannot be read, which might have the symbol", async () => {
    const { link: run, events } = await scene(
      linker,
      {},
      {
        module: moduleWith(["nowhere", "memmove"], ["libm.so.6", "libx.so.6"]),
        withRuntime: moduleWith(["nowhere", "_PyOpen"]),
      },
    );
    expect(await run()).toMatchObject({ state: "done", problems: [] });
    expect(events()).toHaveLength(1);
  });

  test("is linked in when the linker itself misses the symbol", async () => {
    const script = `
if (args.includes("-fno-compiler-rt")) {
  console.error("error: ld.lld: undefined symbol: __aeabi_uldivmod\\n    note: referenced by x.o");
  process.exit(1);
}
${linker}`;
    const { link: run } = await scene(script, {}, { module: moduleWith(["nowhere", "_PyOpen"]) });
    expect(await run()).toMatchObject({ state: "done", problems: [] });
  });

  test("is left out when nothing needs it", async () => {
    const { link: run, events } = await scene(linker, {}, { module: moduleWith(["nowhere", "_PyOpen"]) });
    expect((await run()).state).toBe("done");
    expect(events()).toEqual([]);
  });
});

describe.skipIf(process.platform === "win32")("a symbol that nothing defines", () => {
  test("is told with the sources that use it", async () => {
    const { root, link: run } = await scene(linker);
    const { state, module, problems } = await run();
    expect([state, module]).toEqual(["failed", undefined]);
    expect(only(problems)).toMatchObject({
      code: "undefined-symbol",
      message: "Nothing defines `nowhere`, which src/sample.c uses",
      related: [{ location: { file: join(root, "src/sample.c") } }],
    });
  });

  test("in objects that cannot be read, as -flto makes them, is told without", async () => {
    const { link: run } = await scene(linker);
    expect(only((await run("BC\xc0\xde")).problems).message).toBe("Nothing defines `nowhere`");
  });

  test("may be in a library that cannot be read: nothing is claimed", async () => {
    const { link: run } = await scene(linker, {}, { module: moduleWith(["libm.so.6", "libx.so.6"]) });
    expect(await run()).toMatchObject({ state: "done", problems: [] });
  });

  test("may be in a library of a folder that the link names", async () => {
    const parts = { libraries: ["x"], libraryDirs: ["vendor"] };
    const module = moduleWith(["nowhere", "divide\0"], ["libm.so.6", "libx.so.6"]);
    const { root, link: run } = await scene(linker, parts, { module });
    mkdirSync(join(root, "vendor"));
    writeFileSync(join(root, "vendor/libx.so.6"), moduleWith(["divide\0", "divers\0"]));
    expect(only((await run()).problems).message).toMatch(/^Nothing defines `divide`/);
    writeFileSync(join(root, "vendor/libx.so.6"), moduleWith());
    expect(await run()).toMatchObject({ state: "done", problems: [] });
  });
});

describe.skipIf(process.platform === "win32")("an initialisation function that is not exported", () => {
  const without = moduleWith(["PyInit_sample", "PyInit_others"], ["nowhere", "_PyOpen"]);
  const silent = moduleWith(["PyInit_sample", "AnInit_sample"], ["nowhere", "_PyOpen"]);

  test("may have another name", async () => {
    const { problems } = await (await scene(linker, {}, { module: without })).link();
    expect(only(problems)).toMatchObject({
      code: "init-missing",
      message: 'The module "demo.sample" has no function `PyInit_sample`, so Python could not import it',
      hint: "Its sources define `PyInit_others`: the last part of the name and the function must agree.",
    });
  });

  test.each([
    [
      "\0PyInit_sample\0",
      "src/sample.c defines it, but does not export it: write `PyMODINIT_FUNC PyInit_sample(void)`, without `static`.",
    ],
    [
      "\0_Z13PyInit_samplev\0",
      'src/sample.c defines it as a C++ function: write `PyMODINIT_FUNC PyInit_sample(void)`, which brings `extern "C"`.',
    ],
    ["\0other\0", "Add `PyMODINIT_FUNC PyInit_sample(void)` to one of its sources."],
  ])("is looked for in the objects: %j", async (object, hint) => {
    const { problems } = await (await scene(linker, {}, { module: silent })).link(object);
    expect(only(problems)).toMatchObject({ code: "init-missing", hint });
  });
});

describe.skipIf(process.platform === "win32")("a linker that fails", () => {
  const failing = (words: string): string => `console.error(${JSON.stringify(words)}); process.exit(1);`;

  test.each([
    "error: unable to find dynamic system library 'gone' using strategy 'paths_first'. searched paths:\n  x",
    'error: unable to find dynamic system library "gone" using strategy paths_first. searched paths: none',
  ])("for want of a library says which: %j", async (words) => {
    const { link: run } = await scene(failing(words), { libraries: ["gone"] });
    expect(only((await run()).problems)).toMatchObject({
      code: "link-failed",
      message: 'There is no library "gone" to link "demo.sample" with',
    });
  });

  test("for a function that is there twice says which, and names sources, not objects of the cache", async () => {
    const script = `
const object = args.find((word) => word.endsWith(".o"));
console.error("error: ld.lld: duplicate symbol: twice\\n    note: defined at " + object);
process.exit(1);
`;
    const { link: run } = await scene(script);
    const { message } = only((await run()).problems);
    expect(message).toBe(
      '"demo.sample" defines `twice` twice:\nerror: ld.lld: duplicate symbol: twice\n    note: defined at src/sample.c',
    );
  });

  test("in another way is told in its words", async () => {
    const { link: run } = await scene(failing("error: strange"));
    expect(only((await run()).problems).message).toBe('The linker failed on "demo.sample":\nerror: strange');
  });

  test("without a module is a failure too", async () => {
    const { link: run } = await scene("process.exit(0);");
    expect((await run()).state).toBe("failed");
  });

  test("because it was killed is the machine's fault", async () => {
    const { link: run } = await scene(`process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 1000);`);
    const error = await errorOf(run());
    expect(error).toMatchObject({ code: "tool-failed", exitCode: 3 });
    expect(error.message).toBe('The linker was killed by SIGKILL on "demo.sample"');
  });
});
