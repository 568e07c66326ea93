/** One option of the command line, as help, the parser and `config_settings` know it. */
export interface CliOption {
  readonly type: "string" | "boolean";
  /** Name of the value in help. */
  readonly value?: string;
  readonly doc: string;
  /** May be given several times. */
  readonly multiple?: boolean;
  /** Front ends may set it through PEP 517's `config_settings`. */
  readonly setting?: boolean;
  /** Between Zlig's own parts: not in help. */
  readonly hidden?: boolean;
  readonly short?: string;
}

/** Every option of every command: the one source of parsing, help, docs and `config_settings`. */
export const cliOptions = {
  project: { type: "string", value: "DIR", doc: "The folder of pyproject.toml (default: the current one)." },
  python: {
    type: "string",
    value: "X",
    setting: true,
    doc: "The interpreter to build for: a path, a version (3.12, 3.14t) or a tag (cp312). Default: the active virtual environment, then .venv, then python3.",
  },
  target: {
    type: "string",
    value: "TAG",
    setting: true,
    doc: "The platform to build for, as wheels name it: manylinux_2_28_x86_64.",
  },
  zig: {
    type: "string",
    value: "PATH",
    setting: true,
    doc: "The Zig to compile with. Default: ZLIG_ZIG, ziglang in the environment, zig on the path.",
  },
  jobs: {
    type: "string",
    value: "N",
    setting: true,
    short: "j",
    doc: "How many processes run at once (default: one for each core).",
  },
  "no-cache": { type: "boolean", setting: true, doc: "Use no result of an earlier build." },
  "dry-run": { type: "boolean", doc: "Show what would be done, and do nothing." },
  json: {
    type: "boolean",
    doc: "Print one event a line as JSON on standard output; text for people goes to standard error.",
  },
  verbose: { type: "boolean", setting: true, short: "v", doc: "Say more: each step, and what errors come from." },
  quiet: { type: "boolean", setting: true, short: "q", doc: "Say nothing but problems." },
  "out-dir": {
    type: "string",
    value: "DIR",
    doc: "The folder that the result goes to (default: dist in the project).",
  },
  format: { type: "string", value: "F", doc: "text, json, github or sarif (default: text)." },
  all: { type: "boolean", doc: "Also what was built for other interpreters." },
  help: { type: "boolean", short: "h", doc: "Show this help." },
  version: { type: "boolean", doc: "Show the version of Zlig." },
  "metadata-directory": { type: "string", hidden: true, doc: "The .dist-info folder that the wheel must agree with." },
  "config-setting": {
    type: "string",
    multiple: true,
    hidden: true,
    doc: "One of PEP 517's config_settings: KEY or KEY=VALUE.",
  },
  for: { type: "string", hidden: true, doc: "What the requirements are for: wheel, sdist or editable." },
} as const satisfies Readonly<Record<string, CliOption>>;

/** The name of an option. */
export type OptionName = keyof typeof cliOptions;

const building = [
  "project",
  "python",
  "target",
  "zig",
  "jobs",
  "no-cache",
  "dry-run",
  "json",
  "verbose",
  "quiet",
] as const;
const hook = ["config-setting"] as const;

/** Every command, with the options it takes. */
export const cliCommands = {
  build: { doc: "Build the extension modules in place, beside the package's Python files.", options: building },
  wheel: {
    doc: "Build the extension modules and pack a wheel.",
    options: [...building, "out-dir", "metadata-directory", ...hook],
  },
  sdist: {
    doc: "Pack a source distribution.",
    options: ["project", "out-dir", "json", "verbose", "quiet", "python", "zig", ...hook],
  },
  check: {
    doc: "Check pyproject.toml and the files it names; execute nothing.",
    options: ["project", "format", "json", "verbose", "quiet"],
  },
  clean: {
    doc: "Remove the artefacts that Zlig built in place for an interpreter.",
    options: ["project", "python", "all", "json", "verbose", "quiet"],
  },
  info: {
    doc: "Show the project, the interpreter, Zig and the folders that a build would use.",
    options: ["project", "python", "target", "zig", "json", "verbose"],
  },
  editable: {
    hidden: true,
    doc: "Pack an editable wheel (PEP 660).",
    options: [...building, "out-dir", "metadata-directory", ...hook],
  },
  metadata: { hidden: true, doc: "Write the .dist-info folder (PEP 517).", options: [...building, "out-dir", ...hook] },
  requires: {
    hidden: true,
    doc: "Tell what a build needs to have installed (PEP 517).",
    options: ["project", "python", "zig", "for", "json", "verbose", "quiet", ...hook],
  },
} as const satisfies Readonly<
  Record<string, { readonly doc: string; readonly hidden?: boolean; readonly options: readonly OptionName[] }>
>;

/** The name of a command. */
export type CommandName = keyof typeof cliCommands;
