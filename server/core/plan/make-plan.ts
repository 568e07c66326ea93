import { initFunctionNames } from "../python/init-function.ts";
import { platformTag, pureTag, stableAbi, wheelTag } from "../package/tags.ts";
import type { Extension, Project } from "../project/project.ts";
import type { Interpreter } from "../toolchain/interpreter.ts";
import { compileCommand, usesCpp } from "./compile-command.ts";
import { allowUndefined } from "./link-args.ts";
import { linkCommands } from "./link-command.ts";
import type { CompileStep, LinkStep, Plan, PlannedArtefact, ProductName } from "./plan.ts";
import type { Toolchain } from "./toolchain.ts";
import { prefixesOf } from "./toolchain.ts";

/** The file name of a module: `demo.cpython-312-x86_64-linux-gnu.so`, `demo.abi3.so`. */
function fileNameOf(extension: Extension, interpreter: Interpreter): string {
  const stable = extension.limitedApi === undefined ? undefined : stableAbi(interpreter, extension.limitedApi);
  if (stable === undefined) return extension.moduleName + interpreter.extensionSuffix;
  const windows = interpreter.platform.startsWith("win");
  const suffix = windows ? ".pyd" : stable === "abi3t" ? ".abi3t.so" : (interpreter.stableAbiSuffix ?? ".abi3.so");
  return extension.moduleName + suffix;
}

function join(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/** The newest limited API of the extensions, if all of them keep to one: then one wheel serves many versions. */
function commonLimitedApi(extensions: readonly Extension[]): readonly [number, number] | undefined {
  let newest: readonly [number, number] | undefined;
  for (const { limitedApi } of extensions) {
    if (limitedApi === undefined) return undefined;
    if (newest === undefined || limitedApi[1] > newest[1]) newest = limitedApi;
  }
  return newest;
}

/** The functions of which a module needs one: `PyModExport_NAME` is looked for from 3.15 on (PEP 793). */
function initNames({ version }: Interpreter, moduleName: string): readonly string[] {
  const [modExport, init] = initFunctionNames(moduleName);
  return version[0] > 3 || version[1] >= 15 ? [init, modExport] : [init];
}

function stepsOf(
  toolchain: Toolchain,
  extension: Extension,
  fileName: string,
): { compiles: CompileStep[]; link: LinkStep } {
  const compiles = extension.sources.map((source): CompileStep => {
    const output: ProductName = `object:${extension.name}/${source.path}.o`;
    return {
      kind: "compile",
      output,
      command: compileCommand(toolchain, extension, source, output, `depfile:${output}`),
      source: source.path,
      extension: extension.name,
      inputs: [source.path, ...extension.depends],
    };
  });
  const output: ProductName = `module:${extension.name}`;
  const inputs = [...compiles.map((step) => step.output), ...extension.extraObjects];
  const { target } = toolchain;
  return {
    compiles,
    link: {
      kind: "link",
      output,
      ...linkCommands(toolchain, extension, output, inputs, fileName),
      inputs,
      extension: extension.name,
      buildsRuntime: usesCpp(extension) ? "libc++" : target.os === "windows" ? "mingw" : undefined,
      initFunctions: initNames(toolchain.interpreter, extension.moduleName),
      mayStayUndefined: allowUndefined(extension.extraLinkArgs),
    },
  };
}

/**
 * Decides everything that a build of a project's extensions does. Pure: the same inputs give the same plan, and nothing
 * is read, run or written.
 */
export function makePlan(project: Project, toolchain: Toolchain): Plan {
  const { interpreter, target, zig } = toolchain;
  const steps: (CompileStep | LinkStep)[] = [];
  const artefacts: PlannedArtefact[] = [];
  for (const extension of project.extensions) {
    const fileName = fileNameOf(extension, interpreter);
    const { compiles, link } = stepsOf(toolchain, extension, fileName);
    steps.push(...compiles, link);
    artefacts.push({
      extension,
      product: link.output,
      path: join(extension.directory, fileName),
      archivePath: join(extension.archiveDirectory, fileName),
      steps: [...compiles.map((step) => step.output), link.output],
    });
  }
  return {
    tag:
      project.extensions.length === 0
        ? pureTag
        : wheelTag(interpreter, platformTag(target), commonLimitedApi(project.extensions)),
    steps,
    artefacts,
    prefixes: prefixesOf(toolchain),
    compiler: `zig ${zig.version}`,
  };
}

/** The plan of a project without extensions: nothing to build, and a wheel for every Python. */
export const emptyPlan: Plan = { tag: pureTag, steps: [], artefacts: [], prefixes: [], compiler: "" };
