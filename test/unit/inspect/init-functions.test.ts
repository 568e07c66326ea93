import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findInitFunctions } from "../../../server/core/inspect/init-functions.ts";
import { scanTokens } from "../../../server/core/inspect/tokens.ts";

function names(path: string, text: string): readonly string[] {
  return findInitFunctions(path, text).defined.map((one) => one.name);
}

describe("init functions of C and C++", () => {
  it("are found however the definition is laid out", () => {
    const text = "PyMODINIT_FUNC\nPyInit_demo (\n  void /* nothing */ )\n{\n  return 0;\n}\n";
    const [found] = findInitFunctions("a.c", text).defined;
    expect(found?.name).toBe("PyInit_demo");
    expect(text.slice(found?.start, found?.end)).toBe("PyInit_demo");
  });

  it.each([
    ["a declaration", "PyMODINIT_FUNC PyInit_demo(void);"],
    ["a call", "int main() { PyImport_AppendInittab(0, PyInit_demo); PyInit_demo(); }"],
    ["a line comment", "// PyMODINIT_FUNC PyInit_demo(void) {}"],
    ["a line comment that goes on", "// \\\nPyMODINIT_FUNC PyInit_demo(void) {}"],
    ["a block comment", "/* PyMODINIT_FUNC PyInit_demo(void) {} */"],
    ["a string", 'const char *s = "PyInit_demo(void) {}";'],
    ["a raw string", 'auto s = R"x(" PyInit_demo(void) {} )x";'],
    ["#if 0", "#if 0\nPyMODINIT_FUNC PyInit_demo(void) {}\n#endif"],
    ["#if 0 within a condition", "#ifdef A\n#if 0\n#if B\nint PyInit_demo(void) {}\n#endif\n#endif\n#endif"],
  ])("are not found in %s", (_what, text) => {
    expect(names("a.cpp", text)).toEqual([]);
  });

  it("are found in the #else of #if 0, and with an apostrophe in a number before", () => {
    expect(names("a.cc", "int n = 1'000;\n#if 0\n#else\nint PyInit_demo(void) {}\n#endif")).toEqual(["PyInit_demo"]);
  });

  it("are conditional in a branch of the preprocessor", () => {
    const text = "#if PY\nvoid PyInit_a(void) {}\n#else\nvoid PyInit_a(void) {}\n#endif\nvoid PyInit_b(void) {}";
    expect(findInitFunctions("a.c", text).defined.map((one) => one.conditional)).toEqual([true, true, false]);
  });

  it("may be made by a macro with the name as its first argument", () => {
    const { defined, mayDefine } = findInitFunctions("a.cpp", "PYBIND11_MODULE(demo, m) { }");
    expect(defined).toEqual([]);
    expect(mayDefine).toContain("demo");
    expect(mayDefine).not.toContain("*");
  });

  it("may have any name where a macro pastes it together", () => {
    expect(findInitFunctions("a.c", "#define INIT(n) \\\n  PyMODINIT_FUNC PyInit_##n(void)\n").mayDefine).toContain(
      "*",
    );
  });
});

describe("init functions of Zig", () => {
  it("are exported functions", () => {
    expect(names("a.zig", "export fn PyInit_demo() ?*c.PyObject {\n return null; }")).toEqual(["PyInit_demo"]);
    expect(names("a.zig", "fn PyInit_demo() void {}")).toEqual([]);
  });

  it("are exported under a name", () => {
    const text = 'comptime { @export(&init, .{ .name = "PyInit_demo" }); }';
    const [found] = findInitFunctions("a.zig", text).defined;
    expect(text.slice(found?.start, found?.end)).toBe("PyInit_demo");
  });

  it("are not found in comments and strings of several lines", () => {
    expect(names("a.zig", "const s =\n    \\\\export fn PyInit_demo() {\n;// export fn PyInit_demo() {\n")).toEqual([]);
  });

  it("may come from an imported library", () => {
    expect(findInitFunctions("a.zig", 'const py = @import("pyoz");').mayDefine).toContain("*");
    expect(findInitFunctions("a.zig", 'const std = @import("std");').mayDefine).not.toContain("*");
  });
});

describe("tokens", () => {
  it("come to an end for any text, in order, within the text", () => {
    const unit = fc.constantFrom("/", "*", '"', "'", "\\", "\n", "#", "if 0", 'R"(', ")", "a", "{", "🐍", " ", "1");
    fc.assert(
      fc.property(
        fc.string({ unit, maxLength: 60 }),
        fc.constantFrom("c" as const, "zig" as const),
        (text, language) => {
          let last = 0;
          for (const { start, end } of scanTokens(text, language)) {
            expect(start).toBeGreaterThanOrEqual(last);
            expect(end).toBeGreaterThan(start);
            last = end;
          }
          expect(last).toBeLessThanOrEqual(text.length);
        },
      ),
    );
  });

  it("take time in proportion to the text", () => {
    const began = performance.now();
    scanTokens("/*".repeat(50_000), "c");
    scanTokens('"'.repeat(100_000), "c");
    scanTokens('R"('.repeat(50_000), "c");
    scanTokens("# a \\\n".repeat(50_000), "c");
    expect(performance.now() - began).toBeLessThan(3000);
  });
});
