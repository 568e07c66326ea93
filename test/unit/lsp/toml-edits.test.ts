import fc from "fast-check";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import type { ManifestReading } from "../../../server/core/manifest/read.ts";
import { inspectManifest } from "../../../server/core/manifest/read.ts";
import {
  addPair,
  addString,
  addTable,
  appendToArray,
  tomlString,
  valueNodeAt,
} from "../../../server/lsp/toml-edits.ts";
import { applyEdits } from "../../support/language-client.ts";

function read(text: string): ManifestReading {
  return inspectManifest("/project/pyproject.toml", text);
}

function appended(text: string, element = '"new"'): string {
  const reading = read(text);
  const node = valueNodeAt(reading, ["a"]);
  if (node?.kind !== "array") throw new Error("no array");
  return applyEdits(text, [appendToArray(reading, node, element)]);
}

describe("adding to an array", () => {
  it.each([
    ["a = []", 'a = ["new"]'],
    ["a = [ ] # c", 'a = ["new" ] # c'],
    ['a = ["x"]', 'a = ["x", "new"]'],
    ['a = [ "x", ]', 'a = [ "x", "new" ]'],
    ['a = [\n  "x"\n]', 'a = [\n  "x",\n  "new",\n]'],
    ['a = [\n  "x",  # about x\n  # the end\n]', 'a = [\n  "x",  # about x\n  "new",\n  # the end\n]'],
    ['a = [\r\n\t"x",\r\n]\r\n', 'a = [\r\n\t"x",\r\n\t"new",\r\n]\r\n'],
    ['a = ["x",\n "y"]', 'a = ["x",\n "y", "new"]'],
  ])("of the form %j keeps its form", (before, after) => {
    expect(appended(before)).toBe(after);
  });

  it("adds just the element, whatever the layout", () => {
    const gap = fc.constantFrom("", " ", "\n", "\n  ", " # a, ] comment\n");
    fc.assert(
      fc.property(fc.array(fc.tuple(gap, gap), { maxLength: 4 }), gap, fc.boolean(), (elements, last, comma) => {
        const inner = elements.map(([before, after], index) => `${before}"${index}"${after}`).join(",");
        const text = `a = [${inner}${comma && elements.length > 0 ? "," : ""}${last}]\nb = 1\n`;
        const expected = [...elements.map((_, index) => String(index)), "new"];
        expect(parse(appended(text))).toEqual({ a: expected, b: 1 });
      }),
    );
  });
});

describe("adding a pair", () => {
  it("puts it behind the table's last pair, before what leads to the next table", () => {
    const text = "[x]\na = 1 # one\n\n# about y\n[y]\nb = 2\n";
    const edit = addPair(read(text), ["x"], "c", "3");
    expect(edit === undefined ? text : applyEdits(text, [edit])).toBe(
      "[x]\na = 1 # one\nc = 3\n\n# about y\n[y]\nb = 2\n",
    );
  });

  it("gives nothing where no header has the table", () => {
    expect(addPair(read("x = { a = 1 }"), ["x"], "c", "3")).toBeUndefined();
  });
});

describe("adding a string", () => {
  it("makes the array, or the table, where there is none", () => {
    const add = (text: string): string => {
      const edit = addString(read(text), ["build-system", "requires"], "zlig");
      return edit === undefined ? text : applyEdits(text, [edit]);
    };
    expect(add("[build-system]\n")).toBe('[build-system]\nrequires = ["zlig"]\n');
    expect(add("[x]\n")).toBe('[x]\n\n[build-system]\nrequires = ["zlig"]\n');
    expect(add('[build-system]\nrequires = ["a"]')).toBe('[build-system]\nrequires = ["a", "zlig"]');
    expect(add('[build-system]\nrequires = "a"')).toBe('[build-system]\nrequires = "a"');
  });
});

describe("adding a table", () => {
  it.each([
    ["", "[t]\nk = 1\n"],
    ["a = 1", "a = 1\n\n[t]\nk = 1\n"],
    ["a = 1\n", "a = 1\n\n[t]\nk = 1\n"],
    ["a = 1\n\n", "a = 1\n\n[t]\nk = 1\n"],
    ["a = 1\r\n", "a = 1\r\n\r\n[t]\r\nk = 1\r\n"],
  ])("to %j leaves one empty line", (before, after) => {
    expect(applyEdits(before, [addTable(read(before), "[t]", [["k", "1"]])])).toBe(after);
  });
});

describe("a TOML string", () => {
  it("means the text it is made from", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 20 }), (text) => {
        expect(parse(`a = ${tomlString(text)}`)).toEqual({ a: text });
      }),
    );
    expect(parse(`a = ${tomlString('\u0000\u001f\u007f\\"')}`)).toEqual({ a: '\u0000\u001f\u007f\\"' });
  });
});
