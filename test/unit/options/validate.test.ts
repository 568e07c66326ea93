import { describe, expect, test } from "vitest";
import type { ZligError } from "../../../server/core/error.ts";
import { Problems } from "../../../server/core/error.ts";
import { parseManifest } from "../../../server/core/manifest/read.ts";
import type { ZligOptions } from "../../../server/core/options/table.ts";
import { validateOptions, wantedType } from "../../../server/core/options/validate.ts";
import { only, told } from "../../support/problem.ts";

function validate(text: string): {
  options: ZligOptions | undefined;
  problems: readonly ZligError[];
  told: string[][];
} {
  const manifest = parseManifest("/project/pyproject.toml", text);
  const problems = new Problems();
  const options = validateOptions(manifest, problems);
  return { options, problems: problems.all, told: told(manifest, problems) };
}

const extension = (lines: string): string =>
  `[[tool.zlig.extensions]]\nname = "demo.x"\nsources = ["src/x.c"]\n${lines}\n`;

describe("a valid table", () => {
  test("is given back as it stands", () => {
    const { options, problems } = validate(`
[tool.zlig]
packages = ["src/demo"]
extensions = [{ name = "demo.x", sources = ["a.c", { path = "b.c", define-macros = { A = 1 } }], optional = true }]
[tool.zlig.build]
define-macros = { TEXT = "t", NUMBER = 7, SET = true, UNSET = false, BIG = 18446744073709551615 }
optimize = "Debug"
[tool.zlig.wheel]
exclude-sources = false
data = { "share/man" = ["docs/*.1"] }
`);
    expect(problems).toEqual([]);
    expect(options).toEqual({
      packages: ["src/demo"],
      extensions: [{ name: "demo.x", sources: ["a.c", { path: "b.c", "define-macros": { A: 1 } }], optional: true }],
      build: {
        "define-macros": { TEXT: "t", NUMBER: 7, SET: true, UNSET: false, BIG: 18446744073709551615n },
        optimize: "Debug",
      },
      wheel: { "exclude-sources": false, data: { "share/man": ["docs/*.1"] } },
    });
  });

  test.each(["", "[project]\nname = 'demo'", "[tool]\n", "[tool.other]\nx = 1", "tool = 3", "[tool.zlig]\n"])(
    "may be absent: %j",
    (text) => {
      expect(validate(text)).toMatchObject({ options: {}, problems: [] });
    },
  );
});

describe("a value of a wrong type", () => {
  test.each([
    ["[tool]\nzlig = 3", "3", "`[tool.zlig]` is an integer; it takes a table"],
    ["[tool.zlig]\npackages = 'src/demo'", "'src/demo'", "`packages` is a string; it takes an array of strings"],
    ["[tool.zlig]\npackages = ['a', 2]", "2", "`packages[1]` is an integer; it takes a string"],
    [
      "[tool.zlig]\nextensions = { name = 'x' }",
      "{ name = 'x' }",
      "`extensions` is a table; it takes an array of tables",
    ],
    ["[tool.zlig]\nbuild = []", "[]", "`build` is an array; it takes a table"],
    [
      "[tool.zlig.wheel]\nexclude-sources = 'no'",
      "'no'",
      "`wheel.exclude-sources` is a string; it takes a boolean (true or false)",
    ],
    ["[tool.zlig.wheel]\ndata = 2020-01-01", "2020-01-01", "`wheel.data` is a date; it takes a table"],
    ["[tool.zlig.wheel]\ndata = { a = 'b' }", "'b'", "`wheel.data.a` is a string; it takes an array of strings"],
    [
      "[tool.zlig.build]\noptimize = true",
      "true",
      '`build.optimize` is a boolean; it takes one of "ReleaseFast", "ReleaseSafe", "ReleaseSmall", "Debug"',
    ],
    ["[tool.zlig.build]\nc-std = 1.5", "1.5", "`build.c-std` is a float; it takes a string"],
  ])("is told with its type and place: %j", (text, culprit, message) => {
    const found = validate(text);
    expect(found.told).toEqual([["wrong-type", culprit]]);
    expect(only(found.problems).message).toBe(message);
    expect(found.options).toBeUndefined();
  });

  test("comes with an example of the option", () => {
    expect(only(validate("[tool.zlig]\npackages = 'src'").problems).hint).toBe('For example: packages = ["src/demo"]');
  });

  test("in a union, every type that it takes is named", () => {
    const sources = validate("[[tool.zlig.extensions]]\nname = 'demo.x'\nsources = ['a.c', 5]");
    expect(sources.told).toEqual([["wrong-type", "5"]]);
    expect(only(sources.problems).message).toBe(
      "`extensions[0].sources[1]` is an integer; it takes a string or a table",
    );
    const macro = validate("[tool.zlig.build]\ndefine-macros = { A = [] }");
    expect(macro.told).toEqual([["wrong-type", "[]"]]);
    expect(only(macro.problems).message).toBe(
      "`build.define-macros.A` is an array; it takes a string or an integer or a boolean (true or false)",
    );
  });

  test.each(["1.0", "-2.0", "1e3", "+1_0E2", "1.5", "inf", "nan"])("a float is no integer: %s", (number) => {
    const found = validate(`[tool.zlig.build]\ndefine-macros = { VERSION = ${number} }`);
    expect(found.told).toEqual([["wrong-type", number]]);
    expect(only(found.problems).message).toMatch(/^`build\.define-macros\.VERSION` is a float; /);
  });

  test.each(["0", "-7", "0xE1", "0b1", "0o17", "1_000"])("an integer in any notation is one: %s", (number) => {
    expect(validate(`[tool.zlig.build]\ndefine-macros = { VERSION = ${number} }`).problems).toEqual([]);
  });
});

