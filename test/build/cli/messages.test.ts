import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeDemo, manifestText, moduleSource } from "../../support/demo.ts";
import { makeFolder } from "../../support/tree.ts";
import type { JsonEvent } from "../../support/zlig.ts";
import { runZlig } from "../../support/zlig.ts";

const manifest = manifestText(
  "extensions = [",
  '  { name = "demo._one", sources = ["src/demo/a.c", "src/demo/b.c", "src/demo/_one.c"] },',
  '  { name = "demo._two", sources = ["src/demo/c.c", "src/demo/_two.c"] },',
  "]",
);

/** Five sources in two extensions; three include a header with an error, one has an error of its own, one a warning. */
const broken = {
  "pyproject.toml": manifest,
  "src/demo/__init__.py": "",
  "src/demo/demo.c": "not a part of it",
  "src/demo/common.h": "#include <Python.h>\nstatic int shared(void) { return no_such_name; }\n",
  "src/demo/a.c": '#include "common.h"\nint a(void) { return shared(); }\n',
  "src/demo/b.c": '#include "common.h"\nint b(void) { return shared() + own_fault; }\n',
  "src/demo/_one.c": moduleSource("_one", "42", "static int idle(void) { int unused; return 1; }"),
  "src/demo/c.c": '#include "common.h"\nint c(void) { return shared(); }\n',
  "src/demo/_two.c": moduleSource("_two"),
};

/** The same with nothing worse than warnings. */
const warning = {
  ...broken,
  "src/demo/common.h": "#include <Python.h>\nstatic inline int shared(void) { int unused; return 1; }\n",
  "src/demo/b.c": '#include "common.h"\nint b(void) { return shared(); }\n',
};

function headsOf(text: string): string[] {
  return text.split("\n").filter((line) => /: (?:error|warning)(?:\[[-a-z]+\])?: /.test(line));
}

/** The text without the lines of progress, whose order is that in which the steps end. */
function told(text: string): string {
  return text.replace(/^\[\d+\/\d+\] .*\n/gm, "");
}

function diagnosticsOf(events: readonly JsonEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.event !== "diagnostic") return [];
    const { file, range } = event["location"] as {
      file: string;
      range: { start: { line: number; character: number } };
    };
    const name = file.split(/[\\/]/).at(-1) ?? "";
    return [
      `${name}:${range.start.line}:${range.start.character} ${String(event["severity"])} ${String(event["message"])}`,
    ];
  });
}

describe("a failed compile in the middle of many", () => {
  test("shows every error once, in the order of the plan, and one line that sums up", async () => {
    const project = makeDemo(broken);
    const { exitCode, stderr } = await runZlig(["build", "--jobs", "4"], { cwd: project });
    expect(exitCode).toBe(1);
    const lines = headsOf(stderr);
    expect(lines).toEqual([
      expect.stringMatching(/^src\/demo\/_one\.c:2:\d+: warning: unused variable 'unused' \[-Wunused-variable\]$/),
      expect.stringMatching(/^src\/demo\/_one\.c:2:\d+: warning: unused function 'idle' \[-Wunused-function\]$/),
      "src/demo/common.h:2:34: error: use of undeclared identifier 'no_such_name'",
      "src/demo/b.c:2:33: error: use of undeclared identifier 'own_fault'",
      expect.stringMatching(
        /^pyproject\.toml:11:12: error\[compile-failed\]: "demo\._one" .*src\/demo\/a\.c, src\/demo\/b\.c$/,
      ),
      expect.stringMatching(/^pyproject\.toml:12:12: error\[compile-failed\]: "demo\._two" .*src\/demo\/c\.c$/),
    ]);
    expect(stderr.match(/could not be built/g)).toHaveLength(1);
    expect(stderr.trimEnd().split("\n").at(-1)).toBe("2 of 2 extensions could not be built: 2 errors, 2 warnings");
  });

  test("says the same whatever runs first, also the second time", async () => {
    const project = makeDemo(broken);
    const one = await runZlig(["build", "--jobs", "1"], { cwd: project, env: { ZLIG_CACHE_DIR: makeFolder() } });
    const again = await runZlig(["build", "--jobs", "8"], { cwd: project });
    const third = await runZlig(["wheel", "--jobs", "2"], { cwd: project });
    expect(told(again.stderr)).toBe(told(one.stderr));
    expect(told(third.stderr)).toBe(told(one.stderr));
  });

  test("tells programs the same, in the same order", async () => {
    const project = makeDemo(broken);
    const { events } = await runZlig(["build", "--json"], { cwd: project });
    expect(diagnosticsOf(events)).toEqual([
      expect.stringMatching(/^_one\.c:1:\d+ warning unused variable 'unused'$/),
      expect.stringMatching(/^_one\.c:1:\d+ warning unused function 'idle'$/),
      "common.h:1:33 error use of undeclared identifier 'no_such_name'",
      "b.c:1:32 error use of undeclared identifier 'own_fault'",
    ]);
    const problems = events.filter(({ event }) => event === "problem");
    expect(problems.map(({ code }) => code)).toEqual(["compile-failed", "compile-failed"]);
    expect(problems[0]?.["location"]).toEqual({
      file: join(project, "pyproject.toml"),
      range: { start: { line: 10, character: 11 }, end: { line: 10, character: 22 } },
    });
    expect(events.at(-1)).toEqual({ event: "end", exitCode: 1, errors: 2, warnings: 2 });
  });

  test("does not keep the other extension from being built", async () => {
    const project = makeDemo({ ...broken, "src/demo/c.c": "int c(void) { return 1; }\n" });
    const { stderr, exitCode } = await runZlig(["build"], { cwd: project });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^Wrote src\/demo\/_two\.\S+$/m);
    expect(stderr.trimEnd().split("\n").at(-1)).toBe("1 of 2 extensions could not be built: 2 errors, 2 warnings");
  });

  test("of an optional extension is a warning, and the build goes on without it", async () => {
    const text = manifest.replace('c.c", "src/demo/_two.c"]', 'c.c", "src/demo/_two.c"], optional = true');
    const project = makeDemo({ ...warning, "pyproject.toml": text, "src/demo/c.c": "int c = nothing;\n" });
    const { stderr, exitCode } = await runZlig(["build"], { cwd: project });
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain("src/demo/c.c:1:9: error: use of undeclared identifier 'nothing'");
    expect(stderr).toMatch(/warning\[compile-failed\]: "demo\._two"/);
    expect(stderr).toMatch(/^Built 1 module in .*, 1 optional extension left out/m);
  });
});

