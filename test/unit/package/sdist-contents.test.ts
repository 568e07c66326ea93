import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { archiveNames } from "../../../server/core/package/contents.ts";
import type { Contents } from "../../../server/core/package/contents.ts";
import { sdistContents } from "../../../server/core/package/sdist-contents.ts";
import { writeSdist } from "../../../server/core/package/sdist.ts";
import { wheelContents } from "../../../server/core/package/wheel-contents.ts";
import { writeWheel } from "../../../server/core/package/wheel.ts";
import type { Project, PythonPackage } from "../../../server/core/project/project.ts";
import { makeExtension, makeProject } from "../../support/project.ts";
import type { ProjectParts } from "../../support/project.ts";
import { findPython, runPython } from "../../support/python.ts";
import type { TreeNode } from "../../support/tree.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";

const demo: PythonPackage = { name: "demo", kind: "package", path: "src/demo", base: "src" };

function paths(contents: Contents): string[] {
  return contents.entries.map(({ path }) => path);
}

function reasons(contents: Contents): string[] {
  return contents.entries.map(({ path, why }) => `${path} (${why})`);
}

test("an sdist has what building and installing on any platform needs, and nothing that was built", async () => {
  const root = makeTree({
    "pyproject.toml": "",
    "README.md": "",
    "LICENSES/MIT.txt": "",
    "PKG-INFO": "of an unpacked sdist",
    "src/demo/__init__.py": "",
    "src/demo/demo.cpython-311-x86_64-linux-gnu.so": "built",
    "src/demo/demo.cp311-win_amd64.lib": "built",
    "src/demo/stray.pyd": "built",
    "src/demo/__pycache__/a.pyc": "",
    "src/demo.egg-info/PKG-INFO": "",
    "native/demo.c":
      '#include "table.tbl2"\n  #  include "gen/unrolled.c" // twice\n#ifdef _WIN32\n#include <win/api>\n#endif\n#include <stdio.h>\n#include NAME\n',
    "native/beside.h": "",
    "native/table.tbl2": '#include "nested.x"\n',
    "native/nested.x": '#include "table.tbl2"\n',
    "native/gen/unrolled.c": '#include "../up.def2"\n',
    "native/up.def2": "",
    "native/unrelated.txt": "",
    "native/only_named_by_macro.h": "",
    "include/win/api": "no suffix, as Eigen's headers",
    "include/deep/er/x.hpp": "",
    "include/notes.md": "",
    "forced/config.h": "",
    "lib/libfoo.a": "",
    "lib/other.a": "",
    "obj/pre.o": "",
    "data/input.csv": "",
    "tests/test_demo.py": "",
    "build/lib/demo.c": "",
    "dist/old.tar.gz": "",
    "bin/tool": "",
    "man/demo.1": "",
    "backend/build_demo.py": "",
    VERSION: "1.0",
  });
  const extension = makeExtension("demo.demo", ["native/demo.c"], {
    includeDirs: ["include", "/usr/include"],
    depends: ["data/input.csv"],
    extraObjects: ["obj/pre.o"],
    libraries: ["foo", "m"],
    libraryDirs: ["lib"],
    extraCompileArgs: ["-Iforced", "-include", "config.h"],
  });
  const project = makeProject(root, {
    metadata: {
      readme: { text: "", contentType: "text/markdown", file: "README.md" },
      licenseFiles: ["LICENSES/MIT.txt"],
    },
    packages: [demo],
    extensions: [extension],
    wheel: { scripts: ["bin/*"], data: { "share/man": ["man/*"] } },
    values: { "build-system": { "backend-path": ["backend"] } },
  });
  const contents = await sdistContents(project, { files: [{ path: "VERSION", why: "read for the version" }] });
  expect(reasons(contents)).toEqual([
    "LICENSES/MIT.txt (licence file)",
    "README.md (readme)",
    "VERSION (read for the version)",
    "backend/build_demo.py (build backend of the project)",
    "bin/tool (script)",
    "data/input.csv (depends of demo.demo)",
    "forced/config.h (included by demo.demo)",
    "include/deep/er/x.hpp (header in an include folder of demo.demo)",
    "include/win/api (included by native/demo.c)",
    "lib/libfoo.a (linked into demo.demo)",
    "man/demo.1 (data file)",
    "native/beside.h (header beside a source of demo.demo)",
    "native/demo.c (source of demo.demo)",
    "native/gen/unrolled.c (included by native/demo.c)",
    "native/nested.x (included by native/table.tbl2)",
    "native/only_named_by_macro.h (header beside a source of demo.demo)",
    "native/table.tbl2 (included by native/demo.c)",
    "native/up.def2 (included by native/gen/unrolled.c)",
    "obj/pre.o (linked into demo.demo)",
    "pyproject.toml (project file)",
    "src/demo/__init__.py (package file of demo)",
  ]);
  expect(contents.leftOut.map(({ path, why }) => `${path}: ${why}`)).toEqual([
    "src/demo/demo.cp311-win_amd64.lib: artefact of demo.demo",
    "src/demo/demo.cpython-311-x86_64-linux-gnu.so: artefact of demo.demo",
    "src/demo/stray.pyd: a compiled module",
  ]);
  expect(contents.warnings).toEqual([]);
});

