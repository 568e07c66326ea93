import { stableAbi } from "../package/tags.ts";
import type { Extension } from "../project/project.ts";
import { usesCpp } from "./compile-command.ts";
import { translateLinkArgs } from "./link-args.ts";
import type { Toolchain } from "./toolchain.ts";

/** The ways to link one extension. */
export interface LinkCommands {
  readonly command: readonly [string, ...string[]];
  readonly withRuntime: readonly [string, ...string[]] | undefined;
}

function librariesOf({ interpreter, target, system }: Toolchain, extension: Extension): string[] {
  const folders = [...extension.libraryDirs, ...(extension.libraries.length === 0 ? [] : system.libraryDirs)];
  const python =
    target.os === "windows"
      ? [...interpreter.libraryDirs.map((folder) => `-L${folder}`), `-l${pythonImportLibrary(interpreter, extension)}`]
      : [];
  return [
    ...folders.map((folder) => `-L${folder}`),
    ...extension.libraries.map((name) => `-l${name}`),
    ...python,
    // Given here, not by the driver, which would name it only for C++ sources.
    ...(usesCpp(extension) ? ["-lc++"] : []),
  ];
}

/** `python312`, `python313t`, `python3` for the limited API, `python3t` for that of free-threaded builds (PEP 803). */
function pythonImportLibrary(interpreter: Toolchain["interpreter"], { limitedApi }: Extension): string {
  const { version, freeThreaded, debug } = interpreter;
  const stable = limitedApi === undefined ? undefined : stableAbi(interpreter, limitedApi);
  const name = stable === undefined ? `python${version[0]}${version[1]}` : "python3";
  return `${name}${freeThreaded ? "t" : ""}${debug ? "_d" : ""}`;
}

/** `zig build-lib`: the only link of Zig's that can leave out the compiler runtime. Takes options of its own. */
function buildLib(
  toolchain: Toolchain,
  extension: Extension,
  output: string,
  inputs: readonly string[],
  linkArgs: readonly string[],
  runtime: boolean,
  fileName: string,
): readonly [string, ...string[]] {
  const { zig, target } = toolchain;
  return [
    zig.executable,
    "build-lib",
    "-dynamic",
    "-target",
    target.triple,
    // The objects are compiled already: the mode only chooses among Zig's runtimes, and one choice means one build of them.
    "-O",
    "ReleaseFast",
    extension.optimize === "Debug" ? "-fno-strip" : "-fstrip",
    ...(runtime ? [] : ["-fno-compiler-rt", "-fno-ubsan-rt"]),
    ...(target.os === "linux"
      ? // A module's own functions are its own: no symbol of the process may take their place.
        ["-fno-soname", "-Bsymbolic", "-z", "now", "-z", "relro"]
      : target.os === "macos"
        ? ["-fallow-shlib-undefined", "-install_name", `@rpath/${fileName}`]
        : ["-fno-emit-implib"]),
    ...extension.runtimeLibraryDirs.flatMap((folder) => ["-rpath", folder]),
    "--name",
    extension.moduleName,
    `-femit-bin=${output}`,
    ...inputs,
    "-lc",
    ...librariesOf(toolchain, extension),
    ...linkArgs,
  ];
}

/** `zig cc -shared`: takes every option of a compiler driver, and builds the compiler runtime first. */
function driver(
  { zig, target, ...rest }: Toolchain,
  extension: Extension,
  output: string,
  inputs: readonly string[],
  fileName: string,
): readonly [string, ...string[]] {
  return [
    zig.executable,
    usesCpp(extension) ? "c++" : "cc",
    "-shared",
    "-target",
    target.triple,
    "-O3",
    ...(extension.optimize === "Debug" ? ["-g"] : ["-s"]),
    ...(target.os === "linux"
      ? ["-Wl,-Bsymbolic", "-Wl,-z,now", "-Wl,-z,relro"]
      : target.os === "macos"
        ? ["-Wl,-undefined,dynamic_lookup", `-Wl,-install_name,@rpath/${fileName}`]
        : []),
    ...extension.runtimeLibraryDirs.map((folder) => `-Wl,-rpath,${folder}`),
    "-o",
    output,
    ...inputs,
    ...librariesOf({ zig, target, ...rest }, extension),
    ...extension.extraLinkArgs,
  ];
}

/**
 * The commands that link an extension's objects, run in the project folder. Without compiler runtime first, because Zig
 * takes seconds to build it and a module seldom needs it; Windows always needs it.
 * @param output stands for the module's path
 * @param inputs stand for the objects
 * @param fileName the module's file name
 */
export function linkCommands(
  toolchain: Toolchain,
  extension: Extension,
  output: string,
  inputs: readonly string[],
  fileName: string,
): LinkCommands {
  const linkArgs = translateLinkArgs(extension.extraLinkArgs);
  if (linkArgs === undefined)
    return { command: driver(toolchain, extension, output, inputs, fileName), withRuntime: undefined };
  const link = (runtime: boolean): readonly [string, ...string[]] =>
    buildLib(toolchain, extension, output, inputs, linkArgs, runtime, fileName);
  return toolchain.target.os === "windows"
    ? { command: link(true), withRuntime: undefined }
    : { command: link(false), withRuntime: link(true) };
}
