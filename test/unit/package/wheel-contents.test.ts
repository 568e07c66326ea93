import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkEntries } from "../../../server/core/package/archive-entry.ts";
import type { Contents } from "../../../server/core/package/contents.ts";
import { wheelContents } from "../../../server/core/package/wheel-contents.ts";
import type { PythonPackage } from "../../../server/core/project/project.ts";
import { makeExtension, makeProject } from "../../support/project.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";

const demo: PythonPackage = { name: "demo", kind: "package", path: "src/demo", base: "src" };
const flat: PythonPackage = { name: "demo", kind: "package", path: "demo", base: "" };

function paths(contents: Contents): string[] {
  return contents.entries.map(({ path }) => path);
}

function leftOut(contents: Contents): string[] {
  return contents.leftOut.map(({ path, why }) => `${path}: ${why}`);
}

test("a src package ships its Python and data files and the artefact, not sources and junk", async () => {
  const root = makeTree({
    "pyproject.toml": "",
    "src/demo/__init__.py": "",
    "src/demo/py.typed": "",
    "src/demo/demo.pyi": "",
    "src/demo/data/table.json": "{}",
    "src/demo/data/.hidden": "",
    "src/demo/empty": null,
    "src/demo/demo.c": '#include "private.h"\n#include "table.inc"\n#include "impl/more.c"\n',
    "src/demo/demo_win32.c": "",
    "src/demo/private.h": "",
    "src/demo/table.inc": "",
    "src/demo/impl/more.c": "",
    "src/demo/templates/skeleton.c": "shipped as data",
    "src/demo/__pycache__/x.cpython-311.pyc": "",
    "src/demo/old.pyc": "",
    "src/demo/.git/config": "",
    "src/demo/__init__.py~": "",
    "src/demo/.__init__.py.swp": "",
    "src/demo/.DS_Store": "",
    "src/demo/.demo.cpython-311-x86_64-linux-gnu.so.0123456789ab.zlig-tmp": "",
    "src/demo/demo.cpython-311-x86_64-linux-gnu.so": "new",
    "src/other.py": "not a package of the project",
    "tests/test_demo.py": "",
  });
  const extension = makeExtension("demo.demo", ["src/demo/demo.c"]);
  const project = makeProject(root, { packages: [demo], extensions: [extension] });
  const archivePath = "demo/demo.cpython-311-x86_64-linux-gnu.so";
  const contents = await wheelContents(project, {
    artefacts: [{ extension, file: join(root, "src", archivePath), archivePath }],
  });
  expect(contents.entries.map(({ path, why }) => `${path} (${why})`)).toEqual([
    "demo/__init__.py (package file of demo)",
    "demo/data/.hidden (package file of demo)",
    "demo/data/table.json (package file of demo)",
    "demo/demo.cpython-311-x86_64-linux-gnu.so (artefact of demo.demo)",
    "demo/demo.pyi (package file of demo)",
    "demo/private.h (package file of demo)",
    "demo/py.typed (package file of demo)",
    "demo/table.inc (package file of demo)",
    "demo/templates/skeleton.c (package file of demo)",
  ]);
  expect(contents.entries.find(({ path }) => path === archivePath)?.executable).toBe(true);
  expect(leftOut(contents)).toEqual([
    "src/demo/demo.c: extension source",
    "src/demo/demo_win32.c: extension source",
    "src/demo/impl/more.c: extension source",
  ]);
  expect(contents.warnings).toEqual([]);
});

test("sources go into the wheel when exclude-sources is false, or when include names them", async () => {
  const root = makeTree({ "demo/__init__.py": "", "demo/a.c": "", "demo/b.c": "" });
  const extensions = [makeExtension("demo.demo", ["demo/a.c", "demo/b.c"], { base: "" })];
  const all = makeProject(root, { packages: [flat], extensions, wheel: { excludeSources: false } });
  expect(paths(await wheelContents(all, { artefacts: [] }))).toEqual(["demo/__init__.py", "demo/a.c", "demo/b.c"]);
  const one = makeProject(root, { packages: [flat], extensions, wheel: { include: ["demo/a.*"] } });
  expect(paths(await wheelContents(one, { artefacts: [] }))).toEqual(["demo/__init__.py", "demo/a.c"]);
});

