import { realpath } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";

/** Whether a path, relative to a folder, stays below it. */
function staysBelow(relativePath: string): boolean {
  return relativePath !== ".." && !relativePath.startsWith(`..${sep}`) && !isAbsolute(relativePath);
}

/** The same path with `/` between its parts. */
export function toPosix(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}

/** Where a path of a project really is. */
export type Placement =
  { readonly kind: "inside" } | { readonly kind: "outside"; readonly target: string } | { readonly kind: "missing" };

/**
 * Follows the symbolic links of a project-relative path and tells whether it ends inside the project.
 * @param root the project folder, its own links resolved
 */
export async function placementOf(root: string, path: string): Promise<Placement> {
  const full = join(root, path);
  if (!staysBelow(relative(root, full))) return { kind: "outside", target: full };
  try {
    const target = await realpath(full);
    return staysBelow(relative(root, target)) ? { kind: "inside" } : { kind: "outside", target };
  } catch {
    return { kind: "missing" };
  }
}
