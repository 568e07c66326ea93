import { join } from "node:path";
import pc from "picocolors";
import { describe, expect, test } from "vitest";
import {
  diagnosticText,
  printable,
  printableLine,
  problemText,
  quantity,
  shortPath,
} from "../../../server/cli/text.ts";
import type { Diagnostic } from "../../../server/core/engine/diagnostic.ts";
import type { ZligErrorOptions } from "../../../server/core/error.ts";
import { ZligError } from "../../../server/core/error.ts";
import type { Location } from "../../../server/core/location.ts";
import { makeTree } from "../../support/tree.ts";

/** Characters that steer a terminal or hide what is written. */
const steering = ["\u001B", "\u0007", "\u202E"];

/** A place in a file of its own: zero-based line, characters from and to. */
function place(content: string, line: number, from: number, to: number, endLine = line): Location {
  const file = join(makeTree({ "a.toml": content }), "a.toml");
  return { file, range: { start: { line, character: from }, end: { line: endLine, character: to } } };
}

function render(location: Location | undefined, options: ZligErrorOptions = {}, columns?: number): string {
  const problem = new ZligError("unknown-key", "Unknown key", { ...options, location });
  const text = problemText(problem, columns === undefined ? {} : { columns });
  return location === undefined ? text : text.replaceAll(location.file, "a.toml");
}

/** The source line and the marks below it. */
function excerptOf(location: Location, columns?: number): string[] {
  return render(location, {}, columns).split("\n").slice(1);
}

describe("harmless texts", () => {
  test("what steers a terminal becomes visible", () => {
    expect(printable("\u001B[31mred\u001B]0;title\u0007")).toBe("\\x1b[31mred\\x1b]0;title\\x07");
    expect(printable("a\bb\u007F\u009B31m\u0000")).toBe("a\\x08b\\x7f\\x9b31m\\x00");
  });

  test("what turns the direction of writing around, or hides, becomes visible", () => {
    expect(printable("\u202Ecod.c\u202C \u2067x\u2069 \u200E\u200F\u061C\uFEFF")).toBe(
      "\\u202ecod.c\\u202c \\u2067x\\u2069 \\u200e\\u200f\\u061c\\ufeff",
    );
    expect(printable("a\u2028b\u2029c")).toBe("a\\u2028b\\u2029c");
  });

  test("line feeds and tabs stay, line ends of Windows become line feeds, a lone carriage return cannot overwrite a line", () => {
    expect(printable("a\n\tb\r\nc\rd")).toBe("a\n\tb\nc\\x0dd");
  });

  test("letters of every script stay, right-to-left ones and emoji too", () => {
    const text = "Grüße, שלום, 漢字, 👩‍👩‍👧 ❤️";
    expect(printable(text)).toBe(text);
  });

  test("in a line neither line feeds nor tabs stay", () => {
    expect(printableLine("a\nb\tc\u001B")).toBe("a\\nb\\tc\\x1b");
  });
});

describe("paths", () => {
  test("a file in the current folder is named from there", () => {
    expect(shortPath(join(process.cwd(), "src", "a.c"))).toBe(join("src", "a.c"));
    expect(shortPath(join(process.cwd(), "..a", "b.c"))).toBe(join("..a", "b.c"));
  });

  test("any other file, and the folder itself, keep their absolute path", () => {
    expect(shortPath(join(process.cwd(), "..", "a.c"))).toBe(join(process.cwd(), "..", "a.c"));
    expect(shortPath(process.cwd())).toBe(process.cwd());
  });
});

test("a quantity of one has no plural", () => {
  expect([0, 1, 2].map((number) => quantity(number, "error"))).toEqual(["0 errors", "1 error", "2 errors"]);
});

