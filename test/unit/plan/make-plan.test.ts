import { describe, expect, test } from "vitest";
import { emptyPlan, makePlan } from "../../../server/core/plan/make-plan.ts";
import type { CompileStep, LinkStep, Plan } from "../../../server/core/plan/plan.ts";
import type { Toolchain } from "../../../server/core/plan/toolchain.ts";
import type { Extension } from "../../../server/core/project/project.ts";
import type { Interpreter } from "../../../server/core/toolchain/interpreter.ts";
import { makeExtension, makeProject } from "../../support/project.ts";
import { makeToolchain } from "../../support/plan-toolchain.ts";

const windows: Partial<Interpreter> = {
  platform: "win-amd64",
  extensionSuffix: ".cp312-win_amd64.pyd",
  stableAbiSuffix: ".pyd",
  soabi: "cp312-win_amd64",
  multiarch: "",
  glibc: undefined,
  includeDirs: ["C:\\Python\\include"],
  libraryDirs: ["C:\\Python\\libs"],
};

const mac: Partial<Interpreter> = {
  platform: "macosx-11.0-arm64",
  extensionSuffix: ".cpython-312-darwin.so",
  soabi: "cpython-312-darwin",
  multiarch: "darwin",
  glibc: undefined,
};

const freeThreaded: Partial<Interpreter> = {
  version: [3, 14, 0],
  freeThreaded: true,
  extensionSuffix: ".cpython-314t-x86_64-linux-gnu.so",
  soabi: "cpython-314t-x86_64-linux-gnu",
  stableAbiSuffix: undefined,
};

const pypy: Partial<Interpreter> = {
  implementation: "pypy",
  version: [3, 10, 14],
  extensionSuffix: ".pypy310-pp73-x86_64-linux-gnu.so",
  soabi: "pypy310-pp73-x86_64-linux-gnu",
  stableAbiSuffix: undefined,
};

function planOf(extensions: readonly Extension[], toolchain: Toolchain = makeToolchain()): Plan {
  return makePlan(makeProject("/project", { extensions }), toolchain);
}

function stepsOf(plan: Plan): { compiles: readonly CompileStep[]; links: readonly LinkStep[] } {
  return {
    compiles: plan.steps.filter((step) => step.kind === "compile"),
    links: plan.steps.filter((step) => step.kind === "link"),
  };
}

/** The commands of the one source and the link of a plan, a word a blank, without the program. */
function commandsOf(plan: Plan): { compile: string; link: string; withRuntime: string | undefined } {
  const { compiles, links } = stepsOf(plan);
  const text = (command: readonly string[] | undefined): string => (command ?? []).slice(1).join(" ");
  const [compile] = compiles;
  const [link] = links;
  return {
    compile: text(compile?.command),
    link: text(link?.command),
    withRuntime: link?.withRuntime === undefined ? undefined : text(link.withRuntime),
  };
}

const demo = makeExtension("demo.demo", ["src/demo/demo.c"]);

