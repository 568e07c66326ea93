import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ZligError } from "../../../server/core/error.ts";
import { Problems } from "../../../server/core/error.ts";
import { parseManifest } from "../../../server/core/manifest/read.ts";
import { validateOptions } from "../../../server/core/options/validate.ts";
import { resolveExtensions } from "../../../server/core/project/extensions.ts";
import { findPackages } from "../../../server/core/project/packages.ts";
import type { Extension } from "../../../server/core/project/project.ts";
import { only, told } from "../../support/problem.ts";
import type { TreeNode } from "../../support/tree.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";

interface Resolved {
  readonly extensions: readonly Extension[];
  readonly problems: readonly ZligError[];
  readonly told: string[][];
}

type Files = Readonly<Record<string, TreeNode>>;

/** Resolves the extensions of a project called `demo` with a package of that name. */
async function resolve(text: string, files: Files = {}): Promise<Resolved> {
  const root = makeTree({ "src/demo/__init__.py": "", ...files });
  const manifest = parseManifest(join(root, "pyproject.toml"), `[project]\nname = "demo"\n${text}\n`);
  const problems = new Problems();
  const options = validateOptions(manifest, problems);
  if (options === undefined) throw new Error(problems.all.map(({ message }) => message).join("\n"));
  const packages = await findPackages(root, options, manifest, problems);
  const packagesIncomplete = problems.errors.length > 0;
  const context = { root, manifest, packages, packagesIncomplete, version: "1.2.3", problems };
  const extensions = await resolveExtensions(context, options);
  return { extensions, problems: problems.all, told: told(manifest, problems) };
}

async function accept(text: string, files: Files = {}): Promise<readonly Extension[]> {
  const { extensions, problems } = await resolve(text, files);
  expect(problems.map(({ message }) => message)).toEqual([]);
  return extensions;
}

async function acceptOne(text: string, files: Files = {}): Promise<Extension> {
  const [extension, ...others] = await accept(text, files);
  expect(others).toEqual([]);
  if (extension === undefined) throw new Error("there is no extension");
  return extension;
}

const x = (lines = ""): string => `[[tool.zlig.extensions]]\nname = "demo.x"\nsources = ["x.c"]\n${lines}\n`;
const sourcesOf = (extension: Extension): string[] => extension.sources.map(({ path }) => path);

test("an extension with nothing but name and sources has the defaults", async () => {
  expect(await acceptOne(x(), { "x.c": "" })).toEqual({
    name: "demo.x",
    moduleName: "x",
    manifestPath: ["tool", "zlig", "extensions", 0],
    directory: "src/demo",
    archiveDirectory: "demo",
    sources: [{ path: "x.c", language: "c", extraCompileArgs: [], defineMacros: [] }],
    includeDirs: [],
    defineMacros: [],
    undefMacros: [],
    libraries: [],
    libraryDirs: [],
    runtimeLibraryDirs: [],
    extraObjects: [],
    extraCompileArgs: [],
    extraLinkArgs: [],
    cStd: undefined,
    cppStd: undefined,
    optimize: "ReleaseFast",
    limitedApi: undefined,
    depends: [],
    optional: false,
  });
});

test("the defaults of `[tool.zlig.build]` are appended to, merged with and replaced", async () => {
  const text = `[tool.zlig.build]
include-dirs = ["include"]
define-macros = { SHARED = 1, BOTH = "default", OFF = true }
undef-macros = ["A"]
libraries = ["m"]
extra-compile-args = ["-Wextra"]
extra-link-args = ["-Wl,-z,now"]
c-std = "c11"
optimize = "ReleaseSmall"
py-limited-api = "3.9"
[[tool.zlig.extensions]]
name = "demo.plain"
sources = ["x.c"]
[[tool.zlig.extensions]]
name = "demo.own"
sources = ["x.c"]
include-dirs = ["own"]
define-macros = { BOTH = "own", MORE = true, OFF = false }
undef-macros = ["B"]
libraries = ["z"]
extra-compile-args = ["-Wno-extra"]
extra-link-args = ["-s"]
c-std = "c17"
optimize = "Debug"
py-limited-api = "3.12"
`;
  const [plain, own] = await accept(text, { "x.c": "", include: null, own: null });
  expect(plain).toMatchObject({
    includeDirs: ["include"],
    defineMacros: [{ name: "SHARED", value: "1" }, { name: "BOTH", value: "default" }, { name: "OFF" }],
    undefMacros: ["A"],
    libraries: ["m"],
    extraCompileArgs: ["-Wextra"],
    extraLinkArgs: ["-Wl,-z,now"],
    cStd: "c11",
    optimize: "ReleaseSmall",
    limitedApi: [3, 9],
  });
  expect(own).toMatchObject({
    includeDirs: ["include", "own"],
    defineMacros: [{ name: "SHARED", value: "1" }, { name: "BOTH", value: "own" }, { name: "MORE" }],
    undefMacros: ["A", "B"],
    libraries: ["m", "z"],
    extraCompileArgs: ["-Wextra", "-Wno-extra"],
    extraLinkArgs: ["-Wl,-z,now", "-s"],
    cStd: "c17",
    optimize: "Debug",
    limitedApi: [3, 12],
  });
});

