import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Problems } from "../../../server/core/error.ts";
import type { ZligError } from "../../../server/core/error.ts";
import { parseManifest } from "../../../server/core/manifest/read.ts";
import type { SuppliedNames } from "../../../server/core/project/import-names.ts";
import type { ProjectMetadata } from "../../../server/core/project/metadata.ts";
import { readMetadata } from "../../../server/core/project/read-metadata.ts";
import type { ModuleFacts } from "../../../server/core/python/source.ts";
import type { TreeNode } from "../../support/tree.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";

interface Reading {
  readonly metadata: ProjectMetadata | undefined;
  readonly problems: readonly ZligError[];
  readonly text: string;
}

interface Surroundings {
  readonly files?: Readonly<Record<string, TreeNode>>;
  readonly module?: ModuleFacts;
  readonly supplied?: SuppliedNames;
  readonly root?: string;
}

async function readText(text: string, around: Surroundings = {}): Promise<Reading> {
  const root = makeTree(around.files ?? {}, around.root ?? makeFolder());
  const problems = new Problems();
  const manifest = parseManifest(join(root, "pyproject.toml"), text);
  const metadata = await readMetadata(manifest, root, around.module, problems, around.supplied);
  return { metadata, problems: problems.all, text };
}

/** Reads a project of a name, a version and the given lines. */
function read(lines: string, around: Surroundings = {}): Promise<Reading> {
  return readText(`[project]\nname = "demo"\nversion = "1.0"\n${lines}\n`, around);
}

async function accept(lines: string, around: Surroundings = {}): Promise<ProjectMetadata> {
  const { metadata, problems } = await read(lines, around);
  expect(problems.filter(({ severity }) => severity === "error").map(({ message }) => message)).toEqual([]);
  if (metadata === undefined) throw new Error("no metadata, and no problem");
  return metadata;
}

/** The stretch of the text that a problem points at. */
function culprit({ text }: Reading, problem: ZligError | undefined): string {
  const range = problem?.location?.range;
  if (range === undefined) return "";
  const lines = text.split("\n");
  if (range.start.line === range.end.line) {
    return (lines[range.start.line] ?? "").slice(range.start.character, range.end.character);
  }
  return lines
    .slice(range.start.line, range.end.line + 1)
    .join("\n")
    .slice(range.start.character);
}

/** What is wrong with some lines: code, culprit and message of the one error, without metadata. */
async function refuse(lines: string, around: Surroundings = {}): Promise<[code: string, at: string, message: string]> {
  return refusal(await read(lines, around));
}

function refusal(reading: Reading): [code: string, at: string, message: string] {
  const errors = reading.problems.filter(({ severity }) => severity === "error");
  expect(reading.metadata).toBeUndefined();
  expect(errors.map(({ message }) => message)).toHaveLength(1);
  const [error] = errors;
  return [error?.code ?? "", culprit(reading, error), error?.message ?? ""];
}

async function warn(lines: string, around: Surroundings = {}): Promise<[at: string, message: string][]> {
  const reading = await read(lines, around);
  expect(reading.metadata).toBeDefined();
  return reading.problems.map((problem) => [culprit(reading, problem), problem.message]);
}

