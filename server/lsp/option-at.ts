import type { ManifestPath } from "../core/manifest/manifest.ts";
import type { Option, TableOption } from "../core/options/option.ts";
import { optionTable } from "../core/options/table.ts";

/** What the option table says of a path below `[tool.zlig]`; `undefined` elsewhere, and for keys it does not have. */
export function optionAt(path: ManifestPath): Option | undefined {
  if (path[0] !== "tool" || path[1] !== "zlig") return undefined;
  let option: Option = optionTable;
  for (const step of path.slice(2)) {
    const inner = below(option, step);
    if (inner === undefined) return undefined;
    option = inner;
  }
  return option;
}

function below(option: Option, step: string | number): Option | undefined {
  switch (option.kind) {
    case "array":
      return typeof step === "number" ? option.item : undefined;
    case "table":
      return typeof step === "string" && Object.hasOwn(option.keys, step) ? option.keys[step] : undefined;
    case "map":
      return typeof step === "string" ? option.value : undefined;
    case "union":
      return option.members.map((member) => below(member, step)).find((found) => found !== undefined);
    case "string":
    case "boolean":
    case "integer":
      return undefined;
  }
}

/** The table that an option is, or can be. */
export function asTable(option: Option | undefined): TableOption | undefined {
  if (option?.kind === "table") return option;
  if (option?.kind === "union") return option.members.map(asTable).find((found) => found !== undefined);
  return undefined;
}

/** The members of a union, and of unions in it; any other option is its own only one. */
export function membersOf(option: Option): readonly Option[] {
  return option.kind === "union" ? option.members.flatMap(membersOf) : [option];
}

/** Whether an option is an array of tables, which has headers of the form `[[name]]`. */
export function isTableArray(option: Option): boolean {
  return option.kind === "array" && option.item.kind === "table";
}
