import { describe, expect, test } from "vitest";
import { ManifestDocument } from "../../../server/core/manifest/document.ts";

const whole = `[build-system]
requires = ["zlig"]
build-backend = "zlig"

[project]
name = "demo"
version = "1.0"

[tool.zlig]
packages = ["src/demo"]
extensions = [{ name = "demo.demo", sources = ["src/a.c", "src/b.c"] }]

[tool.zlig.wheel]
include = ["x"]
exclude = ["y"]

[[tool.zlig.libraries]]
name = "z"
sources = ["z.c"]
`;

const extensions = 'extensions = [{ name = "demo.demo", sources = ["src/a.c", "src/b.c"] }]';

/** Every key of a table or value with the way to it, so that one in the wrong table shows. */
function keysOf(text: string): string[] {
  const keys: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null || value instanceof Date) return;
    for (const [name, inner] of Object.entries(value)) {
      keys.push(`${path}${name}`);
      walk(inner, `${path}${name}/`);
    }
  };
  walk(new ManifestDocument(text).toValues(), "");
  return keys;
}

interface Breakage {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Keys that the edit itself takes away. */
  readonly lost?: readonly string[];
  /** Kind of each fault, and the text it covers. */
  readonly faults: readonly (readonly [kind: string, covered: string])[];
  /** Tables that the fault is not in. */
  readonly intact?: readonly (readonly string[])[];
}

const others = [["build-system"], ["project"], ["tool", "zlig", "wheel"], ["tool", "zlig", "libraries"]] as const;

const breakages: readonly Breakage[] = [
  {
    name: "an unfinished key",
    from: 'version = "1.0"',
    to: "vers",
    lost: ["project/version"],
    faults: [["equals-missing", "vers"]],
    intact: [["build-system"], ["tool"]],
  },
  {
    name: "a key without a value",
    from: 'version = "1.0"',
    to: "version = ",
    lost: ["project/version"],
    faults: [["value-missing", "="]],
    intact: [["build-system"], ["tool"]],
  },
  {
    name: "an open string",
    from: 'name = "demo"',
    to: 'name = "demo',
    faults: [["string-unclosed", '"demo']],
    intact: [["build-system"], ["tool"]],
  },
  {
    name: "an open multi-line string",
    from: 'version = "1.0"',
    to: 'version = """1.0',
    faults: [["string-unclosed", '"""']],
    intact: [["build-system"], ["tool"]],
  },
  {
    name: "an open multi-line string with another below",
    from: 'name = "demo"\nversion = "1.0"',
    to: 'name = """demo\nversion = """1.0"""',
    faults: [["string-unclosed", '"""']],
    intact: [["build-system"], ["tool"]],
  },
  {
    name: "an array without its bracket",
    from: 'packages = ["src/demo"]',
    to: 'packages = ["src/demo"',
    faults: [["array-unclosed", "["]],
    intact: others,
  },
  {
    name: "an array over several lines without its bracket",
    from: 'exclude = ["y"]',
    to: 'exclude = [\n  "y",\n',
    faults: [["array-unclosed", "["]],
    intact: [["build-system"], ["project"], ["tool", "zlig", "libraries"]],
  },
  {
    name: "an open header",
    from: "[tool.zlig.wheel]",
    to: "[tool.zlig.wheel",
    faults: [["header-unclosed", "[tool.zlig.wheel"]],
    intact: [["build-system"], ["project"], ["tool", "zlig", "libraries"]],
  },
  {
    name: "a header that ends with a dot",
    from: "[tool.zlig.wheel]",
    to: "[tool.zlig.]",
    lost: [
      "tool/zlig/wheel",
      "tool/zlig/wheel/include",
      "tool/zlig/wheel/include/0",
      "tool/zlig/wheel/exclude",
      "tool/zlig/wheel/exclude/0",
    ],
    faults: [["key-part-missing", "."]],
    intact: [["build-system"], ["project"], ["tool", "zlig", "libraries"]],
  },
  {
    name: "an open array header without a name",
    from: "[[tool.zlig.libraries]]",
    to: "[[",
    lost: [
      "tool/zlig/libraries",
      "tool/zlig/libraries/0",
      "tool/zlig/libraries/0/name",
      "tool/zlig/libraries/0/sources",
      "tool/zlig/libraries/0/sources/0",
    ],
    faults: [["key-missing", "[["]],
    intact: [["build-system"], ["project"]],
  },
  {
    name: "a key that ends with a dot",
    from: 'version = "1.0"',
    to: "version.",
    lost: ["project/version"],
    faults: [["key-part-missing", "."]],
    intact: [["build-system"], ["tool"]],
  },
  {
    name: "a missing comma",
    from: '"src/a.c", ',
    to: '"src/a.c" ',
    faults: [["comma-missing", '"']],
    intact: others,
  },
  {
    name: "an open string inside an array",
    from: '"src/a.c", ',
    to: '"src/a.c, ',
    lost: ["tool/zlig/extensions/0/sources/1"],
    faults: [["string-unclosed", '"src/a.c, "']],
    intact: others,
  },
  {
    name: "a duplicate key",
    from: 'version = "1.0"',
    to: 'name = "x"\nversion = "1.0"',
    faults: [["key-duplicate", "name"]],
    intact: [["build-system"], ["tool"]],
  },
  {
    name: "an open inline table",
    from: extensions,
    to: 'extensions = [{ name = "demo.demo", sources = ["src/a.c", "src/b.c"]',
    faults: [["inline-table-unclosed", "{"]],
    intact: others,
  },
  {
    name: "an open inline table among others",
    from: extensions,
    to: 'extensions = [\n  { name = "demo.demo", sources = ["src/a.c", "src/b.c"],\n  { name = "x" },\n]',
    faults: [["inline-table-unclosed", "{"]],
    intact: others,
  },
  {
    name: "a word without quotes",
    from: '"1.0"',
    to: "one",
    lost: ["project/version"],
    faults: [["value-unquoted", "one"]],
    intact: [["build-system"], ["tool"]],
  },
  {
    name: "two faults",
    from: 'demo"\nversion = "1.0"',
    to: "demo\nversion = one",
    lost: ["project/version"],
    faults: [
      ["string-unclosed", '"demo'],
      ["value-unquoted", "one"],
    ],
    intact: [["build-system"], ["tool"]],
  },
  {
    name: "an inline table as TOML 1.1 has it",
    from: extensions,
    to: 'extensions = [{\n  name = "demo.demo",\n  sources = ["src/a.c", "src/b.c"],\n}]',
    faults: [
      ["toml-1-1", '{\n  name = "demo.demo",\n  sources = ["src/a.c", "src/b.c"],\n}'],
      ["toml-1-1", ","],
    ],
    intact: others,
  },
];

