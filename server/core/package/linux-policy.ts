/** A version of glibc, as manylinux tags (PEP 600) name platforms by. */
export type Glibc = readonly [major: number, minor: number];

/** The oldest platform that PEP 600 tags exist for, by machine. */
export const oldestPlatform: Readonly<Record<string, Glibc>> = {
  x86_64: [2, 5],
  i686: [2, 5],
  aarch64: [2, 17],
  armv7l: [2, 17],
  ppc64: [2, 17],
  ppc64le: [2, 17],
  s390x: [2, 17],
  riscv64: [2, 31],
  loongarch64: [2, 36],
};

/** Libraries that every manylinux platform has, and since which one if not the first. */
export const platformLibraries: ReadonlyMap<string, Glibc> = new Map([
  ...[
    "libc.so.6",
    "libm.so.6",
    "libdl.so.2",
    "libpthread.so.0",
    "librt.so.1",
    "libutil.so.1",
    "libresolv.so.2",
    "libnsl.so.1",
    "libanl.so.1",
    "libgcc_s.so.1",
    "libstdc++.so.6",
    "libatomic.so.1",
    "libz.so.1",
    "libX11.so.6",
    "libXext.so.6",
    "libXrender.so.1",
    "libICE.so.6",
    "libSM.so.6",
    "libGL.so.1",
    "libglib-2.0.so.0",
    "libgobject-2.0.so.0",
    "libgthread-2.0.so.0",
  ].map((library): [string, Glibc] => [library, [2, 5]]),
  ["libexpat.so.1", [2, 12]],
  ["libmvec.so.1", [2, 24]],
]);

/** The loader of a glibc platform, needed by name where its `__tls_get_addr` is used. */
export const loaderLibrary = /^(?:ld-linux[\w-]*|ld64)\.so\.\d+$/u;

/** Libraries of musllinux platforms (PEP 656): the C library as Zig and as Alpine name it, and zlib. */
export const muslPlatformLibrary = /^(?:libc\.so|libc\.musl-\w+\.so\.1|ld-musl-\w+\.so\.1|libz\.so\.1)$/u;

/** Which platform first has a symbol version of the libraries that come with the compiler, newest version last. */
const symbolVersions: Readonly<Record<string, readonly (readonly [newest: string, platform: Glibc])[]>> = {
  GLIBCXX: [
    ["3.4.8", [2, 5]],
    ["3.4.13", [2, 12]],
    ["3.4.19", [2, 17]],
    ["3.4.22", [2, 24]],
    ["3.4.24", [2, 27]],
    ["3.4.28", [2, 31]],
    ["3.4.29", [2, 34]],
    ["3.4.30", [2, 35]],
    ["3.4.33", [2, 39]],
  ],
  CXXABI: [
    ["1.3.1", [2, 5]],
    ["1.3.3", [2, 12]],
    ["1.3.7", [2, 17]],
    ["1.3.10", [2, 24]],
    ["1.3.11", [2, 27]],
    ["1.3.12", [2, 31]],
    ["1.3.13", [2, 34]],
    ["1.3.15", [2, 39]],
  ],
  GCC: [
    ["4.2.0", [2, 5]],
    ["4.3.0", [2, 12]],
    ["4.8.0", [2, 17]],
    ["7.0.0", [2, 27]],
    ["12.0.0", [2, 35]],
    ["14.0.0", [2, 39]],
  ],
  LIBATOMIC: [["1.2", [2, 24]]],
  ZLIB: [
    ["1.2.2.4", [2, 12]],
    ["1.2.5.2", [2, 17]],
    ["1.2.9", [2, 27]],
    ["1.2.12", [2, 37]],
  ],
};

/** Versions without a number in them. */
const namedVersions: Readonly<Record<string, Glibc>> = {
  GLIBC_ABI_DT_RELR: [2, 36],
  CXXABI_TM_1: [2, 17],
  CXXABI_FLOAT128: [2, 24],
};

/**
 * The oldest manylinux platform that has a symbol version: `GLIBC_2.14` gives 2.14, `GLIBCXX_3.4.21` gives 2.24.
 * Nothing for a version that is newer than all platforms known, private (`GLIBC_PRIVATE`), or of a library that is no part of them.
 */
export function platformOf(version: string): Glibc | undefined {
  const named = namedVersions[version];
  if (named !== undefined) return named;
  const glibc = /^GLIBC_(\d+)\.(\d+)(?:\.\d+)*$/u.exec(version);
  if (glibc !== null) return [Number(glibc[1]), Number(glibc[2])];
  // `GLIBCXX_LDBL_3.4.7`: the second `long double` of PowerPC and s390x, as old as the number says.
  const [, library = "", number = ""] = /^([A-Z]+)_(?:LDBL_)?(\d+(?:\.\d+)*)$/u.exec(version) ?? [];
  return symbolVersions[library]?.find(([newest]) => compareVersions(number, newest) <= 0)?.[1];
}

function compareVersions(left: string, right: string): number {
  const [ours, theirs] = [left.split(".").map(Number), right.split(".").map(Number)];
  for (let index = 0; index < Math.max(ours.length, theirs.length); index += 1) {
    const difference = (ours[index] ?? 0) - (theirs[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
