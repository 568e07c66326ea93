import type { ArrayOption, OptionDocs, StringOption, StringRole, TableOption, ValueOf } from "./option.ts";

const text = (role: StringRole, docs: OptionDocs) =>
  ({ kind: "string", role, ...docs }) as const satisfies StringOption;

const list = (role: StringRole, item: string, docs: OptionDocs) =>
  ({ kind: "array", item: text(role, { doc: item }), ...docs }) as const satisfies ArrayOption;

const defineMacros = {
  kind: "map",
  keyRole: "macro-name",
  value: {
    kind: "union",
    doc: "The value of the macro.",
    members: [
      text("macro-value", { doc: 'The text of the macro, as on the command line. `""` defines it empty.' }),
      { kind: "integer", doc: "The number the macro stands for." },
      { kind: "boolean", doc: "`true` defines the macro without a value, `false` leaves it out." },
    ],
  },
  doc: 'Preprocessor macros. A string is taken as on the command line (`NAME = "text"` is `-DNAME=text`), an integer likewise; `true` defines the macro, `false` leaves it out. `{version}` in a string is the project\'s version.',
  example: 'define-macros = { DEMO_VERSION = "{version}", WITH_FAST_PATH = true }',
} as const;

const extraCompileArgs = list("flag", "One argument of the compiler.", {
  doc: "Arguments for the compiler (clang), after Zlig's own.",
  example: 'extra-compile-args = ["-Wextra", "-fno-strict-aliasing"]',
});

/** The keys that an extension and `[tool.zlig.build]` share. */
const buildKeys = {
  "include-dirs": list("path", "A folder.", {
    doc: "Folders that are searched for headers: relative to the project, or absolute for system headers.",
    example: 'include-dirs = ["src/include"]',
  }),
  "define-macros": defineMacros,
  "undef-macros": list("macro-name", "A macro.", {
    doc: "Macros that are undefined at the start of each source (`-U`).",
    example: 'undef-macros = ["NDEBUG"]',
  }),
  libraries: list("library", "A library, without `lib` and suffix.", {
    doc: "Libraries to link with (`-l`).",
    example: 'libraries = ["z"]',
  }),
  "library-dirs": list("path", "A folder.", {
    doc: "Folders that are searched for libraries (`-L`).",
    example: 'library-dirs = ["vendor/lib"]',
  }),
  "runtime-library-dirs": list("text", "A folder.", {
    doc: "Folders that are searched for shared libraries when the module is loaded (`-rpath`); `$ORIGIN` is the module's own folder.",
    example: 'runtime-library-dirs = ["$ORIGIN"]',
  }),
  "extra-objects": list("path", "An object file or static library.", {
    doc: "Object files and static libraries that are linked as they are.",
    example: 'extra-objects = ["vendor/fast.o"]',
  }),
  "extra-compile-args": extraCompileArgs,
  "extra-link-args": list("flag", "One argument of the linker.", {
    doc: "Arguments for the link, as a compiler driver takes them, after Zlig's own.",
    example: 'extra-link-args = ["-Wl,-z,now"]',
  }),
  "c-std": text("standard", {
    doc: "The C standard.",
    example: 'c-std = "c11"',
    default: "clang's own, `gnu17`",
  }),
  "cpp-std": text("standard", {
    doc: "The C++ standard.",
    example: 'cpp-std = "c++17"',
    default: "clang's own, `gnu++17`",
  }),
  optimize: {
    kind: "string",
    role: "text",
    values: ["ReleaseFast", "ReleaseSafe", "ReleaseSmall", "Debug"],
    doc: "Zig's mode of optimisation: `ReleaseFast` is `-O3`, `ReleaseSmall` is `-Os`, both with `NDEBUG`; `ReleaseSafe` is `-O2` and traps undefined behaviour; `Debug` is `-O0` with debug information.",
    example: 'optimize = "ReleaseSafe"',
    default: '`"ReleaseFast"`',
  },
  "py-limited-api": text("python-version", {
    doc: "Build for the stable ABI from this version of Python on: defines `Py_LIMITED_API`, names the file `.abi3.so` (`.pyd` on Windows) and tags the wheel `cpXY-abi3`. Left aside on interpreters without the stable ABI (free-threaded builds, PyPy).",
    example: 'py-limited-api = "3.9"',
  }),
} as const;

