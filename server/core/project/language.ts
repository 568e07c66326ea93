import type { Language } from "./project.ts";

/** Suffixes as clang and setuptools know them; letter case tells `.C` from `.c` and `.S` from `.s`. */
const languages: Readonly<Record<string, Language>> = {
  ".c": "c",
  ".cc": "c++",
  ".cpp": "c++",
  ".cxx": "c++",
  ".C": "c++",
  ".m": "objective-c",
  ".mm": "objective-c++",
  ".S": "assembler-with-cpp",
  ".s": "assembler",
};

/** Every suffix of a source. */
export const sourceSuffixes: readonly string[] = Object.keys(languages);

/** The language of a source by its suffix; `undefined` for a file that is no source. */
export function languageOf(path: string): Language | undefined {
  const dot = path.lastIndexOf(".");
  return dot < 0 ? undefined : languages[path.slice(dot)];
}
