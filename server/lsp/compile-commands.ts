import { existsSync } from "node:fs";
import { join } from "node:path";
import type { PreparedBuild } from "../core/builder.ts";
import type { Target } from "../core/toolchain/target.ts";
import type { CompileCommand } from "./protocol.ts";

/** clang's name of a target that Zig calls `x86_64-linux-gnu.2.17`. */
export function clangTriple(target: Target): string {
  const [cpu = "", ...rest] = target.triple.split("-");
  const system = rest.join("-").replace(/\.[\d.]+$/, "");
  switch (target.os) {
    case "linux":
      return `${cpu === "x86" ? "i386" : cpu}-unknown-${system}`;
    case "macos":
      return `${cpu === "aarch64" ? "arm64" : cpu}-apple-macosx${target.minimum.join(".")}`;
    case "windows":
      return `${cpu === "x86" ? "i686" : cpu}-w64-windows-gnu`;
  }
}

/** Zig's names of families of processors, which share headers. */
const families: Readonly<Record<string, string>> = { x86_64: "x86", riscv64: "riscv", powerpc64le: "powerpc" };

interface Headers {
  /** Searched first: the C++ library. */
  readonly cpp: readonly string[];
  /** Searched after the compiler's own headers, which every clang brings for itself. */
  readonly libc: readonly string[];
  readonly macros: readonly string[];
}

/** What Zig gives its clang for the libraries of a target: folders in its order, and macros. */
function headersOf(libDir: string, target: Target, cpp: boolean): Headers {
  const [cpu = ""] = target.triple.split("-");
  const family = families[cpu] ?? cpu;
  const there = (...folders: readonly string[]): readonly string[] =>
    folders.map((folder) => join(libDir, folder)).filter((folder) => existsSync(folder));
  const libc = (...names: readonly string[]): readonly string[] =>
    there(...names.map((name) => `libc/include/${name}`));
  const cppMacros = [
    "_LIBCPP_ABI_VERSION=1",
    "_LIBCPP_ABI_NAMESPACE=__1",
    "_LIBCPP_HAS_THREADS=1",
    "_LIBCPP_HAS_MONOTONIC_CLOCK",
    `_LIBCPP_HAS_MUSL_LIBC=${target.os === "linux" && target.libc.kind === "musl" ? 1 : 0}`,
    "_LIBCPP_HARDENING_MODE=_LIBCPP_HARDENING_MODE_NONE",
    "_LIBCPP_ASSERTION_SEMANTIC_DEFAULT=_LIBCPP_ASSERTION_SEMANTIC_IGNORE",
  ];
  const common = { cpp: cpp ? there("libcxx/include", "libcxxabi/include", "libunwind/include") : [] };
  const macros = cpp ? cppMacros : [];
  switch (target.os) {
    case "linux": {
      const { kind, version } = target.libc;
      const abi = kind === "musl" ? "musl" : "gnu";
      const own = [...new Set([`${cpu}-linux-${abi}`, `${family}-linux-${abi}`])];
      const folders = libc(
        ...own,
        kind === "musl" ? "generic-musl" : "generic-glibc",
        `${family}-linux-any`,
        "any-linux-any",
      );
      return {
        ...common,
        libc: folders,
        macros: kind === "musl" ? macros : [`__GLIBC_MINOR__=${version[1]}`, ...macros],
      };
    }
    case "macos":
      return { ...common, libc: libc("any-darwin-any", "any-macos-any"), macros };
    case "windows": {
      const folders = libc(`${cpu}-windows-gnu`, "generic-mingw", "any-windows-any");
      return { ...common, libc: folders, macros: ["__MSVCRT_VERSION__=0xE00", "_WIN32_WINNT=0x0a00", ...macros] };
    }
  }
}

/** Arguments that only the build has a use for. */
const dropped = new Set(["-MD", "-c"]);
const droppedWithValue = new Set(["-MF", "-o"]);

/**
 * The compile steps of a plan as a compilation database for clangd and the like: the same flags, with Zig's name of the target replaced by
 * clang's, and Zig's own header folders named, because no other clang knows them.
 */
export function compileCommands({ project, plan, toolchain }: PreparedBuild): readonly CompileCommand[] {
  if (toolchain === undefined) return [];
  const { target, zig } = toolchain;
  return plan.steps.flatMap((step): CompileCommand[] => {
    if (step.kind !== "compile") return [];
    const [, mode = "cc", ...rest] = step.command;
    const cpp = mode === "c++";
    const kept: string[] = [];
    for (let index = 0; index < rest.length; index++) {
      const argument = rest[index] ?? "";
      if (argument === "-target") {
        index++;
        kept.push(`--target=${clangTriple(target)}`);
      } else if (droppedWithValue.has(argument)) index++;
      else if (!dropped.has(argument) && !/^-(?:f(?:no-color-)?diagnostics|ffile-prefix-map)/.test(argument))
        kept.push(argument);
    }
    const file = kept.pop() ?? step.source;
    const headers = zig.libDir === undefined ? undefined : headersOf(zig.libDir, target, cpp);
    const library =
      headers === undefined || headers.libc.length === 0
        ? []
        : [
            // The system's own headers are not those that the build takes; the compiler's own stay.
            "-nostdlibinc",
            ...(cpp ? ["-nostdinc++"] : []),
            ...headers.macros.map((macro) => `-D${macro}`),
            ...headers.cpp.flatMap((folder) => ["-isystem", folder]),
            ...headers.libc.flatMap((folder) => ["-idirafter", folder]),
          ];
    return [
      {
        directory: project.root,
        file: join(project.root, file),
        arguments: [cpp ? "clang++" : "clang", ...kept, ...library, "-c", file],
        output: step.output.replace(/^object:/, ""),
      },
    ];
  });
}
