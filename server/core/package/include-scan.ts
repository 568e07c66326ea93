/** One file that a source text asks for. */
export interface Include {
  /** As written: relative to the text's own folder, or to an include folder. */
  readonly path: string;
  /** Whether the text's own folder is searched first: `"x.h"`, not `<x.h>`. */
  readonly local: boolean;
  /** Whether the file is text that can ask for further ones. */
  readonly text: boolean;
}

const preprocessor = /^[ \t]*(?:#|%:)[ \t]*(include|include_next|import|embed)[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)/gm;
const assembler = /^[ \t]*\.(include|incbin)[ \t]+"([^"\n]+)"/gm;
const zig = /@(import|cInclude|embedFile)\([ \t\n]*"([^"\n]+)"[ \t\n]*\)/g;
const cython = /^[ \t]*(?:include|(?:cdef[ \t]+)?extern[ \t]+from)[ \t]+["'](<?)([^"'<>*\n]+)>?["']/gm;

/**
 * Finds what a source may include: C and its kin, assembler, Zig, Cython. Nothing is evaluated: the branches of every
 * platform count, so that an sdist serves all of them.
 */
export function scanIncludes(path: string, text: string): Include[] {
  const found: Include[] = [];
  if (path.endsWith(".zig")) {
    for (const [, call, name] of text.matchAll(zig)) {
      if (name === undefined || (call === "import" && !/\.(?:zig|zon)$/.test(name))) continue;
      found.push({ path: name, local: true, text: call !== "embedFile" });
    }
    return found;
  }
  if (/\.(?:pyx|pxd|pxi)$/.test(path)) {
    for (const [, angle, name] of text.matchAll(cython)) {
      if (name !== undefined) found.push({ path: name, local: angle === "", text: true });
    }
    return found;
  }
  for (const [, directive, quoted, angled] of text.matchAll(preprocessor)) {
    const name = quoted ?? angled;
    if (name !== undefined) found.push({ path: name, local: quoted !== undefined, text: directive !== "embed" });
  }
  if (/\.(?:s|asm|inc)$/i.test(path)) {
    for (const [, directive, name] of text.matchAll(assembler)) {
      if (name !== undefined) found.push({ path: name, local: true, text: directive === "include" });
    }
  }
  return found;
}
