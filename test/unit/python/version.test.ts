import { describe, expect, test } from "vitest";
import { PackagingSyntaxError } from "../../../server/core/python/packaging-syntax-error.ts";
import { compareVersions, isPrerelease, normalizeVersion, parseVersion } from "../../../server/core/python/version.ts";
import type { Version } from "../../../server/core/python/version.ts";

function version(text: string): Version {
  const parsed = parseVersion(text);
  if (parsed === undefined) throw new Error(`${text} is no version`);
  return parsed;
}

describe("a version", () => {
  test.for([
    ["1.0", "1.0"],
    [" v1.0.0-Alpha.2 ", "1.0.0a2"],
    ["1!02.3", "1!2.3"],
    ["1.0c1", "1.0rc1"],
    ["1.0.preview", "1.0rc0"],
    ["1.0-5", "1.0.post5"],
    ["1.0r", "1.0.post0"],
    ["1.0a1.post2.dev3", "1.0a1.post2.dev3"],
    ["1.0DEV", "1.0.dev0"],
    ["20240101123456789012.1", "20240101123456789012.1"],
    ["1.0+Ubuntu-01_1e5.0x10", "1.0+ubuntu.1.1e5.0x10"],
  ])("%j is normalised to %j", ([text = "", normal]) => {
    expect(normalizeVersion(text)).toBe(normal);
  });

  test.for(["", "1.", ".1", "1..0", "1.0-", "1.0+", "1.0+a..b", "1.0x", "a", "1.0 0", "1.0--1", "٣.0", "1.*"])(
    "%j is refused",
    (text) => {
      expect(parseVersion(text)).toBeUndefined();
      expect(() => normalizeVersion(text)).toThrow(PackagingSyntaxError);
    },
  );

  test("is ordered as PEP 440 orders them", () => {
    const ordered = [
      "1.dev0",
      "1.0.dev456",
      "1.0a1",
      "1.0a2.dev456",
      "1.0a12.dev456",
      "1.0a12",
      "1.0b1.dev456",
      "1.0b2",
      "1.0b2.post345.dev456",
      "1.0b2.post345",
      "1.0rc1.dev456",
      "1.0rc1",
      "1.0",
      "1.0+abc.5",
      "1.0+abc.7",
      "1.0+5",
      "1.0.post456.dev34",
      "1.0.post456",
      "1.0.15",
      "1.1.dev1",
      "10.0",
      "1!0.1",
    ];
    for (const [index, lower] of ordered.entries()) {
      for (const higher of ordered.slice(index + 1)) {
        expect(compareVersions(version(lower), version(higher)), `${lower} < ${higher}`).toBeLessThan(0);
        expect(compareVersions(version(higher), version(lower)), `${higher} > ${lower}`).toBeGreaterThan(0);
      }
    }
  });

  test("is equal to itself with zeros at the end of its release", () => {
    expect(compareVersions(version("1"), version("1.0.0"))).toBe(0);
  });

  test("is a pre-release with a pre or dev part, not with a post part", () => {
    expect(["1rc1", "1.dev0", "1.post1", "1"].map((text) => isPrerelease(version(text)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