describe("problems", () => {
  test("a problem shows place, code, message, source line, marks and hint", () => {
    expect(render(place('[tool.zlig]\npakages = ["x"]\n', 1, 0, 7), { hint: "Did you mean `packages`?" })).toBe(
      [
        "a.toml:2:1: error[unknown-key]: Unknown key",
        '    2 | pakages = ["x"]',
        "      | ^^^^^^^",
        "  hint: Did you mean `packages`?",
      ].join("\n"),
    );
  });

  test("a problem without a place has none", () => {
    expect(render(undefined, { severity: "warning" })).toBe("warning[unknown-key]: Unknown key");
  });

  test("a file as a whole has no line", () => {
    expect(render({ file: "/nowhere/a.toml" })).toBe("a.toml: error[unknown-key]: Unknown key");
  });

  test("a source that cannot be read, or has no such line any more, is not shown", () => {
    const range = { start: { line: 3, character: 0 }, end: { line: 3, character: 1 } };
    expect(render({ file: "/nowhere/a.toml", range })).toBe("a.toml:4:1: error[unknown-key]: Unknown key");
    expect(render(place("one line", 3, 0, 1))).toBe("a.toml:4:1: error[unknown-key]: Unknown key");
  });

  test("a further place has its message and its own source line", () => {
    const location = place("a = 1\na = 2\n", 1, 0, 1);
    const start = { line: 0, character: 0 };
    const related = [
      { location: { file: location.file, range: { start, end: { line: 0, character: 1 } } }, message: "first" },
    ];
    expect(render(location, { related, hint: "Remove one" }).split("\n").slice(3)).toEqual([
      "  a.toml:1:1: first",
      "    1 | a = 1",
      "      | ^",
      "  hint: Remove one",
    ]);
  });

  test("a hint of several lines is indented below itself", () => {
    expect(render(undefined, { hint: "one\ntwo" })).toBe("error[unknown-key]: Unknown key\n  hint: one\n        two");
  });

  test("in brief only the head is shown", () => {
    const problem = new ZligError("unknown-key", "x", { location: place("a", 0, 0, 1), hint: "y" });
    expect(problemText(problem, { brief: true })).toMatch(/a\.toml:1:1: error\[unknown-key\]: x$/);
  });

  test("what a file or a message holds cannot steer the terminal", () => {
    const location = place("key = '\u001B[2J\u202E'\n", 0, 7, 12);
    const problem = new ZligError("invalid-value", "\u001B[2J is odd", { location, hint: "\u0007" });
    for (const character of steering) expect(problemText(problem)).not.toContain(character);
    expect(excerptOf(location)).toEqual([
      "    1 | key = '\\x1b[2J\\u202e'",
      `      | ${" ".repeat(7)}${"^".repeat(13)}`,
    ]);
  });

  test("a file name cannot make a line of its own", () => {
    const problem = new ZligError("source-kind", "x", { location: { file: "/p/a\nerror: b.c" } });
    expect(problemText(problem)).toBe("/p/a\\nerror: b.c: error[source-kind]: x");
  });

  test("colours go to place, severity, marks and hint", () => {
    const text = problemText(new ZligError("unknown-key", "x", { location: place("a", 0, 0, 1), hint: "y" }), {
      colours: pc.createColors(true),
    });
    expect(text).toContain("\u001B[31m\u001B[1merror[unknown-key]");
    expect(text).toContain("\u001B[32m^\u001B[39m");
    expect(text).toContain("\u001B[36mhint\u001B[39m");
  });
});

