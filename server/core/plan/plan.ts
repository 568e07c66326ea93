import type { WheelTag } from "../package/tags.ts";
import type { Extension } from "../project/project.ts";
import type { Prefix } from "./toolchain.ts";

/**
 * A file that a plan makes and that has no place on the disk yet: `object:demo.demo/src/demo/demo.c.o`. The engine puts
 * the real path in its stead when it runs the command.
 */
export type ProductName = `object:${string}` | `module:${string}`;

/** Compiles one source to one object. */
export interface CompileStep {
  readonly kind: "compile";
  /** Name of the product; unique in the plan. */
  readonly output: ProductName;
  /** The whole command, run in the project folder. The product's name, and `depfile:NAME` for its dependency file, stand for paths. */
  readonly command: readonly [string, ...string[]];
  /** The source, relative to the project. */
  readonly source: string;
  /** Name of the extension it is for. */
  readonly extension: string;
  /** Inputs known beforehand; headers are learnt from the compiler's dependency file. Project-relative or absolute. */
  readonly inputs: readonly string[];
}

/** Links the objects of one extension to its module. */
export interface LinkStep {
  readonly kind: "link";
  readonly output: ProductName;
  readonly command: readonly [string, ...string[]];
  /**
   * The same link with all of Zig's compiler runtime, which takes seconds to build the first time: run only when the
   * first link leaves symbols open that the runtime defines. Absent when `command` already brings it.
   */
  readonly withRuntime: readonly [string, ...string[]] | undefined;
  /** Products and files that are linked. */
  readonly inputs: readonly string[];
  readonly extension: string;
  /** Zig compiles its C++ library, or the C runtime of Windows, before the first such link on a machine. */
  readonly buildsRuntime: "libc++" | "mingw" | undefined;
  /** The initialisation functions of which the module must export one (PEP 489, 793). */
  readonly initFunctions: readonly string[];
  /** Symbols may stay open: the user asked the linker for it. */
  readonly mayStayUndefined: boolean;
}

/** An extension module as it will be installed. */
export interface PlannedArtefact {
  readonly extension: Extension;
  readonly product: ProductName;
  /** Project-relative path beside the package's Python files. */
  readonly path: string;
  /** Path in the wheel. */
  readonly archivePath: string;
  /** Names of the steps it takes, compile steps first. */
  readonly steps: readonly ProductName[];
}

/** Everything that a build will do, decided before it does anything. A pure function of its inputs. */
export interface Plan {
  /** The tag of the wheel, its platform as the target promises: the link may show that the binaries need more. */
  readonly tag: WheelTag;
  readonly steps: readonly (CompileStep | LinkStep)[];
  readonly artefacts: readonly PlannedArtefact[];
  /**
   * Folders whose place differs from machine to machine, with the names that stand for them in keys and in objects;
   * the longest first.
   */
  readonly prefixes: readonly Prefix[];
  /** What stands for the version of the compiler and its own headers. */
  readonly compiler: string;
}
