import { deepStrictEqual } from "node:assert";
import { TomlDate } from "smol-toml";
import { describe, expect, test } from "vitest";
import { ManifestDocument } from "../../../server/core/manifest/document.ts";
import type { ManifestPath } from "../../../server/core/manifest/manifest.ts";

const text = `title = "t"
[project]
name = "demo"
urls.home = "h"
urls.docs = "d"

[tool.zlig]
extensions = [{ name = "a", sources = ["x.c", { path = "y.c" }] }, { name = "b" }]
build.optimize = "Debug"

[[tool.zlig.libraries]]
name = "one"

[[tool.zlig.libraries]]
name = "two"

[tool.zlig.libraries.define-macros]
X = 1
`;

function located(path: ManifestPath, part?: "key" | "value"): string | undefined {
  const place = new ManifestDocument(text).locate(path, part);
  return place === undefined ? undefined : text.slice(place.start, place.end);
}

describe("locate", () => {
  test.each<[ManifestPath, value: string, key: string]>([
    [["title"], '"t"', "title"],
    [["project"], "[project]", "project"],
    [["project", "urls"], "urls", "urls"],
    [["project", "urls", "docs"], '"d"', "docs"],
    [["tool"], "tool", "tool"],
    [
      ["tool", "zlig", "extensions", 0],
      '{ name = "a", sources = ["x.c", { path = "y.c" }] }',
      '{ name = "a", sources = ["x.c", { path = "y.c" }] }',
    ],
    [["tool", "zlig", "extensions", 0, "sources"], '["x.c", { path = "y.c" }]', "sources"],
    [["tool", "zlig", "extensions", 0, "sources", 0], '"x.c"', '"x.c"'],
    [["tool", "zlig", "extensions", 0, "sources", 1, "path"], '"y.c"', "path"],
    [["tool", "zlig", "extensions", 1, "name"], '"b"', "name"],
    [["tool", "zlig", "build", "optimize"], '"Debug"', "optimize"],
    [["tool", "zlig", "libraries"], "[[tool.zlig.libraries]]", "libraries"],
    [["tool", "zlig", "libraries", 1], "[[tool.zlig.libraries]]", "[[tool.zlig.libraries]]"],
    [["tool", "zlig", "libraries", 1, "name"], '"two"', "name"],
    [["tool", "zlig", "libraries", 1, "define-macros", "X"], "1", "X"],
  ])("%j", (path, value, key) => {
    expect([located(path), located(path, "key")]).toEqual([value, key]);
  });

  test("tells elements of an array of tables apart", () => {
    const document = new ManifestDocument(text);
    expect(document.locate(["tool", "zlig", "libraries", 1])?.start).toBe(text.lastIndexOf("[[tool.zlig.libraries]]"));
    expect(document.locate(["tool", "zlig", "libraries", 0])?.start).toBe(text.indexOf("[[tool.zlig.libraries]]"));
  });

  test.each<[ManifestPath, string | undefined]>([
    [["project", "version"], "[project]"],
    [["tool", "zlig", "libraries", 7, "name"], "[[tool.zlig.libraries]]"],
    [["tool", "zlig", "extensions", 1, "sources", 3], '{ name = "b" }'],
    [["title", "deeper"], '"t"'],
    [["title", 0], '"t"'],
    [["absent"], undefined],
    [[], undefined],
  ])("gives for %j, which is not there, the nearest place above", (path, place) => {
    expect([located(path), located(path, "key")]).toEqual([place, place]);
  });

  test("a header that comes after its subtable is the place of its table", () => {
    const late = "[a.b]\nx = 1\n[a]\ny = 2\n";
    const place = new ManifestDocument(late).locate(["a"]);
    expect(late.slice(place?.start, place?.end)).toBe("[a]");
  });
});

describe("toValues", () => {
  test("gives tables without a prototype, also for names that a prototype has", () => {
    const values = new ManifestDocument("__proto__.x = 1\nconstructor = 2\n[hasOwnProperty]\ntoString = 3").toValues();
    expect(Object.keys(values)).toEqual(["__proto__", "constructor", "hasOwnProperty"]);
    expect(Object.getPrototypeOf(values)).toBeNull();
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });

  test("gives dates as smol-toml does", () => {
    const values = new ManifestDocument(
      "a = 1979-05-27 07:32:00\nb = 07:32:00\nc = 1979-05-27\nd = 1979-05-27T00:32:00-07:00",
    ).toValues();
    const strings = ["a", "b", "c", "d"].map((name) => {
      const date = values[name];
      return date instanceof TomlDate ? date.toISOString() : undefined;
    });
    expect(strings).toEqual(["1979-05-27T07:32:00.000", "07:32:00.000", "1979-05-27", "1979-05-27T00:32:00.000-07:00"]);
  });

  test("leaves out what is broken and keeps the rest", () => {
    const values = new ManifestDocument("a = oops\nb = [1, oops, 2]\nc = 3").toValues();
    deepStrictEqual({ ...values }, { b: [1, 2], c: 3 });
  });

  test("the first of two definitions holds", () => {
    expect({ ...new ManifestDocument("a = 1\na = 2").toValues() }).toEqual({ a: 1 });
  });
});

describe("intact", () => {
  test("a fault in a subtable is one of its table, not of its sibling", () => {
    const document = new ManifestDocument("[a]\nx = 1\n[a.b]\ny = \n[c]\nz = 1");
    expect([
      document.intact(["a"]),
      document.intact(["a", "b"]),
      document.intact(["a", "x"]),
      document.intact(["c"]),
    ]).toEqual([false, false, true, true]);
  });

  test("a header that was not finished may be any table below the nearest one it names", () => {
    const document = new ManifestDocument("[tool.zlig]\nx = 1\n[tool.zlig.\ny = 1\n[project]");
    expect(document.intact(["tool", "zlig"])).toBe(false);
    expect(document.intact(["project"])).toBe(true);
  });

  test("what is not there is not intact", () => {
    expect(new ManifestDocument("a = 1").intact(["b"])).toBe(false);
  });

  test("forms of TOML 1.1 are no fault", () => {
    expect(new ManifestDocument("a = { b = 1, }").intact(["a"])).toBe(true);
  });
});
