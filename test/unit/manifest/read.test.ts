import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ProblemsError, ZligError } from "../../../server/core/error.ts";
import { parseManifest, readManifest } from "../../../server/core/manifest/read.ts";

const file = "/project/pyproject.toml";

function errorOf(run: () => unknown): ZligError {
  try {
    run();
  } catch (error) {
    if (error instanceof ZligError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

async function rejectionOf(promise: Promise<unknown>): Promise<ZligError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ZligError) return error;
  throw new Error(`no ZligError: ${String(error)}`);
}

/** What the range of an error covers in its text. */
function covered(text: string, error: ZligError): string {
  const range = error.location?.range;
  if (range === undefined) throw new Error("no range");
  const lines = text.split("\n");
  expect(range.start.line).toBe(range.end.line);
  return lines[range.start.line]?.slice(range.start.character, range.end.character) ?? "";
}

describe("parseManifest", () => {
  test("gives values and their places", () => {
    const text = '[project]\nname = "demo"\n[tool.zlig]\nextensions = [{ name = "a.🐍", sources = ["x.c"] }]\n';
    const manifest = parseManifest(file, text);
    expect(manifest.file).toBe(file);
    expect(manifest.text).toBe(text);
    expect(manifest.values["project"]).toEqual({ name: "demo" });
    expect(manifest.locate(["tool", "zlig", "extensions", 0, "sources", 0])).toEqual({
      file,
      range: { start: { line: 3, character: 42 }, end: { line: 3, character: 47 } },
    });
    expect(manifest.locate(["project", "name"], "key")).toEqual({
      file,
      range: { start: { line: 1, character: 0 }, end: { line: 1, character: 4 } },
    });
    expect(manifest.locate(["project", "version"])).toEqual({
      file,
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 9 } },
    });
    expect(manifest.locate(["dependency-groups"])).toEqual({ file });
  });

  test("gives the same values for the line ends of Windows", () => {
    const text = 'a = """\nx\ny"""\nb = [\n  1,\n]\n';
    expect(parseManifest(file, text.replaceAll("\n", "\r\n")).values).toEqual(parseManifest(file, text).values);
  });

  test("keeps integers that other tools have beyond 2^53", () => {
    expect(parseManifest(file, "a = 9007199254740993").values["a"]).toBe(9007199254740993n);
  });

  test("allows `constructor` as a key and refuses `__proto__`, however it is written", () => {
    expect(parseManifest(file, '[project.scripts]\nconstructor = "a:b"').values["project"]).toEqual({
      scripts: { constructor: "a:b" },
    });
    for (const text of [
      "__proto__ = 1",
      "[__proto__.a]",
      "a = [{ '__proto__' = {} }]",
      '"\\u005f_proto__".x = 1',
      "[[a]]\n__proto__.b = 1",
    ]) {
      expect(errorOf(() => parseManifest(file, text))).toMatchObject({ code: "toml-syntax" });
    }
    expect(
      covered(
        "a = 1\n__proto__ = 2",
        errorOf(() => parseManifest(file, "a = 1\n__proto__ = 2")),
      ),
    ).toBe("__proto__");
  });

  test.each([
    ["name = demo", "demo", /quotes/],
    ["version = 1.0.0", "1.0.0", /quotes/],
    ["name = “demo”", "“demo”", /straight quotes/],
    ["name = None", "None", /null/],
    ["fast = True", "True", /`true`/],
    ['name: "demo"', ":", /`=`/],
    ['name == "demo"', "=", /single/],
    ['path = "src\\demo"', "\\d", /backslash/],
    ['path = "C:\\Users\\x"', "\\U", /backslash/],
    ['name = "demo', '"demo', /quote/],
    ['a = ["x"', "[", /`\]`/],
    ["a = {b = 1", "{", /`}`/],
    ["[project", "[project", /`\]`/],
    ['a = ["x" = "y"]', '"', /comma/],
    ['a = "x", "y"', ', "y"', /brackets/],
    ["a = 1\na = 2", "a", /Remove one/],
    ["[a]\n[a]", "a", /one header/],
    ["a =", "=", /value/],
    ["name", "name", /key = value/],
    ["a. = 1", ".", /dot/],
    ["a = 2026-1-1", "2026-1-1", /2026-01-31/],
    ["my key = 1", "my key", /quotes/],
  ])("%j is refused at %j with a hint", (text, place, hint) => {
    const error = errorOf(() => parseManifest(file, text));
    expect(error.code).toBe("toml-syntax");
    expect(error.location?.file).toBe(file);
    expect(covered(text, error)).toBe(place);
    expect(error.hint).toMatch(hint);
    expect(error.exitCode).toBe(1);
  });

  test.each([
    ["a = {b = 1,}", /comma/],
    ["a = {\nb = 1\n}", /one line/],
    ['a = "\\e"', /u001b/],
    ['a = "\\x41"', /u00/],
    ["a = 12:30", /seconds/],
  ])("%j is refused as TOML 1.1", (text, hint) => {
    const error = errorOf(() => parseManifest(file, text));
    expect(error.code).toBe("toml-1-1");
    expect(error.hint).toMatch(hint);
  });

  test("a duplicate names the first definition", () => {
    const error = errorOf(() => parseManifest(file, "[project]\nname = 1\nname = 2\n"));
    expect(error.location?.range?.start).toEqual({ line: 2, character: 0 });
    expect(error.related).toEqual([
      {
        location: { file, range: { start: { line: 1, character: 0 }, end: { line: 1, character: 4 } } },
        message: "first defined here",
      },
    ]);
  });

  test("several faults come together, in the order of the text, and not without end", () => {
    const few = errorOf(() => parseManifest(file, "a = x\nb = {c = 1,}\nd =\n"));
    if (!(few instanceof ProblemsError)) throw new Error("not several");
    expect(few.problems.map((problem) => problem.code)).toEqual(["toml-syntax", "toml-1-1", "toml-syntax"]);
    const many = errorOf(() => parseManifest(file, "a\n".repeat(1000)));
    expect(many instanceof ProblemsError ? many.problems.length : 0).toBe(20);
  });

  test("a byte order mark is refused, as Python's reader does", () => {
    const error = errorOf(() => parseManifest(file, "\ufeffa = 1\n"));
    expect(error).toMatchObject({
      code: "toml-syntax",
      location: { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } },
    });
    expect(error.hint).toMatch(/byte order mark/);
  });

  test("arrays in each other are read up to a depth, and refused beyond without a crash", () => {
    expect(parseManifest(file, `a = ${"[".repeat(900)}${"]".repeat(900)}`).values["a"]).toHaveLength(1);
    expect(errorOf(() => parseManifest(file, `a = ${"[".repeat(5000)}${"]".repeat(5000)}`)).code).toBe("toml-syntax");
    expect(errorOf(() => parseManifest(file, `${"a.".repeat(50_000)}a = 1`)).code).toBe("toml-syntax");
  });
});