describe("the commands for", () => {
  test("Linux with glibc", () => {
    const { compile, link, withRuntime } = commandsOf(planOf([demo]));
    expect(compile).toMatchInlineSnapshot(
      `"cc -c -target x86_64-linux-gnu.2.17 -O3 -DNDEBUG -g0 -fno-sanitize=undefined -fwrapv -Wall -Wno-date-time -fPIC -ffile-prefix-map=/python/include/python3.12=python-include -ffile-prefix-map=/zig/lib=zig-lib -fdebug-compilation-dir=. -fno-color-diagnostics -fdiagnostics-print-source-range-info -fdiagnostics-parseable-fixits -fdiagnostics-absolute-paths -isystem /python/include/python3.12 -MD -MF depfile:object:demo.demo/src/demo/demo.c.o -o object:demo.demo/src/demo/demo.c.o src/demo/demo.c"`,
    );
    expect(link).toMatchInlineSnapshot(
      `"build-lib -dynamic -target x86_64-linux-gnu.2.17 -O ReleaseFast -fstrip -fno-compiler-rt -fno-ubsan-rt -fno-soname -Bsymbolic -z now -z relro --name demo -femit-bin=module:demo.demo object:demo.demo/src/demo/demo.c.o -lc"`,
    );
    expect(withRuntime).toBe(link.replace("-fno-compiler-rt -fno-ubsan-rt ", ""));
  });

  test("Linux with musl", () => {
    const toolchain = makeToolchain("musllinux_1_2_aarch64", { glibc: undefined, platform: "linux-aarch64" });
    const { compile, link } = commandsOf(planOf([demo], toolchain));
    expect(compile).toContain("-c -target aarch64-linux-musl -O3 ");
    expect(link).toContain("-dynamic -target aarch64-linux-musl -O ReleaseFast ");
  });

  test("macOS", () => {
    const { compile, link } = commandsOf(planOf([demo], makeToolchain("macosx_11_0_arm64", mac)));
    expect(compile).toMatchInlineSnapshot(
      `"cc -c -target aarch64-macos.11.0-none -O3 -DNDEBUG -g0 -fno-sanitize=undefined -fwrapv -Wall -Wno-date-time -fPIC -ffile-prefix-map=/python/include/python3.12=python-include -ffile-prefix-map=/zig/lib=zig-lib -fdebug-compilation-dir=. -fno-color-diagnostics -fdiagnostics-print-source-range-info -fdiagnostics-parseable-fixits -fdiagnostics-absolute-paths -isystem /python/include/python3.12 -MD -MF depfile:object:demo.demo/src/demo/demo.c.o -o object:demo.demo/src/demo/demo.c.o src/demo/demo.c"`,
    );
    expect(link).toMatchInlineSnapshot(
      `"build-lib -dynamic -target aarch64-macos.11.0-none -O ReleaseFast -fstrip -fno-compiler-rt -fno-ubsan-rt -fallow-shlib-undefined -install_name @rpath/demo.cpython-312-darwin.so --name demo -femit-bin=module:demo.demo object:demo.demo/src/demo/demo.c.o -lc"`,
    );
  });

  test("Windows", () => {
    const { compile, link, withRuntime } = commandsOf(planOf([demo], makeToolchain("win_amd64", windows)));
    expect(compile).toMatchInlineSnapshot(
      `"cc -c -target x86_64-windows-gnu -O3 -DNDEBUG -g0 -fno-sanitize=undefined -fwrapv -Wall -Wno-date-time -ffile-prefix-map=C:\\Python\\include=python-include -ffile-prefix-map=/zig/lib=zig-lib -fdebug-compilation-dir=. -fno-color-diagnostics -fdiagnostics-print-source-range-info -fdiagnostics-parseable-fixits -fdiagnostics-absolute-paths -DMS_WIN64=1 -isystem C:\\Python\\include -MD -MF depfile:object:demo.demo/src/demo/demo.c.o -o object:demo.demo/src/demo/demo.c.o src/demo/demo.c"`,
    );
    expect(link).toMatchInlineSnapshot(
      `"build-lib -dynamic -target x86_64-windows-gnu -O ReleaseFast -fstrip -fno-emit-implib --name demo -femit-bin=module:demo.demo object:demo.demo/src/demo/demo.c.o -lc -LC:\\Python\\libs -lpython312"`,
    );
    expect(withRuntime).toBeUndefined();
  });

  test("an extension with every setting, in which the user's words come last", () => {
    const extension = makeExtension("demo.full", [], {
      sources: [
        {
          path: "src/a.c",
          language: "c",
          extraCompileArgs: ["-maes"],
          defineMacros: [{ name: "OWN", value: "2" }, { name: "BARE" }],
        },
      ],
      includeDirs: ["include", "/usr/include/eigen3"],
      defineMacros: [
        { name: "TEXT", value: '"a b"' },
        { name: "EMPTY", value: "" },
      ],
      undefMacros: ["NDEBUG"],
      libraries: ["z", "m"],
      libraryDirs: ["vendor/lib"],
      runtimeLibraryDirs: ["$ORIGIN"],
      extraObjects: ["vendor/fast.o"],
      extraCompileArgs: ["-Wextra"],
      extraLinkArgs: ["-Wl,-z,nodelete"],
      cStd: "c11",
      cppStd: "c++17",
      depends: ["src/a.tbl"],
    });
    const toolchain = makeToolchain(
      undefined,
      { lastIncludeDirs: ["/usr/include"] },
      {
        system: { includeDirs: ["/usr/local/include"], libraryDirs: ["/usr/local/lib", "/usr/lib"] },
      },
    );
    const plan = planOf([extension], toolchain);
    const { compile, link } = commandsOf(plan);
    expect(compile).toMatchInlineSnapshot(
      `"cc -c -target x86_64-linux-gnu.2.17 -O3 -DNDEBUG -g0 -fno-sanitize=undefined -fwrapv -Wall -Wno-date-time -fPIC -std=c11 -ffile-prefix-map=/python/include/python3.12=python-include -ffile-prefix-map=/zig/lib=zig-lib -fdebug-compilation-dir=. -fno-color-diagnostics -fdiagnostics-print-source-range-info -fdiagnostics-parseable-fixits -fdiagnostics-absolute-paths -Iinclude -I/usr/include/eigen3 -isystem /python/include/python3.12 -idirafter /usr/include -idirafter /usr/local/include -DTEXT="a b" -DEMPTY= -DOWN=2 -DBARE -UNDEBUG -Wextra -maes -MD -MF depfile:object:demo.full/src/a.c.o -o object:demo.full/src/a.c.o src/a.c"`,
    );
    expect(link).toMatchInlineSnapshot(
      `"build-lib -dynamic -target x86_64-linux-gnu.2.17 -O ReleaseFast -fstrip -fno-compiler-rt -fno-ubsan-rt -fno-soname -Bsymbolic -z now -z relro -rpath $ORIGIN --name full -femit-bin=module:demo.full object:demo.full/src/a.c.o vendor/fast.o -lc -Lvendor/lib -L/usr/local/lib -L/usr/lib -lz -lm -z nodelete"`,
    );
    expect(stepsOf(plan).compiles[0]?.inputs).toEqual(["src/a.c", "src/a.tbl"]);
    expect(stepsOf(plan).links[0]?.inputs).toEqual(["object:demo.full/src/a.c.o", "vendor/fast.o"]);
  });

  test("C++ beside C", () => {
    const extension = makeExtension("demo.mix", [], {
      sources: [
        { path: "a.c", language: "c", extraCompileArgs: [], defineMacros: [] },
        { path: "b.cpp", language: "c++", extraCompileArgs: [], defineMacros: [] },
        { path: "c.mm", language: "objective-c++", extraCompileArgs: [], defineMacros: [] },
      ],
      cStd: "c11",
      cppStd: "c++20",
    });
    const { compiles, links } = stepsOf(planOf([extension]));
    expect(compiles.map(({ command }) => [command[1], command.find((word) => word.startsWith("-std"))])).toEqual([
      ["cc", "-std=c11"],
      ["c++", "-std=c++20"],
      ["c++", "-std=c++20"],
    ]);
    expect(links[0]?.command).toContain("-lc++");
    expect(links[0]?.buildsRuntime).toBe("libc++");
  });

  test("assembler, which takes no flags of a language", () => {
    const extension = makeExtension("demo.asm", [], {
      sources: [
        { path: "a.S", language: "assembler-with-cpp", extraCompileArgs: [], defineMacros: [] },
        { path: "b.s", language: "assembler", extraCompileArgs: [], defineMacros: [] },
      ],
      cStd: "c11",
    });
    for (const { command } of stepsOf(planOf([extension])).compiles)
      for (const flag of ["-std=c11", "-Wall", "-fwrapv"]) expect(command).not.toContain(flag);
  });

  test("macros that depend on one another come in their order, those of the source last", () => {
    const extension = makeExtension("demo.x", [], {
      sources: [{ path: "a.c", language: "c", extraCompileArgs: [], defineMacros: [{ name: "A", value: "2" }] }],
      defineMacros: [{ name: "A", value: "1" }],
      undefMacros: ["A"],
    });
    expect(commandsOf(planOf([extension])).compile).toContain("-DA=1 -DA=2 -UA");
  });
});

