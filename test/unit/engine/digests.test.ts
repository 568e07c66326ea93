import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Cache, digestOf } from "../../../server/core/engine/cache.ts";
import { Digests } from "../../../server/core/engine/digests.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";

const longAgo = new Date("2020-01-01T00:00:00Z");

async function open(root: string, cache: Cache): Promise<Digests> {
  return Digests.open(cache, root);
}

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