describe("macros", () => {
  test("are text, numbers, defined or left out; `{version}` is the project's", async () => {
    const macros = `define-macros = { T = "a b", E = "", N = -5, BIG = 18446744073709551615, ON = true, OFF = false, V = "v{version}-{version}" }`;
    expect((await acceptOne(x(macros), { "x.c": "" })).defineMacros).toEqual([
      { name: "T", value: "a b" },
      { name: "E", value: "" },
      { name: "N", value: "-5" },
      { name: "BIG", value: "18446744073709551615" },
      { name: "ON" },
      { name: "V", value: "v1.2.3-1.2.3" },
    ]);
  });
});

describe("sources", () => {
  const extension = (sources: string): string => `[[tool.zlig.extensions]]\nname = "demo.x"\nsources = ${sources}\n`;

  test("are globs, sorted and each once", async () => {
    const files = { "src/b.c": "", "src/a.cpp": "", "src/sub/c.S": "", "src/a.h": "" };
    const { sources } = await acceptOne(extension(`["src/**/*.c", "src/b.c", "src/**/*.{cpp,S}"]`), files);
    expect(sources.map(({ path, language }) => [path, language])).toEqual([
      ["src/a.cpp", "c++"],
      ["src/b.c", "c"],
      ["src/sub/c.S", "assembler-with-cpp"],
    ]);
  });

  test("a table gives flags to the files that it matches, also when another glob matches them", async () => {
    const text = extension(
      `["*.c", { path = "a*.c", extra-compile-args = ["-maes"], define-macros = { V = "{version}" } }, { path = "ab.c", extra-compile-args = ["-mavx"] }]`,
    );
    const { sources } = await acceptOne(text, { "a.c": "", "ab.c": "", "z.c": "" });
    expect(sources).toEqual([
      { path: "a.c", language: "c", extraCompileArgs: ["-maes"], defineMacros: [{ name: "V", value: "1.2.3" }] },
      {
        path: "ab.c",
        language: "c",
        extraCompileArgs: ["-maes", "-mavx"],
        defineMacros: [{ name: "V", value: "1.2.3" }],
      },
      { path: "z.c", language: "c", extraCompileArgs: [], defineMacros: [] },
    ]);
  });

  test("that a `!` glob takes away are gone, flags and all", async () => {
    const text = extension(`[{ path = "*.c", extra-compile-args = ["-O1"] }, "!b.c"]`);
    expect(sourcesOf(await acceptOne(text, { "a.c": "", "b.c": "" }))).toEqual(["a.c"]);
  });

  test("a `!` glob with flags makes no sense", async () => {
    const found = await resolve(extension(`["*.c", { path = "!b.c", extra-compile-args = ["-O1"] }]`), { "a.c": "" });
    expect(found.told).toEqual([["invalid-value", '"!b.c"']]);
  });

  test.each([
    ['["x.c", "nope/*.c"]', "glob-empty", '"nope/*.c"', "There is no folder `nope`."],
    ['["x.c", { path = "X.c" }]', "glob-empty", '{ path = "X.c" }', "Nothing below `.` matches; letter case counts."],
    ['["src"]', "glob-empty", '"src"', "It is a folder; name the files in it: `src/*.c`."],
    ["[]", "missing-key", "[]", 'Name the files to compile: `sources = ["src/**/*.c"]`.'],
    ['["!x.c"]', "missing-key", '["!x.c"]', 'Name the files to compile: `sources = ["src/**/*.c"]`.'],
    ['["x.c", "!*.c"]', "glob-empty", '["x.c", "!*.c"]', undefined],
  ])("that match nothing are told: %s", async (sources, code, culprit, hint) => {
    const found = await resolve(extension(sources), { "x.c": "" });
    expect(found.told).toEqual([[code, culprit]]);
    expect(only(found.problems).hint).toBe(hint);
  });

  test("of another kind are told, each at its glob", async () => {
    const found = await resolve(extension('["*.c", "*.h", "data.bin"]'), { "x.c": "", "y.h": "", "data.bin": "" });
    expect(found.told).toEqual([
      ["source-kind", '"data.bin"'],
      ["source-kind", '"*.h"'],
    ]);
    expect(sourcesOf(found.extensions[0] as Extension)).toEqual(["x.c"]);
  });

  test("outside the project are refused, whether by `..` or through a link", async () => {
    const outside = makeTree({ "out.c": "" }, makeFolder());
    const found = await resolve(extension('["*.c", "linked/*.c"]'), {
      "in.c": "",
      "link.c": { link: join(outside, "out.c") },
      linked: { link: outside },
    });
    expect(found.told).toEqual([
      ["path-outside-project", '"*.c"'],
      ["path-outside-project", '"linked/*.c"'],
    ]);
    expect(found.problems.map(({ message }) => message)).toEqual([
      '"link.c" lies outside the project',
      '"linked/out.c" lies outside the project',
    ]);
    expect(sourcesOf(found.extensions[0] as Extension)).toEqual(["in.c"]);
    await expect(resolve(extension('["../x.c"]'))).rejects.toThrow("leads out of its folder");
  });

  test("that are links inside the project are taken", async () => {
    const files = { "real/x.c": "", "link.c": { link: "real/x.c" } };
    expect(sourcesOf(await acceptOne(extension('["link.c"]'), files))).toEqual(["link.c"]);
  });
});

