import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeDemo, manifestText, moduleSource } from "../../support/demo.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";
import { placeIn, placesOf, refusal } from "./refusal.ts";

interface Expected {
  readonly code: string;
  /** The stretch of the manifest that the place begins at, and which of its occurrences. */
  readonly at: string;
  readonly occurrence?: number;
  readonly message?: RegExp;
  readonly hint?: RegExp;
}

interface Case {
  readonly title: string;
  /** The text of `pyproject.toml`. */
  readonly manifest: string;
  readonly problems: readonly Expected[];
}

const demo = 'extensions = [{ name = "demo.demo", sources = ["src/demo/*.c"] }]';

/** What is wrong before anything is compiled. */
const cases: readonly Case[] = [
  {
    title: "TOML that does not parse",
    manifest: manifestText('packages = ["src/demo"', demo).replace('name = "demo"', "name = demo"),
    problems: [
      { code: "toml-syntax", at: "demo", message: /string|value|quote/i, hint: /quot/i },
      { code: "toml-syntax", at: '["src/demo"' },
    ],
  },
  {
    title: "a key that is there twice",
    manifest: manifestText(demo, "extensions = []"),
    problems: [{ code: "toml-syntax", at: "extensions", message: /twice|already|defined/i, occurrence: 2 }],
  },
  {
    title: "a form that only TOML 1.1 has",
    manifest: manifestText("extensions = [{", '  name = "demo.demo", sources = ["src/demo/*.c"] }]'),
    problems: [{ code: "toml-1-1", at: "{", message: /line/, hint: /./ }],
  },
  {
    title: "values of a wrong type",
    manifest: manifestText(
      'extensions = [{ name = 3, sources = "src/demo/demo.c" }]',
      'wheel = { exclude-sources = "no" }',
    ),
    problems: [
      {
        code: "wrong-type",
        at: "3",
        message: /`extensions\[0\]\.name` is an integer; it takes a string/,
        hint: /name = "/,
      },
      {
        code: "wrong-type",
        at: '"src/demo/demo.c"',
        message: /`extensions\[0\]\.sources` is a string; it takes an array/,
        hint: /sources = \[/,
      },
      {
        code: "wrong-type",
        at: '"no"',
        message: /`wheel\.exclude-sources` is a string; it takes a boolean/,
        hint: /true|false/,
      },
    ],
  },
  {
    title: "unknown keys, with the nearest known ones",
    manifest: manifestText(
      'extensions = [{ name = "demo.demo", sorces = ["x.c"], sources = ["src/demo/*.c"] }]',
      "pakages = []",
    ),
    problems: [
      { code: "unknown-key", at: "sorces", message: /`sorces`/, hint: /^Did you mean `sources`\?$/ },
      { code: "unknown-key", at: "pakages", message: /`pakages`/, hint: /^Did you mean `packages`\?$/ },
    ],
  },
  {
    title: "a required key that is absent",
    manifest: manifestText('extensions = [{ sources = ["src/demo/*.c"] }]'),
    problems: [{ code: "missing-key", at: "{ sources", message: /name/ }],
  },
  {
    title: "a glob that matches nothing",
    manifest: manifestText('extensions = [{ name = "demo.demo", sources = ["scr/*.c", "src/demo/*.cc"] }]'),
    problems: [
      { code: "glob-empty", at: '"scr/*.c"', message: /"scr\/\*\.c" matches no file/, hint: /no folder `scr`/ },
      {
        code: "glob-empty",
        at: '"src/demo/*.cc"',
        message: /"src\/demo\/\*\.cc" matches no file/,
        hint: /`src\/demo`/,
      },
    ],
  },
  {
    title: "two extensions of one name",
    manifest: manifestText(
      `extensions = [`,
      '  { name = "demo.demo", sources = ["src/demo/*.c"] },',
      '  { name = "demo.demo", sources = ["src/demo/*.c"] },',
      "]",
    ),
    problems: [
      {
        code: "duplicate-extension",
        at: '"demo.demo"',
        message: /"demo\.demo"/,
        hint: /name of its own/,
        occurrence: 2,
      },
    ],
  },
  {
    title: "two names that differ in letter case alone",
    manifest: manifestText(
      `extensions = [`,
      '  { name = "demo.demo", sources = ["src/demo/*.c"] },',
      '  { name = "demo.Demo", sources = ["src/demo/*.c"] },',
      "]",
    ),
    problems: [{ code: "duplicate-extension", at: '"demo.Demo"', message: /letter case/ }],
  },
  {
    title: "names that are no identifiers",
    manifest: manifestText(
      `extensions = [`,
      '  { name = "demo.1st", sources = ["src/demo/*.c"] },',
      '  { name = "demo.my-ext", sources = ["src/demo/*.c"] },',
      '  { name = "demo.class", sources = ["src/demo/*.c"] },',
      "]",
    ),
    problems: [
      { code: "invalid-name", at: '"demo.1st"', message: /"1st" is no identifier/ },
      { code: "invalid-name", at: '"demo.my-ext"', message: /"my-ext" is no identifier/ },
      { code: "invalid-name", at: '"demo.class"', message: /"class".* Python reserves/ },
    ],
  },
  {
    title: "a name outside every package",
    manifest: manifestText('extensions = [{ name = "other.demo", sources = ["src/demo/*.c"] }]'),
    problems: [
      { code: "name-outside-packages", at: '"other.demo"', message: /none of the project's packages/, hint: /`demo`/ },
    ],
  },
  {
    title: "sources that are named outside the project",
    manifest: manifestText('extensions = [{ name = "demo.demo", sources = ["../demo.c", "/usr/src/demo.c"] }]'),
    problems: [
      { code: "path-outside-project", at: '"../demo.c"', message: /"\.\.\/demo\.c"/ },
      { code: "glob-syntax", at: '"/usr/src/demo.c"', message: /absolute/ },
    ],
  },
  {
    title: "a source that is no source",
    manifest: manifestText(
      'extensions = [{ name = "demo.demo", sources = ["src/demo/demo.c", "src/demo/__init__.py"] }]',
    ),
    problems: [
      { code: "source-kind", at: '"src/demo/__init__.py"', message: /"src\/demo\/__init__\.py"/, hint: /\.c .*\.cpp/ },
    ],
  },
  {
    title: "a package that is not there",
    manifest: manifestText('packages = ["src/dmeo"]', demo),
    problems: [{ code: "package-not-found", at: '"src/dmeo"', message: /src\/dmeo/ }],
  },
];

describe("what is wrong before anything is compiled", () => {
  test.each(cases)("$title", async ({ manifest, problems }) => {
    const project = makeDemo({ "pyproject.toml": manifest });
    const told = await refusal(project, ["build"], 1);
    expect(told.problems.map(({ code }) => code)).toEqual(problems.map(({ code }) => code));
    expect(placesOf(project, told)).toEqual(
      problems.map(({ at, occurrence }) => placeIn("pyproject.toml", manifest, at, occurrence)),
    );
    for (const [index, { message = /./, hint }] of problems.entries()) {
      expect(told.problems[index]?.message).toMatch(message);
      if (hint !== undefined) expect(told.problems[index]?.hint).toMatch(hint);
    }
  });

  test.each(["wheel", "sdist", "check"])("is told by %s as well", async (command) => {
    const manifest = manifestText(demo, "pakages = []");
    const project = makeDemo({ "pyproject.toml": manifest });
    const told = await refusal(project, [command], 1);
    expect(told.problems).toMatchObject([{ code: "unknown-key", hint: "Did you mean `packages`?" }]);
    expect(placesOf(project, told)).toEqual([placeIn("pyproject.toml", manifest, "pakages")]);
  });
});

describe("links out of the project", () => {
  const manifest = manifestText(demo);

  test("a source that is one is refused", async () => {
    const outside = makeTree({ "demo.c": moduleSource("demo") });
    const project = makeDemo({ "src/demo/link.c": { link: join(outside, "demo.c") } });
    const told = await refusal(project, ["build"], 1);
    expect(told.problems).toMatchObject([
      { code: "path-outside-project", message: '"src/demo/link.c" lies outside the project' },
    ]);
    expect(placesOf(project, told)).toEqual([placeIn("pyproject.toml", manifest, '"src/demo/*.c"')]);
  });

  test("a folder that is one is refused when a file in it is named", async () => {
    const outside = makeTree({ "demo.c": moduleSource("demo") });
    const text = manifestText('extensions = [{ name = "demo.demo", sources = ["linked/demo.c"] }]');
    const project = makeDemo({ "pyproject.toml": text, linked: { link: outside } });
    const told = await refusal(project, ["wheel"], 1);
    expect(told.problems).toMatchObject([{ code: "path-outside-project" }]);
    expect(placesOf(project, told)).toEqual([placeIn("pyproject.toml", text, '"linked/demo.c"')]);
  });

  test("a folder that is one is refused when a glob looks into it", async () => {
    const outside = makeTree({ "demo.c": moduleSource("demo") });
    const text = manifestText('extensions = [{ name = "demo.demo", sources = ["linked/*.c"] }]');
    const project = makeDemo({ "pyproject.toml": text, linked: { link: outside } });
    expect((await refusal(project, ["build"], 1)).problems).toMatchObject([{ code: "path-outside-project" }]);
  });
});

describe("a folder without a project", () => {
  test.each(["build", "wheel", "sdist", "check", "clean"])(
    "%s says that there is no pyproject.toml",
    async (command) => {
      const { problems } = await refusal(makeFolder(), [command], 1);
      expect(problems).toMatchObject([{ code: "manifest-missing" }]);
      expect(problems[0]?.hint).toContain("--project");
    },
  );

  test("the project above is named, and not built unasked", async () => {
    const project = makeDemo();
    const { text } = await refusal(join(project, "src", "demo"), ["build"], 1);
    expect(text).toContain(`There is one in ${project}: add \`--project ../..\``);
  });

  test("a project folder that is not there is named", async () => {
    const { text } = await refusal(makeFolder(), ["build", "--project", "no such"], 1);
    expect(text).toContain(join("no such", "pyproject.toml"));
  });
});

describe("C that does not compile", () => {
  test("the compiler's own message is shown, with its line and marks", async () => {
    const source = moduleSource("demo").replace("PyLong_FromLong(42)", "PyLong_FromLong(fourty_two)");
    const project = makeDemo({ "src/demo/demo.c": source });
    const { text, problems } = await refusal(project, ["build"], 1);
    const place = placeIn("src/demo/demo.c", source, "fourty_two");
    expect(text).toContain(`${place}: error: use of undeclared identifier 'fourty_two'\n`);
    expect(text).toMatch(/^ +\d+ \| +static PyObject \*value.*fourty_two.*\n +\| +\^~+$/m);
    expect(problems).toMatchObject([
      { code: "compile-failed", message: expect.stringContaining("src/demo/demo.c") as string },
    ]);
    expect(text).toMatch(/\n1 of 1 extension could not be built: 1 error\n$/);
  });

  test.each(["build", "wheel"])("%s tells programs the place as well", async (command) => {
    const project = makeDemo({ "src/demo/demo.c": "#include <Python.h>\nint é = yy;\n" });
    const { text } = await refusal(project, [command], 1);
    // Clang counts bytes of UTF-8.
    expect(text).toContain("src/demo/demo.c:2:10: error: use of undeclared identifier 'yy'");
  });

  test("a header that is not there is named", async () => {
    const project = makeDemo({ "src/demo/demo.c": '#include <Python.h>\n#include "nowhere.h"\n' });
    const { text } = await refusal(project, ["build"], 1);
    expect(text).toContain("src/demo/demo.c:2:10: error: 'nowhere.h' file not found");
  });
});

describe("a module that Python could not import", () => {
  const manifest = manifestText(demo);

  test("without the init function of its name is found before anyone imports it", async () => {
    const project = makeDemo({ "src/demo/demo.c": moduleSource("other") });
    const told = await refusal(project, ["build"], 1);
    expect(told.problems).toMatchObject([
      {
        code: "init-missing",
        message: 'The module "demo.demo" has no function `PyInit_demo`, so Python could not import it',
        hint: expect.stringContaining("PyInit_other") as string,
      },
    ]);
    expect(placesOf(project, told)).toEqual([placeIn("pyproject.toml", manifest, '"demo.demo"')]);
    expect(told.text).toMatch(/\n1 of 1 extension could not be built: 1 error\n$/);
  });

  test("with many symbols that nothing defines names each once, with one source line and hint for all", async () => {
    const names = Array.from({ length: 5 }, (_, index) => `absent_${index}`);
    const source = moduleSource(
      "demo",
      names.map((name) => `${name}()`).join(" + "),
      `long ${names.map((n) => `${n}(void)`).join(", ")};`,
    );
    const project = makeDemo({ "src/demo/demo.c": source });
    const told = await refusal(project, ["wheel"], 1);
    expect(told.problems.map(({ code }) => code)).toEqual(names.map(() => "undefined-symbol"));
    for (const name of names) expect(told.text.split(`Nothing defines \`${name}\``)).toHaveLength(2);
    expect(told.text.match(/hint:/g)).toHaveLength(1);
    expect(told.text).toMatch(/\n1 of 1 extension could not be built: 5 errors\n$/);
  });

  test("with a library that is not there names it, at the key", async () => {
    const text = manifestText(
      'extensions = [{ name = "demo.demo", sources = ["src/demo/*.c"], libraries = ["no_such"] }]',
    );
    const project = makeDemo({ "pyproject.toml": text });
    const told = await refusal(project, ["build"], 1);
    expect(told.problems).toMatchObject([
      { code: "link-failed", message: 'There is no library "no_such" to link "demo.demo" with' },
    ]);
    expect(placesOf(project, told)).toEqual([placeIn("pyproject.toml", text, '["no_such"]')]);
  });

  test("with one function in two sources names both", async () => {
    const project = makeDemo({ "src/demo/copy.c": moduleSource("demo") });
    const { text, problems } = await refusal(project, ["build"], 1);
    expect(problems).toMatchObject([{ code: "link-failed" }]);
    expect(problems[0]?.message).toContain('"demo.demo" defines `PyInit_demo` twice');
    expect(text).toContain("src/demo/copy.c");
    expect(text).toContain("src/demo/demo.c");
  });
});
