import { stableAbi } from "../package/tags.ts";
import type { Extension, Language, Optimize, Source } from "../project/project.ts";
import type { Toolchain } from "./toolchain.ts";
import { prefixesOf } from "./toolchain.ts";

/** What each optimisation mode means to clang. `NDEBUG` as CPython's own builds give it to extension modules. */
const modeFlags: Readonly<Record<Optimize, readonly string[]>> = {
  ReleaseFast: ["-O3", "-DNDEBUG", "-g0", "-fno-sanitize=undefined"],
  ReleaseSafe: ["-O2", "-g0", "-fsanitize=undefined", "-fsanitize-trap=undefined"],
  ReleaseSmall: ["-Os", "-DNDEBUG", "-g0", "-fno-sanitize=undefined"],
  Debug: ["-O0", "-g", "-fno-sanitize=undefined"],
};

const isCpp = (language: Language): boolean => language === "c++" || language === "objective-c++";

const isAssembler = (language: Language): boolean => language === "assembler" || language === "assembler-with-cpp";

/** Whether an extension needs the C++ library at its link. */
export function usesCpp(extension: Extension): boolean {
  return extension.sources.some((source) => isCpp(source.language));
}

/** A version as `Py_LIMITED_API` takes it: `0x030B0000` for 3.11. */
function hexVersion([major, minor]: readonly [number, number]): string {
  const byte = (value: number): string => value.toString(16).toUpperCase().padStart(2, "0");
  return `0x${byte(major)}${byte(minor)}0000`;
}

/** Definitions that the interpreter's headers expect from the build. */
function pythonMacros({ interpreter, target }: Toolchain, extension: Extension): string[] {
  const macros: string[] = [];
  const stable = extension.limitedApi === undefined ? undefined : stableAbi(interpreter, extension.limitedApi);
  if (extension.limitedApi !== undefined && stable !== undefined) {
    macros.push(`-DPy_LIMITED_API=${hexVersion(extension.limitedApi)}`);
    if (stable === "abi3t") macros.push(`-DPy_TARGET_ABI3T=${hexVersion(extension.limitedApi)}`);
  }
  if (target.os === "windows") {
    // Windows' pyconfig.h is shared by both builds and cannot know (gh-111650); older ones know MSVC alone.
    if (interpreter.freeThreaded) macros.push("-DPy_GIL_DISABLED=1");
    if (target.machine !== "win32") macros.push("-DMS_WIN64=1");
  }
  return macros;
}

/** What a target's C library expects beside its name. */
function targetFlags(target: Toolchain["target"]): readonly string[] {
  // clang's own `long double` is the IEEE one, for which glibc has functions since 2.32 only.
  return target.os === "linux" && target.machine === "ppc64le" && target.libc.kind === "glibc"
    ? ["-mabi=ibmlongdouble"]
    : [];
}

/**
 * The command that compiles one source, run in the project folder.
 * @param output stands for the object's path
 * @param depfile stands for the path of the dependency file
 */
export function compileCommand(
  toolchain: Toolchain,
  extension: Extension,
  source: Source,
  output: string,
  depfile: string,
): readonly [string, ...string[]] {
  const { zig, interpreter, target, system } = toolchain;
  const assembler = isAssembler(source.language);
  const standard = isCpp(source.language) ? extension.cppStd : extension.cStd;
  const macros = [...extension.defineMacros, ...source.defineMacros];
  return [
    zig.executable,
    isCpp(source.language) ? "c++" : "cc",
    "-c",
    // Without a target Zig tunes for this machine's processor and its C library.
    "-target",
    target.triple,
    ...modeFlags[extension.optimize],
    // Code written for CPython's own flags may rely on wrapping arithmetic.
    ...(assembler ? [] : ["-fwrapv", "-Wall"]),
    // Assembler without a preprocessor has no use for macros, headers and dependencies, and would warn of each.
    ...(source.language === "assembler" ? ["-Wno-unused-command-line-argument"] : []),
    // Zig makes `__DATE__` an error; here the engine gives it a fixed date.
    "-Wno-date-time",
    ...(target.os === "windows" ? [] : ["-fPIC"]),
    ...targetFlags(target),
    ...(standard === undefined || assembler ? [] : [`-std=${standard}`]),
    ...prefixesOf(toolchain).map(({ path, name }) => `-ffile-prefix-map=${path}=${name}`),
    // Debug information would name the project's folder, and an object may be used in another checkout.
    "-fdebug-compilation-dir=.",
    "-fno-color-diagnostics",
    "-fdiagnostics-print-source-range-info",
    "-fdiagnostics-parseable-fixits",
    "-fdiagnostics-absolute-paths",
    ...pythonMacros(toolchain, extension),
    ...extension.includeDirs.map((folder) => `-I${folder}`),
    // System folders, so that warnings about Python's headers stay out of the user's.
    ...interpreter.includeDirs.flatMap((folder) => ["-isystem", folder]),
    ...interpreter.lastIncludeDirs.flatMap((folder) => ["-idirafter", folder]),
    ...(extension.libraries.length === 0 ? [] : system.includeDirs.flatMap((folder) => ["-idirafter", folder])),
    ...macros.map(({ name, value }) => (value === undefined ? `-D${name}` : `-D${name}=${value}`)),
    ...extension.undefMacros.map((name) => `-U${name}`),
    ...extension.extraCompileArgs,
    ...source.extraCompileArgs,
    "-MD",
    "-MF",
    depfile,
    "-o",
    output,
    source.path,
  ];
}
