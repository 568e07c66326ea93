import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ArchiveEntry } from "../../../server/core/package/archive-entry.ts";
import type { DistInfo } from "../../../server/core/package/dist-info.ts";
import { writeWheel } from "../../../server/core/package/wheel.ts";
import { readWheel } from "../../support/archive.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";

const distInfo: DistInfo = {
  name: "my_demo",
  version: "1.0+local.1",
  metadata: "Metadata-Version: 2.4\nName: my-demo\nVersion: 1.0+local.1\n",
  entryPoints: "[console_scripts]\ndemo = demo:main\n",
  tags: ["cp311-cp311-manylinux_2_17_x86_64", "cp311-cp311-manylinux2014_x86_64"],
  rootIsPurelib: false,
  buildTag: "2x",
  generator: "zlig 0.1.0",
  licenseFiles: [],
};

function content(path: string, text = ""): ArchiveEntry {
  return { path, content: Buffer.from(text), why: "test" };
}

function names(file: string): string[] {
  return readWheel(file).members.map((member) => member.name);
}

test("a wheel has its files by path, then dist-info, RECORD last, and RECORD holds", async () => {
  const root = makeTree({
    LICENSE: "Free",
    "demo/__init__.py": "x = 1\n",
    "demo/run.sh": { content: "#!/bin/sh\n", mode: 0o700 },
  });
  const file = join(makeFolder(), "sub", "my_demo-1.0+local.1-2x-cp311-cp311-linux_x86_64.whl");
  await writeWheel(
    file,
    [
      { path: "demo/run.sh", file: join(root, "demo/run.sh"), why: "test" },
      content('demo/a,"b".txt', "quoted"),
      content("demo/\u00e9\u{1f40d}.txt", "snake"),
      { path: "demo/__init__.py", file: join(root, "demo/__init__.py"), why: "test" },
      content("demo/\uffee.txt"),
    ],
    { ...distInfo, licenseFiles: [{ path: "LICENSES/LICENSE", file: join(root, "LICENSE") }] },
  );
  const wheel = readWheel(file);
  expect(wheel.recordFaults).toEqual([]);
  expect(wheel.members.map(({ name, mode }) => `${mode} ${name}`)).toEqual([
    "0o100644 demo/__init__.py",
    '0o100644 demo/a,"b".txt',
    "0o100755 demo/run.sh",
    "0o100644 demo/\u00e9\u{1f40d}.txt",
    "0o100644 demo/\uffee.txt",
    "0o100644 my_demo-1.0+local.1.dist-info/METADATA",
    "0o100644 my_demo-1.0+local.1.dist-info/WHEEL",
    "0o100644 my_demo-1.0+local.1.dist-info/entry_points.txt",
    "0o100644 my_demo-1.0+local.1.dist-info/licenses/LICENSES/LICENSE",
    "0o100644 my_demo-1.0+local.1.dist-info/RECORD",
  ]);
  expect(new Set(wheel.members.map(({ time }) => time))).toEqual(new Set(["2016-01-01 00:00:00"]));
  expect(wheel.members.find(({ name }) => name.endsWith("/WHEEL"))?.text).toBe(
    [
      "Wheel-Version: 1.0",
      "Generator: zlig 0.1.0",
      "Root-Is-Purelib: false",
      "Tag: cp311-cp311-manylinux_2_17_x86_64",
      "Tag: cp311-cp311-manylinux2014_x86_64",
      "Build: 2x",
      "",
    ].join("\n"),
  );
});

test("paths are ordered by bytes, not by UTF-16 units", async () => {
  const file = join(makeFolder(), "x.whl");
  await writeWheel(file, [content("p/\u{1f40d}"), content("p/\uffee"), content("p/Z"), content("p/a")], distInfo);
  expect(names(file).slice(0, 4)).toEqual(["p/Z", "p/a", "p/\uffee", "p/\u{1f40d}"]);
});

test("SOURCE_DATE_EPOCH is the time of every member, in UTC, even and within what ZIP holds", async () => {
  const folder = makeFolder();
  for (const [epoch, time] of [
    ["1000000001", "2001-09-09 01:46:40"],
    ["0", "1980-01-01 00:00:00"],
    ["99999999999", "2107-12-31 23:59:58"],
    ["", "2016-01-01 00:00:00"],
  ] as const) {
    await writeWheel(join(folder, "x.whl"), [content("a.py")], distInfo, { environment: { SOURCE_DATE_EPOCH: epoch } });
    expect(new Set(readWheel(join(folder, "x.whl")).members.map((member) => member.time))).toEqual(new Set([time]));
  }
  const writing = writeWheel(join(folder, "y.whl"), [], distInfo, { environment: { SOURCE_DATE_EPOCH: "today" } });
  await expect(writing).rejects.toMatchObject({ code: "usage" });
});