test("namespace packages, modules, stub-only packages and packages elsewhere keep their import paths", async () => {
  const root = makeTree({
    "src/zope/interface/__init__.py": "",
    "src/zope/interface/_c.pyi": "",
    "src/zope/readme.txt": "",
    "single.py": "",
    "py/kiwi/__init__.py": "",
    "wrapt-stubs/__init__.pyi": "",
  });
  const project = makeProject(root, {
    packages: [
      { name: "zope", kind: "namespace", path: "src/zope", base: "src" },
      { name: "zope.interface", kind: "package", path: "src/zope/interface", base: "src" },
      { name: "single", kind: "module", path: "single.py", base: "" },
      { name: "kiwi", kind: "package", path: "py/kiwi", base: "py" },
      { name: "wrapt-stubs", kind: "stubs", path: "wrapt-stubs", base: "" },
    ],
  });
  expect(paths(await wheelContents(project, { artefacts: [] }))).toEqual([
    "kiwi/__init__.py",
    "single.py",
    "wrapt-stubs/__init__.pyi",
    "zope/interface/__init__.py",
    "zope/interface/_c.pyi",
    "zope/readme.txt",
  ]);
});

test("compiled modules that this build did not make stay out; those of no extension of the project are named in a warning", async () => {
  const root = makeTree({
    "demo/__init__.py": "",
    "demo/demo.c": "",
    "demo/demo.cpython-310-x86_64-linux-gnu.so": "stale",
    "demo/demo.abi3.so": "stale",
    "demo/demo.cp312-win_amd64.pyd": "stale",
    "demo/demo.cp312-win_amd64.lib": "beside it",
    "demo/demo.cpython-311-x86_64-linux-gnu.so": "replaced by the one of the cache",
    "demo/gone.cpython-311-x86_64-linux-gnu.so": "of an extension that was removed",
    "demo/libvendored.so": "meant",
    "demo/libvendored.so.1": "a library by its number is data",
    "demo/helper.dll": "data",
  });
  const extension = makeExtension("demo.demo", ["demo/demo.c"], { base: "" });
  const cached = join(makeTree({ object: "fresh" }), "object");
  const archivePath = "demo/demo.cpython-311-x86_64-linux-gnu.so";
  const project = makeProject(root, {
    packages: [flat],
    extensions: [extension],
    // A broad glob must not bring the project's own stale artefacts back.
    wheel: { include: ["demo/lib*", "demo/demo.*"], exclude: ["demo/*.c"] },
  });
  const contents = await wheelContents(project, { artefacts: [{ extension, file: cached, archivePath }] });
  expect(paths(contents)).toEqual([
    "demo/__init__.py",
    "demo/demo.cpython-311-x86_64-linux-gnu.so",
    "demo/helper.dll",
    "demo/libvendored.so",
    "demo/libvendored.so.1",
  ]);
  expect(contents.entries[1]).toMatchObject({ file: cached });
  expect(leftOut(contents)).toEqual([
    "demo/demo.abi3.so: not made by this build of demo.demo",
    "demo/demo.c: excluded by [tool.zlig.wheel] exclude",
    "demo/demo.cp312-win_amd64.lib: by-product of linking demo.demo",
    "demo/demo.cp312-win_amd64.pyd: not made by this build of demo.demo",
    "demo/demo.cpython-310-x86_64-linux-gnu.so: not made by this build of demo.demo",
    "demo/gone.cpython-311-x86_64-linux-gnu.so: a compiled module that this build did not make",
  ]);
  expect(contents.warnings.map(({ code, severity, location }) => [code, severity, location?.file])).toEqual([
    ["binary-left-out", "warning", join(root, "demo", "gone.cpython-311-x86_64-linux-gnu.so")],
  ]);
});