const extension = {
  kind: "table",
  doc: "One extension module.",
  required: ["name", "sources"],
  keys: {
    name: text("module-name", {
      doc: "The dotted import name. Its last part is what follows `PyInit_`.",
      example: 'name = "demo._speedups"',
    }),
    sources: {
      kind: "array",
      doc: "The files to compile: globs relative to the project, `!glob` takes files away; or tables that give flags for some of the files. Suffixes: `.c .cc .cpp .cxx .C .m .mm .S .s`.",
      example: 'sources = ["src/demo/*.c", "!src/demo/*_test.c"]',
      item: {
        kind: "union",
        doc: "A glob, or a table with a glob and flags.",
        members: [
          text("glob", { doc: "A glob relative to the project; `!glob` takes files away." }),
          {
            kind: "table",
            doc: "Sources with flags of their own.",
            required: ["path"],
            keys: {
              path: text("glob", {
                doc: "A glob relative to the project.",
                example: '{ path = "src/aes.c", extra-compile-args = ["-maes"] }',
              }),
              "extra-compile-args": extraCompileArgs,
              "define-macros": defineMacros,
            },
          },
        ],
      },
    },
    ...buildKeys,
    depends: list("glob", "A glob.", {
      doc: "Globs of further inputs: when one of these files changes, the extension is rebuilt. Headers are followed anyway.",
      example: 'depends = ["src/tables/*.tbl"]',
    }),
    optional: {
      kind: "boolean",
      doc: "When the extension cannot be built, warn and go on without it.",
      example: "optional = true",
      default: "`false`",
    },
  },
} as const satisfies TableOption;

const selection = (archive: string, table: string) =>
  ({
    include: list("glob", "A glob.", {
      doc: `Globs of further files that go into the ${archive}.`,
      example: `[tool.zlig.${table}]\ninclude = ["tests/**"]`,
    }),
    exclude: list("glob", "A glob.", {
      doc: `Globs of files that stay out of the ${archive}.`,
      example: `[tool.zlig.${table}]\nexclude = ["**/*.tmp"]`,
    }),
  }) as const;

/** The option table of `[tool.zlig]`: the one source of types, validation, JSON Schema and reference. */
export const optionTable = {
  kind: "table",
  doc: "The configuration of Zlig in `pyproject.toml`.",
  required: [],
  keys: {
    packages: list("path", "A package folder or a module file.", {
      doc: "The import packages and single modules to ship. A folder is a package named by its last part; without an `__init__.py` it is a namespace and ships all below it; a `.py` file is a module; a stub-only package keeps its hyphen (`demo-stubs`). `[]` ships extensions only.",
      example: 'packages = ["src/demo"]',
      default:
        "found as Flit finds them: `NAME/`, `src/NAME/`, `NAME.py` or `src/NAME.py`, else by the extensions' names",
    }),
    extensions: {
      kind: "array",
      doc: "The extension modules of the project.",
      example: 'extensions = [{ name = "demo.demo", sources = ["src/**/*.c"] }]',
      item: extension,
    },
    build: {
      kind: "table",
      doc: "Defaults of every extension: an extension's own lists are appended, its tables merged, its single values win.",
      required: [],
      keys: buildKeys,
      example: '[tool.zlig.build]\nc-std = "c11"',
    },
    wheel: {
      kind: "table",
      doc: "What goes into the wheel.",
      required: [],
      keys: {
        ...selection("wheel", "wheel"),
        "exclude-sources": {
          kind: "boolean",
          doc: "Keep the sources of extensions out of the wheel.",
          example: "exclude-sources = false",
          default: "`true`",
        },
        headers: list("glob", "A glob.", {
          doc: "Headers of a C API, installed where the interpreter keeps its headers (`.data/headers`).",
          example: 'headers = ["src/demo/demo.h"]',
        }),
        scripts: list("glob", "A glob.", {
          doc: "Files installed as commands as they are (`.data/scripts`). For Python functions use `[project.scripts]`.",
          example: 'scripts = ["bin/demo-tool"]',
        }),
        data: {
          kind: "map",
          keyRole: "path",
          value: list("glob", "A glob.", { doc: "Globs of the files that go there." }),
          doc: "Files installed below the prefix of the environment (`.data/data`): folder there to globs here.",
          example: 'data = { "share/man/man1" = ["docs/*.1"] }',
        },
        "build-tag": text("build-tag", {
          doc: "The build tag of the wheel's name: digits first.",
          example: 'build-tag = "1"',
        }),
      },
    },
    sdist: {
      kind: "table",
      doc: "What goes into the source distribution beside what a build needs. While this table is absent, `[tool.flit.sdist]` is honoured.",
      required: [],
      keys: selection("source distribution", "sdist"),
    },
  },
} as const satisfies TableOption;

/** `[tool.zlig]` as the option table describes it. */
export type ZligOptions = ValueOf<typeof optionTable>;
/** One element of `extensions`. */
export type ExtensionOptions = ValueOf<typeof extension>;
/** `[tool.zlig.build]`. */
export type BuildOptions = NonNullable<ZligOptions["build"]>;
