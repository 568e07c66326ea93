import { describe, expect, test } from "vitest";
import { parseCommandLine } from "../../../server/cli/arguments.ts";
import { cliCommands, cliOptions } from "../../../server/cli/options.ts";
import type { CliOption } from "../../../server/cli/options.ts";
import { ZligError } from "../../../server/core/error.ts";

function refusal(...args: string[]): { message: string; hint: string | undefined } {
  try {
    parseCommandLine(args);
  } catch (error) {
    if (!(error instanceof ZligError)) throw error;
    expect(error.code).toBe("usage");
    expect(error.exitCode).toBe(2);
    return { message: error.message, hint: error.hint };
  }
  throw new Error(`${args.join(" ")} was not refused`);
}

/** The options that `zlig wheel --config-setting …` comes to. */
function settings(...pairs: string[]): unknown {
  const request = parseCommandLine(["wheel", ...pairs.map((pair) => `--config-setting=${pair}`)]);
  return "options" in request ? request.options : request;
}

describe("commands", () => {
  test.each(Object.entries(cliCommands))("%s takes each of its options and no other", (command, { options }) => {
    for (const [name, option] of Object.entries<CliOption>(cliOptions)) {
      const args = [command, `--${name}`, ...(option.type === "string" ? ["value"] : [])];
      if (name === "help") expect(parseCommandLine(args)).toEqual({ help: command });
      else if (name === "config-setting") continue;
      else if ((options as readonly string[]).includes(name))
        expect(parseCommandLine(args)).toEqual({
          command,
          options: { [name]: option.type === "string" ? "value" : true },
        });
      else expect(refusal(...args).message).toBe(`\`zlig ${command}\` has no option --${name}`);
    }
  });

  test("nothing, help, -h and --help ask for the list of commands", () => {
    for (const args of [[], ["help"], ["-h"], ["--help"]]) expect(parseCommandLine(args)).toEqual({ help: undefined });
  });

  test("help is given for a command in three ways", () => {
    for (const args of [
      ["help", "wheel"],
      ["wheel", "--help"],
      ["wheel", "--quiet", "-h"],
    ])
      expect(parseCommandLine(args)).toEqual({ help: "wheel" });
  });

  test("--version asks for the version", () => {
    expect(parseCommandLine(["--version"])).toEqual({ version: true });
  });

  test("an unknown command is refused, and the nearest one named", () => {
    expect(refusal("biuld")).toEqual({ message: 'There is no command "biuld"', hint: "Did you mean `zlig build`?" });
    expect(refusal("help", "whel")).toEqual({
      message: 'There is no command "whel"',
      hint: "Did you mean `zlig wheel`?",
    });
    expect(refusal("frobnicate").hint).toBe("See `zlig --help`.");
  });

  test("a name that every object has is no command", () => {
    expect(refusal("constructor").message).toBe('There is no command "constructor"');
    expect(refusal("__proto__").message).toBe('There is no command "__proto__"');
  });

  test("a command between Zlig's own parts is not suggested", () => {
    expect(refusal("editible").hint).toBe("See `zlig --help`.");
  });

  test("an option before the command is refused with a word on the order", () => {
    expect(refusal("--verbose", "build")).toEqual({
      message: 'The command comes first, before "--verbose"',
      hint: "For example `zlig build --verbose`.",
    });
  });
});

