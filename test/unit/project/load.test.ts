import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadProject } from "../../../server/core/project/load.ts";
import { errorOf, problemsOf } from "../../support/problem.ts";
import type { TreeNode } from "../../support/tree.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";

const demo = '[project]\nname = "demo"\nversion = "1.0"\n';

function tree(text: string, files: Readonly<Record<string, TreeNode>> = {}): string {
  return makeTree({ "pyproject.toml": text, "src/demo/__init__.py": '"""Does."""\n__version__ = "7"\n', ...files });
}

describe("a project", () => {
  test("is read as a whole, and its folder's links are resolved", async () => {
    const root = tree(`${demo}[tool.zlig]\nextensions = [{ name = "demo.x", sources = ["*.c"] }]\n`, { "x.c": "" });
    const link = join(makeFolder(), "link");
    symlinkSync(root, link);
    const { project, warnings } = await loadProject(link);
    expect(warnings).toEqual([]);
    expect(project.root).toBe(root);
    expect(project.manifest.file).toBe(join(link, "pyproject.toml"));
    expect(project.metadata).toMatchObject({ name: "demo", version: "1.0" });
    expect(project.packages).toMatchObject([{ name: "demo", path: "src/demo" }]);
    expect(project.extensions).toMatchObject([{ name: "demo.x", sources: [{ path: "x.c" }] }]);
  });

  test("without `[tool.zlig]` has the defaults", async () => {
    const { project } = await loadProject(tree(demo));
    expect(project.extensions).toEqual([]);
    expect(project.sdist).toEqual({ include: [], exclude: [] });
    expect(project.wheel).toEqual({
      include: [],
      exclude: [],
      excludeSources: true,
      buildTag: undefined,
      headers: [],
      scripts: [],
      data: {},
      externalData: undefined,
    });
  });

  test("takes its wheel and sdist settings over", async () => {
    const { project } = await loadProject(
      tree(`${demo}
[tool.zlig.wheel]
include = ["a"]
exclude = ["b"]
exclude-sources = false
build-tag = "1"
headers = ["h"]
scripts = ["s"]
data = { "share/x" = ["d"] }
[tool.zlig.sdist]
exclude = ["e"]
[tool.flit.sdist]
include = ["flit"]
[tool.flit.external-data]
directory = "data"
`),
    );
    expect(project.wheel).toEqual({
      include: ["a"],
      exclude: ["b"],
      excludeSources: false,
      buildTag: "1",
      headers: ["h"],
      scripts: ["s"],
      data: { "share/x": ["d"] },
      externalData: "data",
    });
    expect(project.sdist).toEqual({ include: [], exclude: ["e"] });
  });

  test("has Flit's sdist globs where it has none of Zlig's, and nothing else that stands there", async () => {
    const { project } = await loadProject(tree(`${demo}[tool.flit.sdist]\ninclude = ["x", 3]\nexclude = "y"\n`));
    expect(project.sdist).toEqual({ include: ["x"], exclude: [] });
  });
});

describe("dynamic fields", () => {
  const dynamic = '[project]\nname = "demo"\ndynamic = ["version", "description"]\n';

  test("are read from the package", async () => {
    const { project } = await loadProject(tree(dynamic));
    expect(project.metadata).toMatchObject({ version: "7", description: "Does." });
  });

  test("reach the macros of extensions", async () => {
    const { project } = await loadProject(
      tree(
        `${dynamic}[tool.zlig]\nextensions = [{ name = "demo.x", sources = ["x.c"], define-macros = { V = "{version}" } }]\n`,
        { "x.c": "" },
      ),
    );
    expect(project.extensions[0]?.defineMacros).toEqual([{ name: "V", value: "7" }]);
  });

  test("are read from a file that `__init__.py` imports the version from", async () => {
    const root = tree(dynamic, {
      "src/demo/__init__.py": '"""Does."""\nfrom ._version import __version__\n',
      "src/demo/_version.py": '__version__ = "8"\n',
    });
    expect((await loadProject(root)).project.metadata).toMatchObject({ version: "8", description: "Does." });
  });
});

describe("what is wrong", () => {
  test("is told in one go: options, packages, metadata, extensions", async () => {
    const text = `[project]
name = "demo"
version = "not a version"
[tool.zlig]
packages = ["gone"]
extensions = [{ name = "_x", sources = ["gone.c"] }]
`;
    const problems = await problemsOf(loadProject(tree(text)));
    expect(problems.map(({ code }) => code).sort()).toEqual(["glob-empty", "invalid-metadata", "package-not-found"]);
    for (const { location } of problems) expect(location?.range).toBeDefined();
  });

  test("in `[tool.zlig]` does not hide what is wrong in `[project]`", async () => {
    const problems = await problemsOf(
      loadProject(tree('[project]\nname = "demo"\nversion = "?"\n[tool.zlig]\nextra = 1\n')),
    );
    expect(problems.map(({ code }) => code)).toEqual(["unknown-key", "invalid-metadata"]);
  });

  test("a warning does not stop the project", async () => {
    const { project, warnings } = await loadProject(
      tree(`${demo}[tool.zlig]\nextensions = [{ name = "demo.x", sources = ["x.c"], depends = ["gone"] }]\n`, {
        "x.c": "",
      }),
    );
    expect(project.extensions).toHaveLength(1);
    expect(warnings.map(({ code, severity }) => [code, severity])).toEqual([["glob-empty", "warning"]]);
  });

  test("a folder without pyproject.toml is no project", async () => {
    expect((await errorOf(loadProject(makeFolder()))).code).toBe("manifest-missing");
    expect((await errorOf(loadProject(join(makeFolder(), "gone")))).code).toBe("manifest-missing");
  });
});
