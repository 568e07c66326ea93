/** A processor, named as Linux wheel tags name it; a number of the format's own where Zlig has no name for it. */
export type Machine =
  | "x86_64"
  | "i686"
  | "aarch64"
  | "armv7l"
  | "ppc64le"
  | "ppc64"
  | "s390x"
  | "riscv64"
  | "loongarch64"
  | `unknown-${number}`;

/** What a file is to a linker: a library loaded at run time, an object to be linked, a program, or something else. */
export type BinaryKind = "shared" | "object" | "executable" | "other";

/** A name that a binary uses and does not define. */
export interface UndefinedSymbol {
  readonly name: string;
  /** The binary works without it. */
  readonly weak: boolean;
  /** ELF symbol version, `GLIBC_2.17`. */
  readonly version?: string;
  /** Where the loader looks for it, if the binary says so: a DLL, a Mach-O dylib of the two-level namespace, the library of an ELF symbol version. */
  readonly library?: string;
}

interface CommonFacts {
  readonly kind: BinaryKind;
  readonly machine: Machine;
  /** Names visible to others, as written in C: without Mach-O's leading underscore. A COFF object's names keep their decoration. */
  readonly exports: readonly string[];
  readonly undefined: readonly UndefinedSymbol[];
  /** Libraries the loader must find: `DT_NEEDED`, DLL names, dylib install names. */
  readonly needed: readonly string[];
  /** Folders the loader searches: `DT_RUNPATH`, else `DT_RPATH`; `LC_RPATH`. */
  readonly runPaths: readonly string[];
}

/** The facts of an ELF file. */
export interface ElfBinary extends CommonFacts {
  readonly format: "elf";
  readonly bits: 32 | 64;
  readonly endian: "little" | "big";
  /** `e_flags`: float ABI on ARM, ABI version on PowerPC. */
  readonly flags: number;
  readonly soname?: string;
  /** Symbol versions that each needed library must have. */
  readonly versionNeeds: Readonly<Record<string, readonly string[]>>;
}

/** The facts of a Windows DLL, program or COFF object. */
export interface PeBinary extends CommonFacts {
  readonly format: "pe";
  readonly bits: 32 | 64;
}

/** The facts of one architecture of a Mach-O file. */
export interface MachOBinary extends CommonFacts {
  readonly format: "mach-o";
  /** A bundle (`-bundle`) rather than a dylib: `kind` is "shared" for both. */
  readonly bundle: boolean;
  /** The install name of `LC_ID_DYLIB`. */
  readonly soname?: string;
  /** The oldest macOS that loads it, `11.0`; absent where the file says none or is for another platform. */
  readonly minimumMacOS?: string;
  /** `LC_CODE_SIGNATURE` is there: arm64 refuses to load a library without. */
  readonly signed: boolean;
  /** The binary says at which library each symbol is found. */
  readonly twoLevelNamespace: boolean;
}

/** One compiled file, for one processor. */
export type Binary = ElfBinary | PeBinary | MachOBinary;