describe("the place of an artefact", () => {
  const named = (name: string, more = ""): string =>
    `[tool.zlig]\n${more}\n[[tool.zlig.extensions]]\nname = "${name}"\nsources = ["x.c"]\n`;

  test.each<[string, string, Files, string, string]>([
    ["demo._x", "", {}, "src/demo", "demo"],
    ["demo.sub._x", "", { "src/demo/sub": null }, "src/demo/sub", "demo/sub"],
    ["_top", "", {}, "src", ""],
    ["_top", "packages = []", {}, "", ""],
    ["_top", 'packages = ["py/kiwi"]', { "py/kiwi/__init__.py": "" }, "py", ""],
    ["kiwi._x", 'packages = ["py/kiwi"]', { "py/kiwi/__init__.py": "" }, "py/kiwi", "kiwi"],
    [
      "zope.interface._x",
      'packages = ["src/zope"]',
      { "src/zope/interface/__init__.py": "" },
      "src/zope/interface",
      "zope/interface",
    ],
    ["a.b.c._x", 'packages = ["lib/a"]', { "lib/a/b/c": null }, "lib/a/b/c", "a/b/c"],
    [
      "b._x",
      'packages = ["a", "ab", "b"]',
      { "a/__init__.py": "", "ab/__init__.py": "", "b/__init__.py": "" },
      "b",
      "b",
    ],
  ])("%s with %j", async (name, more, files, directory, archiveDirectory) => {
    expect(await acceptOne(named(name, more), { "x.c": "", ...files })).toMatchObject({ directory, archiveDirectory });
  });

  test("in a dotted package of Flit", async () => {
    const text = `[tool.flit.module]\nname = "ns.mod"\n${x().replace("demo.x", "ns.mod.x")}`;
    expect(await acceptOne(text, { "x.c": "", "src/ns/mod/__init__.py": "" })).toMatchObject({
      directory: "src/ns/mod",
      archiveDirectory: "ns/mod",
    });
  });

  test.each<[string, string, Files, string]>([
    ["other.x", "", {}, "The packages are `demo`."],
    ["demonic.x", "", {}, "The packages are `demo`."],
    [
      "other.x",
      "packages = []",
      {},
      'The project has no package; a name without dots makes a top-level module, or add the package: `packages = ["src/NAME"]`.',
    ],
    ["single.x", 'packages = ["single.py"]', { "single.py": "" }, "The packages are `single`."],
    ["demo.gone.x", "", {}, "Create the package's folder, or correct the name."],
  ])("%s is in no package", async (name, more, files, hint) => {
    const found = await resolve(named(name, more), { "x.c": "", ...files });
    expect(found.told).toEqual([["name-outside-packages", `"${name}"`]]);
    expect(only(found.problems).hint).toBe(hint);
  });

  test("is not told of when the package itself is missing, which is told", async () => {
    const found = await resolve(named("gone.x", 'packages = ["src/gone"]'), { "x.c": "" });
    expect(found.told).toEqual([["package-not-found", '"src/gone"']]);
  });

  test("may not be reached by a link out of the project", async () => {
    const outside = makeFolder();
    const found = await resolve(named("demo.sub.x"), { "x.c": "", "src/demo/sub": { link: outside } });
    expect(found.told).toEqual([["path-outside-project", '"demo.sub.x"']]);
  });

  test.each<[string, string, Files, string]>([
    ["demo", "", {}, "src/demo/__init__.py"],
    ["demo.sub", "", { "src/demo/sub/__init__.py": "" }, "src/demo/sub/__init__.py"],
  ])("%s is taken by a package, which Python imports first", async (name, more, files, rival) => {
    const found = await resolve(named(name, more), { "x.c": "", ...files });
    expect(found.told).toEqual([["invalid-name", `"${name}"`]]);
    expect(only(found.problems).message).toContain(`\`${rival}\``);
  });

  test("beside a Python module or a folder of the same name is free: the extension comes first", async () => {
    await acceptOne(named("demo.sub"), { "x.c": "", "src/demo/sub.py": "", "src/demo/sub/x.c": "" });
  });
});

