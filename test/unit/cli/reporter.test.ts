import { describe, expect, test } from "vitest";
import { columnsOf } from "../../../server/cli/columns.ts";
import type { ReporterOptions } from "../../../server/cli/reporter.ts";
import { Reporter } from "../../../server/cli/reporter.ts";
import { ProblemsError, ZligError } from "../../../server/core/error.ts";
import type { StepEvent } from "../../../server/core/event.ts";
import { screenOf } from "../../support/terminal.ts";

interface Recorded {
  readonly reporter: Reporter;
  readonly out: () => string;
  readonly err: () => string;
  readonly events: () => unknown[];
}

function record(
  options: Partial<ReporterOptions> = {},
  terminal: { isTTY?: boolean; columns?: number } = {},
  env: NodeJS.ProcessEnv = {},
): Recorded {
  let [out, err] = ["", ""];
  const reporter = new Reporter(
    { json: false, quiet: false, verbose: false, ...options },
    {
      stdout: { write: (text: string) => (out += text) },
      stderr: { write: (text: string) => (err += text), ...terminal },
      env,
    },
  );
  return {
    reporter,
    out: () => out,
    err: () => err,
    events: () =>
      out
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line) as unknown),
  };
}

function step(state: StepEvent["state"], finished: number, source = "a.c", total = 3): StepEvent {
  return { event: "step", state, kind: "compile", extension: "demo.a", source, finished, total };
}

const warning = {
  event: "diagnostic",
  extension: "demo.a",
  diagnostic: { severity: "warning", message: "odd", notes: [], fixIts: [] },
} as const;

describe("progress without a terminal", () => {
  test("each finished step has its line, without control sequences", () => {
    const { reporter, err, out } = record();
    reporter.emit(step("started", 0));
    reporter.emit(step("done", 1));
    reporter.emit(step("cached", 2, "b.c"));
    reporter.emit({ event: "step", state: "done", kind: "link", extension: "demo.a", finished: 3, total: 3 });
    reporter.finish(0);
    expect(err()).toBe("[1/3] compiled a.c\n[3/3] linked demo.a\n");
    expect(out()).toBe("");
  });

  test("verbose tells of steps whose result is known, and of artefacts that stay", () => {
    const { reporter, err } = record({ verbose: true });
    reporter.emit(step("cached", 1));
    reporter.emit({ event: "artefact", extension: "demo.a", path: "src/a.so", state: "unchanged" });
    expect(err()).toBe("[1/3] compiled before: a.c\nUnchanged: src/a.so\n");
  });

  test("quiet leaves out everything but problems", () => {
    const { reporter, err } = record({ quiet: true });
    reporter.emit(step("done", 1));
    reporter.emit({ event: "notice", message: "a word" });
    reporter.emit({ event: "artefact", extension: "demo.a", path: "src/a.so", state: "written" });
    reporter.say("Built");
    reporter.emit(warning);
    reporter.conclude("1 of 1 failed");
    reporter.fail(new ZligError("link-failed", "bad"));
    expect(err()).toBe("warning: odd\nerror[link-failed]: bad\n");
  });

  test("what became of each artefact is said", () => {
    const { reporter, err } = record();
    for (const state of ["written", "unchanged", "removed", "kept-in-cache"] as const)
      reporter.emit({ event: "artefact", extension: "demo.a", path: `${state}.so`, state });
    expect(err()).toBe(
      "Wrote written.so\nRemoved removed.so\nKept in the cache, for the project cannot be written: kept-in-cache.so\n",
    );
    expect(reporter.written).toBe(1);
  });
});

