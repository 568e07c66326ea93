import { expect, test } from "vitest";
import { helpText } from "../../../server/cli/help.ts";
import { cliCommands } from "../../../server/cli/options.ts";
import type { CommandName } from "../../../server/cli/options.ts";

test("the help lists the commands for people and the exit codes", () => {
  expect(helpText()).toMatchInlineSnapshot(`
    "zlig: native Python modules as easy as pure ones

    Usage: zlig COMMAND [OPTION ...]
           zlig --version

    Commands:
      build     Build the extension modules in place, beside the package's Python files.
      wheel     Build the extension modules and pack a wheel.
      sdist     Pack a source distribution.
      check     Check pyproject.toml and the files it names; execute nothing.
      clean     Remove the artefacts that Zlig built in place for an interpreter.
      info      Show the project, the interpreter, Zig and the folders that a build would use.

    \`zlig COMMAND --help\` shows the options of a command.

    Exit codes: 0 done; 1 the project's fault, problems were printed; 2 wrong usage;
    3 the environment's fault (no Zig, no Python, disk full); 130 cancelled.
    "
  `);
});

test("the help of a command lists its options", () => {
  expect(helpText("wheel")).toMatchInlineSnapshot(`
    "zlig wheel: Build the extension modules and pack a wheel.

    Options:
          --project DIR       The folder of pyproject.toml (default: the current one).
          --python X          The interpreter to build for: a path, a version (3.12, 3.14t) or a tag
                              (cp312). Default: the active virtual environment, then .venv, then
                              python3.
          --target TAG        The platform to build for, as wheels name it: manylinux_2_28_x86_64.
          --zig PATH          The Zig to compile with. Default: ZLIG_ZIG, ziglang in the
                              environment, zig on the path.
      -j, --jobs N            How many processes run at once (default: one for each core).
          --no-cache          Use no result of an earlier build.
          --dry-run           Show what would be done, and do nothing.
          --json              Print one event a line as JSON on standard output; text for people
                              goes to standard error.
      -v, --verbose           Say more: each step, and what errors come from.
      -q, --quiet             Say nothing but problems.
          --out-dir DIR       The folder that the result goes to (default: dist in the project).
      -h, --help              Show this help.
    "
  `);
  expect(helpText("check")).toMatchInlineSnapshot(`
    "zlig check: Check pyproject.toml and the files it names; execute nothing.

    Options:
          --project DIR       The folder of pyproject.toml (default: the current one).
          --format F          text, json, github or sarif (default: text).
          --json              Print one event a line as JSON on standard output; text for people
                              goes to standard error.
      -v, --verbose           Say more: each step, and what errors come from.
      -q, --quiet             Say nothing but problems.
      -h, --help              Show this help.
    "
  `);
  expect(helpText("clean")).toMatchInlineSnapshot(`
    "zlig clean: Remove the artefacts that Zlig built in place for an interpreter.

    Options:
          --project DIR       The folder of pyproject.toml (default: the current one).
          --python X          The interpreter to build for: a path, a version (3.12, 3.14t) or a tag
                              (cp312). Default: the active virtual environment, then .venv, then
                              python3.
          --all               Also what was built for other interpreters.
          --json              Print one event a line as JSON on standard output; text for people
                              goes to standard error.
      -v, --verbose           Say more: each step, and what errors come from.
      -q, --quiet             Say nothing but problems.
      -h, --help              Show this help.
    "
  `);
});

test("no line of any help is wider than 100 columns or ends in a blank", () => {
  const texts = [helpText(), ...Object.keys(cliCommands).map((name) => helpText(name as CommandName))];
  for (const line of texts.join("").split("\n")) {
    expect(line.length).toBeLessThanOrEqual(100);
    expect(line).toBe(line.trimEnd());
  }
});

test("what Zlig's own parts say to each other is not in the help", () => {
  const all = [helpText(), helpText("wheel"), helpText("sdist")].join("");
  expect(all).not.toMatch(/config-setting|metadata-directory|editable|requires/);
});
