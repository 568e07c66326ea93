/** What an editor's C/C++ support needs to know of a compiler's command line. */
export interface CompileFlags {
  readonly includePath: readonly string[];
  /** `NAME` or `NAME=text`. */
  readonly defines: readonly string[];
  readonly standard: string | undefined;
  /** Everything else that changes how a source is read. */
  readonly others: readonly string[];
}

const includeFlags = ["-isystem", "-iquote", "-idirafter", "-I"];
/** Flags with a separate value that say nothing of how the source is read. */
const outputFlags = new Set(["-o", "-MF", "-MT", "-MQ", "-x"]);
const kept = /^(?:-f(?:no-)?(?:signed-char|exceptions|rtti|char8_t|short-enums)|-m(?!cpu)\S+|-pthread)$/;

/**
 * Reads the arguments of a C or C++ compile command (`arguments` of `compile_commands.json`).
 * @param directory what relative folders are relative to
 * @param join joins a folder and a relative path
 */
export function readCompileArguments(
  args: readonly string[],
  directory: string,
  join: (folder: string, path: string) => string,
): CompileFlags {
  const includePath: string[] = [];
  const defines: string[] = [];
  const others: string[] = [];
  let standard: string | undefined;
  for (let at = 0; at < args.length; at++) {
    const argument = args[at] ?? "";
    const include = includeFlags.find((flag) => argument.startsWith(flag));
    if (include !== undefined) {
      const path = argument.length > include.length ? argument.slice(include.length) : (args[++at] ?? "");
      includePath.push(join(directory, path));
    } else if (argument.startsWith("-D")) defines.push(argument === "-D" ? (args[++at] ?? "") : argument.slice(2));
    else if (argument.startsWith("-U")) {
      const name = argument === "-U" ? (args[++at] ?? "") : argument.slice(2);
      for (let index = defines.length - 1; index >= 0; index--)
        if (defines[index]?.split("=", 1)[0] === name) defines.splice(index, 1);
    } else if (argument.startsWith("-std=")) standard = argument.slice("-std=".length);
    else if (outputFlags.has(argument)) at++;
    else if (kept.test(argument)) others.push(argument);
  }
  return { includePath, defines, standard, others };
}
