import { describe, expect, test } from "vitest";
import { canonicalizeLicenseExpression } from "../../../server/core/python/license-expression.ts";
import { PackagingSyntaxError } from "../../../server/core/python/packaging-syntax-error.ts";

function errorOf(text: string): PackagingSyntaxError {
  try {
    canonicalizeLicenseExpression(text);
  } catch (error) {
    if (error instanceof PackagingSyntaxError) return error;
  }
  throw new Error(`${text} was accepted`);
}

describe("a licence expression", () => {
  test.for([
    ["mit", "MIT"],
    [" mit  and(apache-2.0 or BSD-2-clause) ", "MIT AND (Apache-2.0 OR BSD-2-Clause)"],
    ["gpl-2.0+", "GPL-2.0+"],
    ["apache-2.0+", "Apache-2.0+"],
    ["GPL-3.0-only with classpath-exception-2.0", "GPL-3.0-only WITH Classpath-exception-2.0"],
    ["mit with pcre2-EXCEPTION", "MIT WITH PCRE2-exception"],
    ["licenseref-My.Own-1", "LicenseRef-My.Own-1"],
    ["((MIT))", "((MIT))"],
  ])("%j is written as %j", ([text = "", canonical]) => {
    expect(canonicalizeLicenseExpression(text)).toBe(canonical);
  });

  test.for([
    ["", 0, 0],
    ["Apache 2.0", 0, 6],
    ["MIT AND Proprietary", 8, 19],
    ["MIT MIT", 4, 7],
    ["MIT AND", 0, 7],
    ["MIT OR AND MIT", 7, 10],
    ["(MIT", 0, 4],
    ["MIT)", 3, 4],
    ["()", 1, 2],
    ["MIT WITH Nothing", 9, 16],
    ["(MIT) WITH Classpath-exception-2.0", 6, 10],
    ["LicenseRef-a_b", 0, 14],
    ["LicenseRef-x+", 0, 13],
    ["MIT +", 4, 5],
    ["GPL-2.0++", 0, 9],
  ] as const)("%j is refused where it is wrong", ([text, start, end]) => {
    const error = errorOf(text);
    expect([error.start, error.end]).toEqual([start, end]);
  });

  test("is refused where its parentheses are nested too deeply", () => {
    expect(errorOf("(".repeat(100_000)).message).toContain("too deeply");
  });
});
