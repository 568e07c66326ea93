import { describe, expect, test } from "vitest";
import { eventJson, problemJson } from "../../../server/cli/json.ts";
import { ZligError } from "../../../server/core/error.ts";
import type { BuildEvent } from "../../../server/core/event.ts";

const range = { start: { line: 14, character: 23 }, end: { line: 14, character: 34 } };

describe("problems", () => {
  test("a bare problem has code, severity and message", () => {
    expect(problemJson(new ZligError("zig-missing", "There is no Zig"))).toEqual({
      code: "zig-missing",
      severity: "error",
      message: "There is no Zig",
    });
  });

  test("hint, place and further places come along; cause and stack stay out", () => {
    const problem = new ZligError("duplicate-extension", "Two", {
      severity: "warning",
      hint: "Rename one",
      location: { file: "/p/pyproject.toml", range },
      related: [{ location: { file: "/p/pyproject.toml" }, message: "The other" }],
      cause: new Error("secret"),
    });
    expect(problemJson(problem)).toEqual({
      code: "duplicate-extension",
      severity: "warning",
      message: "Two",
      hint: "Rename one",
      location: { file: "/p/pyproject.toml", range },
      related: [{ location: { file: "/p/pyproject.toml" }, message: "The other" }],
    });
  });
});

test("every event of a build is one object that survives JSON", () => {
  const diagnostic = {
    severity: "error",
    message: "expected ';'",
    location: { file: "/p/a.c", range },
    excerpt: "    3 | int x\n      |      ^",
    notes: [{ severity: "note", message: "to match this", notes: [], fixIts: [] }],
    fixIts: [{ file: "/p/a.c", range, text: ";" }],
  } as const;
  const events: BuildEvent[] = [
    { event: "step", state: "done", kind: "compile", extension: "a.b", source: "a.c", finished: 1, total: 2 },
    { event: "diagnostic", extension: "a.b", diagnostic },
    { event: "problem", problem: new ZligError("init-missing", "none", { location: { file: "/p/x", range } }) },
    { event: "artefact", extension: "a.b", path: "a/b.so", state: "written" },
    { event: "notice", message: "line\nline" },
  ];
  const read = events.map((event) => JSON.parse(JSON.stringify(eventJson(event))) as unknown);
  expect(read).toEqual([
    { event: "step", state: "done", kind: "compile", extension: "a.b", source: "a.c", finished: 1, total: 2 },
    { event: "diagnostic", extension: "a.b", ...diagnostic },
    { event: "problem", code: "init-missing", severity: "error", message: "none", location: { file: "/p/x", range } },
    { event: "artefact", extension: "a.b", path: "a/b.so", state: "written" },
    { event: "notice", message: "line\nline" },
  ]);
});
