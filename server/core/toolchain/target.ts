import { ZligError } from "../error.ts";
import type { Interpreter } from "./interpreter.ts";

/** A platform to build for. */
export type Target = LinuxTarget | MacTarget | WindowsTarget;

interface CommonTarget {
  /** As Zig's `-target` takes it. */
  readonly triple: string;
  /** Machine as wheel tags name it: `x86_64`, `aarch64`, `arm64`, `amd64`. */
  readonly machine: string;
}

export interface LinuxTarget extends CommonTarget {
  readonly os: "linux";
  readonly libc:
    | { readonly kind: "glibc"; readonly version: readonly [number, number] }
    | { readonly kind: "musl"; readonly version: readonly [number, number] };
}

export interface MacTarget extends CommonTarget {
  readonly os: "macos";
  /** The lowest version of macOS it runs on. */
  readonly minimum: readonly [number, number];
}

export interface WindowsTarget extends CommonTarget {
  readonly os: "windows";
}

interface LinuxMachine {
  /** Zig's name of the processor. */
  readonly cpu: string;
  /** What follows `gnu` or `musl` in its triple. */
  readonly abi: string;
  /** The oldest glibc that PEP 600 platforms of it have and that Zig has headers of. */
  readonly glibc: readonly [number, number];
}

/** The processors that Linux wheels are made for. Zig's glibc begins with 2.19 for ppc64le: older ones have no headers there. */
const linuxMachines: ReadonlyMap<string, LinuxMachine> = new Map([
  ["x86_64", { cpu: "x86_64", abi: "", glibc: [2, 17] }],
  ["i686", { cpu: "x86", abi: "", glibc: [2, 17] }],
  ["aarch64", { cpu: "aarch64", abi: "", glibc: [2, 17] }],
  ["armv7l", { cpu: "arm", abi: "eabihf", glibc: [2, 17] }],
  ["ppc64le", { cpu: "powerpc64le", abi: "", glibc: [2, 19] }],
  ["s390x", { cpu: "s390x", abi: "", glibc: [2, 17] }],
  ["riscv64", { cpu: "riscv64", abi: "", glibc: [2, 31] }],
]);

/** glibc target of Linux. @throws {ZligError} `platform-unsupported` for a machine that Zlig does not know */
function glibcTarget(machine: string, floor?: readonly [number, number]): LinuxTarget {
  const known = linuxMachines.get(machine);
  if (known === undefined) throw unsupported(`linux-${machine}`);
  const version = floor ?? known.glibc;
  return {
    os: "linux",
    machine,
    triple: `${known.cpu}-linux-gnu${known.abi}.${version.join(".")}`,
    libc: { kind: "glibc", version },
  };
}

function muslTarget(machine: string): LinuxTarget {
  const known = linuxMachines.get(machine);
  if (known === undefined) throw unsupported(`linux-${machine}`);
  return {
    os: "linux",
    machine,
    triple: `${known.cpu}-linux-musl${known.abi}`,
    libc: { kind: "musl", version: [1, 2] },
  };
}

function macTarget(machine: string, minimum: readonly [number, number]): MacTarget {
  const cpu = machine === "arm64" ? "aarch64" : "x86_64";
  // arm64 came with macOS 11, and from 11 on tags name the major version alone.
  const lowest: readonly [number, number] = machine === "arm64" && minimum[0] < 11 ? [11, 0] : minimum;
  const tagged: readonly [number, number] = lowest[0] >= 11 ? [lowest[0], 0] : lowest;
  return { os: "macos", machine, triple: `${cpu}-macos.${tagged.join(".")}-none`, minimum: tagged };
}

function windowsTarget(machine: string): WindowsTarget {
  const cpu = { amd64: "x86_64", arm64: "aarch64", win32: "x86" }[machine];
  if (cpu === undefined) throw unsupported(`win-${machine}`);
  return { os: "windows", machine, triple: `${cpu}-windows-gnu` };
}

function unsupported(platform: string): ZligError {
  return new ZligError("platform-unsupported", `Zlig cannot build for the platform "${platform}"`, {
    hint: "It builds for Linux, macOS and Windows; iOS, Android and WebAssembly need system roots that Zig does not have.",
  });
}

/** The machine of a Linux interpreter: a 32-bit one may run on a 64-bit kernel, whose name `sysconfig` then gives. */
function linuxMachine(interpreter: Interpreter): string {
  const machine = interpreter.platform.slice("linux-".length);
  if (interpreter.bits === 64) return machine;
  if (machine === "x86_64" || /^i[3-6]86$/.test(machine)) return "i686";
  return machine === "aarch64" || machine.startsWith("armv8") ? "armv7l" : machine;
}

