import type { DocumentSymbol } from "vscode-languageserver";
import { SymbolKind } from "vscode-languageserver";
import type { OffsetRange } from "../../core/location.ts";
import type { Entry } from "../../core/manifest/tables.ts";
import type { ManifestProject } from "../manifest-project.ts";

function span(entry: Entry): OffsetRange | undefined {
  const places: OffsetRange[] = [entry.key, entry.place].filter((place) => place !== undefined);
  const children = entry.kind === "table" ? [...entry.children.values()] : entry.kind === "array" ? entry.elements : [];
  for (const child of children) {
    const below = span(child);
    if (below !== undefined) places.push(below);
  }
  if (places.length === 0) return undefined;
  return { start: Math.min(...places.map((one) => one.start)), end: Math.max(...places.map((one) => one.end)) };
}

/** The outline of `[tool.zlig]`: its tables and extensions. Other tables belong to other servers, which would show them twice. */
export function documentSymbols(project: ManifestProject): readonly DocumentSymbol[] {
  const { document, lines } = project.reading;
  const symbol = (name: string, entry: Entry, kind: SymbolKind): DocumentSymbol[] => {
    const range = span(entry);
    const selection = entry.key ?? entry.place ?? range;
    if (range === undefined || selection === undefined) return [];
    return [
      {
        name,
        kind,
        range: lines.rangeOf(range),
        selectionRange: lines.rangeOf({
          start: Math.max(selection.start, range.start),
          end: Math.min(selection.end, range.end),
        }),
        children: childrenOf(entry),
      },
    ];
  };
  const childrenOf = (entry: Entry): DocumentSymbol[] => {
    if (entry.kind === "table")
      return [...entry.children].flatMap(([key, child]) =>
        child.kind === "table"
          ? symbol(key, child, SymbolKind.Namespace)
          : symbol(key, child, child.kind === "array" ? SymbolKind.Array : SymbolKind.Property),
      );
    if (entry.kind !== "array") return [];
    return entry.elements.flatMap((element, index) => {
      if (element.kind !== "table") return [];
      const name = element.children.get("name");
      const label = name?.kind === "scalar" && name.node.kind === "string" ? name.node.value : "";
      return symbol(label === "" ? `[${index}]` : label, element, SymbolKind.Module);
    });
  };
  const table = document.entryAt(["tool", "zlig"]);
  return table === undefined ? [] : symbol("tool.zlig", table, SymbolKind.Namespace);
}