describe("two extensions", () => {
  const two = (first: string, second: string): string =>
    `[tool.zlig]\nextensions = [{ name = "${first}", sources = ["x.c"] }, { name = "${second}", sources = ["x.c"] }]`;

  test("of one name are told at the second, with the first", async () => {
    const found = await resolve(two("demo.x", "demo.x"), { "x.c": "" });
    expect(found.told).toEqual([["duplicate-extension", '"demo.x"']]);
    const { message, location, related } = only(found.problems);
    expect(message).toBe('Two extensions are called "demo.x"');
    expect(related).toHaveLength(1);
    expect(related[0]?.location.range?.start.character).toBeLessThan(location?.range?.start.character ?? 0);
  });

  test("whose names differ in letter case would be one file on many systems", async () => {
    const found = await resolve(two("demo.Fast", "demo.fast"), { "x.c": "" });
    expect(only(found.problems).message).toBe(
      '"demo.fast" and "demo.Fast" differ only in letter case, which many file systems ignore',
    );
  });

  test("of one last part in different packages are two", async () => {
    expect(
      await accept(two("demo.a.x", "demo.b.x"), { "x.c": "", "src/demo/a": null, "src/demo/b": null }),
    ).toHaveLength(2);
  });
});

describe("paths", () => {
  test("that are missing are told: folders as warnings, objects as errors", async () => {
    const found = await resolve(
      x('include-dirs = ["gone", "x.c"]\nlibrary-dirs = ["/definitely/gone"]\nextra-objects = ["gone.o", "src"]'),
      { "x.c": "" },
    );
    expect(found.problems.map(({ code, severity, message }) => [code, severity, message])).toEqual([
      ["path-missing", "warning", 'There is no folder "gone"'],
      ["path-missing", "warning", 'There is no folder "x.c"'],
      ["path-missing", "warning", 'There is no folder "/definitely/gone"'],
      ["path-missing", "error", 'There is no file "gone.o"'],
      ["path-missing", "error", 'There is no file "src"'],
    ]);
    expect(found.told.map(([, culprit]) => culprit)).toEqual([
      '"gone"',
      '"x.c"',
      '"/definitely/gone"',
      '"gone.o"',
      '"src"',
    ]);
  });

  test("may be absolute, but not lead out of the project", async () => {
    const outside = makeFolder();
    const { includeDirs } = await acceptOne(x(`include-dirs = ["${outside}", "inc"]`), { "x.c": "", inc: null });
    expect(includeDirs).toEqual([outside, "inc"]);
    const found = await resolve(x('include-dirs = ["../up", "inc"]\nextra-objects = ["link.o"]'), {
      "x.c": "",
      inc: { link: outside },
      "link.o": { link: join(outside, "..") },
    });
    expect(found.told).toEqual([
      ["path-outside-project", '"../up"'],
      ["path-outside-project", '"inc"'],
      ["path-outside-project", '"link.o"'],
    ]);
  });

  test("of `[tool.zlig.build]` are told once, where they stand", async () => {
    const text = `[tool.zlig.build]\ninclude-dirs = ["gone"]\n${x()}${x().replace("demo.x", "demo.y")}`;
    const found = await resolve(text, { "x.c": "" });
    expect(found.told).toEqual([["path-missing", '"gone"']]);
  });
});

describe("`depends`", () => {
  test("is expanded", async () => {
    const files = { "x.c": "", "t/a.tbl": "", "t/b.tbl": "", "t/.hidden": "" };
    expect((await acceptOne(x('depends = ["t/*", "!t/b.tbl"]'), files)).depends).toEqual(["t/a.tbl"]);
  });

  test("that matches nothing is a warning", async () => {
    const found = await resolve(x('depends = ["t/*.tbl", "!never"]'), { "x.c": "" });
    expect(found.told).toEqual([["glob-empty", '"t/*.tbl"']]);
    expect(only(found.problems).severity).toBe("warning");
  });

  test("may not lead out of the project", async () => {
    const outside = makeTree({ "a.tbl": "" }, makeFolder());
    const found = await resolve(x('depends = ["t/*"]'), { "x.c": "", t: { link: outside } });
    expect(found.told).toEqual([["path-outside-project", '"t/*"']]);
  });
});
