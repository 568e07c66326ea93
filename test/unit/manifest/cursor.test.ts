import { describe, expect, test } from "vitest";
import { ManifestDocument } from "../../../server/core/manifest/document.ts";

/** What the cursor, written as `|`, is in: its place, its path, and the text that a completion would replace. */
function at(marked: string): string {
  const offset = marked.indexOf("|");
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  const { place, path, range } = new ManifestDocument(text).pathAt(offset);
  return `${place} ${path.join("/")}${range === undefined ? "" : ` <${text.slice(range.start, range.end)}>`}`;
}

describe("pathAt", () => {
  test.each([
    ["|", "key "],
    ["na|me = 1", "key name <name>"],
    ["name| = 1", "key name <name>"],
    ["name |= 1", "key name"],
    ["name = |", "value name"],
    ["name =|", "value name"],
    ["name = '|'", "value name <''>"],
    ['name = "ab|', 'value name <"ab>'],
    ["name = 1 |", "value name"],
    ["[pro|ject]", "header project <project>"],
    ["[tool.zl|", "header tool/zl <zl>"],
    ["[tool.|", "header tool"],
    ["[tool.|]", "header tool"],
    ["[to|ol.zlig]", "header tool <tool>"],
    ["[[|", "header "],
    ["[a]\n|", "key a"],
    ["[a]\nx = 1\n|\n[b]", "key a"],
    ["[a]\nx|\n[b]", "key a/x <x>"],
    ["[a]\nx.y|.z = 1", "key a/x/y <y>"],
    ["[a]\nx.| = 1", "key a/x"],
    ["[a]\nx.y.z = |", "value a/x/y/z"],
    ["[[a]]\n[[a]]\nx| = 1", "key a/1/x <x>"],
    ["[[a]]\n[a.b]\nx = |", "value a/0/b/x"],
    ["x = [|]", "value x/0"],
    ["x = ['a', 'b|']", "value x/1 <'b'>"],
    ["x = ['a', |]", "value x/1"],
    ["x = ['a'|", "value x/0 <'a'>"],
    ["x = [\n  'a',\n  |\n]\ny = 1", "value x/1"],
    ["x = [\n  'a',\n  |\n[y]", "value x/1"],
    ["x = [\n  |\n\ny = 1", "value x/0"],
    ["x = { | }", "key x"],
    ["x = { a = 1, | }", "key x"],
    ["x = { a| }", "key x/a <a>"],
    ["x = { a = | }", "value x/a"],
    ["x = { a = 1, b.c = '|' }", "value x/b/c <''>"],
    ["x = [{ na| }]", "key x/0/na <na>"],
    ["x = [{ a = 1 }, { b = [|", "value x/1/b/0"],
    ["x = [{ |\ny = 1", "key x/0"],
    ["x = [{ a = ['|\ny = 1", "value x/0/a/0 <'>"],
    ["x = [{ a = 1 }|]", "value x/0 <{ a = 1 }>"],
    ["x = 1 # com|ment", "comment "],
    ["[a] # |", "comment a"],
    ["x = '🐍' # 🐍\n[a]\ny = '🐍|'", "value a/y <'🐍'>"],
    ["x = 1\r\n[a]\r\ny|\r\n[b]\r\n", "key a/y <y>"],
  ])("%j is in %s", (marked, expected) => {
    expect(at(marked)).toBe(expected);
  });

  test("gives an answer at every offset of a broken text", () => {
    const text = "[a\nx = [{ b = '\n[[c.\ny = {{ = ]\n'''\n\"z\" . = [1,, 2\n[d]\nq = 1";
    const document = new ManifestDocument(text);
    for (let offset = 0; offset <= text.length; offset += 1) {
      const { range } = document.pathAt(offset);
      expect(range === undefined || (range.start <= offset && offset <= range.end)).toBe(true);
    }
    expect(document.pathAt(text.length)).toMatchObject({ place: "value", path: ["d", "q"] });
  });
});
