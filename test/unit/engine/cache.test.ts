import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
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

  test("that cannot be made is the environment's fault", async () => {
    const file = join(makeFolder(), "file");
    writeFileSync(file, "");
    await expect(Cache.open(join(file, "cache"))).rejects.toMatchObject({ code: "cache-unwritable", exitCode: 3 });
  });
});
