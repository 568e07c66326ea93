import type { InlayHint } from "vscode-languageserver";
import { InlayHintKind } from "vscode-languageserver";
import type { Range } from "../../core/location.ts";
import type { ManifestProject } from "../manifest-project.ts";
import { isSourceGlob, stringsBelow } from "../strings-at.ts";

/** How many files each glob matches, as known from the last look at the files: the disk is not touched. */
export function inlayHints(project: ManifestProject, range: Range): readonly InlayHint[] {
  const files = project.lastFiles;
  if (files === undefined) return [];
  const { reading } = project;
  const from = reading.lines.offsetAt(range.start);
  const to = reading.lines.offsetAt(range.end);
  const hints: InlayHint[] = [];
  for (const { path, node } of stringsBelow(reading, ["tool", "zlig"])) {
    if (node.end < from || node.start > to || !isSourceGlob(path)) continue;
    const matches = files.globs.get(node.value);
    // A plain path matches itself; saying so is noise.
    if (matches === undefined || (matches.length === 1 && matches[0] === node.value)) continue;
    hints.push({
      position: reading.lines.positionAt(node.end),
      label: `${node.value.startsWith("!") ? "takes away " : ""}${matches.length} ${matches.length === 1 ? "file" : "files"}`,
      kind: InlayHintKind.Parameter,
      paddingLeft: true,
    });
  }
  return hints;
}