describe("the [project] table", () => {
  test("is read as a whole", async () => {
    const metadata = await accept(
      `description = "Short"
readme = "README.md"
requires-python = ">= 3.9, <4"
license = "mit"
license-files = ["LIC*"]
authors = [{ name = "A", email = "a@x.org" }, { name = "B" }, { email = "c@x.org" }]
maintainers = [{ name = "M" }]
keywords = ["k"]
classifiers = ["Private :: Do Not Upload"]
dependencies = ["b (>=1)"]
import-names = ["demo"]
scripts.demo = "demo : main"
gui-scripts.demo-gui = "demo:gui"
entry-points.x.y = "demo"
urls.Home = "https://x.y/"
optional-dependencies.A_b = ["c"]`,
      { files: { "README.md": "# Demo\r\n", LICENSE: "text" } },
    );
    expect(metadata).toEqual({
      name: "demo",
      version: "1.0",
      description: "Short",
      readme: { text: "# Demo\n", contentType: "text/markdown", file: "README.md" },
      requiresPython: "<4,>=3.9",
      licenseExpression: "MIT",
      licenseFiles: ["LICENSE"],
      authors: [{ name: "A", email: "a@x.org" }, { name: "B" }, { email: "c@x.org" }],
      maintainers: [{ name: "M" }],
      keywords: ["k"],
      classifiers: ["Private :: Do Not Upload"],
      urls: { Home: "https://x.y/" },
      entryPoints: {
        console_scripts: { demo: "demo:main" },
        gui_scripts: { "demo-gui": "demo:gui" },
        x: { y: "demo" },
      },
      dependencies: ["b>=1"],
      optionalDependencies: { "a-b": ["c"] },
      importNames: ["demo"],
      dynamic: [],
    });
  });

  test("gives every problem at once", async () => {
    const { metadata, problems } = await readText('[project]\nname = "-"\nversion = 1\nlicense = "x"\nurl = "y"\n');
    expect(metadata).toBeUndefined();
    expect(problems.map(({ code }) => code)).toEqual([
      "invalid-metadata",
      "invalid-metadata",
      "wrong-type",
      "invalid-metadata",
    ]);
  });

  test("that is missing is an error of the file", async () => {
    const { metadata, problems } = await readText("[tool.zlig]\n");
    expect(metadata).toBeUndefined();
    expect(problems.map(({ code }) => code)).toEqual(["missing-key"]);
  });

  test("that is no table is an error", async () => {
    expect(refusal(await readText("project = 1\n"))).toEqual([
      "wrong-type",
      "1",
      "`project` takes a table, not a number",
    ]);
  });

  test("refuses unknown keys and names the nearest", async () => {
    const reading = await read('licence = "MIT"\nhome-page = "x"');
    expect(reading.problems.map((problem) => [culprit(reading, problem), problem.hint])).toEqual([
      ["licence", "Did you mean `license`?"],
      ["home-page", expect.stringContaining("[tool.…]")],
    ]);
  });

  test.for([
    ['[project]\nversion = "1"', "missing-key", "`project.name` is missing"],
    ['[project]\nname = "a"', "missing-key", "`project.version` is missing"],
  ])("needs name and version: %j", async ([text = "", code, message]) => {
    const [foundCode, , foundMessage] = refusal(await readText(text));
    expect([foundCode, foundMessage]).toEqual([code, message]);
  });

  test.for([
    ['description = ["a"]', "wrong-type", '["a"]'],
    ["classifiers = [1]", "wrong-type", "1"],
    ['keywords = ["a\\nb"]', "invalid-metadata", '"a\\nb"'],
    ['requires-python = ">=3.8, 3.9"', "invalid-metadata", "3.9"],
    ["dependencies = [\"a\", 'numpy 1.20']", "invalid-metadata", "1.20"],
    ['dependencies = ["a; os_name == \\"nt"]', "invalid-metadata", '"a; os_name == \\"nt"'],
    ['optional-dependencies.x = ["a>"]', "invalid-metadata", ">"],
    ['optional-dependencies.x = "a"', "wrong-type", '"a"'],
    ['optional-dependencies."a b" = []', "invalid-metadata", '"a b"'],
    ['license = "Apache 2.0"', "invalid-metadata", "Apache"],
    ['authors = [{ nam = "x", name = "y" }]', "invalid-metadata", "nam"],
    ['authors = [{ email = "someone" }]', "invalid-metadata", '"someone"'],
    ['authors = ["someone"]', "wrong-type", '"someone"'],
    ["authors = [{}]", "invalid-metadata", "{}"],
    ['urls."a,b" = "x"', "invalid-metadata", '"a,b"'],
    [`urls.${"a".repeat(33)} = "x"`, "invalid-metadata", "a".repeat(33)],
    ['urls.a = ""', "invalid-metadata", '""'],
    ['scripts.x = "demo"', "invalid-metadata", "demo"],
    ['scripts."../x" = "demo:main"', "invalid-metadata", '"../x"'],
    ['entry-points.console_scripts.x = "demo:main"', "invalid-metadata", "console_scripts"],
    ['entry-points.gui_scripts.x = "demo:main"', "invalid-metadata", "gui_scripts"],
    ['entry-points."a b".x = "demo:main"', "invalid-metadata", '"a b"'],
    ['entry-points.a.x = "demo:"', "invalid-metadata", "demo:"],
    ["entry-points.a.x.y = 1", "wrong-type", "x"],
    ['import-names = ["a.class"]', "invalid-metadata", '"a.class"'],
    ['import-names = ["a; public"]', "invalid-metadata", '"a; public"'],
    ['import-names = ["a.b"]', "invalid-metadata", '"a.b"'],
    ['import-names = ["a"]\nimport-namespaces = ["a ; private"]', "invalid-metadata", '"a ; private"'],
    ["import-namespaces = []", "invalid-metadata", "[]"],
  ])("refuses %j", async ([lines = "", code, at]) => {
    expect((await refuse(lines)).slice(0, 2)).toEqual([code, at]);
  });

  test.for([
    ['[project]\nname = "demo"\nversion = "1.0-x"', "1.0-x"],
    ['[project]\nname = "demo-"\nversion = "1.0"', '"demo-"'],
  ])("refuses %j", async ([text = "", at]) => {
    expect(refusal(await readText(text)).slice(0, 2)).toEqual(["invalid-metadata", at]);
  });

  test("refuses two extras of one normalised name, and shows both (PEP 685)", async () => {
    const reading = await read('[project.optional-dependencies]\nA_b = []\na-B = ["x"]');
    expect(refusal(reading)[1]).toBe("a-B");
    expect(reading.problems[0]?.related.map(({ location }) => location.range?.start.line)).toEqual([4]);
  });

  test("refuses a script and a GUI script of one name", async () => {
    expect((await refuse('scripts.x = "a:b"\ngui-scripts.x = "a:b"'))[1]).toBe("x");
  });

  test("takes names that are also names of JavaScript's objects", async () => {
    const metadata = await accept('scripts.constructor = "a:b"\nurls.toString = "https://x.y/"');
    expect(metadata.entryPoints).toEqual({ console_scripts: { constructor: "a:b" } });
    expect(Object.entries(metadata.urls)).toEqual([["toString", "https://x.y/"]]);
  });

  test("warns of a description of several lines, and forgives line breaks around it", async () => {
    expect(await warn('description = "a\\nb"')).toEqual([
      ['"a\\nb"', "`project.description` has more than one line; package indexes refuse that"],
    ]);
    expect((await accept('description = "\\n a\\n"')).description).toBe("a");
    expect(await accept('description = ""\nrequires-python = ""')).not.toHaveProperty("description");
  });
});