describe("marks", () => {
  test("a tab takes four columns, in the line and below it", () => {
    expect(excerptOf(place("\tx =\t1\n", 0, 1, 2))).toEqual(["    1 |     x =    1", "      |     ^"]);
  });

  test("an empty stretch has one mark, also at the end of the line", () => {
    expect(excerptOf(place("x =\n", 0, 3, 3))).toEqual(["    1 | x =", "      |    ^"]);
  });

  test("of a stretch over several lines the first is marked to its end", () => {
    expect(excerptOf(place('a = """x\ny"""\n', 0, 4, 4, 1))).toEqual(['    1 | a = """x', "      |     ^^^^"]);
  });

  test("wide characters have two columns, accents none", () => {
    expect(excerptOf(place('名 = "漢字"\n', 0, 4, 8))).toEqual(['    1 | 名 = "漢字"', "      |      ^^^^^^"]);
    expect(excerptOf(place('e\u0301 = "u\u0308"\n', 0, 5, 9))).toEqual([
      '    1 | e\u0301 = "u\u0308"',
      "      |     ^^^",
    ]);
  });

  test("characters beyond 16 bits are counted as two code units and shown as one character", () => {
    expect(excerptOf(place('k = "😀" # x\n', 0, 9, 12))).toEqual(['    1 | k = "😀" # x', "      |          ^^^"]);
    expect(excerptOf(place('k = "𝒳" # x\n', 0, 9, 12))).toEqual(['    1 | k = "𝒳" # x', "      |         ^^^"]);
  });

  test("line ends of Windows and of old Macs end a line", () => {
    expect(excerptOf(place("a = 1\r\nb = 2\r\n", 1, 0, 1))).toEqual(["    2 | b = 2", "      | ^"]);
  });

  test("a line number of six digits keeps the marks in place", () => {
    const [line = "", marks = ""] = excerptOf(place(`${"\n".repeat(123_455)}x = 1\n`, 123_455, 0, 1));
    expect(line).toBe("123456 | x = 1");
    expect(marks.indexOf("^")).toBe(line.indexOf("x"));
  });
});

describe("long lines", () => {
  const long = `${"a".repeat(300)}MARK${"b".repeat(300)}`;

  test("around the marks as much is shown as fits", () => {
    const [line = "", marks = ""] = excerptOf(place(long, 0, 300, 304), 80);
    expect(line).toHaveLength(80);
    expect(line).toMatch(/^ {4}1 \| …a+MARKb+…$/);
    expect(line.slice(marks.indexOf("^"), marks.lastIndexOf("^") + 1)).toBe("MARK");
  });

  test("near an end of the line the other side gets the room", () => {
    const [line = ""] = excerptOf(place(long, 0, 600, 604), 80);
    expect(line).toMatch(/^ {4}1 \| …b+$/);
    expect(line).toHaveLength(80);
    expect(excerptOf(place(long, 0, 0, 4), 80)[0]).toMatch(/^ {4}1 \| a+…$/);
  });

  test("a stretch that is too long itself is cut", () => {
    const [line = "", marks = ""] = excerptOf(place(long, 0, 1, 603), 80);
    expect(line.length).toBeLessThanOrEqual(80);
    expect(line).toContain("…");
    expect(marks.length).toBeLessThanOrEqual(80);
  });

  test("a line that fits is shown whole", () => {
    expect(excerptOf(place("x".repeat(72), 0, 70, 72), 80)[0]).toBe(`    1 | ${"x".repeat(72)}`);
  });
});

describe("messages of the compiler", () => {
  const diagnostic: Diagnostic = {
    severity: "warning",
    message: "unused variable 'x'",
    code: "-Wunused-variable",
    location: { file: "/p/a.c", range: { start: { line: 2, character: 6 }, end: { line: 2, character: 7 } } },
    excerpt: "    3 |    int x;\n      |        ^",
    notes: [{ severity: "note", message: "declared here", notes: [], fixIts: [] }],
    fixIts: [],
  };

  test("the compiler's own form is kept", () => {
    expect(diagnosticText(diagnostic)).toBe(
      [
        "/p/a.c:3:7: warning: unused variable 'x' [-Wunused-variable]",
        "    3 |   int x;",
        "      |       ^",
        "note: declared here",
      ].join("\n"),
    );
  });

  test("what a source holds cannot steer the terminal", () => {
    const text = diagnosticText({
      ...diagnostic,
      message: "\u001B[2J",
      excerpt: "  1 | \u202E\u0007",
      code: "-W\u001B",
    });
    for (const character of steering) expect(text).not.toContain(character);
  });
});
