import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseClangDiagnostics } from "../../../server/core/engine/clang-diagnostics.ts";
import type { Diagnostic } from "../../../server/core/engine/diagnostic.ts";

/** What the compilers of Zig's supported minor versions print of one set of faulty sources, the folder's place made `/project`. */
const folder = join(import.meta.dirname, "../../fixtures/diagnostics");
const versions = readdirSync(folder);

function output(version: string, name: string): string {
  return readFileSync(join(folder, version, `${name}.txt`), "utf8");
}

/** `error file.c:3:5-3:9 message [-Wname]`, as people count, notes and fix-its below. */
function summary(diagnostic: Diagnostic, indent = ""): string[] {
  const { severity, location, message, code, notes, fixIts } = diagnostic;
  const range = location?.range;
  const place =
    range === undefined
      ? ""
      : ` ${range.start.line + 1}:${range.start.character + 1}-${range.end.line + 1}:${range.end.character + 1}`;
  const file = location === undefined ? "" : ` ${location.file.replace("/project/", "")}`;
  return [
    `${indent}${severity}${file}${place} ${message}${code === undefined ? "" : ` [${code}]`}`,
    ...fixIts.map(({ file: its, range: at, text }) => {
      const ends = `${at.start.line + 1}:${at.start.character + 1}-${at.end.line + 1}:${at.end.character + 1}`;
      return `${indent}  fix ${its} ${ends} ${JSON.stringify(text)}`;
    }),
    ...notes.flatMap((note) => summary(note, `${indent}  `)),
  ];
}

function parse(version: string, name: string): string[] {
  return parseClangDiagnostics(output(version, name)).flatMap((one) => summary(one));
}

test("the outputs of every supported minor version are here", () => {
  expect(versions).toEqual(["0.15.2", "0.16.0", "0.17.1"]);
});

