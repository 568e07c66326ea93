import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Cache, digestOf } from "../../../server/core/engine/cache.ts";
import { makeFolder } from "../../support/tree.ts";

async function openCache(): Promise<{ cache: Cache; base: string }> {
  const base = makeFolder();
  return { cache: await Cache.open(base), base };
}

describe("blobs", () => {
  test("an adopted file is found by the digest of its content", async () => {
    const { cache } = await openCache();
    const file = join(await cache.scratch(), "a.o");
    writeFileSync(file, "object");
    const { digest } = await cache.adopt(file, "o");
    expect(digest).toBe(digestOf("object"));
    expect(existsSync(file)).toBe(false);
    expect(await cache.hasBlob(digest, "o")).toBe(true);
    expect(readFileSync(cache.blobPath(digest, "o"), "utf8")).toBe("object");
  });

  test("a damaged one counts as missing and is removed", async () => {
    const { cache } = await openCache();
    const file = join(await cache.scratch(), "a.o");
    writeFileSync(file, "object");
    const { digest } = await cache.adopt(file, "o");
    writeFileSync(cache.blobPath(digest, "o"), "other");
    expect(await cache.hasBlob(digest, "o")).toBe(false);
    expect(existsSync(cache.blobPath(digest, "o"))).toBe(false);
  });

  test("several may adopt the same content at once", async () => {
    const { cache } = await openCache();
    const digests = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const file = join(await cache.scratch(), "m.so");
        writeFileSync(file, "same");
        return (await cache.adopt(file, "so")).digest;
      }),
    );
    expect(new Set(digests)).toEqual(new Set([digestOf("same")]));
    expect(await cache.hasBlob(digestOf("same"), "so")).toBe(true);
  });
});

test("a blob whose place is taken by a good one of the same content is as good as adopted", async () => {
  const { cache } = await openCache();
  const first = join(await cache.scratch(), "a.o");
  writeFileSync(first, "object");
  const { digest } = await cache.adopt(first, "o");
  const second = join(await cache.scratch(), "b.o");
  writeFileSync(second, "object");
  const adopting = cache.adopt(second, "o");
  expect((await adopting).digest).toBe(digest);
  expect(await cache.hasBlob(digest, "o")).toBe(true);
});

test("a file that cannot be adopted is the environment's fault", async () => {
  const { cache } = await openCache();
  const file = join(await cache.scratch(), "a.o");
  writeFileSync(file, "object");
  rmSync(join(cache.folder, "blobs"), { recursive: true, force: true });
  writeFileSync(join(cache.folder, "blobs"), "a file in the folder's place");
  await expect(cache.adopt(file, "o")).rejects.toMatchObject({ code: "cache-unwritable", exitCode: 3 });
});

describe("records", () => {
  test("what is written is read back; nothing unfinished stays", async () => {
    const { cache } = await openCache();
    await cache.writeRecord("links", digestOf("k"), { a: [1] });
    expect(await cache.readRecord("links", digestOf("k"))).toEqual({ a: [1] });
    expect(readdirSync(join(cache.folder, "tmp"))).toEqual([]);
  });

  test("a damaged or missing record counts as never written", async () => {
    const { cache } = await openCache();
    const key = digestOf("k");
    await cache.writeRecord("links", key, {});
    writeFileSync(join(cache.folder, "links", key.slice(0, 2), `${key.slice(2)}.json`), '{"a":');
    expect(await cache.readRecord("links", key)).toBeUndefined();
    expect(await cache.readRecord("links", digestOf("other"))).toBeUndefined();
  });
});

describe("the folder", () => {
  test("is marked as a cache", async () => {
    const { base } = await openCache();
    expect(readFileSync(join(base, "CACHEDIR.TAG"), "utf8")).toMatch(/^Signature: 8a477f597d28d172789f06886806bc55/);
  });

  test("a sweep removes what killed processes left, and nothing of living ones", async () => {
    const { cache } = await openCache();
    const own = await cache.scratch();
    // No process has a number this high on the systems that are tested.
    mkdirSync(join(cache.folder, "tmp", "999999999-left"));
    mkdirSync(join(cache.folder, "tmp", `${process.ppid}-living`));
    await cache.sweep();
    expect(readdirSync(join(cache.folder, "tmp")).sort()).toEqual(
      [own.split(/[\\/]/).at(-1), `${process.ppid}-living`].sort(),
    );
  });

  test("a sweep leaves what another machine may be at work on, for a day", async () => {
    const { cache } = await openCache();
    const elsewhere = join(cache.folder, "tmp", "999999999-elsewhere@another-machine");
    const abandoned = join(cache.folder, "tmp", "999999998-abandoned@another-machine");
    mkdirSync(elsewhere);
    mkdirSync(abandoned);
    const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
    utimesSync(abandoned, twoDaysAgo, twoDaysAgo);
    await cache.sweep();
    expect(existsSync(elsewhere)).toBe(true);
    expect(existsSync(abandoned)).toBe(false);
  });

  test("a sweep leaves the unfinished work of its own process", async () => {
    const { cache } = await openCache();
    const own = await cache.scratch();
    await cache.sweep();
    expect(existsSync(own)).toBe(true);
    await cache.discard(own);
    expect(existsSync(own)).toBe(false);
  });

  test("may be opened by many at once", async () => {
    const base = join(makeFolder(), "not", "there", "yet");
    const caches = await Promise.all(Array.from({ length: 5 }, () => Cache.open(base)));
    expect(new Set(caches.map(({ folder }) => folder)).size).toBe(1);
  });

  test("that cannot be made is the environment's fault", async () => {
    const file = join(makeFolder(), "file");
    writeFileSync(file, "");
    await expect(Cache.open(join(file, "cache"))).rejects.toMatchObject({ code: "cache-unwritable", exitCode: 3 });
  });
});