describe("readManifest", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "zlig-manifest-"));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  test("reads pyproject.toml of a folder", async () => {
    await writeFile(join(directory, "pyproject.toml"), '[project]\nname = "dé🐍"\n');
    const manifest = await readManifest(directory);
    expect(manifest.file).toBe(join(directory, "pyproject.toml"));
    expect(manifest.values["project"]).toEqual({ name: "dé🐍" });
  });

  test("an empty file is an empty manifest", async () => {
    await writeFile(join(directory, "pyproject.toml"), "");
    expect(Object.keys((await readManifest(directory)).values)).toEqual([]);
  });

  test("says that there is none, with a way out", async () => {
    const error = await rejectionOf(readManifest(directory));
    expect(error).toMatchObject({ code: "manifest-missing", location: { file: join(directory, "pyproject.toml") } });
    expect(error.message).toContain(directory);
    expect(error.hint).toContain("--project");
  });

  test("says that the project is no folder", async () => {
    await writeFile(join(directory, "x"), "");
    expect(await rejectionOf(readManifest(join(directory, "x")))).toMatchObject({ code: "manifest-missing" });
  });

  test("says that pyproject.toml is a folder", async () => {
    await mkdir(join(directory, "pyproject.toml"));
    const error = await rejectionOf(readManifest(directory));
    expect(error.code).toBe("manifest-missing");
    expect(error.message).toMatch(/is a folder/);
  });

  test("says that pyproject.toml is a link to itself", async () => {
    await symlink("pyproject.toml", join(directory, "pyproject.toml"));
    const error = await rejectionOf(readManifest(directory));
    expect(error.code).toBe("manifest-missing");
    expect(error.message).toMatch(/link/);
  });

  test("says where a file is not UTF-8", async () => {
    const bytes = Buffer.concat([Buffer.from("a = 1\r\nb = '🐍é"), Buffer.from([0xe9]), Buffer.from("x'\n")]);
    await writeFile(join(directory, "pyproject.toml"), bytes);
    const error = await rejectionOf(readManifest(directory));
    expect(error.code).toBe("toml-syntax");
    expect(error.message).toContain("0xE9");
    expect(error.location?.range).toEqual({ start: { line: 1, character: 8 }, end: { line: 1, character: 9 } });
  });

  test("recognises UTF-16", async () => {
    await writeFile(join(directory, "pyproject.toml"), Buffer.from("\ufeffa = 1", "utf16le"));
    const error = await rejectionOf(readManifest(directory));
    expect(error.message).toContain("UTF-16");
  });
});