describe("an unknown key", () => {
  test("is told at the key, with the nearest known one", () => {
    const found = validate(extension("include_dirs = []\nlibrarys = ['m']\n"));
    expect(found.told).toEqual([
      ["unknown-key", "include_dirs"],
      ["unknown-key", "librarys"],
    ]);
    expect(found.problems.map(({ hint }) => hint)).toEqual([
      "Did you mean `include-dirs`?",
      "Did you mean `libraries`?",
    ]);
    expect(found.problems[0]?.message).toBe("Unknown key `include_dirs` in `extensions[0]`");
  });

  test("that resembles nothing brings the list of the keys", () => {
    const found = validate("[tool.zlig.sdist]\nzzzzzz = 1");
    expect(only(found.problems).hint).toBe("Known keys: include, exclude.");
  });

  test("is found inside an inline table inside an array", () => {
    const found = validate(
      "[tool.zlig]\nextensions = [{ name = 'demo.x', sources = [{ path = 'x.c', extra-compile-arg = ['-O2'] }] }]",
    );
    expect(found.told).toEqual([["unknown-key", "extra-compile-arg"]]);
    expect(only(found.problems).message).toBe("Unknown key `extra-compile-arg` in `extensions[0].sources[0]`");
  });

  test("named like a property of every JavaScript object is unknown all the same", () => {
    expect(validate("[tool.zlig]\nconstructor = 1\ntoString = 2").told).toEqual([
      ["unknown-key", "constructor"],
      ["unknown-key", "toString"],
    ]);
  });

  test("that is quoted is pointed at with its quotes", () => {
    expect(validate('[tool.zlig]\n"pack ages" = []').told).toEqual([["unknown-key", '"pack ages"']]);
  });
});

describe("a string that its role does not allow", () => {
  test.each([
    ["name = 'demo.1x'\nsources = []", "invalid-name", "'demo.1x'"],
    ["name = 'demo.x'\nsources = ['a\\b.c']", "glob-syntax", "'a\\b.c'"],
    ["name = 'demo.x'\nsources = ['a.c', '../b.c']", "path-outside-project", "'../b.c'"],
    ["name = 'demo.x'\nsources = ['a.c']\npy-limited-api = '2.7'", "invalid-value", "'2.7'"],
    ["name = 'demo.x'\nsources = ['a.c']\nc-std = 'fortran'", "invalid-value", "'fortran'"],
  ])("is told at the value: %j", (lines, code, culprit) => {
    expect(validate(`[[tool.zlig.extensions]]\n${lines}`).told).toEqual([[code, culprit]]);
  });

  test("of a closed set names the nearest of its values", () => {
    const found = validate('[tool.zlig.build]\noptimize = "ReleaseFsat"');
    expect(found.told).toEqual([["invalid-value", '"ReleaseFsat"']]);
    expect(only(found.problems).hint).toBe('Did you mean "ReleaseFast"?');
    expect(only(validate('[tool.zlig.build]\noptimize = "O3"').problems).hint).toBeUndefined();
  });

  test("as the key of a map is told at the key", () => {
    const found = validate("[tool.zlig.build]\ndefine-macros = { '1A' = true }");
    expect(found.told).toEqual([["invalid-value", "'1A'"]]);
  });
});

describe("a missing key", () => {
  test("is told at the table that lacks it, with what the key means", () => {
    const text = "[tool.zlig]\nextensions = [{ sources = ['x.c'] }]";
    const found = validate(text);
    expect(found.told).toEqual([["missing-key", "{ sources = ['x.c'] }"]]);
    expect(only(found.problems).message).toBe("`extensions[0]` lacks the key `name`");
    expect(only(found.problems).hint).toMatch(/^The dotted import name/);
  });

  test("of an element of an array of tables is told at its header", () => {
    const [problem] = validate("[[tool.zlig.extensions]]\nname = 'demo.x'\n").problems;
    expect(problem?.code).toBe("missing-key");
    expect(problem?.location?.range?.start.line).toBe(0);
  });
});

test("several problems are told in one go, in the order of the text", () => {
  const found = validate(`[tool.zlig]
packages = ["a\\\\b", 1]
extras = 1
[[tool.zlig.extensions]]
name = "import"
sources = ["/abs.c", { path = "x.c", flags = [] }]
[[tool.zlig.extensions]]
name = "good.x"
libraries = ["-lz "]
`);
  expect(found.told.map(([code]) => code)).toEqual([
    "glob-syntax",
    "wrong-type",
    "unknown-key",
    "invalid-name",
    "glob-syntax",
    "unknown-key",
    "invalid-value",
    "missing-key",
  ]);
});

test("what an option takes is told in words", () => {
  const flag = { kind: "string", role: "flag", doc: "" } as const;
  expect(wantedType({ kind: "array", doc: "", item: { kind: "array", doc: "", item: flag } })).toBe(
    "an array of arrays",
  );
  expect(wantedType({ kind: "array", doc: "", item: { kind: "map", keyRole: "text", value: flag, doc: "" } })).toBe(
    "an array of tables",
  );
  expect(wantedType({ kind: "integer", doc: "" })).toBe("an integer");
});
