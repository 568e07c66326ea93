import { describe, expect, test } from "vitest";
import { scanToml } from "../../../server/core/manifest/scanner.ts";
import type { PairNode, ValueNode } from "../../../server/core/manifest/syntax.ts";

/** The one pair of a text, and the text of a stretch of it. */
function onePair(text: string): PairNode {
  const pair = scanToml(text).sections.flatMap((section) => section.pairs)[0];
  if (pair === undefined) throw new Error(`no pair in ${text}`);
  return pair;
}

function valueOf(text: string): ValueNode {
  const { value } = onePair(text);
  if (value === undefined) throw new Error(`no value in ${text}`);
  return value;
}

/** Each fault as its kind and the text it covers. */
function faultsOf(text: string): [kind: string, covered: string][] {
  return scanToml(text).faults.map((fault) => [fault.form ?? fault.kind, text.slice(fault.start, fault.end)]);
}

describe("syntax tree", () => {
  test("gives every part of a header its range", () => {
    const text = 'x = 1\n[ tool . "z.l" ]  # c\n[[a.b]]\n';
    const [, first, second] = scanToml(text).sections;
    const parts = first?.header?.key.parts.map((part) => [part.text, text.slice(part.start, part.end), part.style]);
    expect(parts).toEqual([
      ["tool", "tool", "bare"],
      ["z.l", '"z.l"', "basic"],
    ]);
    expect(text.slice(first?.header?.start, first?.header?.end)).toBe('[ tool . "z.l" ]');
    expect([first?.header?.array, second?.header?.array]).toEqual([false, true]);
    expect(text.slice(first?.start, first?.end)).toBe('[ tool . "z.l" ]  # c\n');
  });

  test("gives every part of a dotted key its range", () => {
    const text = "a . 'b'.\"c\\u00e9\" = 1";
    const { key, equals } = onePair(text);
    expect(key.parts.map((part) => [part.text, text.slice(part.start, part.end)])).toEqual([
      ["a", "a"],
      ["b", "'b'"],
      ["cé", '"c\\u00e9"'],
    ]);
    expect(equals).toBe(text.indexOf("="));
    expect(text.slice(key.start, key.end)).toBe("a . 'b'.\"c\\u00e9\"");
  });

  test("gives elements and inner pairs their ranges", () => {
    const text = "a = [ 'x', { k.l = [1] }, # c\n  true ]";
    const array = valueOf(text);
    if (array.kind !== "array") throw new Error("no array");
    expect(array.elements.map((element) => text.slice(element.start, element.end))).toEqual([
      "'x'",
      "{ k.l = [1] }",
      "true",
    ]);
    const table = array.elements[1];
    if (table?.kind !== "inline-table") throw new Error("no table");
    expect(table.pairs.map((pair) => text.slice(pair.start, pair.end))).toEqual(["k.l = [1]"]);
  });

  test("keeps comments", () => {
    const text = "# one\na = [ # two\n]\n[t] # three";
    expect(scanToml(text).comments.map((comment) => text.slice(comment.start, comment.end))).toEqual([
      "# one",
      "# two",
      "# three",
    ]);
  });

  test.each([
    ['"a\\tb\\"\\u00e9\\U0001F40D"', 'a\tb"é🐍'],
    ["'C:\\n'", "C:\\n"],
    ['"""\na\\\n   b"""', "ab"],
    ['"""\r\na\r\nb"""', "a\nb"],
    ['"""a\\r\nb"""', "a\r\nb"],
    ["'''\n'a'\n'''''", "'a'\n''"],
    ['""', ""],
    ['""""""', ""],
    ['"""a\\\n""""', 'a"'],
  ])("decodes the string %j", (written, value) => {
    const text = `a = ${written}`;
    expect(valueOf(text)).toMatchObject({ kind: "string", value, closed: true, start: 4, end: text.length });
    expect(faultsOf(text)).toEqual([]);
  });

  test.each([
    ["1_000", "integer", 1000],
    ["-0", "integer", 0],
    ["0xdead_BEEF", "integer", 0xdeadbeef],
    ["9007199254740993", "integer", 9007199254740993n],
    ["-9223372036854775808", "integer", -9223372036854775808n],
    ["+1.5e-3", "float", 0.0015],
    ["-inf", "float", -Infinity],
    ["nan", "float", NaN],
    ["true", "boolean", true],
  ])("reads %s as %s", (written, kind, value) => {
    expect(valueOf(`a = ${written}`)).toMatchObject({ kind, value });
    expect(faultsOf(`a = ${written}`)).toEqual([]);
  });

  test.each([
    ["1979-05-27T07:32:00.5Z", "offset-date-time"],
    ["1979-05-27 07:32:00-07:00", "offset-date-time"],
    ["1979-05-27t07:32:00", "local-date-time"],
    ["2000-02-29", "local-date"],
    ["23:59:59.999", "local-time"],
  ])("reads %s as %s", (text, kind) => {
    expect(valueOf(`a = ${text} # c`)).toMatchObject({ kind, text });
    expect(faultsOf(`a = ${text} # c`)).toEqual([]);
  });

  test("skips a byte order mark but counts it", () => {
    expect(onePair("\ufeffa = 1").start).toBe(1);
    expect(faultsOf("\ufeffa = 1")).toEqual([]);
  });
});

