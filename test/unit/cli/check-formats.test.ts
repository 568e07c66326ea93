import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { githubText, sarifText } from "../../../server/cli/commands/check-formats.ts";
import { ZligError } from "../../../server/core/error.ts";
import type { Location } from "../../../server/core/location.ts";

function at(file: string, line: number, from: number, to: number, endLine = line): Location {
  return { file, range: { start: { line, character: from }, end: { line: endLine, character: to } } };
}

describe("GitHub", () => {
  const file = join(process.cwd(), "sub", "pyproject.toml");

  test("a problem is an annotation at its place, counted from one", () => {
    expect(githubText([new ZligError("unknown-key", "Unknown key", { location: at(file, 4, 0, 7) })], {})).toBe(
      "::error file=sub/pyproject.toml,line=5,endLine=5,col=1,endColumn=8,title=unknown-key::Unknown key\n",
    );
  });

  test("columns are left out where they would not count, and the place where there is none", () => {
    const problems = [
      new ZligError("wrong-type", "a", { location: at(file, 4, 3, 2, 6), severity: "warning" }),
      new ZligError("manifest-missing", "b", { location: { file } }),
      new ZligError("zig-missing", "c"),
    ];
    expect(githubText(problems, {}).split("\n")).toEqual([
      "::warning file=sub/pyproject.toml,line=5,endLine=7,title=wrong-type::a",
      "::error file=sub/pyproject.toml,title=manifest-missing::b",
      "::error title=zig-missing::c",
      "",
    ]);
  });

  test("messages and hints cannot end a command or begin another one", () => {
    const problem = new ZligError("unknown-key", "100% a\r\n::warning::b", { hint: "two\nlines" });
    const text = githubText([problem], {});
    expect(text).toBe("::error title=unknown-key::100%25 a%0A::warning::b%0Atwo%0Alines\n");
    expect(text.trimEnd()).not.toContain("\n");
  });

  test("properties are escaped as GitHub reads them back", () => {
    const odd = join(process.cwd(), "a,b:c%\n.toml");
    expect(githubText([new ZligError("unknown-key", "x", { location: { file: odd } })], {})).toBe(
      "::error file=a%2Cb%3Ac%25%0A.toml,title=unknown-key::x\n",
    );
  });

  test("files are named from the workspace, in whichever of its folders the command runs", () => {
    const problem = new ZligError("unknown-key", "x", { location: { file: "/w/repo/py/pyproject.toml" } });
    expect(githubText([problem], { GITHUB_WORKSPACE: "/w/repo" })).toContain("file=py/pyproject.toml,");
    expect(githubText([problem], { GITHUB_WORKSPACE: "/w/other" })).toContain("file=/w/repo/py/pyproject.toml,");
  });

  test("no problem is no line", () => {
    expect(githubText([], {})).toBe("");
  });
});

interface Sarif {
  $schema: string;
  version: string;
  runs: {
    tool: {
      driver: {
        name: string;
        version: string;
        rules: { id: string; shortDescription: { text: string }; help: { text: string } }[];
      };
    };
    columnKind: string;
    originalUriBaseIds: Record<string, { uri: string }>;
    results: {
      ruleId: string;
      ruleIndex: number;
      level: string;
      message: { text: string };
      locations: {
        physicalLocation: { artifactLocation: { uri: string; uriBaseId?: string }; region?: Record<string, number> };
      }[];
      relatedLocations?: { message: { text: string } }[];
    }[];
  }[];
}

describe("SARIF", () => {
  const root = join(process.cwd(), "pro ject");
  const file = join(root, "pyproject.toml");
  const read = (...problems: ZligError[]): Sarif => JSON.parse(sarifText(problems, root)) as Sarif;

  /** What section 3 of SARIF 2.1.0 requires of the parts that are used. */
  function checkShape(log: Sarif): void {
    expect(log.version).toBe("2.1.0");
    expect(log.runs).toHaveLength(1);
    for (const run of log.runs) {
      expect(run.tool.driver.name).toBe("zlig");
      expect(["utf16CodeUnits", "unicodeCodePoints"]).toContain(run.columnKind);
      for (const { uri } of Object.values(run.originalUriBaseIds)) expect(uri).toMatch(/^file:\/\/\/.*\/$/);
      const ids = run.tool.driver.rules.map((rule) => rule.id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const result of run.results) {
        expect(ids[result.ruleIndex]).toBe(result.ruleId);
        expect(["none", "note", "warning", "error"]).toContain(result.level);
        expect(result.message.text).not.toBe("");
        for (const { physicalLocation } of result.locations) {
          const { uri, uriBaseId } = physicalLocation.artifactLocation;
          if (uriBaseId === undefined) expect(new URL(uri).protocol).toBe("file:");
          else expect(uri).not.toMatch(/^(?:\/|\.\.|\w+:)|\\|[ #?]/);
          for (const value of Object.values(physicalLocation.region ?? {})) expect(value).toBeGreaterThanOrEqual(1);
        }
      }
    }
  }

  test("without problems the log is empty and whole", () => {
    const log = read();
    checkShape(log);
    expect(log.runs[0]?.results).toEqual([]);
    expect(log.runs[0]?.originalUriBaseIds["PROJECT"]?.uri).toBe(`${pathToFileURL(root).href}/`);
  });

  test("a problem has rule, level, message and place, counted from one", () => {
    const log = read(
      new ZligError("unknown-key", "Unknown", { location: at(file, 4, 0, 7), hint: "Did you mean" }),
      new ZligError("glob-empty", "Nothing", { location: at(file, 1, 2, 9), severity: "warning" }),
      new ZligError("unknown-key", "Again", { location: { file } }),
      new ZligError("internal", "Nowhere"),
    );
    checkShape(log);
    const [run] = log.runs;
    expect(run?.tool.driver.rules.map((rule) => rule.id)).toEqual(["glob-empty", "internal", "unknown-key"]);
    expect(run?.results.map(({ ruleId, level, message }) => [ruleId, level, message.text])).toEqual([
      ["unknown-key", "error", "Unknown\nDid you mean"],
      ["glob-empty", "warning", "Nothing"],
      ["unknown-key", "error", "Again"],
      ["internal", "error", "Nowhere"],
    ]);
    expect(run?.results[0]?.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: "pyproject.toml", uriBaseId: "PROJECT" },
          region: { startLine: 5, startColumn: 1, endLine: 5, endColumn: 8 },
        },
      },
    ]);
    expect(run?.results[3]?.locations).toEqual([]);
  });

  test("names that are special in a URI are escaped; a file elsewhere has a URI of its own", () => {
    const log = read(
      new ZligError("source-kind", "x", { location: { file: join(root, "a b", "c#?%.c") } }),
      new ZligError("source-kind", "y", { location: { file: join(process.cwd(), "other.c") } }),
    );
    checkShape(log);
    expect(log.runs[0]?.results.map(({ locations }) => locations[0]?.physicalLocation.artifactLocation)).toEqual([
      { uri: "a%20b/c%23%3F%25.c", uriBaseId: "PROJECT" },
      { uri: pathToFileURL(join(process.cwd(), "other.c")).href },
    ]);
  });

  test("further places come along with their messages", () => {
    const related = [{ location: at(file, 0, 0, 1), message: "The other one is here." }];
    const log = read(new ZligError("duplicate-extension", "Two", { location: at(file, 4, 0, 7), related }));
    checkShape(log);
    expect(log.runs[0]?.results[0]?.relatedLocations?.map(({ message }) => message.text)).toEqual([
      "The other one is here.",
    ]);
  });
});
