import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ArchiveEntry } from "../../../server/core/package/archive-entry.ts";
import { sdistFileName, writeSdist } from "../../../server/core/package/sdist.ts";
import { readSdist } from "../../support/archive.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";

const sdist = { name: "my_demo", version: "1.0", metadata: "Metadata-Version: 2.4\nName: my-demo\nVersion: 1.0\n" };

function content(path: string, text = ""): ArchiveEntry {
  return { path, content: Buffer.from(text), why: "test" };
}

test("an sdist has one top folder, PKG-INFO, no owner, and passes the data filter", async () => {
  const root = makeTree({ "a.py": { content: "a", mode: 0o600 }, run: { content: "r", mode: 0o777 } });
  const long = `${"folder-".repeat(12)}/${"name-".repeat(40)}.h`;
  const deep = `${"d".repeat(60)}/${"e".repeat(60)}/f.h`;
  const file = join(makeFolder(), sdistFileName(sdist));
  await writeSdist(
    file,
    [
      content("PKG-INFO", "Name: of-an-unpacked-sdist"),
      content("b/\u00e9\u{1f40d}.txt", "x".repeat(100_000)),
      content(long, "long"),
      content(deep, "deep"),
      { path: "run", file: join(root, "run"), why: "test" },
      { path: "a.py", file: join(root, "a.py"), why: "test" },
      content("empty"),
    ],
    sdist,
  );
  const read = readSdist(file);
  expect(read.members.map(({ name, mode }) => `${mode} ${name}`)).toEqual([
    "0o644 my_demo-1.0/PKG-INFO",
    "0o644 my_demo-1.0/a.py",
    "0o644 my_demo-1.0/b/\u00e9\u{1f40d}.txt",
    `0o644 my_demo-1.0/${deep}`,
    "0o644 my_demo-1.0/empty",
    `0o644 my_demo-1.0/${long}`,
    "0o755 my_demo-1.0/run",
  ]);
  expect(read.members[0]?.text).toBe(sdist.metadata);
  expect(new Set(read.members.map(({ owner }) => owner))).toEqual(new Set(["0:0::"]));
  expect(new Set(read.members.map(({ time }) => time))).toEqual(new Set([1451606400]));
  expect(read.members.filter(({ pax }) => pax.length > 0).map(({ pax }) => pax)).toEqual([["path"], ["path"]]);
  expect(read.unpacked.length).toBe(7);
  expect(readFileSync(file).subarray(0, 10).toString("hex")).toBe("1f8b08000000000000ff");
});

test("the order of entries and the time of files do not show", async () => {
  const folder = makeFolder();
  const entries = [content("b", "2"), content("a", "1"), content("c/d", "3")];
  await writeSdist(join(folder, "1.tar.gz"), entries, sdist);
  await writeSdist(join(folder, "2.tar.gz"), [...entries].reverse(), sdist);
  expect(readFileSync(join(folder, "1.tar.gz")).equals(readFileSync(join(folder, "2.tar.gz")))).toBe(true);
});

test("SOURCE_DATE_EPOCH is the time of every member, within what a tar header holds", async () => {
  const file = join(makeFolder(), "x.tar.gz");
  for (const [epoch, time] of [
    ["1000000001", 1000000001],
    ["99999999999", 2 ** 31 - 1],
    ["-5", 0],
  ] as const) {
    await writeSdist(file, [content("a")], sdist, { environment: { SOURCE_DATE_EPOCH: epoch } });
    expect(new Set(readSdist(file).members.map((member) => member.time))).toEqual(new Set([time]));
  }
});

test("hostile names and failures leave nothing behind", async () => {
  const folder = makeFolder();
  const file = join(folder, "x.tar.gz");
  await expect(writeSdist(file, [content("../x")], sdist)).rejects.toMatchObject({ code: "archive-path" });
  await expect(writeSdist(file, [content("A"), content("a")], sdist)).rejects.toMatchObject({
    code: "archive-conflict",
  });
  const abort = new AbortController();
  abort.abort();
  await expect(writeSdist(file, [content("a")], sdist, { signal: abort.signal })).rejects.toThrow();
  const large = { path: "big", content: Buffer.alloc(30_000_000, "zlig"), why: "test" };
  const later = new AbortController();
  const writing = writeSdist(file, [large], sdist, { signal: later.signal });
  const timer = setInterval(() => {
    if (readdirSync(folder).length > 0) later.abort();
  }, 1);
  await expect(writing).rejects.toMatchObject({ name: "AbortError" });
  clearInterval(timer);
  expect(readdirSync(folder)).toEqual([]);
});
