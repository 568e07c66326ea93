import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseClangDiagnostics } from "../../../server/core/engine/clang-diagnostics.ts";

/** What Zig 0.15, 0.16 and 0.17 print alike for a source with many faults. */
const output = `In file included from /p/a.c:1:
/p/h.h:1:31: error: expected ';' after return statement
    1 |  static int g(int n) { return n }
      |                                ^
      |                                ;
fix-it:"./h.h":{1:31-1:31}:";"
/p/a.c:5:20:{5:15-5:23}: warning: adding 'int' to a string does not append to the string [-Wstring-plus-int]
    5 |      char *s = "é" + 1;
      |                ~~~~^~~
/p/a.c:5:20: note: use array indexing to silence this warning
    5 |      char *s = "é" + 1;
      |                    ^  
      |                &   [  ]
fix-it:"a.c":{5:15-5:15}:"&"
fix-it:"a.c":{5:20-5:21}:"["
/p/a.c:7:17:{7:12-7:13}{7:17-7:22}: error: too many arguments to function call, expected single argument 'n', have 2 arguments
    7 |      return g(a, "two");
      |             ~    ^~~~~
/p/h.h:1:12:{1:14-1:19}: note: 'g' declared here
    1 |  static int g(int n) { return n }
      |             ^ ~~~~~
1 warning and 2 errors generated.
`;

describe("clang's messages", () => {
  const [header, string, call, ...rest] = parseClangDiagnostics(output);

  test("each error and warning is one message; notes belong to the message they follow", () => {
    expect(rest).toEqual([]);
    expect([header, string, call].map((one) => [one?.severity, one?.notes.length])).toEqual([
      ["error", 0],
      ["warning", 1],
      ["error", 1],
    ]);
    expect(call?.notes[0]).toMatchObject({
      severity: "note",
      message: "'g' declared here",
      location: { file: "/p/h.h" },
    });
  });

  test("places are zero-based", () => {
    expect(header?.location).toEqual({
      file: "/p/h.h",
      range: { start: { line: 0, character: 30 }, end: { line: 0, character: 30 } },
    });
  });

  test("of several ranges the one that the place lies in counts", () => {
    expect(call?.location?.range).toEqual({ start: { line: 6, character: 16 }, end: { line: 6, character: 21 } });
    expect(string?.location?.range).toEqual({ start: { line: 4, character: 14 }, end: { line: 4, character: 22 } });
  });

  test("the name of a warning is its code and not a part of the message", () => {
    expect(string).toMatchObject({
      code: "-Wstring-plus-int",
      message: "adding 'int' to a string does not append to the string",
    });
    expect(header).not.toHaveProperty("code");
  });

  test("fix-its belong to the message above them", () => {
    expect(header?.fixIts).toEqual([
      { file: "./h.h", range: { start: { line: 0, character: 30 }, end: { line: 0, character: 30 } }, text: ";" },
    ]);
    expect(string?.notes[0]?.fixIts.map((fixIt) => fixIt.text)).toEqual(["&", "["]);
  });

  test("the source line with its marks is kept as printed", () => {
    expect(call?.excerpt).toBe('    7 |      return g(a, "two");\n      |             ~    ^~~~~');
  });

  test("-Werror is not the warning's name", () => {
    const [one] = parseClangDiagnostics("/p/a.c:1:5: error: unused variable 'x' [-Werror,-Wunused-variable]\n");
    expect(one).toMatchObject({ severity: "error", code: "-Wunused-variable", message: "unused variable 'x'" });
  });

  test("a fatal error is an error", () => {
    const [one] = parseClangDiagnostics("a b/ä.c:1:10: fatal error: 'no.h' file not found\n");
    expect(one).toMatchObject({ severity: "error", message: "'no.h' file not found", location: { file: "a b/ä.c" } });
  });

  test("a Windows path has a colon of its own", () => {
    const [one] = parseClangDiagnostics("C:\\p\\a.c:3:1: error: oh\r\n");
    expect(one).toMatchObject({
      message: "oh",
      location: { file: "C:\\p\\a.c", range: { start: { line: 2, character: 0 } } },
    });
  });

  test("escapes in fix-its are undone", () => {
    const text = 'a.c:1:1: error: x\nfix-it:"d\\\\\\303\\244.c":{1:1-1:2}:"\\"q\\"\\n\\t"\n';
    expect(parseClangDiagnostics(text)[0]?.fixIts).toEqual([
      { file: "d\\ä.c", range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } }, text: '"q"\n\t' },
    ]);
  });

  test("what is no message is kept when there is no other", () => {
    expect(parseClangDiagnostics("LLVM ERROR: out of memory\n")).toMatchObject([
      { severity: "error", message: "LLVM ERROR: out of memory" },
    ]);
    expect(parseClangDiagnostics("")).toEqual([]);
  });

  test("damaged output never throws", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(output.length), fc.nat(30), fc.string({ maxLength: 8, unit: "binary" })), {
          maxLength: 6,
        }),
        (cuts) => {
          let text = output;
          for (const [at, length, put] of cuts) text = text.slice(0, at) + put + text.slice(at + length);
          for (const { location } of parseClangDiagnostics(text)) {
            const range = location?.range;
            if (range !== undefined) expect(range.start.line).toBeGreaterThanOrEqual(0);
          }
        },
      ),
    );
  });
});
