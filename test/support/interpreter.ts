import type { Interpreter } from "../../server/core/toolchain/interpreter.ts";

/** A made-up CPython 3.12 for Linux x86-64, with what a test changes of it. */
export function makeInterpreter(parts: Partial<Interpreter> = {}): Interpreter {
  return {
    executable: "/python/bin/python3",
    implementation: "cpython",
    version: [3, 12, 1],
    prerelease: "",
    implementationVersion: [3, 12, 1],
    extensionSuffix: ".cpython-312-x86_64-linux-gnu.so",
    stableAbiSuffix: ".abi3.so",
    soabi: "cpython-312-x86_64-linux-gnu",
    multiarch: "x86_64-linux-gnu",
    freeThreaded: false,
    debug: false,
    platform: "linux-x86_64",
    bits: 64,
    glibc: "2.36",
    includeDirs: ["/python/include/python3.12"],
    lastIncludeDirs: [],
    libraryDirs: [],
    ziglang: undefined,
    ...parts,
  };
}