describe("warnings of a successful build", () => {
  const expected = [
    expect.stringMatching(/^src\/demo\/_one\.c:2:\d+: warning: unused variable 'unused'/),
    expect.stringMatching(/^src\/demo\/_one\.c:2:\d+: warning: unused function 'idle'/),
    "src/demo/common.h:2:38: warning: unused variable 'unused' [-Wunused-variable]",
  ];

  test("are shown, and again when nothing was recompiled", async () => {
    const project = makeDemo(warning);
    const env = { ZLIG_CACHE_DIR: makeFolder() };
    const first = await runZlig(["build"], { cwd: project, env });
    expect(first.exitCode, first.stderr).toBe(0);
    expect(headsOf(first.stderr)).toEqual(expected);
    expect(first.stderr.trimEnd().split("\n").at(-1)).toMatch(
      /^Built 2 modules in \d+\.\d s: 5 compiled, 2 linked, 3 warnings$/,
    );
    const second = await runZlig(["build"], { cwd: project, env });
    expect(headsOf(second.stderr)).toEqual(expected);
    expect(second.stderr.trimEnd().split("\n").at(-1)).toBe("Nothing to do: 2 modules up to date, 3 warnings");
  });

  test("come with the wheel, and with --quiet too", async () => {
    const project = makeDemo(warning);
    for (let time = 0; time < 2; time++) {
      const { stderr, exitCode } = await runZlig(["wheel", "--quiet", "--out-dir", makeFolder()], { cwd: project });
      expect(exitCode).toBe(0);
      expect(headsOf(stderr)).toEqual(expected);
      expect(stderr).not.toContain("Wrote");
    }
  });

  test("of a project whose artefact is only put back are shown as well", async () => {
    const project = makeDemo(warning);
    await runZlig(["build"], { cwd: project });
    await runZlig(["clean"], { cwd: project });
    const { stderr } = await runZlig(["build"], { cwd: project });
    expect(headsOf(stderr)).toEqual(expected);
    expect(stderr.trimEnd().split("\n").at(-1)).toBe("Put 2 modules in place, compiled before, 3 warnings");
  });
});

test("a source with a name that steers a terminal does it no harm", async () => {
  const project = makeDemo({
    "pyproject.toml": manifestText('extensions = [{ name = "demo.demo", sources = ["src/demo/*.c"] }]'),
    "src/demo/\u001B[2Jx\u202E.c": "int x = nothing;\n",
  });
  const { stderr, exitCode } = await runZlig(["build", "--verbose"], { cwd: project });
  expect(exitCode).toBe(1);
  expect(stderr).not.toContain("\u001B");
  expect(stderr).not.toContain("\u202E");
  expect(stderr).toContain("src/demo/\\x1b[2Jx\\u202e.c:1:9: error");
});

test("a great deal of output is neither lost nor out of order", async () => {
  const number = 1500;
  const lines = Array.from({ length: number }, (_, index) => `static int unused_${index}(void) { return ${index}; }`);
  const project = makeDemo({ "src/demo/demo.c": moduleSource("demo", "42", lines.join("\n")) });
  const { stderr, exitCode } = await runZlig(["build"], { cwd: project });
  expect(exitCode).toBe(0);
  const names = Array.from(stderr.matchAll(/unused function 'unused_(\d+)'/g), ([, index]) => Number(index));
  expect(names).toEqual(Array.from({ length: number }, (_, index) => index));
  expect(stderr).toContain(`, ${number} warnings`);
});
