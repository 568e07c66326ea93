import type { Binary } from "./binary.ts";

/** CPython's names and PyPy's: `PyList_New`, `_Py_NoneStruct`, `PyPyList_New`. */
const pythonName = /^_?Py/u;

/**
 * Names that the linker or loader makes, or that nothing looks up: on ARM every object names an exception personality
 * (`__aeabi_unwind_cpp_pr0`) in a relocation that does nothing. `__gmon_start__` and its like are weak, so they need no mention.
 */
const loaderName = /^(?:__aeabi_unwind_cpp_pr[012]|_GLOBAL_OFFSET_TABLE_|_DYNAMIC|__dso_handle|dyld_stub_binder)$/u;

/** The C library of musl as Zig (`libc.so`) and as Alpine (`libc.musl-x86_64.so.1`) name it. */
const muslLibrary = /^libc\.(?:so|musl-\w+\.so\.1)$/u;

/**
 * The strong undefined symbols of a linked library that neither Python, nor the loader, nor a library provides, each once. A library provides a symbol if
 * the binary says so (an ELF symbol version, a DLL import, Mach-O's two-level namespace) or if the symbol is in `provided`: for libraries
 * without symbol versions that is the only way to know, so pass the exports of {@link unversionedLibraries}, and for musl its
 * names ({@link muslSymbols}). A Mach-O file with a flat namespace names no libraries: nothing can be said of it, and the answer is empty.
 */
export function unresolvedSymbols(binary: Binary, provided: ReadonlySet<string> = new Set()): string[] {
  if (binary.format === "mach-o" && binary.kind !== "object" && !binary.twoLevelNamespace) return [];
  const unresolved = binary.undefined.filter(
    ({ name, weak, version, library }) =>
      !weak &&
      version === undefined &&
      library === undefined &&
      !pythonName.test(name) &&
      !loaderName.test(name) &&
      !provided.has(name),
  );
  return [...new Set(unresolved.map(({ name }) => name))];
}

/** The needed libraries of an ELF file that give no version to the symbols it takes from them: their own exports must be read to know what they provide. */
export function unversionedLibraries(binary: Binary): string[] {
  if (binary.format !== "elf") return [];
  return binary.needed.filter((library) => binary.versionNeeds[library] === undefined);
}

/** Whether a binary needs musl's C library. */
export function needsMusl(binary: Binary): boolean {
  return binary.format === "elf" && binary.needed.some((library) => muslLibrary.test(library));
}

/**
 * The names that musl's C library defines, from the text of `lib/libc/musl/libc.S` in Zig's folder, which is Zig's own stand-in for it at link time.
 * The file has some names for some processors only: they are all in the answer.
 */
export function muslSymbols(libcS: string): ReadonlySet<string> {
  return new Set(Array.from(libcS.matchAll(/^\s*(?:\.(?:globl|weak)|WEAK\w*)\s+(\w+)/gmu), ([, name = ""]) => name));
}
