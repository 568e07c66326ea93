import { posix } from "node:path";
import { ZligError } from "../error.ts";
import { LineIndex } from "../manifest/lines.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { nearest } from "../options/nearest.ts";
import { scanIncludes } from "../package/include-scan.ts";
import { sourceSuffixes } from "../project/language.ts";
import type { Extension } from "../project/project.ts";
import { initFunctionNames } from "../python/init-function.ts";
import type { InitFunction, InitFunctions } from "./init-functions.ts";
import { findInitFunctions } from "./init-functions.ts";

/** Gives the text of a file of the project as it is now, in the editor or on the disk; `undefined` when it cannot be read. */
export type ReadSource = (path: string) => Promise<string | undefined>;

/** An init function and the file it stands in, relative to the project. */
export interface PlacedInitFunction extends InitFunction {
  readonly file: string;
}

/** The init functions of an extension's sources. */
export interface ExtensionInits {
  readonly defined: readonly PlacedInitFunction[];
  /** Whether the sources may define the wanted function in a way that cannot be seen in their texts. */
  readonly uncertain: boolean;
}

/** Sources that include other sources are followed so far. */
const maxFiles = 500;

/** Searches the sources of an extension, and what they include of the kind of a source, for init functions. */
export async function initFunctionsOf(extension: Extension, read: ReadSource): Promise<ExtensionInits> {
  const queue = extension.sources.map((source) => source.path);
  const seen = new Set(queue);
  const defined: PlacedInitFunction[] = [];
  let uncertain = extension.extraObjects.length > 0;
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const text = await read(file);
    if (text === undefined || seen.size > maxFiles) {
      uncertain = true;
      continue;
    }
    const found: InitFunctions = findInitFunctions(file, text);
    for (const one of found.defined) defined.push({ ...one, file });
    if (found.mayDefine.has("*") || found.mayDefine.has(extension.moduleName)) uncertain = true;
    for (const include of scanIncludes(file, text)) {
      if (
        !include.local ||
        (!/\.(?:inc|inl)$/.test(include.path) && !sourceSuffixes.includes(posix.extname(include.path)))
      )
        continue;
      const path = posix.normalize(posix.join(posix.dirname(file), include.path));
      if (path.startsWith("../") || seen.has(path)) continue;
      seen.add(path);
      queue.push(path);
    }
  }
  return { defined, uncertain };
}

/**
 * Finds, from the texts alone, extensions whose sources lack the init function of their name, name it otherwise, or have it twice.
 * What a macro may make is left to the build to judge.
 */
export async function checkInitFunctions(
  manifest: Manifest,
  root: string,
  extensions: readonly Extension[],
  read: ReadSource,
): Promise<readonly ZligError[]> {
  const problems: ZligError[] = [];
  for (const extension of extensions) {
    if (extension.sources.length === 0) continue;
    const { defined, uncertain } = await initFunctionsOf(extension, read);
    const wanted = initFunctionNames(extension.moduleName);
    const location = manifest.locate([...extension.manifestPath, "name"]);
    const place = async (
      one: PlacedInitFunction,
    ): Promise<{ file: string; range: ReturnType<LineIndex["rangeOf"]> }> => ({
      file: posix.join(root, one.file),
      range: new LineIndex((await read(one.file)) ?? "").rangeOf(one),
    });
    const own = defined.filter((one) => wanted.includes(one.name));
    for (const name of wanted) {
      const certain = own.filter((one) => one.name === name && !one.conditional);
      const [first, second] = certain;
      if (first === undefined || second === undefined) continue;
      problems.push(
        new ZligError("init-duplicate", `\`${name}\` is defined in ${first.file} and in ${second.file}`, {
          location,
          related: await Promise.all(
            certain.map(async (one) => ({ location: await place(one), message: `\`${name}\` is defined here` })),
          ),
          hint: "Take one of the two out of `sources`, or put it into an extension of its own.",
        }),
      );
    }
    if (own.length > 0 || uncertain) continue;
    const init = wanted[1];
    if (defined.length === 0)
      problems.push(
        new ZligError("init-missing", `No source of "${extension.name}" defines \`${init}\``, {
          location,
          severity: "warning",
          hint: `Add \`PyMODINIT_FUNC ${init}(void)\` to one of them.`,
        }),
      );
    else {
      const meant =
        defined.find(
          (one) =>
            one.name ===
            nearest(
              init,
              defined.map((other) => other.name),
            ),
        ) ?? defined[0];
      if (meant === undefined) continue;
      problems.push(
        new ZligError("init-missing", `The sources of "${extension.name}" define \`${meant.name}\`, not \`${init}\``, {
          location,
          related: [{ location: await place(meant), message: `\`${meant.name}\` is defined here` }],
          hint: `Call the function \`${init}\`, or the extension \`${meant.name.replace(/^Py\w+?_/, "")}\`.`,
        }),
      );
    }
  }
  return problems;
}