describe("a document broken by", () => {
  test.each(breakages)("$name keeps every other key under its table", ({ from, to, lost = [] }) => {
    expect(whole).toContain(from);
    const found = keysOf(whole.replace(from, to));
    const expected = keysOf(whole).filter((key) => !lost.includes(key));
    expect(expected.filter((key) => !found.includes(key))).toEqual([]);
  });

  test.each(breakages)("$name is reported where it is", ({ from, to, faults }) => {
    const text = whole.replace(from, to);
    const found = new ManifestDocument(text).faults.map(({ kind, start, end }) => [kind, text.slice(start, end)]);
    expect(found).toEqual(faults);
  });

  test.each(breakages)("$name leaves the other tables intact", ({ from, to, faults, intact = [] }) => {
    const document = new ManifestDocument(whole.replace(from, to));
    expect(intact.filter((path) => !document.intact(path))).toEqual([]);
    expect(document.intact()).toBe(faults.every(([kind]) => kind === "toml-1-1"));
  });

  test("the same with the line ends of Windows", () => {
    for (const { from, to, lost = [] } of breakages) {
      const text = whole.replace(from, to).replaceAll("\n", "\r\n");
      const expected = keysOf(whole).filter((key) => !lost.includes(key));
      const found = keysOf(text);
      expect(expected.filter((key) => !found.includes(key))).toEqual([]);
    }
  });

  test("every place it can be cut off at, keeps all tables above the cut", () => {
    const headers = [...whole.matchAll(/^\[.*\]$/gm)].map((match) => match.index);
    for (let end = 0; end <= whole.length; end += 1) {
      const lastHeader = headers.filter((start) => start < end).at(-1) ?? 0;
      const above = keysOf(whole.slice(0, lastHeader));
      const found = keysOf(whole.slice(0, end));
      expect(above.filter((key) => !found.includes(key))).toEqual([]);
    }
  });
});