test("include and exclude are globs, a folder means all in it, ! takes away, and a glob without match is a warning", async () => {
  const root = makeTree({
    "src/demo/__init__.py": "",
    "src/demo/tests/test_a.py": "",
    "src/demo/tests/deep/test_b.py": "",
    "src/demo/notes.txt": "",
    "src/extra/a.txt": "",
    "src/extra/[b].txt": "",
    "share/c.txt": "",
    "share/d.txt": "",
    "PKG-INFO": "of an unpacked sdist",
  });
  const project = makeProject(root, {
    packages: [demo],
    wheel: {
      include: ["src/extra/a.txt", "./src/extra/[b].txt", "share/", "!share/d*", "*INFO", "nothing/*", "PKG-INFO/*"],
      exclude: ["**/tests", "src/demo/notes.*", "!src/demo/notes.md"],
    },
  });
  const contents = await wheelContents(project, { artefacts: [] });
  expect(paths(contents)).toEqual(["demo/__init__.py", "extra/[b].txt", "extra/a.txt", "share/c.txt"]);
  expect(contents.warnings.map(({ code, message }) => [code, message])).toEqual([
    ["glob-empty", 'tool.zlig.wheel.include: "nothing/*" matches no file'],
    ["glob-empty", 'tool.zlig.wheel.include: "PKG-INFO/*" matches no file'],
  ]);
});

test("two files of one import path are a conflict, not one of them dropped", async () => {
  const root = makeTree({ "demo/__init__.py": "", "src/demo/__init__.py": "another" });
  const project = makeProject(root, { packages: [flat, { ...demo, name: "demo2" }] });
  const { entries } = await wheelContents(project, { artefacts: [] });
  expect(() => {
    checkEntries(entries);
  }).toThrow(/two files go to demo\/__init__\.py/);
});

test("an own artefact that exclude names stays out without a warning", async () => {
  const root = makeTree({ "demo/__init__.py": "", "demo/demo.abi3.so": "" });
  const project = makeProject(root, {
    packages: [flat],
    extensions: [makeExtension("demo.demo", [], { base: "" })],
    wheel: { exclude: ["**/*.so"] },
  });
  const contents = await wheelContents(project, { artefacts: [] });
  expect(leftOut(contents)).toEqual(["demo/demo.abi3.so: excluded by [tool.zlig.wheel] exclude"]);
  expect(contents.warnings).toEqual([]);
});

test("headers, scripts, data and external data go to the .data folder", async () => {
  const root = makeTree({
    "demo/__init__.py": "",
    "demo/demo.h": "",
    "include/demo/api.h": "",
    "include/demo/detail/impl.h": "",
    "bin/tool": "#!/usr/bin/env python3 -E\nprint()\n",
    "bin/gui": "#!/usr/bin/pythonw\r\nx",
    "bin/already": "#!python\nx",
    "bin/shell": "#!/bin/sh\npython3 -m demo\n",
    "docs/demo.1": "",
    "assets/a/b.png": "",
    "assets/c.png": "",
    "share/external/e.txt": "",
  });
  const project = makeProject(root, {
    metadata: { name: "My.Demo", version: "1.0" },
    packages: [flat],
    wheel: {
      headers: ["include/**/*.h", "demo/demo.h"],
      scripts: ["bin/*"],
      data: { "share/man/man1/": ["docs/*.1"], ".": ["assets"] },
      externalData: "share/",
    },
  });
  const contents = await wheelContents(project, { artefacts: [] });
  expect(paths(contents)).toEqual([
    "demo/__init__.py",
    "demo/demo.h",
    "my_demo-1.0.data/data/a/b.png",
    "my_demo-1.0.data/data/c.png",
    "my_demo-1.0.data/data/external/e.txt",
    "my_demo-1.0.data/data/share/man/man1/demo.1",
    "my_demo-1.0.data/headers/demo.h",
    "my_demo-1.0.data/headers/demo/api.h",
    "my_demo-1.0.data/headers/demo/detail/impl.h",
    "my_demo-1.0.data/scripts/already",
    "my_demo-1.0.data/scripts/gui",
    "my_demo-1.0.data/scripts/shell",
    "my_demo-1.0.data/scripts/tool",
  ]);
  const scripts = contents.entries.filter(({ path }) => path.includes("/scripts/"));
  expect(scripts.every(({ executable }) => executable)).toBe(true);
  expect(scripts.map((entry) => ("content" in entry ? Buffer.from(entry.content).toString() : "as it is"))).toEqual([
    "as it is",
    "#!pythonw\r\nx",
    "as it is",
    "#!python -E\nprint()\n",
  ]);
});