test.each([
  ["ReleaseFast", ["-O3", "-DNDEBUG", "-g0", "-fno-sanitize=undefined"], "-fstrip"],
  ["ReleaseSafe", ["-O2", "-g0", "-fsanitize=undefined", "-fsanitize-trap=undefined"], "-fstrip"],
  ["ReleaseSmall", ["-Os", "-DNDEBUG", "-g0", "-fno-sanitize=undefined"], "-fstrip"],
  ["Debug", ["-O0", "-g", "-fno-sanitize=undefined"], "-fno-strip"],
] as const)("%s sets the flags of the compiler, and whether the linker strips", (optimize, flags, strip) => {
  const { compiles, links } = stepsOf(planOf([makeExtension("demo.x", ["x.c"], { optimize })]));
  const command = compiles[0]?.command ?? [];
  expect(command.slice(5, 5 + flags.length)).toEqual(flags);
  expect(links[0]?.command).toContain(strip);
  // One mode for Zig's runtimes, whatever the extension's: another would be another build of them.
  expect(links[0]?.command.join(" ")).toContain("-O ReleaseFast");
});

describe("ppc64le", () => {
  test("with glibc has IBM's long double, which every glibc has functions for", () => {
    expect(commandsOf(planOf([demo], makeToolchain("manylinux_2_19_ppc64le"))).compile).toContain(
      "-target powerpc64le-linux-gnu.2.19 -O3 -DNDEBUG -g0 -fno-sanitize=undefined -fwrapv -Wall -Wno-date-time -fPIC -mabi=ibmlongdouble",
    );
  });

  test("with musl has not", () => {
    expect(commandsOf(planOf([demo], makeToolchain("musllinux_1_2_ppc64le"))).compile).not.toContain("-mabi");
  });
});