/**
 * The platform of an interpreter: "this machine" as one target among many. On Linux the oldest glibc of its manylinux
 * family is aimed at, on macOS the version that the interpreter was built for or `MACOSX_DEPLOYMENT_TARGET`.
 * @param machine the processor, as Node's `os.machine()` has it: a universal2 interpreter does not say on which one it runs
 * @throws {ZligError} `platform-unsupported`, `usage` for an unreadable `MACOSX_DEPLOYMENT_TARGET`
 */
export function nativeTarget(interpreter: Interpreter, env: NodeJS.ProcessEnv, machine: string): Target {
  const { platform } = interpreter;
  if (platform.startsWith("linux-"))
    return interpreter.glibc === undefined
      ? muslTarget(linuxMachine(interpreter))
      : glibcTarget(linuxMachine(interpreter));
  if (platform === "win32") return windowsTarget("win32");
  if (platform.startsWith("win-")) return windowsTarget(platform.slice("win-".length));
  const mac = /^macosx-(\d+)\.(\d+)-(.+)$/.exec(platform);
  if (mac === null) throw unsupported(platform);
  const asked = env["MACOSX_DEPLOYMENT_TARGET"];
  const version = asked === undefined || asked === "" ? `${mac[1] ?? "11"}.${mac[2] ?? "0"}` : asked;
  const minimum = /^(\d+)(?:\.(\d+))?(?:\.\d+)?$/.exec(version);
  if (minimum === null)
    throw new ZligError("usage", `MACOSX_DEPLOYMENT_TARGET is "${version}", which is no version`, {
      hint: 'For example "11.0".',
    });
  const own = mac[3] === "universal2" ? (machine === "arm64" ? "arm64" : "x86_64") : (mac[3] ?? "");
  if (own !== "arm64" && own !== "x86_64") throw unsupported(platform);
  return macTarget(own, [Number(minimum[1]), Number(minimum[2] ?? 0)]);
}

const legacyFloors: Readonly<Record<string, readonly [number, number]>> = {
  manylinux1: [2, 5],
  manylinux2010: [2, 12],
  manylinux2014: [2, 17],
};

/**
 * Reads a platform tag as wheels write it: `manylinux_2_28_x86_64`, `manylinux2014_aarch64`, `musllinux_1_2_x86_64`,
 * `macosx_11_0_arm64`, `win_amd64`, and `linux_x86_64` for the family's default.
 * @throws {ZligError} `tag-unsupported`
 */
export function targetFromTag(tag: string): Target {
  const many = /^manylinux_(\d+)_(\d+)_(\w+)$/.exec(tag);
  const legacy = /^(manylinux(?:1|2010|2014))_(\w+)$/.exec(tag);
  const musl = /^musllinux_1_2_(\w+)$/.exec(tag);
  const plain = /^linux_(\w+)$/.exec(tag);
  const mac = /^macosx_(\d+)_(\d+)_(arm64|x86_64)$/.exec(tag);
  const windows = /^(?:win_(amd64|arm64)|(win32))$/.exec(tag);
  try {
    if (many !== null) return checkedFloor(many[3] ?? "", [Number(many[1]), Number(many[2])], tag);
    if (legacy !== null) return checkedFloor(legacy[2] ?? "", legacyFloors[legacy[1] ?? ""] ?? [2, 17], tag);
    if (musl !== null) return muslTarget(musl[1] ?? "");
    if (plain !== null) return glibcTarget(plain[1] ?? "");
    if (mac !== null) return macTarget(mac[3] ?? "", [Number(mac[1]), Number(mac[2])]);
    if (windows !== null) return windowsTarget(windows[1] ?? windows[2] ?? "");
  } catch (error) {
    if (!(error instanceof ZligError) || error.code !== "platform-unsupported") throw error;
  }
  throw new ZligError("tag-unsupported", `"${tag}" is no platform that Zlig builds for`, {
    hint: "For example manylinux_2_17_x86_64, manylinux_2_28_aarch64, musllinux_1_2_x86_64, macosx_11_0_arm64 or win_amd64.",
  });
}

function checkedFloor(machine: string, floor: readonly [number, number], tag: string): LinuxTarget {
  const lowest = linuxMachines.get(machine)?.glibc;
  if (lowest !== undefined && (floor[0] !== 2 || floor[1] < lowest[1]))
    throw new ZligError("tag-unsupported", `"${tag}" asks for a C library older than glibc ${lowest.join(".")}`, {
      hint: `The oldest platform that Zlig builds for is manylinux_${lowest.join("_")}_${machine}.`,
    });
  return glibcTarget(machine, floor);
}

/** Whether modules for a target can be loaded by an interpreter's own platform: same system and processor, C library of the same family. */
export function sameFamily(a: Target, b: Target): boolean {
  if (a.os !== b.os || a.machine !== b.machine) return false;
  return a.os !== "linux" || b.os !== "linux" || a.libc.kind === b.libc.kind;
}
