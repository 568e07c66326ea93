import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TextEdit } from "vscode-languageserver";
import { ZligError } from "../core/error.ts";
import type { ManifestReading } from "../core/manifest/read.ts";
import { checkString } from "../core/options/strings.ts";
import { sourceSuffixes } from "../core/project/language.ts";
import type { ManifestProject } from "./manifest-project.ts";
import type { StubLanguage } from "./module-stub.ts";
import { newModule, stubSuffix } from "./module-stub.ts";
import type { AddExtensionResult } from "./protocol.ts";
import { extensionsOf } from "./strings-at.ts";
import { addPair, addTable, appendToArray, lineEndOf, tomlString, valueNodeAt } from "./toml-edits.ts";
import type { Workspace } from "./workspace.ts";

/** The edit of the manifest, in the form in which it names extensions already. */
function manifestEdit(reading: ManifestReading, name: string, source: string): TextEdit {
  const { document, manifest, lines } = reading;
  const pairs = [
    ["name", tomlString(name)],
    ["sources", `[${tomlString(source)}]`],
  ] as const;
  const inline = `{ ${pairs.map(([key, value]) => `${key} = ${value}`).join(", ")} }`;
  const entry = document.entryAt(["tool", "zlig", "extensions"]);
  const node = valueNodeAt(reading, ["tool", "zlig", "extensions"]);
  if (node?.kind === "array") return appendToArray(reading, node, inline);
  if (entry?.kind === "array" && entry.ofHeaders) {
    // Behind the last `[[tool.zlig.extensions]]` and what belongs to it.
    const sections = document.syntax.sections;
    const last = sections.findLastIndex((one) => {
      const [tool, zlig, key] = document.syntax.tables.get(one)?.path ?? [];
      return tool === "tool" && zlig === "zlig" && key === "extensions";
    });
    const section = sections[last];
    if (section !== undefined) {
      const end = lineEndOf(manifest.text);
      const from = section.pairs.at(-1)?.end ?? section.header?.end ?? section.start;
      const lineEnd = /\r?\n/.exec(manifest.text.slice(from));
      const at = lines.positionAt(lineEnd === null ? manifest.text.length : from + lineEnd.index);
      const text = ["", "", "[[tool.zlig.extensions]]", ...pairs.map(([key, value]) => `${key} = ${value}`)].join(end);
      return { range: { start: at, end: at }, newText: text };
    }
  }
  return (
    addPair(reading, ["tool", "zlig"], "extensions", `[${inline}]`) ??
    addTable(reading, "[[tool.zlig.extensions]]", pairs)
  );
}

/**
 * Makes what a new extension needs: the edit of the manifest that names it, its comments and layout kept, and a source that compiles.
 * @throws {ZligError} `invalid-name`, `duplicate-extension`, `name-outside-packages`, `toml-syntax`
 */
export async function addExtension(
  project: ManifestProject,
  workspace: Workspace,
  name: string,
  language: StubLanguage,
): Promise<AddExtensionResult> {
  const { reading } = project;
  const problem = checkString("module-name", name);
  if (problem !== undefined) throw new ZligError(problem.code, problem.message, { hint: problem.hint });
  const suffix = stubSuffix[language];
  if (!sourceSuffixes.includes(suffix)) throw new ZligError("source-kind", `Zlig does not compile ${suffix} files`);
  if (!reading.complete) {
    const [first] = reading.problems;
    throw first ?? new ZligError("toml-syntax", "pyproject.toml has a fault in its syntax");
  }
  if (extensionsOf(reading).some((one) => one.name?.value.toLowerCase() === name.toLowerCase()))
    throw new ZligError("duplicate-extension", `There is an extension "${name}" already`);
  const parts = name.split(".");
  const leaf = parts.at(-1) ?? name;
  const { packages } = await project.files();
  const home = packages
    .filter((one) => one.kind === "package" || one.kind === "namespace")
    .filter((one) => name.startsWith(`${one.name}.`))
    .sort((a, b) => b.name.length - a.name.length)[0];
  if (parts.length > 1 && home === undefined) {
    const names = packages.map((one) => `\`${one.name}\``).join(", ");
    throw new ZligError("name-outside-packages", `"${name}" lies in none of the project's packages`, {
      hint: names === "" ? "A name without dots makes a top-level module." : `The packages are ${names}.`,
    });
  }
  const base = packages.find((one) => one.kind !== "stubs")?.base ?? "";
  const folder =
    home === undefined ? base : [home.path, ...parts.slice(home.name.split(".").length, -1)].filter(Boolean).join("/");
  let source = [folder, `${leaf}${suffix}`].filter(Boolean).join("/");
  // A file of that name may be anything; it is left alone.
  for (let number = 2; existsSync(join(project.folder, source)); number++)
    source = [folder, `${leaf}${number}${suffix}`].filter(Boolean).join("/");
  const uri = workspace.uri(project.file);
  return {
    edit: { changes: { [uri]: [manifestEdit(reading, name, source)] } },
    file: { uri: workspace.uri(join(project.folder, source)), content: newModule(name, language) },
  };
}
