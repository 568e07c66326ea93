import { parseArgs } from "node:util";
import { ZligError } from "../core/error.ts";
import { nearest } from "../core/options/nearest.ts";
import type { CliOption, CommandName, OptionName } from "./options.ts";
import { cliCommands, cliOptions } from "./options.ts";

/** The command line, read. */
export interface CliArguments {
  readonly command: CommandName;
  readonly options: Readonly<Partial<Record<OptionName, string | boolean>>>;
}

/** What was asked for instead of a command. */
export type CliRequest = CliArguments | { readonly help: CommandName | undefined } | { readonly version: true };

function usage(message: string, hint?: string): ZligError {
  return new ZligError("usage", message, { hint: hint ?? "See `zlig --help`." });
}

/** The words of a table that people are told of. */
function shown(
  table: Readonly<Record<string, { readonly doc: string; readonly hidden?: boolean }>>,
): readonly string[] {
  return Object.keys(table).filter((name) => table[name]?.hidden !== true);
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(cliCommands, name);
}

function commandNamed(name: string): CommandName {
  if (isCommand(name)) return name;
  const near = nearest(name, shown(cliCommands));
  throw usage(`There is no command "${name}"`, near === undefined ? undefined : `Did you mean \`zlig ${near}\`?`);
}

const truths: Readonly<Record<string, boolean>> = {
  "": true,
  "1": true,
  true: true,
  yes: true,
  on: true,
  "0": false,
  false: false,
  no: false,
  off: false,
};

/** Reads one of PEP 517's `config_settings`, which carry the options that a build takes. */
function readSetting(setting: string, options: Partial<Record<OptionName, string | boolean>>): void {
  const equals = setting.indexOf("=");
  const written = equals < 0 ? setting : setting.slice(0, equals);
  const value = equals < 0 ? "" : setting.slice(equals + 1);
  const name = written.replace(/^-+/, "").replaceAll("_", "-");
  const known = Object.entries(cliOptions as Readonly<Record<string, CliOption>>).filter(
    ([, option]) => option.setting === true,
  );
  const option = known.find(([key]) => key === name)?.[1];
  if (option === undefined) {
    const names = known.map(([key]) => key);
    const near = nearest(name, names);
    throw usage(
      `Unknown config setting "${written}"`,
      near === undefined ? `Known settings: ${names.join(", ")}.` : `Did you mean "${near}"?`,
    );
  }
  if (option.type === "string") {
    if (value === "") throw usage(`The config setting "${written}" takes a value`);
    options[name as OptionName] = value;
  } else {
    const truth = truths[value.toLowerCase()];
    if (truth === undefined) throw usage(`The config setting "${written}" takes true or false, not "${value}"`);
    options[name as OptionName] = truth;
  }
}

/**
 * Reads a command line.
 * @throws {ZligError} `usage`
 */
export function parseCommandLine(args: readonly string[]): CliRequest {
  const [first, ...rest] = args;
  if (first === undefined || first === "--help" || first === "-h") return { help: undefined };
  if (first === "help") return { help: rest[0] === undefined ? undefined : commandNamed(rest[0]) };
  if (first === "--version") return { version: true };
  if (first.startsWith("-"))
    throw usage(`The command comes first, before "${first}"`, "For example `zlig build --verbose`.");
  const command = commandNamed(first);
  const allowed: readonly OptionName[] = [...cliCommands[command].options, "help"];
  const config = Object.fromEntries(
    allowed.map((name) => {
      const option: CliOption = cliOptions[name];
      return [
        name,
        {
          type: option.type,
          multiple: option.multiple ?? false,
          ...(option.short === undefined ? {} : { short: option.short }),
        },
      ];
    }),
  );
  const parsed = parseOrThrow(rest, config, allowed, command);
  if (parsed["help"] === true) return { help: command };
  const options: Partial<Record<OptionName, string | boolean>> = {};
  for (const [name, value] of Object.entries(parsed)) {
    // An unset variable of a shell (`--out-dir "$OUT"`) would otherwise mean the current folder.
    if (value === "") throw noValue(name);
    if (typeof value === "string" || typeof value === "boolean") options[name as OptionName] = value;
  }
  for (const setting of Array.isArray(parsed["config-setting"]) ? parsed["config-setting"] : [])
    if (typeof setting === "string") readSetting(setting, options);
  return { command, options };
}

function noValue(name: string): ZligError {
  const option: CliOption | undefined = Object.hasOwn(cliOptions, name) ? cliOptions[name as OptionName] : undefined;
  return usage(`--${name} takes a value`, `Write \`--${name} ${option?.value ?? "VALUE"}\`.`);
}

type ParsedValues = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

function parseOrThrow(
  args: readonly string[],
  options: NonNullable<Parameters<typeof parseArgs>[0]>["options"],
  allowed: readonly OptionName[],
  command: CommandName,
): ParsedValues {
  try {
    return parseArgs({ args: [...args], options: options ?? {}, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") {
      const written = /'(-[^']*)'/.exec(message)?.[1] ?? "";
      const near = nearest(
        written.replace(/^-+/, ""),
        allowed.filter((name) => shown(cliOptions).includes(name)),
      );
      throw usage(
        `\`zlig ${command}\` has no option ${written}`,
        near === undefined ? `See \`zlig ${command} --help\`.` : `Did you mean --${near}?`,
      );
    }
    if (code === "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL") {
      const word = /'([^']*)'/.exec(message)?.[1] ?? "";
      throw usage(
        `\`zlig ${command}\` takes no argument "${word}"`,
        `Another project folder is named by --project: \`zlig ${command} --project ${word}\`.`,
      );
    }
    const name = /--([\w-]+)/.exec(message)?.[1] ?? "";
    if (message.includes("does not take an argument")) throw usage(`--${name} takes no value`);
    if (name !== "") throw noValue(name);
    throw usage(message.split(/\. |\n/)[0] ?? message, `See \`zlig ${command} --help\`.`);
  }
}
