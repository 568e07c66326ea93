/** Linker options without a value that `zig build-lib` takes under a name of its own (or that change nothing there). */
const plain: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    "--gc-sections": ["--gc-sections"],
    "--no-gc-sections": ["--no-gc-sections"],
    "-Bsymbolic": ["-Bsymbolic"],
    "--disable-new-dtags": ["--disable-new-dtags"],
    "--build-id": ["--build-id"],
    "--no-undefined-version": ["--no-undefined-version"],
    "--undefined-version": ["--undefined-version"],
    "--allow-shlib-undefined": ["-fallow-shlib-undefined"],
    "-dead_strip": ["-dead_strip"],
    "-dead_strip_dylibs": ["-dead_strip_dylibs"],
    "-headerpad_max_install_names": ["-headerpad_max_install_names"],
    // What Zig's linker does or the module's strip does anyway.
    "--enable-new-dtags": [],
    "--as-needed": [],
    "--strip-all": [],
    "-s": [],
    "--hash-style=gnu": [],
    "--hash-style=both": [],
    "-O1": [],
    "-O2": [],
  }),
);

/** Linker options whose value is the next word. */
const valued: ReadonlyMap<string, (value: string) => readonly string[] | undefined> = new Map(
  Object.entries({
    "-z": (value: string) =>
      ["now", "relro", "nodelete", "defs", "undefs", "notext", "origin"].includes(value) ? ["-z", value] : undefined,
    "-rpath": (value: string) => ["-rpath", value],
    "--rpath": (value: string) => ["-rpath", value],
    "-R": (value: string) => ["-rpath", value],
    "--version-script": (value: string) => ["--version-script", value],
    "-soname": (value: string) => [`-fsoname=${value}`],
    "-undefined": (value: string) => (value === "dynamic_lookup" ? ["-fallow-shlib-undefined"] : undefined),
  }),
);

/** The words that a driver's `-Wl,` and `-Xlinker` arguments hand to the linker, apart from the driver's own arguments. */
function* linkerWords(args: readonly string[]): Generator<{ readonly word: string; readonly linker: boolean }> {
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? "";
    if (argument.startsWith("-Wl,")) for (const word of argument.slice(4).split(",")) yield { word, linker: true };
    else if (argument === "-Xlinker") yield { word: args[++index] ?? "", linker: true };
    else yield { word: argument, linker: false };
  }
}

/**
 * Translates the link arguments of a compiler driver to those of `zig build-lib`.
 * @returns `undefined` when one has no equivalent: the link then takes the driver itself, slower the first time
 */
export function translateLinkArgs(args: readonly string[]): readonly string[] | undefined {
  const words = [...linkerWords(args)];
  const translated: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const { word, linker } = words[index] ?? { word: "", linker: false };
    const [name = "", attached] = /^(--?[A-Za-z-]+)=(.*)$/.exec(word)?.slice(1) ?? [word];
    const take = valued.get(name);
    if (linker && take !== undefined) {
      const value = attached ?? words[++index]?.word;
      const found = value === undefined ? undefined : take(value);
      if (found === undefined) return undefined;
      translated.push(...found);
    } else if (linker && plain.has(word)) translated.push(...(plain.get(word) ?? []));
    else if (!linker && /^-[lL]./.test(word)) translated.push(word);
    else if (!linker && word === "-undefined" && words[index + 1]?.word === "dynamic_lookup") {
      index++;
      translated.push("-fallow-shlib-undefined");
    } else if (!linker && ["-s", "-shared", "-fPIC", "-pthread", "-lm"].includes(word)) continue;
    else return undefined;
  }
  return translated;
}

/** Whether link arguments ask that symbols may stay undefined: something else brings them when the module is loaded. */
export function allowUndefined(args: readonly string[]): boolean {
  const words = [...linkerWords(args)].map(({ word }) => word);
  return words.some(
    (word, index) =>
      word === "--allow-shlib-undefined" ||
      word === "--unresolved-symbols=ignore-all" ||
      (word === "-z" && words[index + 1] === "undefs") ||
      (word === "-undefined" && words[index + 1] === "dynamic_lookup"),
  );
}