describe("the stable ABI", () => {
  const limited = makeExtension("demo.x", ["x.c"], { limitedApi: [3, 9] });

  test.each<[string, Partial<Interpreter>, string, string, string, string]>([
    [
      "CPython",
      {},
      "manylinux_2_17_x86_64",
      "demo/x.abi3.so",
      "cp39-abi3-manylinux2014_x86_64.manylinux_2_17_x86_64",
      "-DPy_LIMITED_API=0x03090000",
    ],
    ["CPython for Windows", windows, "win_amd64", "demo/x.pyd", "cp39-abi3-win_amd64", "-DPy_LIMITED_API=0x03090000"],
    [
      "CPython for macOS",
      mac,
      "macosx_11_0_arm64",
      "demo/x.abi3.so",
      "cp39-abi3-macosx_11_0_arm64",
      "-DPy_LIMITED_API=0x03090000",
    ],
  ])("of %s", (_, interpreter, tag, path, wheel, macro) => {
    const plan = planOf([limited], makeToolchain(tag, interpreter));
    expect(plan.artefacts[0]?.archivePath).toBe(path);
    expect(Object.values(plan.tag).join("-")).toBe(wheel);
    expect(
      commandsOf(plan)
        .compile.split(" ")
        .filter((word) => word.startsWith("-DPy")),
    ).toEqual([macro]);
  });

  test.each<[string, Partial<Interpreter>, string, string]>([
    ["a free-threaded CPython before 3.15", freeThreaded, "x.cpython-314t-x86_64-linux-gnu.so", "cp314-cp314t"],
    ["PyPy", pypy, "x.pypy310-pp73-x86_64-linux-gnu.so", "pp310-pypy310_pp73"],
    ["a CPython older than the limited API", { version: [3, 8, 0] }, "x.cpython-312-x86_64-linux-gnu.so", "cp38-cp38"],
  ])("is left aside on %s", (_, interpreter, file, tag) => {
    const plan = planOf([limited], makeToolchain(undefined, interpreter));
    expect(plan.artefacts[0]?.path).toBe(`src/demo/${file}`);
    expect(`${plan.tag.python}-${plan.tag.abi}`).toBe(tag);
    expect(commandsOf(plan).compile).not.toContain("-DPy_");
  });

  test("of free-threaded builds from 3.15 on (PEP 803)", () => {
    const newest = makeExtension("demo.x", ["x.c"], { limitedApi: [3, 15] });
    const plan = planOf([newest], makeToolchain(undefined, { ...freeThreaded, version: [3, 15, 0] }));
    expect(plan.artefacts[0]?.path).toBe("src/demo/x.abi3t.so");
    expect(`${plan.tag.python}-${plan.tag.abi}`).toBe("cp315-abi3.abi3t");
    expect(commandsOf(plan).compile).toContain("-DPy_LIMITED_API=0x030F0000 -DPy_TARGET_ABI3T=0x030F0000");
  });

  test("tags the wheel only when every extension keeps to it, with the newest of their versions", () => {
    const newer = makeExtension("demo.y", ["y.c"], { limitedApi: [3, 11] });
    expect(planOf([limited, newer]).tag).toMatchObject({ python: "cp311", abi: "abi3" });
    const mixed = planOf([limited, demo]);
    expect(mixed.tag).toMatchObject({ python: "cp312", abi: "cp312" });
    expect(mixed.artefacts.map(({ path }) => path)).toEqual([
      "src/demo/x.abi3.so",
      "src/demo/demo.cpython-312-x86_64-linux-gnu.so",
    ]);
  });
});

