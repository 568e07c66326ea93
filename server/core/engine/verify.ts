import { readFile } from "node:fs/promises";
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
  readonly unresolved: readonly string[];
}

/** Reads a linked module. @throws {ZligError} `binary-unreadable` */
export async function readModule(
  context: EngineContext,
  extension: Extension,
  content: Uint8Array,
): Promise<ModuleFacts> {
  const [binary] = readBinaries(content);
  const provided = await providedSymbols(binary, context.toolchain, extension, context.project.root);
  return { binary, unresolved: provided === undefined ? [] : unresolvedSymbols(binary, provided) };
}

/** The sources whose objects use a symbol, project-relative. */
async function usersOf(context: EngineContext, symbol: string, compiled: readonly Compiled[]): Promise<string[]> {
  const users: string[] = [];
  for (const { step, object } of compiled) {
    const bytes =
      object === undefined ? undefined : await readFile(context.cache.blobPath(object, "o")).catch(() => undefined);
    if (bytes === undefined) continue;
    if (readBinaries(bytes).some((binary) => binary.undefined.some((one) => one.name === symbol)))
      users.push(step.source);
  }
  return users;
}

/** The init functions that a module has for other names, in words for a hint. */
function otherInits(binary: Binary): string | undefined {
  const found = binary.exports.filter((name) => /^Py(?:Init|ModExport)_/.test(name));
  return found.length === 0 ? undefined : found.map((name) => `\`${name}\``).join(", ");
}

/** Whether a name is defined but hidden: the objects have it, the module does not export it. */
async function isHidden(
  context: EngineContext,
  names: readonly string[],
  compiled: readonly Compiled[],
): Promise<string | undefined> {
  for (const { step, object } of compiled) {
    const bytes =
      object === undefined ? undefined : await readFile(context.cache.blobPath(object, "o")).catch(() => undefined);
    if (bytes !== undefined && names.some((name) => Buffer.from(bytes).includes(`\0${name}\0`))) return step.source;
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
    const hiddenIn = others === undefined ? await isHidden(context, wanted, compiled) : undefined;
    problems.push(
      new ZligError(
        "init-missing",
        `The module "${extension.name}" has no function \`${init}\`, so Python could not import it`,
        {
          location,
          hint:
            others !== undefined
              ? `Its sources define ${others}: the last part of the name and the function must agree.`
              : hiddenIn !== undefined
                ? `${hiddenIn} defines it, but does not export it: write \`PyMODINIT_FUNC ${init}(void)\`, without \`static\`.`
                : `Add \`PyMODINIT_FUNC ${init}(void)\` to one of its sources.`,
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
            hint: 'Add the source that defines it to `sources`, or the library to `libraries`. If something else brings it when the module is loaded, say so: `extra-link-args = ["-Wl,-z,undefs"]`.',
          },
        ),
      );
    }
  return problems;
}
