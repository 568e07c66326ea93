import { ZligError } from "../error.ts";
import type { ProjectMetadata } from "../project/metadata.ts";
import {
  entryPointNameProblem,
  isEntryPointGroup,
  normalizeObjectReference,
  scriptGroups,
} from "../python/entry-point.ts";
import { PackagingSyntaxError } from "../python/packaging-syntax-error.ts";

function byCodeUnit([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function checkReference(group: string, name: string, reference: string): void {
  try {
    normalizeObjectReference(reference, (scriptGroups as readonly string[]).includes(group));
  } catch (error) {
    if (!(error instanceof PackagingSyntaxError)) throw error;
    throw new ZligError("invalid-metadata", `The entry point ${JSON.stringify(name)}: ${error.message}`);
  }
}

/**
 * Renders `entry_points.txt` (entry points specification), groups and names in order; `undefined` if there is nothing to say.
 * @throws {ZligError} `invalid-metadata` for a group, name or reference that would break the file
 */
export function renderEntryPoints({ entryPoints }: Pick<ProjectMetadata, "entryPoints">): string | undefined {
  const groups = Object.entries(entryPoints)
    .filter(([, entries]) => Object.keys(entries).length > 0)
    .sort(byCodeUnit);
  for (const [group, entries] of groups) {
    if (!isEntryPointGroup(group)) {
      throw new ZligError("invalid-metadata", `${JSON.stringify(group)} cannot name a group of entry points`);
    }
    for (const [name, reference] of Object.entries(entries)) {
      const problem = entryPointNameProblem(name, group);
      if (problem !== undefined) {
        throw new ZligError("invalid-metadata", `${JSON.stringify(name)} cannot name an entry point: ${problem}`);
      }
      checkReference(group, name, reference);
    }
  }
  if (groups.length === 0) return undefined;
  return groups
    .map(([group, entries]) => {
      const lines = Object.entries(entries)
        .sort(byCodeUnit)
        .map(([name, reference]) => `${name} = ${reference}\n`);
      return `[${group}]\n${lines.join("")}`;
    })
    .join("\n");
}