test.skipIf(process.platform === "win32")(
  "links inside the project are followed, loops end, links out are refused",
  async () => {
    const outside = makeTree({ "secret.txt": "", "folder/x.py": "" });
    const root = makeTree({
      "shared/common.py": "common",
      "shared/more/m.py": "",
      "demo/__init__.py": "",
      "demo/common.py": { link: "../shared/common.py" },
      "demo/more": { link: "../shared/more" },
      "demo/self": { link: "." },
      "demo/up": { link: "../demo" },
      "shared/more/back": { link: "../../demo" },
    });
    const project = makeProject(root, { packages: [flat] });
    const contents = await wheelContents(project, { artefacts: [] });
    expect(paths(contents)).toEqual(["demo/__init__.py", "demo/common.py", "demo/more/m.py"]);
    expect(contents.entries[1]).toMatchObject({ file: join(root, "shared/common.py") });

    makeTree(
      {
        "demo/out": { link: join(outside, "folder") },
        "demo/secret.txt": { link: join(outside, "secret.txt") },
        "demo/dangling": { link: "nowhere" },
      },
      root,
    );
    await expect(wheelContents(project, { artefacts: [] })).rejects.toMatchObject({
      problems: [
        { code: "file-unreadable", location: { file: join(root, "demo/dangling") } },
        { code: "path-outside-project", location: { file: join(root, "demo/out") } },
        { code: "path-outside-project", location: { file: join(root, "demo/secret.txt") } },
      ],
    });
    const without = makeProject(root, { packages: [flat], wheel: { exclude: ["demo/{out,secret.txt,dangling}"] } });
    expect(paths(await wheelContents(without, { artefacts: [] }))).toEqual(paths(contents));
  },
);

test.skipIf(process.platform === "win32")("sockets and pipes are not packed", async () => {
  const root = makeTree({ "demo/__init__.py": "" });
  execFileSync("mkfifo", [join(root, "demo", "pipe")]);
  const contents = await wheelContents(makeProject(root, { packages: [flat] }), { artefacts: [] });
  rmSync(join(root, "demo", "pipe"));
  expect(paths(contents)).toEqual(["demo/__init__.py"]);
});

test("the order in which files were made does not show", async () => {
  const nodes = { "demo/__init__.py": "", "demo/b.py": "", "demo/B.txt": "", "demo/a/c.py": "", "demo/a.py": "" };
  const reversed = Object.fromEntries(Object.entries(nodes).reverse());
  const [first, second] = await Promise.all(
    [nodes, reversed].map((tree) =>
      wheelContents(makeProject(makeTree(tree, makeFolder()), { packages: [flat] }), { artefacts: [] }),
    ),
  );
  expect(first && paths(first)).toEqual(["demo/B.txt", "demo/__init__.py", "demo/a.py", "demo/a/c.py", "demo/b.py"]);
  expect(second && paths(second)).toEqual(first && paths(first));
});
