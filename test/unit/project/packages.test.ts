import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ZligError } from "../../../server/core/error.ts";
import { Problems } from "../../../server/core/error.ts";
import { parseManifest } from "../../../server/core/manifest/read.ts";
import { validateOptions } from "../../../server/core/options/validate.ts";
import { findPackages } from "../../../server/core/project/packages.ts";
import type { PythonPackage } from "../../../server/core/project/project.ts";
import { only, told } from "../../support/problem.ts";
import type { TreeNode } from "../../support/tree.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";

interface Found {
  readonly packages: readonly PythonPackage[];
  readonly problems: readonly ZligError[];
  readonly told: string[][];
}

async function find(text: string, files: Readonly<Record<string, TreeNode>>): Promise<Found> {
  const root = makeTree(files);
  const manifest = parseManifest(join(root, "pyproject.toml"), text);
  const problems = new Problems();
  const options = validateOptions(manifest, problems);
  if (options === undefined) throw new Error(problems.all.map(({ message }) => message).join("\n"));
  const packages = await findPackages(root, options, manifest, problems);
  return { packages, problems: problems.all, told: told(manifest, problems) };
}

async function accept(text: string, files: Readonly<Record<string, TreeNode>>): Promise<readonly PythonPackage[]> {
  const { packages, problems } = await find(text, files);
  expect(problems.map(({ message }) => message)).toEqual([]);
  return packages;
}

const demo = "[project]\nname = 'demo'\n";
const withExtension = (name: string): string =>
  `${demo}[[tool.zlig.extensions]]\nname = '${name}'\nsources = ['x.c']\n`;

describe("without `packages`, as Flit", () => {
  test.each([
    ["demo/__init__.py", { name: "demo", kind: "package", path: "demo", base: "" }],
    ["src/demo/__init__.py", { name: "demo", kind: "package", path: "src/demo", base: "src" }],
    ["demo.py", { name: "demo", kind: "module", path: "demo.py", base: "" }],
    ["src/demo.py", { name: "demo", kind: "module", path: "src/demo.py", base: "src" }],
  ])("the package is found at %s", async (file, expected) => {
    expect(await accept(demo, { [file]: "" })).toEqual([expected]);
  });

  test("hyphens of the project's name are underscores", async () => {
    const [found] = await accept("[project]\nname = 'my-demo'\n", { "src/my_demo/__init__.py": "" });
    expect(found).toMatchObject({ name: "my_demo", path: "src/my_demo" });
  });

  test("dots of the project's name mean a namespace, or underscores where there is none", async () => {
    const name = "[project]\nname = 'zope.inter-face'\n";
    expect(await accept(name, { "src/zope/inter_face/__init__.py": "" })).toEqual([
      { name: "zope.inter_face", kind: "package", path: "src/zope/inter_face", base: "src" },
    ]);
    expect(await accept(name, { "zope_inter_face.py": "" })).toEqual([
      { name: "zope_inter_face", kind: "module", path: "zope_inter_face.py", base: "" },
    ]);
  });

  test("`[tool.flit.module]` names another, which may lie in a namespace", async () => {
    const text = `${demo}[tool.flit.module]\nname = 'ns.sub.mod'\n`;
    expect(await accept(text, { "demo/__init__.py": "", "src/ns/sub/mod.py": "" })).toEqual([
      { name: "ns.sub.mod", kind: "module", path: "src/ns/sub/mod.py", base: "src" },
    ]);
  });

  test("`[tool.flit.module]` cannot name what is no module", async () => {
    const text = `${demo}[tool.flit.module]\nname = '../demo'\n`;
    expect((await find(text, { "demo/__init__.py": "" })).told).toEqual([["package-not-found", "'demo'"]]);
  });

  test("a stub-only package beside it ships with it", async () => {
    expect(
      await accept(demo, { "src/demo/__init__.py": "", "src/demo-stubs/__init__.pyi": "", "other-stubs/x.pyi": "" }),
    ).toEqual([
      { name: "demo", kind: "package", path: "src/demo", base: "src" },
      { name: "demo-stubs", kind: "stubs", path: "src/demo-stubs", base: "src" },
    ]);
  });

  test("the stubs of a package in a namespace bear the name of the namespace", async () => {
    const found = await accept(`${demo}[tool.flit.module]\nname = 'ns.mod'\n`, {
      "ns/mod/__init__.py": "",
      "ns-stubs/mod/__init__.pyi": "",
    });
    expect(found.map(({ name, path }) => [name, path])).toEqual([
      ["ns.mod", "ns/mod"],
      ["ns-stubs", "ns-stubs"],
    ]);
  });

  test("a folder of the name without `__init__.py` is no package of its own", async () => {
    expect(await accept(demo, { "demo/notes.txt": "", "src/demo/__init__.py": "" })).toMatchObject([
      { path: "src/demo" },
    ]);
  });

  test("two places are one too many", async () => {
    const { packages, problems, told: all } = await find(demo, { "demo/__init__.py": "", "src/demo.py": "" });
    expect(packages).toEqual([]);
    expect(all).toEqual([["package-not-found", "'demo'"]]);
    expect(only(problems).message).toBe("Both `demo` and `src/demo.py` could be the package");
    expect(only(problems).hint).toBe('Name the one to ship: `packages = ["demo"]` in [tool.zlig].');
  });
});