describe.each(versions)("Zig %s", (version) => {
  // 0.15 gives no range for a single word.
  const word = (range: string): string => (version === "0.15.2" ? range.replace(/^(\S+)-\S+$/, "$1-$1") : range);

  test("an error in a header that a header includes is the header's", () => {
    expect(parse(version, "include")).toEqual([
      `error inner.h ${word("1:34-1:50")} use of undeclared identifier 'undeclared_thing'`,
    ]);
  });

  test("a missing header is one error", () => {
    expect(parse(version, "missing")).toEqual(["error missing.c 1:10-1:28 'no/such/header.h' file not found"]);
  });

  test("the expansions of a macro are notes of the error", () => {
    expect(parse(version, "macro")).toEqual([
      "error macro.c 3:31-3:38 invalid operands to binary expression ('const char *' and 'int')",
      "  note macro.c 2:17-2:25 expanded from macro 'CALL'",
      "  note macro.c 1:23-1:23 expanded from macro 'TWICE'",
    ]);
  });

  test("of several ranges the one around the place is taken; fix-its belong to their note", () => {
    expect(parse(version, "ranges")).toEqual([
      "warning ranges.c 3:7-3:12 using the result of an assignment as a condition without parentheses [-Wparentheses]",
      "  note ranges.c 3:9-3:9 place parentheses around the assignment to silence this warning",
      '    fix ranges.c 3:7-3:7 "("',
      '    fix ranges.c 3:12-3:12 ")"',
      "  note ranges.c 3:9-3:9 use '==' to turn this assignment into an equality comparison",
      '    fix ranges.c 3:9-3:10 "=="',
      "error ranges.c 3:23-3:23 invalid operands to binary expression ('struct s *' and 'struct s *')",
      "error ranges.c 5:7-5:7 invalid operands to binary expression ('int' and 'struct s')",
    ]);
  });

  test("a fix-it of an error", () => {
    expect(parse(version, "fixit")).toEqual([
      "error fixit.c 3:16-3:16 expected ';' at end of declaration",
      '  fix fixit.c 3:16-3:16 ";"',
      `error fixit.c ${word("5:10-5:15")} use of undeclared identifier 'cuont'`,
    ]);
  });

  test("a warning that is an error keeps its name", () => {
    expect(parse(version, "werror")).toEqual([
      "error werror.c 1:19-1:29 unused variable 'unused_one' [-Wunused-variable]",
    ]);
  });

  test("names and texts that are not ASCII; columns count bytes", () => {
    expect(parse(version, "unicode")).toEqual([
      "error проект a/ünïcode.c 1:56-1:56 invalid operands to binary expression ('const char *' and 'char[10]')",
      'warning проект a/ünïcode.c 2:2-2:2 "Größe: 日本" [-W#warnings]',
    ]);
  });

  test("messages that a source makes up, with brackets and colons in them", () => {
    expect(parse(version, "pragma")).toEqual([
      "warning pragma.c 1:9-1:9 hello: [world] [-W#pragma-messages]",
      "warning pragma.c 2:13-2:13 be careful [-W#pragma-messages]",
      "error pragma.c 3:2-3:2 stop here: now",
    ]);
  });

  test("the place that asked for a template is a note", () => {
    expect(parse(version, "template")).toEqual([
      "error tmpl.cpp 1:67-1:67 member reference base type 'int' is not a structure or union",
      "  note tmpl.cpp 2:38-2:38 in instantiation of member function 'box<int>::size' requested here",
    ]);
  });

  test("the assembler's lines have no margin and are kept with their message", () => {
    expect(parse(version, "assembler")).toEqual([
      "error asm.S 4:5-4:5 invalid instruction mnemonic 'bogus'",
      "error asm.S 5:5-5:5 too few operands for instruction",
    ]);
    const [first] = parseClangDiagnostics(output(version, "assembler"));
    expect(first?.excerpt).toBe("    bogus %eax\n    ^~~~~");
  });

  test("an option that is refused has no place", () => {
    expect(parse(version, "flags")).toEqual([
      version === "0.17.1"
        ? 'error unknown clang option: "-fbogus-flag"'
        : "error Unknown Clang option: '-fbogus-flag'",
    ]);
  });

  test("a standard that is not known, with the known ones as notes", () => {
    const [first, ...rest] = parse(version, "standard");
    expect(first).toBe("error invalid value 'c++77' in '-std=c++77'");
    expect(rest.length).toBeGreaterThan(10);
    expect(rest.every((line) => line.startsWith("  note use '"))).toBe(true);
  });

  test("an error of Zig's own", () => {
    const [line, ...others] = parse(version, "library");
    expect(others).toEqual([]);
    expect(line).toMatch(/^error unable to find dynamic system library ['"]foo['"] /);
  });

  test("the end of too many errors", () => {
    const lines = parse(version, "many");
    expect(lines).toHaveLength(20);
    expect(lines.at(-1)).toBe("error too many errors emitted, stopping now [-ferror-limit=]");
  });

  test("nothing that was said is lost, but counts and the ways of includes", () => {
    for (const file of readdirSync(join(folder, version))) {
      const text = readFileSync(join(folder, version, file), "utf8");
      const all: string[] = [];
      const collect = (one: Diagnostic): void => {
        all.push(one.message, one.excerpt ?? "", ...one.fixIts.map(({ text: its }) => its));
        one.notes.forEach(collect);
      };
      parseClangDiagnostics(text).forEach(collect);
      const kept = all.join("\n");
      for (const line of text.split("\n")) {
        if (/generated\.$|^In file included|^fix-it:/.test(line)) continue;
        const words = /(?:error|warning|note): (.*?)(?: \[-W.*\])?$/.exec(line)?.[1] ?? line;
        expect(kept).toContain(words);
      }
    }
  });

  test("damaged output never throws, and its places stay places", () => {
    const texts = readdirSync(join(folder, version)).map((file) => readFileSync(join(folder, version, file), "utf8"));
    const cut = fc.tuple(fc.nat(4000), fc.nat(20), fc.string({ maxLength: 6, unit: "binary" }));
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.array(cut, { maxLength: 5 }), (original, cuts) => {
        let text = original;
        for (const [at, length, put] of cuts) {
          const start = at % (text.length + 1);
          text = text.slice(0, start) + put + text.slice(start + length);
        }
        const check = ({ location, notes }: Diagnostic): void => {
          const { start, end } = location?.range ?? { start: undefined, end: undefined };
          for (const position of [start, end])
            if (position !== undefined) {
              expect(position.line).toBeGreaterThanOrEqual(0);
              expect(position.character).toBeGreaterThanOrEqual(0);
            }
          notes.forEach(check);
        };
        parseClangDiagnostics(text).forEach(check);
      }),
      { numRuns: 150 },
    );
  });
});

test("a source line that looks like a message is no message", () => {
  const text = `/p/a.c:7:3: error: oh
    7 |   puts("x.c:1:2: error: fake");
      |   ^
    8 | fix-it:"a.c":{1:1-1:2}:"fake"
`;
  const [one, ...others] = parseClangDiagnostics(text);
  expect(others).toEqual([]);
  expect(one?.fixIts).toEqual([]);
  expect(one?.excerpt).toContain("fake");
});