describe("faults", () => {
  test.each([
    ["a =", "value-missing", "="],
    ["a", "equals-missing", "a"],
    ["a.b c", "equals-missing", "a.b"],
    ["= 1", "key-missing", "="],
    ["a. = 1", "key-part-missing", "."],
    ["a..b = 1", "key-part-missing", "."],
    [".a = 1", "key-part-missing", "."],
    ["naïve = 1", "key-character", "ï"],
    ["🐍 = 1", "key-character", "🐍"],
    ["two words = 1", "key-character", "two words"],
    ['"""a""" = 1', "key-character", '"""'],
    ["a: 1", "colon", ":"],
    ["a == 1", "equals-extra", "="],
    ["a = True", "boolean", "True"],
    ["a = 1.0.0", "number", "1.0.0"],
    ["a = 01", "number", "01"],
    ["a = 1_", "number", "1_"],
    ["a = .5", "number", ".5"],
    ["a = 2021-02-29", "date-time", "2021-02-29"],
    ["a = 0000-01-01", "date-time", "0000-01-01"],
    ["a = 24:00:00", "date-time", "24:00:00"],
    ["a = >=3.9", "value-unquoted", ">=3.9"],
    ["a = two words # c", "value-unquoted", "two words"],
    ["a = [x y, 1]", "value-unquoted", "x y"],
    ['a = "C:\\Users"', "escape", "\\U"],
    ['a = "\\q"', "escape", "\\q"],
    ['a = "\\ud800"', "escape", "\\ud800"],
    ['a = "x', "string-unclosed", '"x'],
    ['a = ["x, "y"]', "string-unclosed", '"x, "'],
    ["a = '''x", "string-unclosed", "'''"],
    ["a = [1", "array-unclosed", "["],
    ["a = {b = 1", "inline-table-unclosed", "{"],
    ["a = {b = [1}", "array-unclosed", "["],
    ["a = [{b = 1]", "inline-table-unclosed", "{"],
    ["a = [1 2]", "comma-missing", "1"],
    ["a = {b = 1 c = 2}", "comma-missing", "1"],
    ["a = [,1]", "comma-extra", ","],
    ["a = [1,,2]", "comma-extra", ","],
    ["a = {,}", "comma-extra", ","],
    ['a = "x" "y"', "trailing-text", '"y"'],
    ["a = 1]", "trailing-text", "]"],
    ["[a] b", "trailing-text", "b"],
    ["[a", "header-unclosed", "[a"],
    ["[[a]", "header-unclosed", "[[a]"],
    ["[]", "key-missing", "["],
    ["[a b]", "key-character", "b]"],
    ['["x"],', "trailing-text", ","],
    ["a = 'x\u0000'", "control-character", "\u0000"],
    ["# \u007f", "control-character", "\u007f"],
    ["a = 'x\ry'", "control-character", "\r"],
    ["a = 1\na = 2", "key-duplicate", "a"],
    ["a.b = 1\na = 2", "key-duplicate", "a"],
    ["a = {b = 1}\na.c = 2", "key-duplicate", "a"],
    ["a = {b.c = 1, b = 2}", "key-duplicate", "b"],
    ["[a]\n[a]", "table-duplicate", "a"],
    ["a.b = 1\n[a]", "table-duplicate", "a"],
    ["a = []\n[[a]]", "table-duplicate", "a"],
    ["[a.b]\n[[a]]", "table-duplicate", "a"],
    ["[a.b]\n[a]\nb.c = 1", "key-duplicate", "b"],
  ])("%j is %s at %j", (text, kind, covered) => {
    expect(faultsOf(text)).toEqual([[kind, covered]]);
  });

  test.each([
    ["a = {b = 1,}", "inline-table-trailing-comma", ","],
    ["a = {\n b = 1 # c\n}", "inline-table-newline", "{\n b = 1 # c\n}"],
    ['a = "\\e"', "escape-e", "\\e"],
    ['a = "\\x41"', "escape-x", "\\x41"],
    ["a = 07:32", "time-without-seconds", "07:32"],
    ["a = 1979-05-27 07:32", "time-without-seconds", "1979-05-27 07:32"],
    ["a = 1979-05-27T07:32Z", "time-without-seconds", "1979-05-27T07:32Z"],
  ])("%j is the TOML 1.1 form %s", (text, form, covered) => {
    expect(faultsOf(text)).toEqual([[form, covered]]);
    expect(scanToml(text).faults[0]?.kind).toBe("toml-1-1");
  });

  test.each([
    "[a.b]\n[a]",
    "[[a.b]]\n[a]\nb2 = 1",
    "[a]\nb.c = 1\n[a.b.d]",
    "a = {}",
    "a = [\n[1],\n[true],\n['x']\n]",
    "a = {b = [\n1,\n]}",
  ])("%j has none", (text) => {
    expect(faultsOf(text)).toEqual([]);
  });

  test("a duplicate names the first definition", () => {
    const text = "[t]\nname = 1\n\nname = 2";
    const [fault] = scanToml(text).faults;
    expect(fault?.related?.start).toBe(text.indexOf("name"));
    expect(fault?.start).toBe(text.lastIndexOf("name"));
  });

  test("two lines with a fault each give two", () => {
    expect(faultsOf("a =\nb = x\nc = 1").map(([kind]) => kind)).toEqual(["value-missing", "value-unquoted"]);
  });

  test("a line gives one fault, not all that follow from it", () => {
    expect(faultsOf('a = [ x "y" z, = ]')).toHaveLength(1);
  });
});

