import type { Binary, ElfBinary, MachOBinary } from "../binary/binary.ts";
import { loaderLibrary, muslPlatformLibrary, oldestPlatform, platformLibraries, platformOf } from "./linux-policy.ts";
import type { TagTarget } from "./tags.ts";
import { isOlder } from "./tags.ts";

/** A compiled file of a wheel. */
export interface WheelBinary {
  /** Path in the wheel. */
  readonly path: string;
  readonly binary: Binary;
}

/** Why a file does not fit the platform it was built for. */
export interface PlatformMismatch {
  /** Path in the wheel. */
  readonly path: string;
  /** The library or symbol version that is to blame, if there is one. */
  readonly subject?: string;
  /** A clause that says what is wrong, to follow the path. */
  readonly why: string;
}

/** What the binaries of a wheel ask of a Linux platform. */
export interface LinuxPlatform {
  /** The oldest glibc that has all they need; absent where one of them needs more than manylinux platforms have. */
  readonly glibc?: readonly [number, number];
  /** Why the wheel can only be tagged `linux_<machine>`. */
  readonly mismatches: readonly PlatformMismatch[];
}

/** `e_flags` of 32-bit ARM: floats are passed in floating-point registers. */
const EF_ARM_ABI_FLOAT_HARD = 0x400;

/**
 * The honest manylinux platform of a wheel's binaries (PEP 600): the libraries and symbol versions that they need, held against what the platforms have.
 * Libraries that the wheel brings itself are not counted.
 */
export function manylinuxPlatform(binaries: readonly WheelBinary[], machine: string): LinuxPlatform {
  const oldest = oldestPlatform[machine];
  const mismatches = binaries.flatMap((file) => formatMismatches(file, machine));
  let glibc = oldest ?? [2, 17];
  const raise = (platform: readonly [number, number]) => {
    if (isOlder(glibc, platform)) glibc = platform;
  };
  for (const { path, binary } of elfOf(binaries)) {
    for (const library of binary.needed) {
      if (isBrought(library, binaries) || loaderLibrary.test(library)) continue;
      const platform = platformLibraries.get(library);
      if (platform === undefined) mismatches.push({ path, subject: library, why: libraryBlame(library, "manylinux") });
      else raise(platform);
    }
    for (const [library, versions] of Object.entries(binary.versionNeeds)) {
      if (isBrought(library, binaries)) continue;
      for (const version of versions) {
        const platform = platformOf(version);
        if (platform !== undefined) raise(platform);
        else if (platformLibraries.has(library) || loaderLibrary.test(library)) {
          mismatches.push({
            path,
            subject: version,
            why: `needs ${version} of ${library}, which no manylinux platform has`,
          });
        }
      }
    }
  }
  if (oldest === undefined && binaries.length > 0) {
    mismatches.push({
      path: binaries[0]?.path ?? "",
      subject: machine,
      why: `is for ${machine}, which has no manylinux platform`,
    });
  }
  return { ...(mismatches.length === 0 ? { glibc } : {}), mismatches };
}

/** What keeps a wheel's binaries from being tagged musllinux (PEP 656). The version of musl cannot be read from them: it is the target's. */
export function musllinuxMismatches(binaries: readonly WheelBinary[], machine: string): PlatformMismatch[] {
  return [
    ...binaries.flatMap((file) => formatMismatches(file, machine)),
    ...elfOf(binaries).flatMap(({ path, binary }) =>
      binary.needed
        .filter((library) => !isBrought(library, binaries) && !muslPlatformLibrary.test(library))
        .map((library) => ({ path, subject: library, why: libraryBlame(library, "musllinux") })),
    ),
  ];
}

/** What a wheel's Mach-O binaries ask of macOS: their common machine (`universal2` if all are for both) and the oldest version that loads all. */
export interface MacPlatform {
  readonly machine: "arm64" | "x86_64" | "universal2";
  readonly minimum: readonly [number, number];
}

/**
 * The honest macOS platform of a wheel's binaries, from their load commands. Give every slice of a universal file, under the same path.
 * @returns nothing where the binaries have no processor in common
 */