describe("where nothing bears the project's name", () => {
  test("the extensions' names tell the packages", async () => {
    const text = `${demo}[tool.zlig]\nextensions = [
  { name = "one._c", sources = ["x.c"] }, { name = "two.deep._c", sources = ["x.c"] }, { name = "_top", sources = ["x.c"] } ]`;
    const found = await accept(text.replaceAll("\n  ", ""), {
      "src/one/__init__.py": "",
      "src/two/deep/__init__.py": "",
    });
    expect(found).toEqual([
      { name: "one", kind: "package", path: "src/one", base: "src" },
      { name: "two", kind: "namespace", path: "src/two", base: "src" },
    ]);
  });

  test("a package wins over a folder that only bears the name", async () => {
    expect(await accept(withExtension("fast._c"), { "fast/bench.txt": "", "src/fast/__init__.py": "" })).toEqual([
      { name: "fast", kind: "package", path: "src/fast", base: "src" },
    ]);
  });

  test("top-level extensions need no package", async () => {
    expect(await accept(withExtension("_brotli"), { "x.c": "" })).toEqual([]);
  });

  test("the project's package wins over the extensions' names", async () => {
    expect(await accept(withExtension("other._c"), { "demo/__init__.py": "", "other/__init__.py": "" })).toMatchObject([
      { name: "demo" },
    ]);
  });
});

describe("a package that is not found", () => {
  test("is told with the places that were searched", async () => {
    const { problems, told: all } = await find(demo, {});
    expect(all).toEqual([["package-not-found", "'demo'"]]);
    expect(only(problems).hint).toMatch(/^Zlig looks for `demo\/`, `src\/demo\/`, `demo\.py` and `src\/demo\.py`;/);
  });

  test.each<[string, Record<string, string>, string]>([
    ["a near name", { "dmeo/__init__.py": "", "tests/__init__.py": "" }, "dmeo"],
    ["the only package there is", { "src/entirely/__init__.py": "" }, "src/entirely"],
    ["another letter case", { "Demo/__init__.py": "", "x/__init__.py": "" }, "Demo"],
  ])("is told with %s", async (_, files, meant) => {
    expect(only((await find(demo, files)).problems).hint).toBe(
      `If \`${meant}\` is meant, add \`packages = ["${meant}"]\` to [tool.zlig].`,
    );
  });

  test("is told also of a project whose extensions all lie in packages", async () => {
    expect((await find(withExtension("gone._c"), {})).told).toEqual([["package-not-found", "'demo'"]]);
  });
});

describe("`packages`", () => {
  const listed = (...entries: string[]): string => `${demo}[tool.zlig]\npackages = ${JSON.stringify(entries)}\n`;

  test("names packages, modules, namespaces and stubs by their paths", async () => {
    const files = {
      "py/kiwi/__init__.py": "",
      "src/zope/interface/__init__.py": "",
      "lib/single.py": "",
      "wrapt-stubs/__init__.pyi": "",
      "flat/__init__.py": "",
    };
    expect(await accept(listed("py/kiwi", "src/zope/", "./lib/single.py", "wrapt-stubs", "flat"), files)).toEqual([
      { name: "kiwi", kind: "package", path: "py/kiwi", base: "py" },
      { name: "zope", kind: "namespace", path: "src/zope", base: "src" },
      { name: "single", kind: "module", path: "lib/single.py", base: "lib" },
      { name: "wrapt-stubs", kind: "stubs", path: "wrapt-stubs", base: "" },
      { name: "flat", kind: "package", path: "flat", base: "" },
    ]);
  });

  test("may be empty", async () => {
    expect(await accept(listed(), { "demo/__init__.py": "" })).toEqual([]);
  });

  test("spelt in another way means the same", async () => {
    expect(await accept(listed("./src//x/../demo/."), { "src/demo/__init__.py": "", "src/x": null })).toMatchObject([
      { name: "demo", path: "src/demo", base: "src" },
    ]);
  });

  test("names a link that stays inside the project", async () => {
    expect(await accept(listed("alias"), { "real/__init__.py": "", alias: { link: "real" } })).toMatchObject([
      { name: "alias", kind: "package", path: "alias" },
    ]);
  });

  test.each<[string, Record<string, TreeNode>, string]>([
    ["gone", {}, "package-not-found"],
    ["notes", { notes: "a file" }, "package-not-found"],
    ["../other", {}, "path-outside-project"],
    ["src/../../other", { src: null }, "path-outside-project"],
    ["/etc", {}, "path-outside-project"],
    ["demo", { demo: { link: "/" } }, "path-outside-project"],
    [".", {}, "invalid-name"],
    ["src/..", { src: null }, "invalid-name"],
    ["my-data", { "my-data": null }, "invalid-name"],
    ["a.b", { "a.b": null }, "invalid-name"],
    ["README.md", { "README.md": "" }, "invalid-name"],
    ["class", { class: null }, "invalid-name"],
  ])("cannot name %s", async (entry, files, code) => {
    const found = await find(listed(entry), files);
    expect(found.told).toEqual([[code, JSON.stringify(entry)]]);
    expect(found.packages).toEqual([]);
  });

  test("cannot name two of one import name", async () => {
    const found = await find(listed("a/demo", "b/demo"), { "a/demo/__init__.py": "", "b/demo/__init__.py": "" });
    expect(found.told).toEqual([["package-not-found", '"b/demo"']]);
    expect(only(found.problems).message).toBe('Two entries of `packages` are called "demo"');
    expect(found.packages).toMatchObject([{ path: "a/demo" }]);
  });

  test("with several mistakes tells each", async () => {
    const found = await find(listed("gone", "demo", "../up"), { "demo/__init__.py": "" });
    expect(found.told.map(([code]) => code)).toEqual(["package-not-found", "path-outside-project"]);
    expect(found.packages).toMatchObject([{ name: "demo" }]);
  });
});

test("a package that is a link out of the project is refused", async () => {
  const outside = makeFolder();
  makeTree({ "__init__.py": "" }, outside);
  const found = await find(demo, { demo: { link: outside } });
  expect(found.told).toEqual([["path-outside-project", "'demo'"]]);
  expect(found.packages).toEqual([]);
});
