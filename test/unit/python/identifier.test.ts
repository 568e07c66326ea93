import { describe, expect, test } from "vitest";
import { isIdentifier, isImportName } from "../../../server/core/python/identifier.ts";

describe("a Python name", () => {
  test.for(["a", "_", "größe", "a1", "ﬁ", "class"])("%s is an identifier", (text) => {
    expect(isIdentifier(text)).toBe(true);
  });

  test.for(["", "1a", "a-b", "a b", "a.b", "€"])("%j is none", (text) => {
    expect(isIdentifier(text)).toBe(false);
  });

  test("of a module may have dots, but no keyword", () => {
    expect(isImportName("a.b._c")).toBe(true);
    expect(isImportName("match.type")).toBe(true);
    expect(isImportName("a.class")).toBe(false);
    expect(isImportName("a..b")).toBe(false);
  });
});