describe("Python's import library on Windows", () => {
  const limited = makeExtension("demo.x", ["x.c"], { limitedApi: [3, 9] });
  test.each<[string, Extension, Partial<Interpreter>, string]>([
    ["of a version", demo, {}, "-lpython312"],
    ["of a free-threaded version", demo, { version: [3, 14, 0], freeThreaded: true }, "-lpython314t"],
    ["of a debug build", demo, { debug: true }, "-lpython312_d"],
    ["of the stable ABI", limited, {}, "-lpython3"],
    [
      "of the stable ABI, which a free-threaded build lacks",
      limited,
      { version: [3, 14, 0], freeThreaded: true },
      "-lpython314t",
    ],
    [
      "of the stable ABI, which an older version lacks",
      makeExtension("demo.x", ["x.c"], { limitedApi: [3, 13] }),
      {},
      "-lpython312",
    ],
    [
      "of the stable ABI of free-threaded builds",
      makeExtension("demo.x", ["x.c"], { limitedApi: [3, 15] }),
      { version: [3, 15, 0], freeThreaded: true },
      "-lpython3t",
    ],
  ])("%s", (_, extension, interpreter, library) => {
    const { link } = commandsOf(planOf([extension], makeToolchain("win_amd64", { ...windows, ...interpreter })));
    expect(link).toContain(`-LC:\\Python\\libs ${library}`);
  });

  test("goes with the macros that its headers cannot know", () => {
    const interpreter = { ...windows, version: [3, 14, 0] as const, freeThreaded: true };
    expect(commandsOf(planOf([demo], makeToolchain("win_amd64", interpreter))).compile).toContain(
      "-DPy_GIL_DISABLED=1 -DMS_WIN64=1",
    );
    expect(commandsOf(planOf([demo], makeToolchain("win32", windows))).compile).not.toContain("MS_WIN64");
  });
});

describe("link arguments that Zig's own linker command does not take", () => {
  const extension = makeExtension("demo.x", ["x.c"], {
    extraLinkArgs: ["-Wl,--unknown", "-fopenmp"],
    runtimeLibraryDirs: ["$ORIGIN"],
  });

  test("go to the compiler driver as they are, which brings the runtime", () => {
    const { link, withRuntime } = commandsOf(planOf([extension]));
    expect(link).toMatchInlineSnapshot(
      `"cc -shared -target x86_64-linux-gnu.2.17 -O3 -s -Wl,-Bsymbolic -Wl,-z,now -Wl,-z,relro -Wl,-rpath,$ORIGIN -o module:demo.x object:demo.x/x.c.o -Wl,--unknown -fopenmp"`,
    );
    expect(withRuntime).toBeUndefined();
  });

  test("on macOS too", () => {
    expect(commandsOf(planOf([extension], makeToolchain("macosx_11_0_arm64", mac))).link).toContain(
      "-Wl,-undefined,dynamic_lookup -Wl,-install_name,@rpath/x.cpython-312-darwin.so",
    );
  });

  test("with C++ and debug information", () => {
    const { link } = commandsOf(
      planOf([
        makeExtension("demo.x", [], {
          sources: [{ path: "x.cc", language: "c++", extraCompileArgs: [], defineMacros: [] }],
          extraLinkArgs: ["-Wl,--unknown"],
          optimize: "Debug",
        }),
      ]),
    );
    expect(link).toMatch(/^c\+\+ -shared -target x86_64-linux-gnu\.2\.17 -O3 -g /);
  });
});