describe("dynamic", () => {
  const dynamic = (fields: string): string => `[project]\nname = "demo"\ndynamic = [${fields}]\n`;

  test("takes version and description from the module", async () => {
    const module = { version: "1.0-rc1", docstring: "\n  First line.\n\n  More." };
    const { metadata } = await readText(dynamic('"version", "description"'), { module });
    expect(metadata).toMatchObject({
      version: "1.0rc1",
      description: "First line.",
      dynamic: ["version", "description"],
    });
  });

  test.for([
    ["a module without a version", {}, '"version"', "dynamic-undetermined"],
    ["a version that is none", { version: "one" }, '"version"', "invalid-metadata"],
  ] as const)("refuses %s", async ([, module, at, code]) => {
    expect(refusal(await readText(dynamic('"version"'), { module })).slice(0, 2)).toEqual([code, at]);
  });

  test("refuses a module without a docstring, or none at all", async () => {
    const refused = [
      "dynamic-undetermined",
      '"description"',
      "The description was not found in the source text of the module",
    ];
    expect(await refuse('dynamic = ["description"]', { module: { version: "1" } })).toEqual(refused);
    expect(await refuse('dynamic = ["description"]', { module: { docstring: " \n" } })).toEqual(refused);
    expect(await refuse('dynamic = ["description"]')).toEqual(refused);
  });

  test("appends import names to those that are written (PEP 808)", async () => {
    const metadata = await accept(
      'import-names = ["demo", "_x; private"]\ndynamic = ["import-names", "import-namespaces"]',
      {
        supplied: { importNames: ["_x", "demo", "more"], importNamespaces: [] },
      },
    );
    expect(metadata.importNames).toEqual(["demo", "_x; private", "more"]);
    expect(metadata).not.toHaveProperty("importNamespaces");
  });

  test("does not fill in import names that it does not list", async () => {
    expect(await accept("", { supplied: { importNames: ["demo"] } })).not.toHaveProperty("importNames");
  });

  test("refuses import names that nobody supplied", async () => {
    expect((await refuse('dynamic = ["import-names"]')).slice(0, 2)).toEqual([
      "dynamic-undetermined",
      '"import-names"',
    ]);
  });

  test.for([
    ['dynamic = ["readme"]', "dynamic-undetermined", '"readme"'],
    ['dynamic = ["dependencies"]', "dynamic-undetermined", '"dependencies"'],
    ['dynamic = ["name"]', "invalid-metadata", '"name"'],
    ['dynamic = ["dynamic"]', "invalid-metadata", '"dynamic"'],
    ['dynamic = ["licence"]', "invalid-metadata", '"licence"'],
    ['dynamic = ["version"]', "invalid-metadata", '"version"'],
    ['description = "a"\ndynamic = ["description"]', "invalid-metadata", '"description"'],
    ['dynamic = "version"', "wrong-type", '"version"'],
  ])("refuses %j", async ([lines = "", code, at]) => {
    expect((await refuse(lines)).slice(0, 2)).toEqual([code, at]);
  });

  test("warns of a list that it would add nothing to", async () => {
    expect(await warn('dependencies = ["a"]\ndynamic = ["dependencies"]')).toEqual([
      ['"dependencies"', "Zlig adds nothing to `project.dependencies`"],
    ]);
  });
});

