import { describe, expect, test } from "vitest";
import { distributionFileName, isValidName, normalizeName } from "../../../server/core/python/name.ts";

describe("the name of a project", () => {
  test.for(["a", "A1", "zope.interface", "Foo__bar-2"])("%s is valid", (name) => {
    expect(isValidName(name)).toBe(true);
  });

  test.for(["", "-a", "a-", "_a", "a.", "a b", "ä", "a/b", "a\n"])("%j is not valid", (name) => {
    expect(isValidName(name)).toBe(false);
  });

  test("is normalised as PEP 503 says", () => {
    expect(normalizeName("Zope._-Interface__X")).toBe("zope-interface-x");
  });

  test("has underscores in file names", () => {
    expect(distributionFileName("Zope.Interface--X")).toBe("zope_interface_x");
  });
});