describe("progress on a terminal", () => {
  test("one line is written over, stays below what is printed, and is gone at the end", () => {
    const { reporter, err } = record({}, { isTTY: true, columns: 80 });
    reporter.emit(step("started", 0));
    expect(screenOf(err())).toEqual(["[0/3] compiling a.c"]);
    reporter.emit(step("done", 1));
    reporter.emit(step("started", 1, "b.c"));
    expect(screenOf(err())).toEqual(["[1/3] compiling b.c"]);
    reporter.emit(warning);
    expect(screenOf(err())).toEqual(["warning: odd", "[1/3] compiling b.c"]);
    reporter.emit(step("done", 3, "b.c"));
    expect(screenOf(err())).toEqual(["warning: odd", ""]);
    reporter.say("Built");
    reporter.finish(0);
    expect(screenOf(err())).toEqual(["warning: odd", "Built", ""]);
  });

  test("a failure takes the progress line away", () => {
    const { reporter, err } = record({}, { isTTY: true, columns: 80 });
    reporter.emit(step("started", 0));
    reporter.fail(new ZligError("cancelled", "Cancelled"));
    reporter.finish(130);
    expect(screenOf(err())).toEqual(["Cancelled", ""]);
  });

  test("the line never reaches the edge, however wide its characters are", () => {
    for (const source of ["src/a-very-long-name-of-a-file-indeed.c", "src/漢字漢字漢字漢字漢字漢字漢字.c"]) {
      const { reporter, err } = record({}, { isTTY: true, columns: 30 });
      reporter.emit(step("started", 0, source));
      const [line = ""] = screenOf(err());
      expect(line).toMatch(/…$/);
      expect(columnsOf(line)).toBeLessThan(30);
    }
  });

  test("a terminal that does not know its width is taken for 80 columns", () => {
    const { reporter, err } = record({}, { isTTY: true, columns: 0 });
    reporter.emit(step("started", 0, "x".repeat(200)));
    expect(screenOf(err())[0]).toHaveLength(79);
  });

  test.each([
    ["verbose", { verbose: true }, {}],
    ["a dumb terminal", {}, { TERM: "dumb" }],
  ])("%s gets plain lines", (_title, options, env) => {
    const { reporter, err } = record(options, { isTTY: true, columns: 80 }, env);
    reporter.emit(step("started", 0));
    reporter.emit(step("done", 1));
    expect(err()).toBe("[1/3] compiled a.c\n");
  });

  test("quiet shows no progress", () => {
    const { reporter, err } = record({ quiet: true }, { isTTY: true, columns: 80 });
    reporter.emit(step("started", 0));
    expect(err()).toBe("");
  });

  test("colours follow the terminal and NO_COLOR", () => {
    const shown = (terminal: { isTTY?: boolean }, env: NodeJS.ProcessEnv): string => {
      const { reporter, err } = record({}, terminal, env);
      reporter.emit(warning);
      return err();
    };
    expect(shown({ isTTY: true }, {})).toContain("\u001B[33m");
    expect(shown({ isTTY: true }, { NO_COLOR: "1" })).toBe("warning: odd\n");
    expect(shown({}, {})).toBe("warning: odd\n");
  });
});