describe("readme", () => {
  test.for([
    ["README.md", "text/markdown"],
    ["docs/README.RST", "text/x-rst"],
    ["./readme.txt", "text/plain"],
  ])("%s has the content type %s", async ([file = "", contentType]) => {
    const metadata = await accept(`readme = ${JSON.stringify(file)}`, { files: { [file]: "\uFEFFa\rb" } });
    expect(metadata.readme).toEqual({ text: "a\nb", contentType, file: file.replace("./", "") });
  });

  test("may be a table", async () => {
    const content = 'content-type = "text/markdown; charset=UTF-8; variant=GFM"';
    expect((await accept(`readme = { text = "x", ${content} }`)).readme).toEqual({
      text: "x",
      contentType: "text/markdown; charset=UTF-8; variant=GFM",
    });
    const files = { README: "y" };
    expect((await accept(`readme = { file = "README", ${content} }`, { files })).readme?.text).toBe("y");
  });

  test.for([
    ['readme = "README"', "invalid-metadata", '"README"'],
    ["readme = 1", "wrong-type", "1"],
    ['readme = "missing.md"', "path-missing", '"missing.md"'],
    ['readme = "folder.md"', "path-missing", '"folder.md"'],
    ['readme = "readme.md"', "path-missing", '"readme.md"'],
    ['readme = "a\\\\b.md"', "glob-syntax", '"a\\\\b.md"'],
    ['readme = "../x.md"', "path-outside-project", '"../x.md"'],
    ['readme = "/x.md"', "path-outside-project", '"/x.md"'],
    ['readme = "C:/x.md"', "path-outside-project", '"C:/x.md"'],
    ['readme = "link.md"', "path-outside-project", '"link.md"'],
    ['readme = "folder-link/x.md"', "path-outside-project", '"folder-link/x.md"'],
    ['readme = "latin.md"', "invalid-metadata", '"latin.md"'],
    ['readme = { file = "README.md" }', "missing-key", '{ file = "README.md" }'],
    ['readme = { text = "x", content-type = "text/html" }', "invalid-metadata", '"text/html"'],
    [
      'readme = { text = "x", content-type = "text/plain; charset=latin-1" }',
      "invalid-metadata",
      '"text/plain; charset=latin-1"',
    ],
    [
      'readme = { text = "x", content-type = "text/x-rst; variant=GFM" }',
      "invalid-metadata",
      '"text/x-rst; variant=GFM"',
    ],
    ['readme = { content-type = "text/plain" }', "invalid-metadata", '{ content-type = "text/plain" }'],
    ['readme = { text = "x", content-type = "text/plain", charset = "utf-8" }', "invalid-metadata", "charset"],
  ])("refuses %j", async ([lines = "", code, at]) => {
    const outside = makeTree({ "x.md": "secret" });
    const files: Record<string, TreeNode> = {
      "README.md": "x",
      "folder.md/x": "",
      "latin.md": new Uint8Array([0xe9]),
      "link.md": { link: join(outside, "x.md") },
      "folder-link": { link: outside },
    };
    expect((await refuse(lines, { files })).slice(0, 2)).toEqual([code, at]);
  });

  test("follows a link that stays in the project", async () => {
    const files = { "docs/x.md": "x", "README.md": { link: "docs/x.md" } };
    expect((await accept('readme = "README.md"', { files })).readme?.text).toBe("x");
  });
});

