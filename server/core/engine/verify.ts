import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Binary } from "../binary/binary.ts";
import { readBinaries } from "../binary/read.ts";
import { unresolvedSymbols } from "../binary/undefined.ts";
import { ZligError } from "../error.ts";
import type { Location } from "../location.ts";
import type { LinkStep } from "../plan/plan.ts";
import type { Extension } from "../project/project.ts";
import type { Compiled } from "./compile.ts";
import type { EngineContext } from "./context.ts";
import { providedSymbols } from "./provided-symbols.ts";

/** What was read from a linked module. */
export interface ModuleFacts {
  readonly binary: Binary;
  /** Symbols that nothing known provides. */
  readonly open: readonly string[];
  /** Those of them that would keep the module from being imported: none where a library could not be read, which may have them. */
  readonly unresolved: readonly string[];
}

/** Reads a linked module. @throws {ZligError} `binary-unreadable` */
export async function readModule(context: EngineContext, step: LinkStep, content: Uint8Array): Promise<ModuleFacts> {
  const [binary] = readBinaries(content);
  const { names, complete } = await providedSymbols(binary, context.toolchain, step.command, context.project.root);
  const open = unresolvedSymbols(binary, names);
  return { binary, open, unresolved: complete ? open : [] };
}

/** The bytes of the objects of an extension, with their sources. */
async function* objectsOf(
  context: EngineContext,
  compiled: readonly Compiled[],
): AsyncGenerator<{ source: string; bytes: Uint8Array }> {
  for (const { step, object } of compiled) {
    if (object === undefined) continue;
    const bytes = await readFile(context.cache.blobPath(object, "o")).catch(() => undefined);
    if (bytes !== undefined) yield { source: step.source, bytes };
  }
}

/** Whether an object uses a symbol. One that cannot be read, as `-flto` makes it, tells nothing. */
function uses(bytes: Uint8Array, symbol: string): boolean {
  try {
    return readBinaries(bytes).some((binary) => binary.undefined.some((one) => one.name === symbol));
  } catch {
    return false;
  }
}

/** The sources whose objects use a symbol, project-relative. */
async function usersOf(context: EngineContext, symbol: string, compiled: readonly Compiled[]): Promise<string[]> {
  const users: string[] = [];
  for await (const { source, bytes } of objectsOf(context, compiled)) if (uses(bytes, symbol)) users.push(source);
  return users;
}

/** The init functions that a module has for other names, in words for a hint. */
function otherInits(binary: Binary): string | undefined {
  const found = binary.exports.filter((name) => /^Py(?:Init|ModExport)_/.test(name));
  return found.length === 0 ? undefined : found.map((name) => `\`${name}\``).join(", ");
}

/** Why a function that the sources do define is not exported, as a hint. */
async function explainHidden(
  context: EngineContext,
  names: readonly string[],
  compiled: readonly Compiled[],
): Promise<string | undefined> {
  for (const { step, diagnostics } of compiled)
    for (const name of names)
      // A static function that nothing calls is not even in the object.
      if (diagnostics.some(({ message }) => message === `unused function '${name}'`))
        return `${step.source} defines it as \`static\`, so nobody else sees it: write \`PyMODINIT_FUNC ${name}(void)\`.`;
  for await (const { source, bytes } of objectsOf(context, compiled)) {
    const text = Buffer.from(bytes);
    for (const name of names) {
      if (text.includes(`\0${name}\0`))
        return `${source} defines it, but does not export it: write \`PyMODINIT_FUNC ${name}(void)\`, without \`static\`.`;
      if (text.includes(`\0_Z${name.length}${name}v\0`))
        return `${source} defines it as a C++ function: write \`PyMODINIT_FUNC ${name}(void)\`, which brings \`extern "C"\`.`;
    }
  }
  return undefined;
}

/**
 * Finds, before anyone imports it, why a linked module could not be imported: no init function of its name, or symbols
 * that nothing provides.
 * @returns the problems, located at the extension's `name`
 */
export async function verifyModule(
  context: EngineContext,
  step: LinkStep,
  extension: Extension,
  facts: ModuleFacts,
  compiled: readonly Compiled[],
): Promise<readonly ZligError[]> {
  const problems: ZligError[] = [];
  const location: Location = context.project.manifest.locate([...extension.manifestPath, "name"]);
  const wanted = step.initFunctions;
  if (!facts.binary.exports.some((name) => wanted.includes(name))) {
    const others = otherInits(facts.binary);
    const init = wanted.find((name) => name.startsWith("PyInit")) ?? wanted.join(" or ");
    const hidden = others === undefined ? await explainHidden(context, wanted, compiled) : undefined;
    problems.push(
      new ZligError(
        "init-missing",
        `The module "${extension.name}" has no function \`${init}\`, so Python could not import it`,
        {
          location,
          hint:
            others !== undefined
              ? `Its sources define ${others}: the last part of the name and the function must agree.`
              : (hidden ?? `Add \`PyMODINIT_FUNC ${init}(void)\` to one of its sources.`),
        },
      ),
    );
  }
  if (!step.mayStayUndefined)
    for (const symbol of facts.unresolved) {
      const users = await usersOf(context, symbol, compiled);
      problems.push(
        new ZligError(
          "undefined-symbol",
          `Nothing defines \`${symbol}\`${users.length === 0 ? "" : `, which ${users.join(", ")} uses`}`,
          {
            location,
            related: users.map((file) => ({
              location: { file: join(context.project.root, file) },
              message: `\`${symbol}\` is used here`,
            })),
            hint: 'Add the source that defines it to `sources`, or the library to `libraries`. If something else brings it when the module is loaded, say so: `extra-link-args = ["-Wl,-z,undefs"]`.',
          },
        ),
      );
    }
  return problems;
}
