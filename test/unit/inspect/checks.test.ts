import { describe, expect, it } from "vitest";
import { checkBuildSystem } from "../../../server/core/inspect/build-system.ts";
import { checkFlags } from "../../../server/core/inspect/flags.ts";
import { checkInitFunctions } from "../../../server/core/inspect/init-checks.ts";
import { checkSharedSources } from "../../../server/core/inspect/shared-sources.ts";
import type { ZligError } from "../../../server/core/error.ts";
import type { Manifest } from "../../../server/core/manifest/manifest.ts";
import { parseManifest } from "../../../server/core/manifest/read.ts";
import { makeExtension } from "../../support/project.ts";

function manifest(text: string): Manifest {
  return parseManifest("/project/pyproject.toml", text);
}

/** The code of each problem with the text it stands at. */
function placed(text: string, problems: readonly ZligError[]): readonly string[] {
  const lines = text.split("\n");
  return problems.map(({ code, location }) => {
    const { start, end } = location?.range ?? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    return `${code} at ${(lines[start.line] ?? "").slice(start.character, end.line > start.line ? undefined : end.character)}`;
  });
}

describe("compiler flags", () => {
  it.each([
    "/O2",
    "-flto=auto",
    "-march=x86-64-v3",
    "-march=native",
    "-fipa-pta",
    "-m32",
    "-fsyntax-only",
    "--target=x",
  ])("refuse %s, at its place", (flag) => {
    const text = `[tool.zlig]\nextensions = [{ name = "a", sources = [{ path = "a.c", extra-compile-args = ["-O1", "${flag}"] }] }]`;
    expect(placed(text, checkFlags(manifest(text)))).toEqual([`flag-refused at "${flag}"`]);
  });

  it.each(["-O2", "-flto", "-march=x86_64_v3", "-ffast-math", "-DX=1", "-I/usr/include", "/usr/lib/x.o"])(
    "take %s",
    (flag) => {
      expect(checkFlags(manifest(`[tool.zlig.build]\nextra-compile-args = ["${flag}"]`))).toEqual([]);
    },
  );

  it("leave link arguments and other tables alone", () => {
    expect(
      checkFlags(manifest('[tool.zlig.build]\nextra-link-args = ["-o"]\n[tool.x]\nextra-compile-args = ["-o"]')),
    ).toEqual([]);
  });
});

describe("the build system", () => {
  it("is fine when it names Zlig", () => {
    expect(
      checkBuildSystem(manifest('[build-system]\nrequires = ["zlig>=0.1"]\nbuild-backend = "zlig"\n[tool.zlig]')),
    ).toEqual([]);
  });

  it("is no matter without [tool.zlig]", () => {
    expect(checkBuildSystem(manifest('[build-system]\nrequires = ["x"]\nbuild-backend = "x"'))).toEqual([]);
  });

  it("is missed, as is the backend", () => {
    const text = "[tool.zlig]";
    expect(placed(text, checkBuildSystem(manifest(text)))).toEqual(["build-backend at [tool.zlig]"]);
    const other = '[build-system]\nrequires = ["zlig"]\n[tool.zlig]';
    expect(placed(other, checkBuildSystem(manifest(other)))).toEqual(["build-backend at [build-system]"]);
  });

  it("is wrong with another backend, or without zlig in `requires`", () => {
    const text = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n[tool.zlig]';
    expect(placed(text, checkBuildSystem(manifest(text)))).toEqual(['build-backend at "setuptools.build_meta"']);
    const lacking = '[build-system]\nrequires = ["zligger"]\nbuild-backend = "zlig"\n[tool.zlig]';
    expect(placed(lacking, checkBuildSystem(manifest(lacking)))).toEqual(['requires-missing at ["zligger"]']);
  });

  it("may bring a backend of its own", () => {
    expect(
      checkBuildSystem(
        manifest('[build-system]\nrequires = []\nbuild-backend = "x"\nbackend-path = ["."]\n[tool.zlig]'),
      ),
    ).toEqual([]);
  });

  it("has to bring the packages whose headers are included, however their names are written", () => {
    const text =
      '[build-system]\nrequires = ["zlig", "Foo_Bar>1"]\nbuild-backend = "zlig"\n[[tool.zlig.extensions]]\ninclude-from = ["foo.bar", "numpy"]';
    expect(placed(text, checkBuildSystem(manifest(text)))).toEqual(['requires-missing at "numpy"']);
  });
});

