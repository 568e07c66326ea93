import type { Manifest, ManifestPath } from "../manifest/manifest.ts";
import type { TomlValue } from "../manifest/manifest.ts";
import { ZligError } from "../error.ts";
import { isTable } from "../options/validate.ts";

interface Refusal {
  readonly why: string;
  readonly hint?: string;
}

const gccOnly =
  /^-f(?:no-)?(?:ipa-\S+|conserve-stack|tree-(?!vectorize|slp-vectorize)\S+|gcse\S*|ivopts|web|rename-registers|graphite\S*|loop-\S+|modulo-sched\S*|sched-\S+|variable-expansion-in-unroller|predictive-commoning|unswitch-loops|split-wide-types|excess-precision=standard-)$/;

/** Why `zig cc` refuses a compiler argument, or would not do what it says; seen with Zig 0.15 to 0.17. */
function refusalOf(flag: string): Refusal | undefined {
  if (/^\/[A-Za-z]\S*$/.test(flag) && !/^\/(?:usr|opt|home|etc|var|lib|Library|Users)\b/.test(flag))
    return {
      why: "is an argument of Microsoft's compiler; Zig takes it for a file",
      hint: "Write it as clang has it: `-O2`, `-std=c11`, `-DNAME`.",
    };
  if (flag === "-flto=auto") return { why: "is gcc's form; Zig refuses it", hint: "Write `-flto` or `-flto=thin`." };
  const level = /^-march=x86-64-v([234])$/.exec(flag)?.[1];
  if (level !== undefined)
    return { why: "is no name of a processor to Zig", hint: `Zig calls it \`-march=x86_64_v${level}\`.` };
  if (/^-m(?:arch|tune|cpu)=native$/.test(flag))
    return {
      why: "makes a module that runs on this machine's processor alone",
      hint: "Name the oldest processor that the wheel is for, as in `-march=x86_64_v2`.",
    };
  if (/^-(?:o|c|S|E|fsyntax-only)$/.test(flag)) return { why: "is Zlig's to decide" };
  if (/^(?:--?target)(?:=|$)/.test(flag))
    return { why: "is Zlig's to decide", hint: "The target follows from the interpreter, or from `--target`." };
  if (/^-m(?:32|64)$/.test(flag)) return { why: "contradicts the target, which the interpreter decides" };
  if (flag === "-arch" || /^-mmacosx-version-min=/.test(flag))
    return { why: "is Zlig's to decide", hint: "The lowest version of macOS is set by `MACOSX_DEPLOYMENT_TARGET`." };
  if (/^-fplugin=/.test(flag)) return { why: "cannot work: Zig's clang loads no plugins" };
  if (gccOnly.test(flag)) return { why: "is known to gcc only; Zig's clang refuses it" };
  return undefined;
}

function* compileArguments(manifest: Manifest): Generator<{ flag: string; path: ManifestPath }> {
  const tool = manifest.values["tool"];
  const zlig = tool !== undefined && isTable(tool) ? tool["zlig"] : undefined;
  yield* below(zlig, ["tool", "zlig"]);
}

function* below(value: TomlValue | undefined, path: ManifestPath): Generator<{ flag: string; path: ManifestPath }> {
  if (Array.isArray(value)) {
    for (const [index, item] of (value as readonly TomlValue[]).entries()) {
      if (typeof item === "string" && path.at(-1) === "extra-compile-args")
        yield { flag: item, path: [...path, index] };
      else yield* below(item, [...path, index]);
    }
  } else if (value !== undefined && isTable(value)) {
    for (const [key, item] of Object.entries(value)) yield* below(item, [...path, key]);
  }
}

/** Finds compiler arguments that Zig refuses. */
export function checkFlags(manifest: Manifest): readonly ZligError[] {
  return [...compileArguments(manifest)].flatMap(({ flag, path }) => {
    const refusal = refusalOf(flag);
    if (refusal === undefined) return [];
    return [
      new ZligError("flag-refused", `\`${flag}\` ${refusal.why}`, {
        location: manifest.locate(path),
        severity: "warning",
        hint: refusal.hint,
      }),
    ];
  });
}
