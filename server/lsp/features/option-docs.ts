import type { Option } from "../../core/options/option.ts";
import { wantedType } from "../../core/options/validate.ts";

/** What hover and completion show of an option, in Markdown. */
export function optionDocs(name: string, option: Option): string {
  const parts = [`**\`${name}\`**: ${wantedType(option)}`, option.doc];
  if (option.default !== undefined) parts.push(`Default: ${option.default}`);
  if (option.example !== undefined) parts.push(["```toml", option.example, "```"].join("\n"));
  return parts.join("\n\n");
}