describe("options", () => {
  test("an unknown option is refused, and the nearest one of the command named", () => {
    expect(refusal("build", "--pyhton", "3.12")).toEqual({
      message: "`zlig build` has no option --pyhton",
      hint: "Did you mean --python?",
    });
    expect(refusal("build", "--dry_run")).toEqual({
      message: "`zlig build` has no option --dry_run",
      hint: "Did you mean --dry-run?",
    });
    expect(refusal("clean", "--jobs", "2").hint).toBe("See `zlig clean --help`.");
    expect(refusal("build", "-x")).toEqual({
      message: "`zlig build` has no option -x",
      hint: "See `zlig build --help`.",
    });
  });

  test("a hidden option is not suggested", () => {
    expect(refusal("wheel", "--metadata-directry", "x").hint).toBe("See `zlig wheel --help`.");
  });

  test("short names and joined values are read", () => {
    expect(parseCommandLine(["build", "-vqj", "3", "--python=3.12"])).toEqual({
      command: "build",
      options: { verbose: true, quiet: true, jobs: "3", python: "3.12" },
    });
  });

  test("of an option given twice the last counts", () => {
    expect(parseCommandLine(["build", "--python", "3.11", "--python", "3.12"])).toMatchObject({
      options: { python: "3.12" },
    });
  });

  test("an option without its value is refused", () => {
    const wanted = { message: "--python takes a value", hint: "Write `--python X`." };
    expect(refusal("build", "--python")).toEqual(wanted);
    expect(refusal("build", "--python", "--verbose")).toEqual(wanted);
    expect(refusal("build", "-j")).toEqual({ message: "--jobs takes a value", hint: "Write `--jobs N`." });
  });

  test("an empty value is refused, for it may come from an unset variable of a shell", () => {
    expect(refusal("wheel", "--out-dir", "")).toEqual({
      message: "--out-dir takes a value",
      hint: "Write `--out-dir DIR`.",
    });
    expect(refusal("build", "--project=").message).toBe("--project takes a value");
  });

  test("a switch with a value is refused", () => {
    expect(refusal("build", "--json=yes").message).toBe("--json takes no value");
    expect(refusal("build", "--no-json").message).toBe("`zlig build` has no option --no-json");
  });

  test("a word that belongs to no option is refused with the way to name a folder", () => {
    expect(refusal("build", "../other")).toEqual({
      message: '`zlig build` takes no argument "../other"',
      hint: "Another project folder is named by --project: `zlig build --project ../other`.",
    });
    expect(refusal("build", "--", "--verbose").message).toBe('`zlig build` takes no argument "--verbose"');
  });
});

describe("config settings of PEP 517", () => {
  test("a setting sets its option", () => {
    expect(settings("python=3.12", "target=manylinux_2_28_x86_64", "zig=/opt/zig", "jobs=2")).toEqual({
      python: "3.12",
      target: "manylinux_2_28_x86_64",
      zig: "/opt/zig",
      jobs: "2",
    });
  });

  test("leading dashes, and `_` for `-`, are forgiven", () => {
    expect(settings("--no-cache", "-verbose=true")).toEqual({ "no-cache": true, verbose: true });
    expect(settings("no_cache=1")).toEqual({ "no-cache": true });
  });

  test.each([
    ["verbose", true],
    ["verbose=", true],
    ["verbose=1", true],
    ["verbose=True", true],
    ["verbose=yes", true],
    ["verbose=ON", true],
    ["verbose=0", false],
    ["verbose=false", false],
    ["verbose=No", false],
    ["verbose=off", false],
  ])("the switch %s is %s", (pair, value) => {
    expect(settings(pair)).toEqual({ verbose: value });
  });

  test("another word for a switch is refused", () => {
    expect(refusal("wheel", "--config-setting", "verbose=maybe").message).toBe(
      'The config setting "verbose" takes true or false, not "maybe"',
    );
  });

  test("a setting without the value that it takes is refused", () => {
    expect(refusal("wheel", "--config-setting", "jobs").message).toBe('The config setting "jobs" takes a value');
    expect(refusal("wheel", "--config-setting", "jobs=").message).toBe('The config setting "jobs" takes a value');
  });

  test("a value may hold `=` and spaces", () => {
    expect(settings("zig=/my tools/a=b/zig")).toEqual({ zig: "/my tools/a=b/zig" });
  });

  test("a setting goes before the option that the hook gives, and the last of several counts", () => {
    expect(
      parseCommandLine([
        "wheel",
        "--python",
        "/hook/python",
        "--config-setting",
        "python=3.11",
        "--config-setting",
        "python=3.12",
      ]),
    ).toMatchObject({ options: { python: "3.12" } });
    expect(parseCommandLine(["wheel", "--verbose", "--config-setting", "verbose=no"])).toMatchObject({
      options: { verbose: false },
    });
  });

  test("an unknown setting is refused, and the nearest or all known ones named", () => {
    expect(refusal("wheel", "--config-setting=--pyton=3.12")).toEqual({
      message: 'Unknown config setting "--pyton"',
      hint: 'Did you mean "python"?',
    });
    expect(refusal("wheel", "--config-setting", "editable_mode=strict")).toEqual({
      message: 'Unknown config setting "editable_mode"',
      hint: "Known settings: python, target, zig, jobs, no-cache, verbose, quiet.",
    });
  });

  test("what only the command line may set is no setting", () => {
    for (const name of ["out-dir", "project", "json", "dry-run", "metadata-directory", "help"])
      expect(refusal("wheel", "--config-setting", `${name}=x`).message).toBe(`Unknown config setting "${name}"`);
  });
});
