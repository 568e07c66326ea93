import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { BuildRequest } from "../../server/core/builder.ts";
import { prepareBuild } from "../../server/core/builder.ts";
import { Cache } from "../../server/core/engine/cache.ts";
import { artefactStates, dependents } from "../../server/core/engine/known-state.ts";
import { build, makeZligCache } from "../support/build.ts";
import { cModule, demoFiles } from "../support/project-files.ts";
import { findTestZig, newestPython } from "../support/toolchain.ts";
import { makeTree } from "../support/tree.ts";

async function projectWith(files: Readonly<Record<string, string>>) {
  const root = makeTree(files);
  const folder = makeZligCache();
  const request: BuildRequest = {
    directory: root,
    python: newestPython().executable,
    zig: findTestZig(),
    jobs: 2,
    reuse: true,
    signal: new AbortController().signal,
    emit: () => undefined,
    env: { PATH: process.env["PATH"], ZLIG_CACHE_DIR: folder },
  };
  const cache = await Cache.open(folder);
  const { project, plan } = await prepareBuild(request);
  return {
    root,
    build: () => build(root, folder),
    states: async () => Object.fromEntries(await artefactStates(project, plan, cache)),
    dependents: async (path: string) => [...(await dependents(project, plan, cache, join(root, path)))].sort(),
  };
}

const files = {
  ...demoFiles("a", "b", "c"),
  "demo/a.c": cModule("a", "VALUE", '#include "outer.h"'),
  "demo/b.c": cModule("b", "1", '// #include "outer.h"'),
  "demo/outer.h": '#include "inner.h"\n',
  "demo/inner.h": "#define VALUE 1\n",
};

test("before any build the texts tell what a header goes into", async () => {
  const { dependents: of } = await projectWith(files);
  expect(await of("demo/inner.h")).toEqual(["demo.a"]);
  expect(await of("demo/a.c")).toEqual(["demo.a"]);
  expect(await of("demo/__init__.py")).toEqual([]);
});

test("after a build the dependency records do, and the texts where a source has changed since", async () => {
  const { root, build: run, dependents: of } = await projectWith(files);
  expect((await run()).problems).toEqual([]);
  expect(await of("demo/inner.h")).toEqual(["demo.a"]);
  writeFileSync(join(root, "demo/c.c"), cModule("c", "VALUE", '#include "inner.h"'));
  expect(await of("demo/inner.h")).toEqual(["demo.a", "demo.c"]);
});

test("an artefact is missing, then fresh, stale after a change of a header, and fresh when that is taken back", async () => {
  const { root, build: run, states } = await projectWith(files);
  expect(await states()).toEqual({ "demo.a": "missing", "demo.b": "missing", "demo.c": "missing" });
  await run();
  expect(await states()).toEqual({ "demo.a": "fresh", "demo.b": "fresh", "demo.c": "fresh" });
  writeFileSync(join(root, "demo/inner.h"), "#define VALUE 2\n");
  expect(await states()).toEqual({ "demo.a": "stale", "demo.b": "fresh", "demo.c": "fresh" });
  writeFileSync(join(root, "demo/inner.h"), "#define VALUE 1\n");
  expect(await states()).toMatchObject({ "demo.a": "fresh" });
});