test("bytes do not depend on time zone, umask, place, or the order of entries", () => {
  const files = {
    "demo/__init__.py": "x = 1\n",
    "demo/b.txt": "b".repeat(5000),
    "demo/run": { content: "r", mode: 0o755 },
  };
  const write = (entries: readonly string[], timeZone: string, umask: string): Buffer => {
    const root = makeFolder();
    const output = join(makeFolder(), "x.whl");
    const script = `
      import { mkdirSync, writeFileSync, chmodSync } from "node:fs";
      import { writeWheel } from ${JSON.stringify(new URL("../../../server/core/package/wheel.ts", import.meta.url).href)};
      process.umask(${umask});
      const root = ${JSON.stringify(root)}, files = ${JSON.stringify(files)};
      mkdirSync(root + "/demo");
      const entries = ${JSON.stringify(entries)}.map((path) => {
        const node = files[path], file = root + "/" + path;
        writeFileSync(file, typeof node === "string" ? node : node.content);
        if (typeof node !== "string") chmodSync(file, node.mode & ~process.umask());
        return { path, file, why: "" };
      });
      await writeWheel(${JSON.stringify(output)}, entries, ${JSON.stringify(distInfo)});`;
    execFileSync(process.execPath, ["--input-type=module", "-e", script], { env: { ...process.env, TZ: timeZone } });
    return readFileSync(output);
  };
  const paths = Object.keys(files);
  const first = write(paths, "UTC", "0o022");
  expect(write([...paths].reverse(), "America/Los_Angeles", "0o077").equals(first)).toBe(true);
  expect(write(paths, "Pacific/Kiritimati", "0o000").equals(first)).toBe(true);
});

test.each([
  ["../evil.py", "leads out"],
  ["a/../../evil.py", "leads out"],
  ["/etc/passwd", "absolute"],
  ["C:/x.py", "absolute"],
  ["a\\b.py", "backslash"],
  ["a\0b.py", "control character"],
  ["a\nb.py", "control character"],
  ["a//b.py", "empty part"],
  ["./a.py", "empty part"],
  ["", "empty"],
  ["a\ud800.py", "Unicode"],
])("a member named %j is refused", async (path, reason) => {
  const folder = makeFolder();
  const writing = writeWheel(join(folder, "x.whl"), [content(path)], distInfo);
  await expect(writing).rejects.toMatchObject({
    code: "archive-path",
    message: expect.stringContaining(reason) as string,
  });
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  [["a.py", "a.py"], "two files go to a.py"],
  [["a/B.py", "a/b.py"], "letter case"],
  [["a/\u00e9.py", "a/e\u0301.py"], "letter case"],
  [["a", "a/b.py"], "file and a folder"],
  [["my_demo-1.0+local.1.dist-info/RECORD"], "two files"],
  [["My_Demo-1.0+local.1.dist-info/METADATA"], "letter case"],
])("members %j are refused", async (paths, reason) => {
  const writing = writeWheel(
    join(makeFolder(), "x.whl"),
    paths.map((path) => content(path)),
    distInfo,
  );
  await expect(writing).rejects.toMatchObject({
    code: "archive-conflict",
    message: expect.stringContaining(reason) as string,
  });
});

test("an interrupted or failed write leaves the old file and nothing else", async () => {
  const folder = makeFolder();
  const file = join(folder, "x.whl");
  writeFileSync(file, "old");
  const missing = writeWheel(file, [{ path: "a.py", file: join(folder, "missing.py"), why: "test" }], distInfo);
  await expect(missing).rejects.toMatchObject({
    code: "file-unreadable",
    location: { file: join(folder, "missing.py") },
  });

  const abort = new AbortController();
  const large = { path: "big.bin", content: Buffer.alloc(30_000_000, "zlig"), why: "test" };
  const interrupted = writeWheel(file, [large], distInfo, { signal: abort.signal });
  const seen = await new Promise<boolean>((resolve) => {
    const timer = setInterval(() => {
      if (readdirSync(folder).length < 2) return;
      clearInterval(timer);
      abort.abort();
      resolve(true);
    }, 1);
  });
  expect(seen).toBe(true);
  await expect(interrupted).rejects.toMatchObject({ name: "AbortError" });
  expect(readdirSync(folder)).toEqual(["x.whl"]);
  expect(readFileSync(file, "utf8")).toBe("old");
});

test("a reason given for cancelling is what the write throws", async () => {
  const abort = new AbortController();
  const reason = new Error("asked to stop");
  abort.abort(reason);
  const writing = writeWheel(join(makeFolder(), "x.whl"), [content("a.py")], distInfo, { signal: abort.signal });
  await expect(writing).rejects.toBe(reason);
});

test("more members than ZIP can count are refused", async () => {
  const folder = makeFolder();
  const entries = Array.from({ length: 0xfffe - 3 }, (_, index) => content(`demo/${index}.txt`));
  await expect(writeWheel(join(folder, "x.whl"), entries, distInfo)).rejects.toMatchObject({ code: "archive-limit" });
  expect(readdirSync(folder)).toEqual([]);
});

test("a folder that cannot be written is the environment's fault", async () => {
  const folder = makeTree({ occupied: "a file" });
  const writing = writeWheel(join(folder, "occupied", "x.whl"), [], distInfo);
  await expect(writing).rejects.toMatchObject({ code: "output-unwritable", exitCode: 3 });
});
