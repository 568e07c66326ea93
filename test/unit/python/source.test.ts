import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { topLevelLines } from "../../../server/core/python/source-token.ts";
import { mergeModuleFacts, readModuleFacts, summaryOf } from "../../../server/core/python/source.ts";
import { findPython, runPython } from "../../support/python.ts";

describe("the version of a module", () => {
  test.for([
    ["__version__ = '1.0'", "1.0"],
    ['__version__: str = "1.0"', "1.0"],
    ["__version__: Final[str] = '1.0'", "1.0"],
    ["a = __version__ = b = '1.0'", "1.0"],
    ["__version__ = ('1.'\n  '0')  # why", "1.0"],
    ["__version__ = '1.' \\\n'0'", "1.0"],
    ["(__version__) = r'''1.0'''", "1.0"],
    ["x = 1; __version__ = u'1\\x2e0'; y = 2", "1.0"],
    ["__version__ = '1.0'\n__version__ = '2.0'", "1.0"],
    ["__version__ = None\n__version__ = '2.0'", "2.0"],
    ["if x:\n    __version__ = '0'\n__version__ = '1.0'", "1.0"],
    ["\f__version__ = '1.0'", "1.0"],
    ["\uFEFF# coding: utf-8\r\n__version__ = '1.0'\r\n", "1.0"],
    ["print 'old'\n__version__ = '1.0'", "1.0"],
    ["x = f'{a['b']:{c}}'; __version__ = '1.0'", "1.0"],
    ["match = __version__ = '1.0'", "1.0"],
    ["x = '''never closed\n__version__ = '1.0'", undefined],
    ["'''\n__version__ = '0'\n'''", undefined],
    ["if x: __version__ = '0'", undefined],
    ["if x: a = 1; __version__ = '0'", undefined],
    ["class A: b = __version__ = '0'", undefined],
    ["def f():\n    __version__ = '0'", undefined],
    ["__version__ = b'1.0'", undefined],
    ["__version__ = f'1.0'", undefined],
    ["__version__ = '1.0' f'{x}'", undefined],
    ["__version__ = '1.0' + x", undefined],
    ["__version__ = get('1.0')", undefined],
    ["__version__ += '1.0'", undefined],
    ["__version__ == '1.0'", undefined],
    ["__version__, x = '1.0'", undefined],
    ["a.__version__ = '1.0'", undefined],
    ["__version__ = '\\N{DIGIT ONE}'", undefined],
    ["# __version__ = '1.0'", undefined],
    ["f(a,\n__version__ = '1.0')", undefined],
    ["", undefined],
  ])("of %j is %j", ([text = "", version]) => {
    expect(readModuleFacts(text).version).toBe(version);
  });

  test.for(["x = 1\n__version__ = ('1.' '0')\n", "\uFEFFx = 1\r\n\r\n__version__ = ('1.' '0')\r\n"])(
    "stands at a place in %j",
    (text) => {
      const range = readModuleFacts(text).versionRange;
      expect(text.slice(range?.start, range?.end)).toBe("'1.' '0'");
    },
  );
});

describe("the docstring of a module", () => {
  test.for([
    ["'''A\r\nb'''", "A\nb"],
    ["# c\n\n('a' \"b\")\n", "ab"],
    ["R'a\\n'", "a\\n"],
    ["'a'; x = 1", "a"],
    ["b'a'", undefined],
    ["f'a'", undefined],
    ["x = 'a'", undefined],
    ["'a'.strip()", undefined],
    ["import x\n'a'", undefined],
    ["if x: 'a'", undefined],
  ])("of %j is %j", ([text = "", docstring]) => {
    expect(readModuleFacts(text).docstring).toBe(docstring);
  });

  test.for([
    ["\n  One line.  \n\n  More.", "One line."],
    ["a\tb\x0cc", "a b"],
    ["  \n ", undefined],
  ])("%j has the summary %j", ([docstring = "", summary]) => {
    expect(summaryOf(docstring)).toBe(summary);
  });
});

test("a package has the docstring of its first file and the version of the last that has one", () => {
  const facts = mergeModuleFacts([{ docstring: "doc", version: "1" }, { docstring: "other" }, { version: "2" }, {}]);
  expect(facts).toEqual({ docstring: "doc", version: "2" });
  expect(mergeModuleFacts([{}, { docstring: "other" }])).toEqual({});
});

describe("any text", () => {
  const pieces = [
    "f'",
    "'",
    '"""',
    "{",
    "}",
    "(",
    ")",
    "\\",
    "\n",
    "#",
    ":",
    "=",
    "__version__",
    "b",
    "x ",
    ";",
    "\r",
    "r'''",
  ];

  test("is read without an error, and a version found in it is a literal", () => {
    const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(texts, (text) => {
        const { versionRange } = readModuleFacts(text);
        if (versionRange !== undefined) expect(text.slice(versionRange.start, versionRange.end)).toMatch(/['"]/);
      }),
      { numRuns: 2000 },
    );
  });

  test("is read however deeply it is nested", () => {
    for (const part of ["f'{", "f'{:{:", "f\"{f'{", "("]) expect(readModuleFacts(part.repeat(100_000))).toEqual({});
  });
});

describe("every module of the standard library", () => {
  const listing = `
import ast, json, os, sys, sysconfig, warnings
warnings.simplefilter("ignore")
found = []
for folder, folders, files in os.walk(sysconfig.get_path("stdlib")):
    folders[:] = sorted(set(folders) - {"site-packages", "__pycache__"})
    for name in files:
        path = os.path.join(folder, name)
        if not name.endswith(".py"):
            continue
        try:
            content = open(path, "rb").read()
            content.decode("utf-8")
            body = ast.parse(content).body
        except (ValueError, SyntaxError, RecursionError):
            continue
        version = None
        for node in body:
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Constant):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if isinstance(node.value.value, str) and any(getattr(t, "id", "") == "__version__" for t in targets):
                    version = node.value.value
                    break
        docstring = ast.get_docstring(ast.Module(body, []), clean=False)
        found.append([path, docstring, version, sorted({node.lineno for node in body if hasattr(node, "lineno")})])
json.dump(found, sys.stdout)
`;

  test("reads as Python's own parser reads it", () => {
    const modules = runPython(findPython(), listing) as [string, string | null, string | null, number[]][];
    expect(modules.length).toBeGreaterThan(150);
    const wrong: unknown[] = [];
    for (const [path, docstring, version, statementLines] of modules) {
      const text = readFileSync(path, "utf8");
      const facts = readModuleFacts(text);
      if ((facts.docstring ?? null) !== docstring || (facts.version ?? null) !== version) wrong.push({ path, facts });

      const source = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
      const found = new Set<number>();
      let line = 1;
      let passed = 0;
      for (const tokens of topLevelLines(source)) {
        // A statement may begin behind a semicolon, on a later line of the same logical line.
        for (const [index, token] of tokens.entries()) {
          for (; passed < token.start; passed += 1) if (source.charAt(passed) === "\n") line += 1;
          if (index === 0 || tokens[index - 1]?.text === ";") found.add(line);
        }
      }
      const missed = statementLines.filter((expected) => !found.has(expected));
      if (missed.length > 0) wrong.push({ path, missed });
    }
    expect(wrong).toEqual([]);
  });
});