describe("a link step", () => {
  test("knows the initialisation functions, PyModExport from 3.15 on (PEP 793)", () => {
    const names = (interpreter: Partial<Interpreter>, name = "demo.x"): readonly string[] | undefined =>
      stepsOf(planOf([makeExtension(name, ["x.c"])], makeToolchain(undefined, interpreter))).links[0]?.initFunctions;
    expect(names({})).toEqual(["PyInit_x"]);
    expect(names({ version: [3, 15, 0] })).toEqual(["PyInit_x", "PyModExport_x"]);
    expect(names({}, "demo.größe")).toEqual(["PyInitU_gre_6ka8i"]);
  });

  test("knows whether symbols may stay open", () => {
    const open = (...extraLinkArgs: string[]): boolean | undefined =>
      stepsOf(planOf([makeExtension("demo.x", ["x.c"], { extraLinkArgs })])).links[0]?.mayStayUndefined;
    expect(open()).toBe(false);
    expect(open("-Wl,-z,undefs")).toBe(true);
  });

  test("says which runtime Zig builds before it", () => {
    const runtime = (toolchain: Toolchain): string | undefined =>
      stepsOf(planOf([demo], toolchain)).links[0]?.buildsRuntime;
    expect(runtime(makeToolchain())).toBeUndefined();
    expect(runtime(makeToolchain("win_amd64", windows))).toBe("mingw");
  });
});

describe("a plan", () => {
  const several = [
    makeExtension("demo.a", ["src/b.c", "src/a.c"]),
    makeExtension("_top", ["src/a.c"], { archiveDirectory: "", directory: "" }),
  ];

  test("has a step for every source and a link for every extension, with products of its own", () => {
    const plan = planOf(several);
    expect(plan.steps.map(({ output }) => output)).toEqual([
      "object:demo.a/src/b.c.o",
      "object:demo.a/src/a.c.o",
      "module:demo.a",
      "object:_top/src/a.c.o",
      "module:_top",
    ]);
    expect(
      plan.artefacts.map(({ path, archivePath, product, steps }) => ({ path, archivePath, product, steps })),
    ).toEqual([
      {
        path: "src/demo/a.cpython-312-x86_64-linux-gnu.so",
        archivePath: "demo/a.cpython-312-x86_64-linux-gnu.so",
        product: "module:demo.a",
        steps: ["object:demo.a/src/b.c.o", "object:demo.a/src/a.c.o", "module:demo.a"],
      },
      {
        path: "_top.cpython-312-x86_64-linux-gnu.so",
        archivePath: "_top.cpython-312-x86_64-linux-gnu.so",
        product: "module:_top",
        steps: ["object:_top/src/a.c.o", "module:_top"],
      },
    ]);
  });

  test("is the same for the same inputs", () => {
    expect(planOf(several, makeToolchain())).toEqual(planOf(several, makeToolchain()));
  });

  test("does not change what it is made from", () => {
    const freeze = <Value>(value: Value): Value => {
      if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
      return value;
    };
    expect(() => planOf(freeze(several), freeze(makeToolchain()))).not.toThrow();
  });

  test("names no place of the machine but by the folders that have names", () => {
    const plan = planOf([demo]);
    expect(plan.prefixes).toEqual([
      { path: "/python/include/python3.12", name: "python-include" },
      { path: "/zig/lib", name: "zig-lib" },
    ]);
    for (const { command } of plan.steps)
      for (const word of command.slice(1)) {
        const rest = plan.prefixes.reduce((text, { path }) => text.replaceAll(path, ""), word);
        expect(rest).not.toMatch(/^\/|=\/|-[IL]\//);
        expect(rest).not.toContain("/project");
      }
  });

  test("names the inner of two folders, where one lies in the other", () => {
    const toolchain = makeToolchain(undefined, { includeDirs: ["/opt/python", "/opt/python/platform"] });
    expect(planOf([demo], toolchain).prefixes.map(({ name }) => name)).toEqual([
      "python-include-1",
      "python-include",
      "zig-lib",
    ]);
  });

  test("of a project without extensions is empty and pure", () => {
    expect(planOf([])).toMatchObject({
      tag: { python: "py3", abi: "none", platform: "any" },
      steps: [],
      artefacts: [],
    });
    expect(emptyPlan.tag).toEqual({ python: "py3", abi: "none", platform: "any" });
  });
});
