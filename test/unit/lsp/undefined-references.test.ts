import { describe, expect, it } from "vitest";
import { findReference, sourceName } from "../../../server/lsp/undefined-references.ts";

describe("the name of a symbol in its source", () => {
  it.each([
    ["helper", "helper"],
    ["_Z6helperv", "helper"],
    ["_ZN3abc6helperEi", "helper"],
    ["_ZNK3abc5Thing6methodEv", "method"],
    ["__Z6helperv", "helper"],
  ])("of %s is %s", (symbol, name) => {
    expect(sourceName(symbol)).toBe(name);
  });
});

describe("a reference to a symbol", () => {
  it("is the call, not the declaration, the comment or the string", () => {
    const text =
      '// helper();\nextern int helper(void);\nconst char *s = "helper";\nint f(void) { return helper(); }\n';
    expect(findReference("a.c", text, "helper")).toEqual({
      start: { line: 3, character: 21 },
      end: { line: 3, character: 27 },
    });
  });

  it("is the declaration where there is no other", () => {
    expect(findReference("a.c", "extern int helper;\n", "helper")?.start).toEqual({ line: 0, character: 11 });
  });

  it("is found in Zig", () => {
    expect(findReference("a.zig", "pub fn f() void { // helper\n helper(); }", "helper")?.start.line).toBe(1);
  });

  it("is undefined where the name does not occur", () => {
    expect(findReference("a.c", "int f(void);", "helper")).toBeUndefined();
  });
});