describe("sources of two extensions", () => {
  it("are told once for each pair, at the glob that takes them the second time", () => {
    const text =
      '[tool.zlig]\nextensions = [{ name = "a", sources = ["*.c"] }, { name = "b", sources = ["b.c", "u.c"] }]';
    const of = (name: string, sources: readonly string[], index: number) =>
      makeExtension(name, sources, { manifestPath: ["tool", "zlig", "extensions", index] });
    const extensions = [of("a", ["u.c", "v.c", "a.c"], 0), of("b", ["b.c", "u.c", "v.c"], 1)];
    const problems = checkSharedSources(manifest(text), extensions, (extension) => [
      ...extension.manifestPath,
      "sources",
      extension.name === "a" ? 0 : 1,
    ]);
    expect(placed(text, problems)).toEqual(['source-shared at "u.c"']);
    expect(problems[0]?.message).toBe('u.c and 1 more is compiled into "a" as well');
  });
});

describe("init functions of extensions", () => {
  const text = '[tool.zlig]\nextensions = [{ name = "pkg.demo", sources = ["a.c", "b.c"] }]';
  const check = (files: Readonly<Record<string, string>>, parts = {}) =>
    checkInitFunctions(manifest(text), "/project", [makeExtension("pkg.demo", ["a.c", "b.c"], parts)], (path) =>
      Promise.resolve(files[path]),
    );

  it("may stand in any source, or in a file that one includes", async () => {
    expect(await check({ "a.c": "", "b.c": "void PyInit_demo(void) {}" })).toEqual([]);
    expect(await check({ "a.c": '#include "x/y.inc"', "b.c": "", "x/y.inc": "void PyInit_demo(void) {}" })).toEqual([]);
    expect(await check({ "a.c": "", "b.c": "void PyModExport_demo(void) {}" })).toEqual([]);
  });

  it("are missed at the name, as a warning", async () => {
    const problems = await check({ "a.c": "int x;", "b.c": "" });
    expect(placed(text, problems)).toEqual(['init-missing at "pkg.demo"']);
    expect(problems[0]?.severity).toBe("warning");
  });

  it("are found misspelt, with their place", async () => {
    const [problem] = await check({ "a.c": "void PyInit_other(void) {}", "b.c": "\nvoid PyInit_dmo(void) {}" });
    expect(problem?.message).toBe('The sources of "pkg.demo" define `PyInit_dmo`, not `PyInit_demo`');
    expect(problem?.related[0]?.location).toEqual({
      file: "/project/b.c",
      range: { start: { line: 1, character: 5 }, end: { line: 1, character: 15 } },
    });
  });

  it("are not judged where a macro, an object or an unreadable file may bring them", async () => {
    expect(await check({ "a.c": "NB_MODULE(demo, m) {}", "b.c": "" })).toEqual([]);
    expect(await check({ "a.c": "", "b.c": "" }, { extraObjects: ["x.o"] })).toEqual([]);
    expect(await check({ "a.c": "" })).toEqual([]);
  });

  it("are judged though a macro makes another module", async () => {
    expect(await check({ "a.c": "NB_MODULE(other, m) {}", "b.c": "" })).toHaveLength(1);
  });

  it("may not be defined twice, unless the preprocessor decides", async () => {
    const twice = "void PyInit_demo(void) {}";
    expect(placed(text, await check({ "a.c": twice, "b.c": twice }))).toEqual(['init-duplicate at "pkg.demo"']);
    expect(await check({ "a.c": `#ifdef A\n${twice}\n#endif`, "b.c": twice })).toEqual([]);
  });
});
