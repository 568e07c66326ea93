import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Cache, digestOf } from "../../../server/core/engine/cache.ts";
import { Digests } from "../../../server/core/engine/digests.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";

const longAgo = new Date("2020-01-01T00:00:00Z");

async function open(root: string, cache: Cache): Promise<Digests> {
  return Digests.open(cache, root);
}

/** Lets files settle and remembers them, with a digest that tells whether the memory is used. */
async function remember(root: string, cache: Cache, paths: readonly string[]): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 10_000 });
  const digests = await open(root, cache);
  for (const path of paths) await digests.of(path);
  await digests.save();
  const key = digestOf(root);
  const record = (await cache.readRecord("digests", key)) as Record<string, [number, string, string, string, string]>;
  expect(Object.keys(record).sort()).toEqual(paths.map((path) => join(root, path)).sort());
  for (const memo of Object.values(record)) memo[4] = "remembered";
  await cache.writeRecord("digests", key, record);
}

afterEach(() => {
  vi.useRealTimers();
});

describe("a file that somebody else has read in between", () => {
  test("has a digest where it did not change since", async () => {
    const root = makeTree({ "a.c": "int a;" });
    const digests = await open(root, await Cache.open(makeFolder()));
    await delay(20);
    expect(await digests.unchangedSince("a.c", Date.now())).toBe(digestOf("int a;"));
  });

  test("has none where it was saved meanwhile, and its new content counts from now on", async () => {
    const root = makeTree({ "a.c": "int a;" });
    const digests = await open(root, await Cache.open(makeFolder()));
    expect(await digests.of("a.c")).toBe(digestOf("int a;"));
    const started = Date.now();
    await delay(20);
    writeFileSync(join(root, "a.c"), "int b;");
    expect(await digests.unchangedSince("a.c", started)).toBeUndefined();
    expect(await digests.of("a.c")).toBe(digestOf("int b;"));
  });

  test("has none where it is gone", async () => {
    const digests = await open(makeFolder(), await Cache.open(makeFolder()));
    expect(await digests.unchangedSince("gone.c", 0)).toBeUndefined();
  });

  test("is judged by when it came to be here, not by a time that an archive gave it", async () => {
    const root = makeTree({ "a.c": "int a;" });
    const future = new Date(Date.now() + 1e9);
    utimesSync(join(root, "a.c"), future, future);
    const digests = await open(root, await Cache.open(makeFolder()));
    await delay(20);
    expect(await digests.unchangedSince("a.c", Date.now())).toBe(digestOf("int a;"));
  });
});

describe("digests of files", () => {
  test("are of the content, for relative and absolute paths", async () => {
    const root = makeTree({ "src/a.c": "int a;" });
    const digests = await open(root, await Cache.open(makeFolder()));
    expect(await digests.of("src/a.c")).toBe(digestOf("int a;"));
    expect(await digests.of(join(root, "src/a.c"))).toBe(digestOf("int a;"));
  });

  test("there is none of what is missing or a folder", async () => {
    const digests = await open(makeTree({ folder: null }), await Cache.open(makeFolder()));
    expect(await digests.of("no.c")).toBeUndefined();
    expect(await digests.of("folder")).toBeUndefined();
  });

  test("a file that was touched and is equal has an equal digest", async () => {
    const root = makeTree({ "a.c": "int a;" });
    const cache = await Cache.open(makeFolder());
    const first = await open(root, cache);
    const before = await first.of("a.c");
    await first.save();
    utimesSync(join(root, "a.c"), longAgo, longAgo);
    expect(await (await open(root, cache)).of("a.c")).toBe(before);
  });

  test("a change within the same time stamp is seen", async () => {
    const root = makeTree({ "a.c": "int a;" });
    const cache = await Cache.open(makeFolder());
    const stamp = new Date();
    utimesSync(join(root, "a.c"), stamp, stamp);
    const first = await open(root, cache);
    await first.of("a.c");
    await first.save();
    writeFileSync(join(root, "a.c"), "int b;");
    utimesSync(join(root, "a.c"), stamp, stamp);
    expect(await (await open(root, cache)).of("a.c")).toBe(digestOf("int b;"));
  });

  test("a file that is as it was is not read again", async () => {
    const root = makeTree({ "a.c": "int a;", "b.c": "int b;" });
    const cache = await Cache.open(makeFolder());
    await remember(root, cache, ["a.c", "b.c"]);
    expect(await (await open(root, cache)).of("a.c")).toBe("remembered");
    utimesSync(join(root, "a.c"), longAgo, longAgo);
    const later = await open(root, cache);
    expect(await later.of("a.c")).toBe(digestOf("int a;"));
    expect(await later.of("b.c")).toBe("remembered");
  });

  test("a build that meets a few files forgets nothing of the others", async () => {
    const root = makeTree({ "a.c": "int a;", "b.c": "int b;", "c.c": "int c;" });
    const cache = await Cache.open(makeFolder());
    await remember(root, cache, ["a.c", "b.c"]);
    const narrow = await open(root, cache);
    vi.setSystemTime(Date.now() + 10_000);
    await narrow.of("c.c");
    await narrow.save();
    expect(await (await open(root, cache)).of("b.c")).toBe("remembered");
  });

  test("a damaged memory is no memory", async () => {
    const root = makeTree({ "a.c": "int a;" });
    const cache = await Cache.open(makeFolder());
    for (const record of [null, 3, [], { [join(root, "a.c")]: "text" }, { [join(root, "a.c")]: [1, 2] }]) {
      await cache.writeRecord("digests", digestOf(root), record);
      expect(await (await open(root, cache)).of("a.c")).toBe(digestOf("int a;"));
    }
  });

  test("what the build itself wrote is looked at again when it is told", async () => {
    const root = makeTree({ "m.so": "old" });
    const digests = await open(root, await Cache.open(makeFolder()));
    await digests.of("m.so");
    writeFileSync(join(root, "m.so"), "new");
    expect(await digests.of("m.so")).toBe(digestOf("old"));
    digests.forget("m.so");
    expect(await digests.of("m.so")).toBe(digestOf("new"));
  });
});