describe("license", () => {
  const files = { LICENSE: "l", "COPYING.txt": "c", "sub/LICENSE": "s", "license.md": "no", ".hidden/LICENSE": "h" };

  test("files are found by Flit's globs if none are named", async () => {
    expect((await accept("", { files })).licenseFiles).toEqual(["COPYING.txt", "LICENSE"]);
    expect(await accept("")).not.toHaveProperty("licenseFiles");
  });

  test("files may be none", async () => {
    expect((await accept("license-files = []", { files })).licenseFiles).toEqual([]);
  });

  test("files are those that globs match, sorted, each once", async () => {
    const globs = 'license-files = ["**/LICENSE", "LICEN[CS]E", "COPYIN?.txt", ".hidden/LICENSE"]';
    expect((await accept(globs, { files })).licenseFiles).toEqual([
      ".hidden/LICENSE",
      "COPYING.txt",
      "LICENSE",
      "sub/LICENSE",
    ]);
  });

  test.for([
    ['"../LICENSE"', "glob-syntax"],
    ['"/LICENSE"', "glob-syntax"],
    ['"LICEN{C,S}E"', "glob-syntax"],
    ['"sub\\\\LICENSE"', "glob-syntax"],
    ['"!LICENSE"', "glob-syntax"],
    ['"LICEN[CE"', "glob-syntax"],
    ['"LICEN[]E"', "glob-syntax"],
    ['""', "glob-syntax"],
    ['"NOTHING*"', "glob-empty"],
    ['"license"', "glob-empty"],
    ['"sub"', "glob-empty"],
    ['"latin"', "invalid-metadata"],
    ['"link"', "path-outside-project"],
    ["1", "wrong-type"],
  ])("files refuse the glob %s", async ([glob = "", code]) => {
    const outside = makeTree({ secret: "s" });
    const more = { ...files, latin: new Uint8Array([0xe9]), link: { link: join(outside, "secret") } };
    expect((await refuse(`license-files = [${glob}]`, { files: more })).slice(0, 2)).toEqual([code, glob]);
  });

  test("files found by default are refused outside the project, and only warned of if they are not UTF-8", async () => {
    const outside = makeTree({ secret: "s" });
    expect((await refuse("", { files: { LICENSE: { link: join(outside, "secret") } } }))[0]).toBe(
      "path-outside-project",
    );
    const latin = { COPYING: new Uint8Array([0xe9]) };
    expect((await warn("", { files: latin })).map(([, message]) => message)).toEqual([
      'The licence file "COPYING" is not UTF-8 text',
    ]);
  });

  test("is normalised, and its hint names the nearest identifier", async () => {
    expect((await accept('license = "apache-2.0 or mit"')).licenseExpression).toBe("Apache-2.0 OR MIT");
    const hints = await Promise.all(
      ["Apache-2", "Apache License 2.0", "some own words"].map(
        async (text) => (await read(`license = "${text}"`)).problems[0]?.hint,
      ),
    );
    expect(hints).toEqual([
      expect.stringContaining("`Apache-2.0`"),
      expect.stringContaining("`Apache-2.0`"),
      expect.stringContaining("such as `MIT`"),
    ]);
  });

  test("as a table is deprecated, but read", async () => {
    const table = 'license = { file = "sub/LICENSE" }';
    expect(await accept(table, { files })).toMatchObject({
      licenseText: "s",
      licenseFiles: ["COPYING.txt", "LICENSE", "sub/LICENSE"],
    });
    expect((await warn(table, { files })).map(([, message]) => message)).toEqual([
      "`project.license` as a table is deprecated (PEP 639)",
    ]);
    expect((await accept('license = { text = "a\\r\\nb" }')).licenseText).toBe("a\nb");
  });

  test.for([
    ['license = { text = "a", file = "LICENSE" }', '{ text = "a", file = "LICENSE" }'],
    ["license = {}", "{}"],
    ['license = { text = "a", name = "b" }', "name"],
    ['license = { file = "missing" }', '"missing"'],
    ['license = { text = "a" }\nlicense-files = ["LICENSE"]', "license-files"],
    ["license = 1", "1"],
    ['license = ""', '""'],
  ])("refuses %j", async ([lines = "", at]) => {
    const errors = (await read(lines, { files })).problems.filter(({ severity }) => severity === "error");
    const reading = await read(lines, { files });
    expect(culprit(reading, errors[0])).toBe(at);
    expect(reading.metadata).toBeUndefined();
  });

  test("warns of licence classifiers, once", async () => {
    const classifiers = 'classifiers = ["A", "License :: OSI Approved", "License :: Other"]';
    for (const license of ["", 'license = "MIT"']) {
      expect(await warn(`${classifiers}\n${license}`)).toEqual([
        ['"License :: OSI Approved"', "Licence classifiers are deprecated (PEP 639)"],
      ]);
    }
  });
});
