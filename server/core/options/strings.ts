import type { ErrorCode } from "../error-codes.ts";
import { isIdentifier, isKeyword } from "../python/identifier.ts";
import type { StringRole } from "./option.ts";

/** What is wrong with a string, before the disk is looked at. */
export interface StringProblem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}

/** Device names that Windows takes for itself in every folder. */
const windowsDevice = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?$/i;

function moduleName(value: string): StringProblem | undefined {
  for (const part of value.split(".")) {
    if (!isIdentifier(part))
      return {
        code: "invalid-name",
        message: `"${value}" is no dotted Python name${part === "" ? ": a part is empty" : `: "${part}" is no identifier`}`,
        hint: "Use letters, digits and underscores, with dots between the parts, as in `demo._speedups`.",
      };
    if (isKeyword(part))
      return { code: "invalid-name", message: `"${part}" in "${value}" is a word that Python reserves` };
    if (windowsDevice.test(part))
      return { code: "invalid-name", message: `"${part}" in "${value}" is a device name that Windows reserves` };
  }
  return undefined;
}

function relativePath(value: string, what: string): StringProblem | undefined {
  if (value === "") return { code: "invalid-value", message: `the ${what} is empty` };
  if (value.includes("\\"))
    return {
      code: "glob-syntax",
      message: `"${value}" has a backslash`,
      hint: `Use \`/\` between folders: "${value.replaceAll("\\", "/")}".`,
    };
  return undefined;
}

function glob(value: string): StringProblem | undefined {
  const path = value.startsWith("!") ? value.slice(1) : value;
  const problem = relativePath(path, "glob");
  if (problem !== undefined) return problem;
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path))
    return {
      code: "glob-syntax",
      message: `"${value}" is absolute`,
      hint: "Globs are relative to the folder of pyproject.toml.",
    };
  // Also where braces or parentheses hide it: `{..,src}/*.c`.
  if (/(?:^|[/{(,|])\.\.(?:[/}),|]|$)/.test(path))
    return {
      code: "path-outside-project",
      message: `"${value}" leads out of its folder`,
      hint: "Files of a project lie inside its folder, without `..`.",
    };
  return undefined;
}

const checks: Readonly<Partial<Record<StringRole, (value: string) => StringProblem | undefined>>> = {
  glob,
  path: (value) => relativePath(value, "path"),
  "module-name": moduleName,
  "macro-name": (value) =>
    /^[A-Za-z_]\w*(?:\([\w\s,.]*\))?$/.test(value)
      ? undefined
      : { code: "invalid-value", message: `"${value}" is no name of a macro` },
  flag: (value) => (value === "" ? { code: "invalid-value", message: "the argument is empty" } : undefined),
  "macro-value": (value) =>
    /[\r\n]/.test(value)
      ? {
          code: "invalid-value",
          message: "the macro has a line break, after which compilers ignore its text",
          hint: "Write it on one line, or define it in a header.",
        }
      : undefined,
  library: (value) =>
    /^[^\s/\\-][^\s/\\]*$/.test(value)
      ? undefined
      : {
          code: "invalid-value",
          message: `"${value}" is no name of a library`,
          hint: 'Name it without "-l", "lib" and suffix, as in "z"; a file belongs in `extra-objects`.',
        },
  standard: (value) =>
    /^(?:c|gnu|iso)[0-9a-z+:]+$/.test(value)
      ? undefined
      : { code: "invalid-value", message: `"${value}" is no language standard`, hint: 'For example "c11" or "c++17".' },
  "python-version": (value) =>
    /^3\.(?:[2-9]|[1-9][0-9])$/.test(value)
      ? undefined
      : { code: "invalid-value", message: `"${value}" is no version of Python`, hint: 'For example "3.9".' },
  "build-tag": (value) =>
    /^[0-9][A-Za-z0-9_.]*$/.test(value)
      ? undefined
      : { code: "invalid-value", message: `"${value}" is no build tag`, hint: "A build tag begins with a digit." },
};

/** Checks a string by its role, without looking at the disk. Gives `undefined` when nothing is wrong. */
export function checkString(role: StringRole, value: string): StringProblem | undefined {
  // No path, argument or name of any system can carry it.
  if (value.includes("\0")) return { code: "invalid-value", message: "the text has a NUL character" };
  return checks[role]?.(value);
}
