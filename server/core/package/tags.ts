/** What tags need to know of an interpreter. */
export interface TagInterpreter {
  /** `sys.implementation.name`: `cpython`, `pypy`, … */
  readonly implementation: string;
  /** Version of the language. */
  readonly version: readonly [number, number, ...number[]];
  /** `sysconfig`'s SOABI: `cpython-312-x86_64-linux-gnu`, `pypy310-pp73-x86_64-linux-gnu`. */
  readonly soabi: string | undefined;
  readonly freeThreaded: boolean;
  readonly debug: boolean;
}

/** What tags need to know of a target. */
export type TagTarget =
  | {
      readonly os: "linux";
      readonly machine: string;
      readonly libc: { readonly kind: "glibc" | "musl"; readonly version: readonly [number, number] };
    }
  | { readonly os: "macos"; readonly machine: string; readonly minimum: readonly [number, number] }
  | { readonly os: "windows"; readonly machine: string };

/** The three parts of a wheel's tag (PEP 425). Each may be a compressed set: several tags with dots between. */
export interface WheelTag {
  readonly python: string;
  readonly abi: string;
  readonly platform: string;
}

/** The tag of a wheel without compiled modules. */
export const pureTag: WheelTag = { python: "py3", abi: "none", platform: "any" };

const shortNames: Readonly<Record<string, string>> = { cpython: "cp", pypy: "pp", ironpython: "ip", jython: "jy" };

/** The python tag of an interpreter: `cp312`, `pp310` (PEP 425). Free-threading does not show in it. */
export function pythonTag({ implementation, version: [major, minor] }: TagInterpreter): string {
  return `${shortNames[implementation] ?? implementation}${major}${minor}`;
}

/**
 * The ABI tag of an interpreter: `cp312`, `cp314t`, `cp313d`, `pypy310_pp73`. A debug build of CPython loads the modules of a release build, but what is
 * compiled for it uses functions that only it has.
 */
export function abiTag(interpreter: TagInterpreter): string {
  const { implementation, soabi, freeThreaded, debug } = interpreter;
  if (implementation === "cpython") return `${pythonTag(interpreter)}${freeThreaded ? "t" : ""}${debug ? "d" : ""}`;
  // `pypy310-pp73-x86_64-linux-gnu`, `graalpy311-graalpy242-311-native-x86_64-linux`: the platform is not part of the ABI tag.
  const parts = soabi?.split("-") ?? [];
  const own = implementation === "graalpy" ? parts.slice(0, 3) : parts.slice(0, 2);
  return own.length === 0 ? "none" : own.join("_").replaceAll(".", "_");
}

/**
 * The stable ABI that a module with `py-limited-api` gets with an interpreter: `abi3`; `abi3t` (PEP 803: for free-threaded and other CPythons
 * alike, from 3.15 on); or none, where the module is compiled for the interpreter's own ABI: PyPy, a free-threaded CPython
 * before 3.15 or with an older limited API, and a CPython older than the limited API.
 */
export function stableAbi(
  interpreter: TagInterpreter,
  limitedApi: readonly [number, number],
): "abi3" | "abi3t" | undefined {
  if (interpreter.implementation !== "cpython" || isOlder(interpreter.version, limitedApi)) return undefined;
  if (!interpreter.freeThreaded) return "abi3";
  return isOlder(limitedApi, [3, 15]) ? undefined : "abi3t";
}

/**
 * The tag of a wheel with compiled modules (PEP 425, 803).
 * @param limitedApi the limited API that **all** modules of the wheel keep to, the newest if they differ; ignored where {@link stableAbi} gives none
 * @param platform as {@link platformTag} gives it
 */
export function wheelTag(
  interpreter: TagInterpreter,
  platform: string,
  limitedApi?: readonly [number, number],
): WheelTag {
  const stable = limitedApi === undefined ? undefined : stableAbi(interpreter, limitedApi);
  if (limitedApi === undefined || stable === undefined) {
    return { python: pythonTag(interpreter), abi: abiTag(interpreter), platform };
  }
  return { python: `cp${limitedApi.join("")}`, abi: stable === "abi3t" ? "abi3.abi3t" : "abi3", platform };
}

