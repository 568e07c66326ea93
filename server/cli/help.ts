import type { CliOption, CommandName } from "./options.ts";
import { cliCommands, cliOptions } from "./options.ts";

function wrap(text: string, indent: number, width = 96): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width - indent) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${" ".repeat(indent)}`);
}

function visible<Item extends { readonly hidden?: boolean }>(table: Readonly<Record<string, Item>>): [string, Item][] {
  return Object.entries(table).filter(([, item]) => item.hidden !== true);
}

function commandHelp(command: CommandName): string {
  const { doc, options } = cliCommands[command];
  const rows = [...options, "help" as const].flatMap((name) => {
    const option: CliOption = cliOptions[name];
    if (option.hidden === true) return [];
    const names = `${option.short === undefined ? "    " : `-${option.short}, `}--${name}${option.value === undefined ? "" : ` ${option.value}`}`;
    return [`  ${names.padEnd(22)}  ${wrap(option.doc, 26)}`];
  });
  return `zlig ${command}: ${doc}\n\nOptions:\n${rows.join("\n")}\n`;
}

/** The text of `zlig --help`, or of `zlig COMMAND --help`. */
export function helpText(command?: CommandName): string {
  if (command !== undefined) return commandHelp(command);
  const rows = visible<{ readonly doc: string; readonly hidden?: boolean }>(cliCommands).map(
    ([name, { doc }]) => `  ${name.padEnd(8)}  ${wrap(doc, 12)}`,
  );
  return `zlig: native Python modules as easy as pure ones

Usage: zlig COMMAND [OPTION ...]
       zlig --version

Commands:
${rows.join("\n")}

\`zlig COMMAND --help\` shows the options of a command.

Exit codes: 0 done; 1 the project's fault, problems were printed; 2 wrong usage;
3 the environment's fault (no Zig, no Python, disk full); 130 cancelled.
`;
}
