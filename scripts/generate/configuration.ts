import type { Option, TableKeys } from "../../server/core/options/option.ts";
import { optionTable } from "../../server/core/options/table.ts";
import { wantedType } from "../../server/core/options/validate.ts";

/** Section anchors follow the keys: hover and diagnostics link to them. */
function keySections(path: string, keys: TableKeys, required: readonly string[], level: number): string {
  return Object.entries(keys)
    .map(([key, option]) => section(path === "" ? key : `${path}.${key}`, option, required.includes(key), level))
    .join("\n");
}

function typeText(option: Option): string {
  return option.kind === "string" && option.values !== undefined
    ? `string: ${option.values.map((value) => `\`"${value}"\``).join(", ")}`
    : wantedType(option).replace(/^an? /, "");
}

function nested(path: string, option: Option, level: number): string {
  switch (option.kind) {
    case "table":
      return keySections(path, option.keys, option.required, level);
    case "array":
      return nested(path, option.item, level);
    case "union":
      return option.members.map((member) => nested(path, member, level)).join("");
    case "string":
    case "boolean":
    case "integer":
    case "map":
      return "";
  }
}

function section(path: string, option: Option, required: boolean, level: number): string {
  const facts = [
    `*${typeText(option)}*${required ? ", required" : ""}`,
    ...(option.default === undefined ? [] : [`default: ${option.default}`]),
  ];
  const example = option.example === undefined ? "" : `\n\n\`\`\`toml\n${option.example}\n\`\`\``;
  return `${"#".repeat(Math.min(level, 6))} \`${path}\`\n\n${facts.join("; ")}\n\n${option.doc}${example}\n\n${nested(path, option, level + 1)}`;
}

/** `docs/configuration.md`: every key of `[tool.zlig]`, from the option table. */
export function configurationPage(): string {
  return `# Configuration

<!-- Generated from server/core/options/table.ts by \`npm run generate\`. -->

All keys stand in \`[tool.zlig]\` of \`pyproject.toml\`. Paths and globs are relative to \`pyproject.toml\`, with \`/\` between
folders, and stay inside the project; \`!glob\` takes away what the others match. An unknown key is an error that names the
nearest known one. Keys that setuptools has too carry setuptools' names.

${keySections("", optionTable.keys, optionTable.required, 2)}`
    .replace(/\n{3,}/g, "\n\n")
    .trimEnd()
    .concat("\n");
}
