import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { licenseFiles } from "../../../server/core/package/contents.ts";
import type { DistInfo } from "../../../server/core/package/dist-info.ts";
import { readPreparedMetadata, writeDistInfo } from "../../../server/core/package/dist-info.ts";
import { writeWheel } from "../../../server/core/package/wheel.ts";
import { readWheel } from "../../support/archive.ts";
import { makeProject } from "../../support/project.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";

const distInfo: DistInfo = {
  name: "demo",
  version: "1.0",
  metadata: "Metadata-Version: 2.4\nName: demo\nVersion: 1.0\n",
  entryPoints: "[g]\na = b:c\n",
  tags: ["py3-none-any"],
  rootIsPurelib: true,
  generator: "zlig 0.1.0",
  licenseFiles: [],
  sboms: [{ name: "demo.cdx.json", content: "{}" }],
};

test("prepared metadata is a dist-info folder without RECORD", async () => {
  const root = makeTree({ "LICENSES/a.txt": "A" });
  const folder = makeFolder();
  const licenses = await licenseFiles(makeProject(root, { metadata: { licenseFiles: ["LICENSES/a.txt"] } }));
  expect(await writeDistInfo(folder, { ...distInfo, licenseFiles: licenses })).toBe("demo-1.0.dist-info");
  expect(readdirSync(join(folder, "demo-1.0.dist-info")).sort()).toEqual([
    "METADATA",
    "WHEEL",
    "entry_points.txt",
    "licenses",
    "sboms",
  ]);
  expect(readFileSync(join(folder, "demo-1.0.dist-info/licenses/LICENSES/a.txt"), "utf8")).toBe("A");
});

test("a wheel built with the metadata folder says the same, though the project changed since", async () => {
  const folder = makeFolder();
  const name = await writeDistInfo(folder, distInfo);
  for (const given of [folder, join(folder, name)]) {
    const prepared = await readPreparedMetadata(given);
    const file = join(makeFolder(), "x.whl");
    const changed = { ...distInfo, metadata: "Name: changed\n", entryPoints: undefined };
    await writeWheel(file, [], { ...changed, ...prepared });
    const texts = new Map(readWheel(file).members.map((member) => [member.name, member.text]));
    expect(texts.get("demo-1.0.dist-info/METADATA")).toBe(distInfo.metadata);
    expect(texts.get("demo-1.0.dist-info/entry_points.txt")).toBe(distInfo.entryPoints);
  }
});

test("a folder without metadata, and a licence file that is gone, are errors", async () => {
  await expect(readPreparedMetadata(makeFolder())).rejects.toMatchObject({ code: "path-missing" });
  const project = makeProject(makeFolder(), { metadata: { licenseFiles: ["LICENSE"] } });
  await expect(licenseFiles(project)).rejects.toMatchObject({ code: "file-unreadable" });
});
