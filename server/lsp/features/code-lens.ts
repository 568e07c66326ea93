import type { CodeLens } from "vscode-languageserver";
import type { Range } from "../../core/location.ts";
import type { ManifestProject } from "../manifest-project.ts";
import { extensionsOf } from "../strings-at.ts";

/**
 * What can be run, above the table and above each extension.
 * @param prefix of the commands: the client's own (`zlig.`) or the server's (`zlig.server.`)
 */
export function codeLenses(project: ManifestProject, uri: string, prefix: string): readonly CodeLens[] {
  const { reading } = project;
  const { document, lines } = reading;
  const lens = (range: Range, title: string, command: string, extension?: string): CodeLens => ({
    range,
    command: {
      title,
      command: prefix + command,
      arguments: [{ uri, ...(extension === undefined ? {} : { extension }) }],
    },
  });
  const extensions = extensionsOf(reading);
  const table = document.entryAt(["tool", "zlig"]);
  const first = extensions[0]?.entry.place;
  // Without a header of its own the table begins where its first part does.
  const place = table?.kind === "table" && table.definedBy === "header" ? table.place : (first ?? table?.place);
  const lenses: CodeLens[] = [];
  if (place !== undefined) {
    const range = lines.rangeOf(place);
    lenses.push(lens(range, "Build", "build"), lens(range, "Build wheel", "buildWheel"), lens(range, "Clean", "clean"));
  }
  for (const { name, entry } of extensions) {
    if (name === undefined || entry.place === undefined) continue;
    lenses.push(lens(lines.rangeOf(entry.place), `Build ${name.value}`, "buildExtension", name.value));
  }
  return lenses;
}
