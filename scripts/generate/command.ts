import type { CliOption } from "../../server/cli/options.ts";
import { cliCommands, cliOptions } from "../../server/cli/options.ts";

/** `docs/command.md`: every command and option of `zlig`. */
export function commandPage(): string {
  const options: Readonly<Record<string, CliOption>> = cliOptions;
  const commands = Object.entries(cliCommands).filter(([, command]) => !("hidden" in command));
  const sections = commands.map(([name, command]) => {
    const rows = [...command.options, "help"].flatMap((key) => {
      const option = options[key];
      if (option === undefined || option.hidden === true) return [];
      const short = option.short === undefined ? "" : `, \`-${option.short}\``;
      return [`| \`--${key}${option.value === undefined ? "" : ` ${option.value}`}\`${short} | ${option.doc} |`];
    });
    return `## \`zlig ${name}\`\n\n${command.doc}\n\n| option | meaning |\n|---|---|\n${rows.join("\n")}\n`;
  });
  const settings = Object.entries(options).filter(([, option]) => option.setting === true);
  return `# The \`zlig\` command

<!-- Generated from server/cli/options.ts by \`npm run generate\`. -->

\`zlig\` is the console script of the PyPI package; in a checkout it is \`node dist/zlig.js\`.

Text for people goes to standard error. \`--json\` puts one event a line on standard output: see [json-events.md](json-events.md).

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | the project's fault: problems were printed |
| 2 | wrong usage |
| 3 | the environment's fault: no Zig, no Python, disk full |
| 130 | cancelled |

${sections.join("\n")}
## Through pip, build and uv

Front ends of PEP 517 hand settings on as \`--config-settings KEY=VALUE\`:

| setting | meaning |
|---|---|
${settings.map(([key, option]) => `| \`${key}\` | ${option.doc} |`).join("\n")}
`;
}
