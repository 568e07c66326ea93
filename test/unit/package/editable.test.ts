import { join } from "node:path";
import { expect, test } from "vitest";
import { editableContents } from "../../../server/core/package/editable.ts";
import type { Project, PythonPackage } from "../../../server/core/project/project.ts";
import { makeExtension, makeProject } from "../../support/project.ts";
import { findPython, runPython } from "../../support/python.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";

const demo: PythonPackage = { name: "demo", kind: "package", path: "src/demo", base: "src" };
const python312 = { version: [3, 12], windows: false } as const;

async function files(...args: Parameters<typeof editableContents>): Promise<Record<string, string>> {
  const { entries } = await editableContents(...args);
  return Object.fromEntries(
    entries.map((entry) => [entry.path, "content" in entry ? Buffer.from(entry.content).toString() : entry.file]),
  );
}

test("a .pth names each base folder once, packages' first", async () => {
  const root = makeTree({ "bin/tool": "#!/bin/sh\n" });
  const project = makeProject(root, {
    metadata: { name: "My.Demo" },
    packages: [
      demo,
      { name: "single", kind: "module", path: "single.py", base: "" },
      { name: "zope", kind: "namespace", path: "src/zope", base: "src" },
    ],
    extensions: [makeExtension("demo.deep._c", []), makeExtension("_top", [], { base: "python" })],
    wheel: { scripts: ["bin/*"] },
  });
  expect(await files(project, python312)).toEqual({
    "__editable__.my_demo.pth": [join(root, "src"), root, join(root, "python"), ""].join("\n"),
    "my_demo-1.0.data/scripts/tool": join(root, "bin/tool"),
  });
});

test("a hook is imported at start: by the .pth, and from Python 3.15 by a .start file", async () => {
  const project = makeProject(makeFolder(), { packages: [demo] });
  const hook = { module: "_zlig_editable_demo", callable: "install", source: "def install(): pass\n" };
  const old = await files(project, python312, hook);
  expect(Object.keys(old)).toEqual(["__editable__.demo.pth", "_zlig_editable_demo.py"]);
  expect(old["__editable__.demo.pth"]).toMatch(/\nimport _zlig_editable_demo; _zlig_editable_demo\.install\(\)\n$/);
  const recent = await files(project, { version: [3, 15], windows: false }, hook);
  expect(recent["__editable__.demo.start"]).toBe("_zlig_editable_demo:install\n");
});

test("a path with a line break is refused", async () => {
  const project = makeProject(join(makeFolder(), "a\nb"), { packages: [demo] });
  await expect(editableContents(project, python312)).rejects.toMatchObject({ code: "archive-path" });
});

/** What Python adds to `sys.path` for an editable wheel's content. */
async function addedPaths(
  project: Project,
  target: { version: readonly [number, number]; windows: boolean },
): Promise<unknown> {
  const site = makeTree(await files(project, target));
  const code = "import json, site, sys; site.addsitedir(sys.argv[1]); print(json.dumps(sys.path))";
  const found = runPython(findPython(), code, [site]) as string[];
  return found.slice(found.indexOf(site) + 1);
}

test.skipIf(process.platform === "win32")(
  "Python finds folders with non-ASCII names, quotes and a space at the end",
  async () => {
    const root = makeTree({ 'd\u00e9 "\u{1f40d}" \\x/src/demo/__init__.py': "", "end /demo/__init__.py": "" });
    const odd = makeProject(join(root, 'd\u00e9 "\u{1f40d}" \\x'), { packages: [demo] });
    for (const target of [
      { version: [3, 13], windows: true },
      { version: [3, 12], windows: true },
      { version: [3, 8], windows: false },
    ] as const) {
      expect(await addedPaths(odd, target)).toEqual([join(odd.root, "src")]);
    }
    for (const windows of [true, false])
      expect(Object.values(await files(odd, { version: [3, 12], windows })).join("")).toMatch(/^[\x20-\x7f\n]*$/);
    expect(Object.values(await files(odd, { version: [3, 13], windows: false }))).toEqual([`${odd.root}/src\n`]);
    const ending = makeProject(join(root, "end "), { packages: [{ ...demo, base: "", path: "demo" }] });
    expect(await addedPaths(ending, python312)).toEqual([ending.root]);
  },
);