/** Every single tag that a tag with compressed sets stands for: the `Tag` lines of `WHEEL`. */
export function expandTag({ python, abi, platform }: WheelTag): string[] {
  return python
    .split(".")
    .flatMap((py) => abi.split(".").flatMap((ab) => platform.split(".").map((pl) => `${py}-${ab}-${pl}`)));
}

interface LegacyTag {
  readonly name: string;
  readonly glibc: readonly [number, number];
  readonly machines: readonly string[];
}

/** The manylinux tags from before PEP 600, with the machines they were defined for. */
const legacyTags: readonly LegacyTag[] = [
  { name: "manylinux1", glibc: [2, 5], machines: ["x86_64", "i686"] },
  { name: "manylinux2010", glibc: [2, 12], machines: ["x86_64", "i686"] },
  {
    name: "manylinux2014",
    glibc: [2, 17],
    machines: ["x86_64", "i686", "aarch64", "armv7l", "ppc64", "ppc64le", "s390x"],
  },
];

/**
 * The platform tag of what is built for a target: `manylinux2014_x86_64.manylinux_2_17_x86_64` (PEP 600), `musllinux_1_2_aarch64` (PEP 656),
 * `macosx_11_0_arm64`, `win_amd64`. A manylinux tag comes with the nearest older-style tag that it implies, which is all that pip before 20.3
 * knows; PEP 425 wants the members of a set sorted. A macOS version from 11 on is rounded up to a `_0`: installers know no other.
 */
export function platformTag(target: TagTarget): string {
  const { machine } = target;
  switch (target.os) {
    case "linux": {
      const { kind, version } = target.libc;
      if (kind === "musl") return `musllinux_${version.join("_")}_${machine}`;
      const legacy = legacyTags.find(({ glibc, machines }) => machines.includes(machine) && !isOlder(glibc, version));
      const tags = [`manylinux_${version.join("_")}_${machine}`, ...(legacy ? [`${legacy.name}_${machine}`] : [])];
      return tags.sort().join(".");
    }
    case "macos": {
      const [major, minor] = target.minimum;
      return `macosx_${major < 11 ? `${major}_${minor}` : `${minor > 0 ? major + 1 : major}_0`}_${machine}`;
    }
    case "windows":
      return machine === "win32" ? "win32" : `win_${machine}`;
  }
}

// What PyPI's upload check knows, less what no wheel of Zlig can be for.
const uploadable = [
  /^any$/u,
  /^win(?:32|_amd64|_arm64)$/u,
  /^manylinux(?:1|2010)_(?:x86_64|i686)$/u,
  /^manylinux2014_(?:x86_64|i686|aarch64|armv7l|ppc64|ppc64le|s390x)$/u,
  /^manylinux_\d+_\d+_(?:x86_64|i686|aarch64|armv7l|ppc64|ppc64le|s390x|riscv64)$/u,
  /^musllinux_\d+_\d+_(?:x86_64|i686|aarch64|armv7l|ppc64le|s390x|riscv64)$/u,
  /^linux_armv[67]l$/u,
  /^macosx_(?:10_\d+|1[1-5]_0|2[6-9]_0)_(?:x86_64|arm64|universal2|i386|intel)$/u,
];

/** The members of a platform tag that PyPI would refuse: `linux_x86_64`, `macosx_11_3_arm64`. */
export function refusedByPypi(platform: string): string[] {
  return platform.split(".").filter((tag) => !uploadable.some((pattern) => pattern.test(tag)));
}

/** Whether a version comes before another, by its first two numbers. */
export function isOlder(
  [major, minor]: readonly [number, number, ...number[]],
  [otherMajor, otherMinor]: readonly [number, number, ...number[]],
): boolean {
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}