describe("time", () => {
  // A quadratic reading of 200 kB would take minutes, and the test would time out.
  const size = 200_000;
  const repeat = (unit: string): string => unit.repeat(size / unit.length);
  test.each([
    ["open brackets", repeat("[")],
    ["open brackets as a value", `a = ${repeat("[")}`],
    ["open brackets on lines", `a = ${repeat("[\n")}`],
    ["open braces", `a = ${repeat("{a=")}`],
    ["a dotted key", `${repeat("a.")}a = 1`],
    ["a dotted key without a value", repeat("a.")],
    ["a dotted header", `[${repeat("a.")}a]`],
    ["dotted keys in inline tables", `a = ${repeat("{a.a.a.a.a=")}`],
    ["unclosed arrays", repeat("a = [\n")],
    ["unclosed inline tables", repeat("a = {\n")],
    ["unclosed inline tables with a pair", repeat("a = { b = 1,\n")],
    ["unclosed inline tables in arrays", repeat("a = [{\n")],
    ["nested unclosed inline tables", repeat("a = {b = {c = {\n")],
    ["unclosed strings", repeat('a = "\n')],
    ["unclosed multi-line strings", repeat('a = """\n')],
    ["unclosed multi-line strings of both kinds", repeat("a = '''\nb = \"\"\"\n")],
    ["multi-line strings with text behind them", repeat('a = """\nb = """x\n')],
    ["quotes", `a = ${repeat("'")}`],
    ["backslashes", `a = "${repeat("\\")}`],
    ["blanks", repeat(" ")],
    ["commas", `a = [${repeat(",")}`],
    ["comments in an array", `a = [${repeat("#\n")}`],
    ["equals signs", repeat("=")],
    ["keys without values", repeat("a\n")],
    ["one long word", `a = ${repeat("x")}`],
    ["one long number", `a = ${repeat("1_")}`],
  ])("is in proportion to the text: %s", (_, text) => {
    const { faults } = scanToml(text);
    expect(faults.every(({ start, end }) => start >= 0 && start < end && end <= text.length)).toBe(true);
  });

  test("grows no faster than the text", () => {
    const text = 'a = """\nb = { c = [\n'.repeat(250_000);
    expect(scanToml(text).faults.length).toBeGreaterThan(0);
  });
});
