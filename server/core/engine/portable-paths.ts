import type { Prefix } from "../plan/toolchain.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** Writes paths so that they mean the same on another machine, in another environment and another checkout, and back. */
export class PortablePaths {
  readonly #prefixes: readonly Prefix[];

  /**
   * @param root the project folder; paths in it become relative to it
   * @param prefixes folders that names stand for, the longest first
   */
  constructor(root: string, prefixes: readonly Prefix[]) {
    this.#prefixes = [...prefixes, { path: root, name: "" }];
  }

  /** `<python-include>/Python.h`, `src/demo.c`; a path in none of the known folders stays as it is. */
  shorten(path: string): string {
    for (const { path: folder, name } of this.#prefixes)
      if (path.startsWith(folder) && /^[\\/]/.test(path.slice(folder.length)))
        return name === "" ? path.slice(folder.length + 1) : `<${name}>${path.slice(folder.length)}`;
    return path;
  }

  /** The absolute path, or the project-relative one, that {@link shorten} shortened. */
  expand(path: string): string {
    for (const { path: folder, name } of this.#prefixes)
      if (name !== "" && path.startsWith(`<${name}>`)) return folder + path.slice(name.length + 2);
    return path;
  }

  /** A command without the places of its machine: folders by their names wherever they stand in an argument. */
  command(command: readonly string[], compiler: string): readonly string[] {
    const [, ...rest] = command;
    return [
      compiler,
      ...rest.map((argument) =>
        this.#prefixes.reduce(
          (text, { path, name }) => (name === "" ? text : text.replaceAll(path, `<${name}>`)),
          argument,
        ),
      ),
    ];
  }

  /** A diagnostic with every path turned by one of the functions above. */
  diagnostic(diagnostic: Diagnostic, turn: (path: string) => string): Diagnostic {
    const { location } = diagnostic;
    return {
      ...diagnostic,
      ...(location === undefined ? {} : { location: { ...location, file: turn(location.file) } }),
      notes: diagnostic.notes.map((note) => this.diagnostic(note, turn)),
      fixIts: diagnostic.fixIts.map((fixIt) => ({ ...fixIt, file: turn(fixIt.file) })),
    };
  }
}