test("the project itself as include folder gives headers, but not those of environments and outputs", async () => {
  const root = makeTree({
    "pyproject.toml": "",
    "a.c": "",
    "api.h": "",
    "sub/b.h": "",
    ".venv/include/c.h": "",
    "venv/d.h": "",
    "build/e.h": "",
    "node_modules/f.h": "",
  });
  const extensions = [makeExtension("_a", ["a.c"], { base: "", includeDirs: ["."] })];
  expect(paths(await sdistContents(makeProject(root, { extensions })))).toEqual([
    "a.c",
    "api.h",
    "pyproject.toml",
    "sub/b.h",
  ]);
});

test("Cython, Zig and assembler sources bring what they include", async () => {
  const root = makeTree({
    "pyproject.toml": "",
    "n/a.pyx": 'include "part.inc2"\ncdef extern from "c_api.x":\n    pass\ncdef extern from "<sys.x>":\n    pass\n',
    "n/part.inc2": "",
    "n/c_api.x": "",
    "inc/sys.x": "",
    "n/b.zig": 'const std = @import("std");\nconst o = @import("other.zig");\nconst t = @embedFile("blob.bin");\n',
    "n/other.zig": 'const c = @cImport(@cInclude("z.x"));',
    "n/blob.bin": "",
    "n/z.x": "",
    "n/c.S": '.include "macros.asm"\n  .incbin "rom.bin"\n',
    "n/macros.asm": "",
    "n/rom.bin": "",
    "n/none.txt": "",
  });
  const extensions = [makeExtension("_a", ["n/a.pyx", "n/b.zig", "n/c.S"], { base: "", includeDirs: ["inc"] })];
  expect(paths(await sdistContents(makeProject(root, { extensions })))).toEqual([
    "inc/sys.x",
    "n/a.pyx",
    "n/b.zig",
    "n/blob.bin",
    "n/c.S",
    "n/c_api.x",
    "n/macros.asm",
    "n/other.zig",
    "n/part.inc2",
    "n/rom.bin",
    "n/z.x",
    "pyproject.toml",
  ]);
});

test("include adds, exclude wins, pyproject.toml stays, and a needed file that is excluded is a warning", async () => {
  const root = makeTree({
    "pyproject.toml": "",
    "src/demo/__init__.py": "",
    "src/demo/demo.c": "",
    "src/demo/big/test.bin": "",
    "docs/a.rst": "",
    "docs/_build/b.html": "",
    "CHANGES.md": "",
  });
  const parts: ProjectParts = { packages: [demo], extensions: [makeExtension("demo.demo", ["src/demo/demo.c"])] };
  const good = makeProject(root, {
    ...parts,
    wheel: { exclude: ["src/demo/big"] },
    sdist: { include: ["docs", "CHANGES.md", "missing.md"], exclude: ["docs/_build/", "src/demo/big/**", "*.toml"] },
  });
  const contents = await sdistContents(good);
  expect(paths(contents)).toEqual([
    "CHANGES.md",
    "docs/a.rst",
    "pyproject.toml",
    "src/demo/__init__.py",
    "src/demo/demo.c",
  ]);
  expect(contents.warnings.map(({ message }) => message)).toEqual([
    'tool.zlig.sdist.include: "missing.md" matches no file',
  ]);
  const bad = await sdistContents(makeProject(root, { ...parts, sdist: { include: [], exclude: ["src/demo"] } }));
  expect(paths(bad)).toEqual(["pyproject.toml"]);
  expect(bad.warnings.map(({ code, message }) => [code, message])).toEqual([
    [
      "sdist-incomplete",
      "the sdist goes without src/demo/demo.c (source of demo.demo) and 2 more, which the wheel needs",
    ],
  ]);
});

test("an include that leads out of the project is a warning", async () => {
  const outer = makeTree({ "shared.h": "", "project/pyproject.toml": "", "project/a.c": '#include "../shared.h"\n' });
  const extensions = [makeExtension("_a", ["a.c"], { base: "" })];
  const contents = await sdistContents(makeProject(join(outer, "project"), { extensions }));
  expect(paths(contents)).toEqual(["a.c", "pyproject.toml"]);
  expect(contents.warnings.map(({ code, location }) => [code, location?.file])).toEqual([
    ["sdist-incomplete", join(outer, "project", "a.c")],
  ]);
});