describe("failures", () => {
  const location = {
    file: "/nowhere/pyproject.toml",
    range: { start: { line: 1, character: 2 }, end: { line: 1, character: 3 } },
  };
  const undefinedSymbols = (number: number): ProblemsError => {
    const [first, ...rest] = Array.from(
      { length: number },
      (_, index) =>
        new ZligError("undefined-symbol", `Nothing defines \`f${index}\``, { location, hint: "Add the source" }),
    );
    if (first === undefined) throw new Error("no problem");
    return new ProblemsError([first, ...rest]);
  };

  test("each problem is shown once, then the line that sums up", () => {
    const { reporter, err } = record();
    reporter.conclude("2 of 3 extensions could not be built");
    const code = reporter.fail(
      new ProblemsError([new ZligError("compile-failed", "one"), new ZligError("link-failed", "two", { hint: "do" })]),
    );
    expect(err()).toBe(
      "error[compile-failed]: one\nerror[link-failed]: two\n  hint: do\n2 of 3 extensions could not be built\n",
    );
    expect(code).toBe(1);
  });

  test("the gravest problem decides the exit code", () => {
    const problems = [new ZligError("glob-empty", "a"), new ZligError("zig-missing", "b")] as const;
    expect(record().reporter.fail(new ProblemsError(problems))).toBe(3);
    expect(record().reporter.fail(new ZligError("usage", "a"))).toBe(2);
    expect(record().reporter.fail(new ZligError("cancelled", "a"))).toBe(130);
  });

  test("problems that differ only in their words share source line and hint", () => {
    const { reporter, err } = record();
    reporter.fail(undefinedSymbols(3));
    expect(err()).toBe(
      [
        ...[0, 1, 2].map((n) => `/nowhere/pyproject.toml:2:3: error[undefined-symbol]: Nothing defines \`f${n}\``),
        "  hint: Add the source",
        "",
      ].join("\n"),
    );
  });

  test("of a great many the rest is counted; JSON and --verbose have them all", () => {
    const { reporter, err } = record();
    reporter.fail(undefinedSymbols(300));
    const lines = err().split("\n");
    expect(lines.filter((line) => line.includes("Nothing defines"))).toHaveLength(10);
    expect(lines.at(-2)).toBe("  … and 290 more like these; --verbose shows all");
    expect(reporter.counts.errors).toBe(300);

    const json = record({ json: true });
    json.reporter.fail(undefinedSymbols(300));
    expect(json.events()).toHaveLength(300);

    const verbose = record({ verbose: true });
    verbose.reporter.fail(undefinedSymbols(300));
    expect(verbose.err().match(/Nothing defines/g)).toHaveLength(300);
  });

  test("a stack is shown only for a bug, and only when asked", () => {
    const cause = new TypeError("x is not a function");
    const bug = new ZligError("internal", "Zlig failed", { cause });
    const quiet = record();
    quiet.reporter.fail(bug);
    expect(quiet.err()).toBe("error[internal]: Zlig failed\n");
    const verbose = record({ verbose: true });
    verbose.reporter.fail(bug);
    expect(verbose.err()).toMatch(/caused by: TypeError: x is not a function\n +at /);
  });

  test("verbose tells every error that an error comes from, harmless to the terminal", () => {
    const cause = new ZligError("tool-failed", "middle", { cause: "words \u001B[2J" });
    const { reporter, err } = record({ verbose: true });
    reporter.fail(new ZligError("python-missing", "top", { cause }));
    expect(err()).toBe("error[python-missing]: top\ncaused by: middle\ncaused by: 'words \\x1B[2J'\n");
  });

  test("that the compiler refused sources is no error beside those in them", () => {
    const { reporter } = record();
    reporter.emit({ ...warning, diagnostic: { ...warning.diagnostic, severity: "error" } });
    reporter.emit(warning);
    reporter.fail(new ZligError("compile-failed", "refused"));
    expect(reporter.counts).toEqual({ errors: 1, warnings: 1 });
  });

  test("the extensions of which a step failed are known", () => {
    const { reporter } = record();
    reporter.emit(step("failed", 1));
    reporter.emit({ ...step("done", 2), extension: "demo.b" });
    expect([...reporter.failedExtensions]).toEqual(["demo.a"]);
  });
});

describe("JSON", () => {
  test("standard output has events alone, text goes to standard error", () => {
    const { reporter, events, err } = record({ json: true });
    reporter.emit({ event: "notice", message: "a word" });
    reporter.show("a plan");
    reporter.emit(warning);
    reporter.fail(new ZligError("link-failed", "bad"));
    reporter.finish(1);
    expect(events()).toEqual([
      { event: "notice", message: "a word" },
      { event: "diagnostic", extension: "demo.a", severity: "warning", message: "odd", notes: [], fixIts: [] },
      { event: "problem", code: "link-failed", severity: "error", message: "bad" },
      { event: "end", exitCode: 1, errors: 1, warnings: 1 },
    ]);
    expect(err()).toBe("a word\nwarning: odd\nerror[link-failed]: bad\n");
  });

  test("without it what a command shows goes to standard output", () => {
    const { reporter, out, err } = record();
    reporter.show("a plan");
    reporter.finish(0);
    expect([out(), err()]).toEqual(["a plan\n", ""]);
  });
});
