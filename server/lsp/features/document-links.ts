import { join } from "node:path";
import type { DocumentLink } from "vscode-languageserver";
import type { ManifestProject } from "../manifest-project.ts";
import { isSourceGlob, stringsBelow } from "../strings-at.ts";
import type { Workspace } from "../workspace.ts";

/** Links from plain paths of files to the files. Globs have no one target: for them there is "go to definition". */
export async function documentLinks(project: ManifestProject, workspace: Workspace): Promise<readonly DocumentLink[]> {
  const { globs, packages, extensions } = await project.files();
  const { reading } = project;
  const objects = new Set(extensions.flatMap((one) => one.extraObjects));
  const links: DocumentLink[] = [];
  for (const { path, node } of stringsBelow(reading, ["tool", "zlig"])) {
    let target: string | undefined;
    if (isSourceGlob(path) && globs.get(node.value)?.[0] === node.value) target = node.value;
    else if (path[2] === "packages") {
      const found = packages.find((one) => one.path === node.value);
      if (found?.kind === "module") target = found.path;
      else if (found?.kind === "package") target = `${found.path}/__init__.py`;
    } else if (path[4] === "extra-objects" && objects.has(node.value) && !node.value.startsWith("/"))
      target = node.value;
    if (target === undefined) continue;
    links.push({
      range: reading.lines.rangeOf({ start: node.start + 1, end: node.end - 1 }),
      target: workspace.uri(join(project.folder, target)),
    });
  }
  return links;
}