test.skipIf(process.platform === "win32")(
  "links inside are packed as files, links out refused unless excluded",
  async () => {
    const outside = makeTree({ "secret.h": "" });
    const root = makeTree({
      "pyproject.toml": "",
      "native/a.c": "",
      "native/common.h": { link: "../common/common.h" },
      "common/common.h": "content",
      "native/secret.h": { link: join(outside, "secret.h") },
    });
    const extensions = [makeExtension("_a", ["native/a.c"], { base: "" })];
    await expect(sdistContents(makeProject(root, { extensions }))).rejects.toMatchObject({
      code: "path-outside-project",
      location: { file: join(root, "native/secret.h") },
    });
    const contents = await sdistContents(makeProject(root, { extensions, sdist: { exclude: ["native/secret.h"] } }));
    expect(contents.entries[1]).toMatchObject({ path: "native/common.h", file: join(root, "common/common.h") });
  },
);

test("a backend in the project's own folder is found by its name", async () => {
  const root = makeTree({ "pyproject.toml": "", "_backend.py": "", "setup_other.py": "" });
  const values = { "build-system": { "backend-path": ["."], "build-backend": "_backend:hooks" } };
  expect(paths(await sdistContents(makeProject(root, { values })))).toEqual(["_backend.py", "pyproject.toml"]);
});

test("a wheel from the unpacked sdist is the wheel from the tree, byte for byte", async () => {
  const nodes: Record<string, TreeNode> = {
    "pyproject.toml": "",
    LICENSE: { content: "Free", mode: 0o755 },
    "src/demo/__init__.py": "",
    "src/demo/run.sh": { content: "#!/bin/sh\n", mode: 0o755 },
    "src/demo/\u00e9.txt": "x",
    "src/demo/demo.c": '#include "impl.c"\n',
    "src/demo/impl.c": "",
    "src/demo/demo.h": "",
    "src/demo/demo.cpython-310-darwin.so": "stale",
    "src/demo/__pycache__/a.pyc": "",
    "src/demo/libdata.so": "shipped",
    "src/demo/tests/test_a.py": "",
    "include/api.h": "",
    "bin/tool": "#!/usr/bin/python3\n",
    "extra/e.txt": "",
  };
  const parts: ProjectParts = {
    metadata: { licenseFiles: ["LICENSE"] },
    packages: [demo],
    extensions: [makeExtension("demo.demo", ["src/demo/demo.c"])],
    wheel: {
      include: ["src/demo/libdata.so", "extra/**", "*INFO"],
      exclude: ["src/demo/tests"],
      headers: ["include/*.h"],
      scripts: ["bin/*"],
    },
  };
  const artefact = join(makeTree({ so: "compiled" }), "so");
  const buildWheel = async (project: Project): Promise<Buffer> => {
    const [extension] = project.extensions;
    const contents = await wheelContents(project, {
      artefacts: extension ? [{ extension, file: artefact, archivePath: "demo/demo.abi3.so" }] : [],
    });
    const file = join(makeFolder(), "x.whl");
    await writeWheel(file, contents.entries, {
      ...archiveNames(project.metadata),
      metadata: "Name: demo\n",
      tags: ["cp39-abi3-linux_x86_64"],
      rootIsPurelib: false,
      generator: "zlig 0",
      licenseFiles: [{ path: "LICENSE", file: join(project.root, "LICENSE") }],
    });
    return readFileSync(file);
  };
  const project = makeProject(makeTree(nodes), parts);
  const sdist = join(makeFolder(), "demo-1.0.tar.gz");
  const { entries } = await sdistContents(project);
  await writeSdist(sdist, entries, { ...archiveNames(project.metadata), metadata: "Name: demo\n" });
  const unpacked = makeFolder();
  const unpack = 'import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2], filter="data"); print(1)';
  runPython(findPython('hasattr(__import__("tarfile"), "data_filter")'), unpack, [sdist, unpacked]);
  const again = makeProject(join(unpacked, "demo-1.0"), parts);
  expect((await buildWheel(again)).equals(await buildWheel(project))).toBe(true);

  const second = join(makeFolder(), "again.tar.gz");
  await writeSdist(second, (await sdistContents(again)).entries, {
    ...archiveNames(again.metadata),
    metadata: "Name: demo\n",
  });
  expect(readFileSync(second).equals(readFileSync(sdist))).toBe(true);
});