export function macPlatform(binaries: readonly WheelBinary[]): MacPlatform | undefined {
  const slices = binaries.flatMap(({ path, binary }) => (binary.format === "mach-o" ? [{ path, binary }] : []));
  const paths = new Set(slices.map(({ path }) => path));
  const common = (["x86_64", "aarch64"] as const).filter((machine) =>
    [...paths].every((path) => slices.some((slice) => slice.path === path && slice.binary.machine === machine)),
  );
  const [first, second] = common;
  if (first === undefined || slices.length === 0) return undefined;
  let minimum: readonly [number, number] = first === "aarch64" ? [11, 0] : [10, 9];
  for (const { binary } of slices) {
    if (!common.some((machine) => machine === binary.machine)) continue;
    const asked = minimumOf(binary);
    // arm64 began with macOS 11, so there it says nothing about older versions, which a universal2 wheel may still have for x86_64.
    const implied = binary.machine === "aarch64" && !isOlder([11, 0], asked);
    if (!implied && isOlder(minimum, asked)) minimum = asked;
  }
  return { machine: second !== undefined ? "universal2" : first === "aarch64" ? "arm64" : "x86_64", minimum };
}

/**
 * The target whose {@link platformTag} is honest for a wheel built for `target`: the same, or one with a newer C library or macOS if a binary needs
 * that (a prebuilt object, a system library). `mismatches` says why there is none; then a Linux wheel can only be `linux_<machine>`.
 */
export function honestTarget(
  target: TagTarget,
  binaries: readonly WheelBinary[],
): { readonly target?: TagTarget; readonly mismatches: readonly PlatformMismatch[] } {
  switch (target.os) {
    case "linux": {
      if (target.libc.kind === "musl") {
        const mismatches = musllinuxMismatches(binaries, target.machine);
        return mismatches.length === 0 ? { target, mismatches } : { mismatches };
      }
      const { glibc, mismatches } = manylinuxPlatform(binaries, target.machine);
      if (glibc === undefined) return { mismatches };
      const version = isOlder(target.libc.version, glibc) ? glibc : target.libc.version;
      return { target: { ...target, libc: { kind: "glibc", version } }, mismatches };
    }
    case "macos": {
      const { machine } = target;
      const platform = macPlatform(binaries);
      const mismatches = binaries
        .filter(
          ({ path, binary }) =>
            binary.format !== "mach-o" || !machinesOf(path, binaries).isSupersetOf(slicesOf(machine)),
        )
        .map(({ path }) => ({ path, why: `is not a Mach-O file for ${machine}` }));
      if (mismatches.length > 0) return { mismatches };
      const raised = platform !== undefined && isOlder(target.minimum, platform.minimum);
      return { target: raised ? { ...target, minimum: platform.minimum } : target, mismatches };
    }
    case "windows": {
      const machine = { amd64: "x86_64", arm64: "aarch64", win32: "i686" }[target.machine];
      const mismatches = binaries
        .filter(({ binary }) => binary.format !== "pe" || binary.machine !== machine)
        .map(({ path }) => ({ path, why: `is not a Windows file for ${target.machine}` }));
      return mismatches.length === 0 ? { target, mismatches } : { mismatches };
    }
  }
}

function slicesOf(machine: string): Set<string> {
  return new Set(machine === "universal2" ? ["x86_64", "aarch64"] : [machine === "arm64" ? "aarch64" : machine]);
}

function machinesOf(path: string, binaries: readonly WheelBinary[]): Set<string> {
  return new Set(binaries.filter((file) => file.path === path).map(({ binary }) => binary.machine));
}

function elfOf(binaries: readonly WheelBinary[]): { path: string; binary: ElfBinary }[] {
  return binaries.flatMap(({ path, binary }) => (binary.format === "elf" ? [{ path, binary }] : []));
}

function formatMismatches({ path, binary }: WheelBinary, machine: string): PlatformMismatch[] {
  if (binary.format !== "elf") return [{ path, why: "is not an ELF file" }];
  if (binary.machine !== machine)
    return [{ path, subject: binary.machine, why: `is for ${binary.machine}, not ${machine}` }];
  if (machine === "armv7l" && binary.kind === "shared" && (binary.flags & EF_ARM_ABI_FLOAT_HARD) === 0) {
    return [{ path, why: "passes floats in integer registers, and armv7l platforms do not" }];
  }
  return [];
}

function isBrought(library: string, binaries: readonly WheelBinary[]): boolean {
  return binaries.some(
    ({ path, binary }) => path.split("/").at(-1) === library || (binary.format === "elf" && binary.soname === library),
  );
}

function libraryBlame(library: string, family: string): string {
  return /^libpython\d/u.test(library)
    ? `is linked with ${library}: an extension module takes Python's symbols from the interpreter that loads it`
    : `needs ${library}, which is no part of ${family} platforms`;
}

function minimumOf({ minimumMacOS }: MachOBinary): readonly [number, number] {
  const [major = 10, minor = 9] = minimumMacOS?.split(".").map(Number) ?? [];
  return [major, minor];
}
