import { ZligError } from "../error.ts";
import type { Manifest, ManifestPath, TomlTable, TomlValue } from "../manifest/manifest.ts";
import { isTable } from "../options/validate.ts";

function tableAt(values: TomlTable, ...path: readonly string[]): TomlTable | undefined {
  let value: TomlValue | undefined = values;
  for (const key of path) value = value !== undefined && isTable(value) ? value[key] : undefined;
  return value !== undefined && isTable(value) ? value : undefined;
}

/** The name of a requirement as PEP 503 compares it. */
function requirementName(requirement: string): string {
  return (/^\s*([A-Za-z0-9][A-Za-z0-9._-]*)/.exec(requirement)?.[1] ?? "").replaceAll(/[-_.]+/g, "-").toLowerCase();
}

function* includeFrom(zlig: TomlTable): Generator<{ name: string; path: ManifestPath }> {
  const list = function* (
    value: TomlValue | undefined,
    path: ManifestPath,
  ): Generator<{ name: string; path: ManifestPath }> {
    if (Array.isArray(value))
      for (const [index, item] of (value as readonly TomlValue[]).entries())
        if (typeof item === "string") yield { name: item, path: [...path, index] };
  };
  const build = zlig["build"];
  if (build !== undefined && isTable(build))
    yield* list(build["include-from"], ["tool", "zlig", "build", "include-from"]);
  for (const key of ["extensions", "libraries"]) {
    const tables = zlig[key];
    if (!Array.isArray(tables)) continue;
    for (const [index, table] of (tables as readonly TomlValue[]).entries())
      if (isTable(table)) yield* list(table["include-from"], ["tool", "zlig", key, index, "include-from"]);
  }
}

/** Checks that `[build-system]` (PEP 518) asks for Zlig, and for the packages whose headers the extensions include. */
export function checkBuildSystem(manifest: Manifest): readonly ZligError[] {
  const zlig = tableAt(manifest.values, "tool", "zlig");
  if (zlig === undefined) return [];
  const problems: ZligError[] = [];
  const report = (
    code: "build-backend" | "requires-missing",
    message: string,
    path: ManifestPath,
    hint: string,
  ): void => {
    problems.push(new ZligError(code, message, { location: manifest.locate(path), severity: "warning", hint }));
  };
  const system = tableAt(manifest.values, "build-system");
  if (system === undefined) {
    report(
      "build-backend",
      "There is no `[build-system]` table: installers would build with setuptools, not with Zlig",
      ["tool", "zlig"],
      'Add `[build-system]` with `requires = ["zlig"]` and `build-backend = "zlig"`.',
    );
    return problems;
  }
  // With `backend-path` the project brings a backend of its own, which may well wrap Zlig's.
  if (system["backend-path"] !== undefined) return problems;
  const backend = system["build-backend"];
  if (backend === undefined)
    report(
      "build-backend",
      "`[build-system]` names no `build-backend`: installers would take setuptools",
      ["build-system"],
      'Add `build-backend = "zlig"`.',
    );
  else if (typeof backend === "string" && backend !== "zlig")
    report(
      "build-backend",
      `The build backend is "${backend}": \`[tool.zlig]\` is not read by it`,
      ["build-system", "build-backend"],
      'Write `build-backend = "zlig"`.',
    );
  const requires = system["requires"];
  if (!Array.isArray(requires)) return problems;
  const names = new Set(
    (requires as readonly TomlValue[]).filter((item) => typeof item === "string").map(requirementName),
  );
  if (backend === "zlig" && !names.has("zlig"))
    report("requires-missing", "`requires` does not name `zlig`", ["build-system", "requires"], 'Add `"zlig"`.');
  for (const { name, path } of includeFrom(zlig))
    if (!names.has(requirementName(name)))
      report(
        "requires-missing",
        `\`requires\` does not name \`${name}\`, whose headers are included`,
        path,
        `Add \`"${name}"\` to \`requires\` in [build-system].`,
      );
  return problems;
}
