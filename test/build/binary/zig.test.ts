import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isCompilerRuntime } from "../../../server/core/binary/compiler-runtime.ts";
import { readBinary } from "../../../server/core/binary/read.ts";
import { muslSymbols, needsMusl, unresolvedSymbols } from "../../../server/core/binary/undefined.ts";
import type { Zig } from "../../../server/core/toolchain/zig.ts";
import { findZig } from "../../../server/core/toolchain/zig.ts";

const source = join(import.meta.dirname, "../../fixtures/binary/sample.c");
let folder: string;
let zig: Zig;
let lib: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "zlig-binary-"));
  zig = await findZig({}, process.env);
  if (zig.libDir === undefined) throw new Error(`the library folder of ${zig.executable} was not found`);
  lib = zig.libDir;
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function runZig(...args: string[]): void {
  const env = {
    ...process.env,
    ZIG_GLOBAL_CACHE_DIR: join(folder, "global"),
    ZIG_LOCAL_CACHE_DIR: join(folder, "local"),
  };
  execFileSync(zig.executable, args, { cwd: folder, env });
}

/** Every name that Zig's compiler-rt and ubsan-rt export, read from their sources. */
function runtimeNames(): string[] {
  const files = readdirSync(join(lib, "compiler_rt"), { recursive: true, encoding: "utf8" }).map((file) =>
    join("compiler_rt", file),
  );
  const text = ["compiler_rt.zig", ...files]
    .filter((file) => file.endsWith(".zig"))
    .map((file) => readFileSync(join(lib, file), "utf8"))
    .join("\n");
  const exported = Array.from(text.matchAll(/(?:symbol\(&?[\w.]+, |\.name = )"([^"]+)"/gu), ([, name = ""]) => name);
  const checks = readFileSync(join(lib, "ubsan_rt.zig"), "utf8").matchAll(
    /^\s*(?:exportHandler\w*\(.*|overflowHandler\()"(\w+)"/gmu,
  );
  return [...exported, ...Array.from(checks, ([, name = ""]) => `__ubsan_handle_${name}`)];
}

test("every name that Zig's runtimes export is known to be theirs", () => {
  // Of processors and object formats that no wheel is for: SPARC, Hexagon, WebAssembly, Thumb-1.
  const elsewhere = /^_Qp?_|^__hexagon_|_limb64$|^__gnu_thumb1_/u;
  // `\x01` keeps LLVM from adding 32-bit Windows's underscore, which is in the name already.
  const names = runtimeNames().map((name) => (name.startsWith("\\x01_") ? name.slice(5) : name));
  expect(names.length).toBeGreaterThan(700);
  expect(names.filter((name) => !isCompilerRuntime(name) && !elsewhere.test(name))).toEqual([]);
});

test("Zig's stand-in for musl names its C library", () => {
  const names = muslSymbols(readFileSync(join(lib, "libc", "musl", "libc.S"), "utf8"));
  expect(["malloc", "printf", "pow", "__tls_get_addr", "clock_gettime"].filter((name) => !names.has(name))).toEqual([]);
  expect(names.has("nowhere")).toBe(false);
});

test.each([
  ["x86_64-linux-gnu.2.17", []],
  ["aarch64-linux-gnu.2.28", []],
  ["x86-linux-musl", ["__divdi3"]],
  ["arm-linux-gnueabihf.2.17", ["__aeabi_ldivmod"]],
  ["x86_64-macos.10.13-none", []],
])("what a module linked for %s misses is found, and nothing else", (target, runtime) => {
  runZig("cc", "-c", "-target", target, "-O2", "-g0", "-fPIC", source, "-o", "sample.o");
  const undefinedAllowed = target.includes("macos") ? ["-fallow-shlib-undefined"] : [];
  const options = [
    "-dynamic",
    "-lc",
    "-fno-compiler-rt",
    "-fno-ubsan-rt",
    "-fstrip",
    "-fno-soname",
    "-O",
    "ReleaseFast",
  ];
  runZig(
    "build-lib",
    ...options,
    ...undefinedAllowed,
    "-target",
    target,
    "--name",
    "sample",
    "-femit-bin=sample.so",
    "sample.o",
  );
  const binary = readBinary(readFileSync(join(folder, "sample.so")));
  expect(binary.exports).toContain("PyInit_sample");
  const libc = needsMusl(binary) ? muslSymbols(readFileSync(join(lib, "libc", "musl", "libc.S"), "utf8")) : undefined;
  const unresolved = unresolvedSymbols(binary, libc);
  expect(unresolved.filter((name) => !isCompilerRuntime(name))).toEqual(["nowhere"]);
  expect(unresolved.filter(isCompilerRuntime)).toEqual(runtime);
});
