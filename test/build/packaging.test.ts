import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { canonicalizeLicenseExpression } from "../../server/core/python/license-expression.ts";
import type { MarkerEnvironment } from "../../server/core/python/marker.ts";
import { evaluateMarker, formatMarker, parseMarker } from "../../server/core/python/marker.ts";
import { normalizeName } from "../../server/core/python/name.ts";
import { PackagingSyntaxError } from "../../server/core/python/packaging-syntax-error.ts";
import { formatRequirement, parseRequirement } from "../../server/core/python/requirement.ts";
import {
  formatSpecifierSet,
  parseSpecifier,
  parseSpecifierSet,
  specifierContains,
} from "../../server/core/python/specifier.ts";
import type { Version } from "../../server/core/python/version.ts";
import { compareVersions, normalizeVersion, parseVersion } from "../../server/core/python/version.ts";
import { packagingVenv } from "../support/venv.ts";

interface Cases {
  readonly environment: MarkerEnvironment;
  readonly cases: readonly (readonly [kind: string, first: string, ...rest: unknown[]])[];
}

function versionOf(text: string): Version {
  const version = parseVersion(text);
  if (version === undefined) throw new Error(`${text} is no version`);
  return version;
}

function answer(kind: string, first: string, second: string, environment: MarkerEnvironment): unknown {
  switch (kind) {
    case "version":
      return normalizeVersion(first);
    case "compare":
      return Math.sign(compareVersions(versionOf(first), versionOf(second)));
    case "name":
      return normalizeName(first);
    case "specifier set":
      return formatSpecifierSet(parseSpecifierSet(first));
    case "contains":
      return specifierContains(parseSpecifier(first), second);
    case "requirement":
      return formatRequirement(parseRequirement(first));
    case "marker":
      return formatMarker(parseMarker(first));
    case "evaluate":
      return evaluateMarker(parseMarker(first), environment);
    case "license":
      return canonicalizeLicenseExpression(first);
    default:
      throw new Error(`unknown kind ${kind}`);
  }
}

/** Zlig's answer, `null` for a refusal as in the list of cases. */
function answerOrNull(kind: string, first: string, second: string, environment: MarkerEnvironment): unknown {
  try {
    return answer(kind, first, second, environment);
  } catch (error) {
    if (error instanceof PackagingSyntaxError) return null;
    throw error;
  }
}

describe("the packaging standards", () => {
  test("are read, written and evaluated as the Python package packaging does", async () => {
    const { python } = await packagingVenv();
    // A seed of the day's would find more, but would not find it twice.
    const script = join(import.meta.dirname, "..", "support", "packaging_cases.py");
    const { stdout } = await execa(python, ["-W", "ignore", script, "20261123", "4000"]);
    const { environment, cases } = JSON.parse(stdout) as Cases;
    const accepted = new Map<string, number>();
    const wrong: unknown[] = [];
    for (const [kind, first, ...rest] of cases) {
      const expected = rest.at(-1);
      const actual = answerOrNull(kind, first, String(rest[0]), environment);
      if (actual !== expected) wrong.push({ kind, first, rest, actual });
      else if (expected !== null) accepted.set(kind, (accepted.get(kind) ?? 0) + 1);
    }
    expect(wrong).toEqual([]);
    for (const kind of [
      "version",
      "compare",
      "name",
      "specifier set",
      "contains",
      "requirement",
      "marker",
      "evaluate",
    ]) {
      expect(accepted.get(kind), kind).toBeGreaterThan(500);
    }
    expect(accepted.get("license")).toBeGreaterThan(1500);
  });
});
