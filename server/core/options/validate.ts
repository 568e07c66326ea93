import type { Problems } from "../error.ts";
import { ZligError } from "../error.ts";
import type { ErrorCode } from "../error-codes.ts";
import { LineIndex } from "../manifest/lines.ts";
import type { Manifest, ManifestPath, TomlValue } from "../manifest/manifest.ts";
import { nearest } from "./nearest.ts";
import type { Option, StringOption, TableOption } from "./option.ts";
import { checkString } from "./strings.ts";
import type { ZligOptions } from "./table.ts";
import { optionTable } from "./table.ts";

/** The TOML name of a value's type, with its article. */
function typeName(value: TomlValue): string {
  if (typeof value === "string") return "a string";
  if (typeof value === "boolean") return "a boolean";
  if (typeof value === "bigint" || typeof value === "number") return "an integer";
  if (value instanceof Date) return "a date";
  return Array.isArray(value) ? "an array" : "a table";
}

/** What an option takes, in words: `an array of strings`. */
export function wantedType(option: Option): string {
  switch (option.kind) {
    case "string":
      return option.values === undefined ? "a string" : `one of ${option.values.map((v) => `"${v}"`).join(", ")}`;
    case "boolean":
      return "a boolean (true or false)";
    case "integer":
      return "an integer";
    case "array":
      return `an array of ${wantedItems(option.item)}`;
    case "table":
    case "map":
      return "a table";
    case "union":
      return option.members.map(wantedType).join(" or ");
  }
}

function wantedItems(option: Option): string {
  if (option.kind === "union") return option.members.map(wantedItems).join(" or ");
  return option.kind === "map" ? "tables" : option.kind === "array" ? "arrays" : `${option.kind}s`;
}

/** Whether a value is a table. */
export function isTable(value: TomlValue): value is Readonly<Record<string, TomlValue>> {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof Date);
}

/** Whether a value has the TOML type that an option takes. */
export function matchesKind(option: Option, value: TomlValue): boolean {
  switch (option.kind) {
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
    case "array":
      return Array.isArray(value);
    case "table":
    case "map":
      return isTable(value);
    case "union":
      return option.members.some((member) => matchesKind(member, value));
  }
}

/** `[tool.zlig].extensions[0].name`: a path as people read it. */
function pathText(path: ManifestPath): string {
  const [first, second, ...rest] = path;
  if (rest.length === 0) return `[${[first, second].join(".")}]`;
  return rest.map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`)).join("");
}

class Validator {
  #lines: LineIndex | undefined;
  readonly #manifest: Manifest;
  readonly #problems: Problems;

  constructor(manifest: Manifest, problems: Problems) {
    this.#manifest = manifest;
    this.#problems = problems;
  }

  #report(code: ErrorCode, message: string, path: ManifestPath, part: "key" | "value", hint?: string): void {
    this.#problems.add(new ZligError(code, message, { hint, location: this.#manifest.locate(path, part) }));
  }

  /** Whether a number is written as a float, `1.0` or `1e3`: its value does not tell, and its text is lost with it. */
  #isFloat(value: TomlValue, path: ManifestPath): boolean {
    if (typeof value !== "number") return false;
    if (!Number.isInteger(value)) return true;
    const { range } = this.#manifest.locate(path, "value");
    if (range === undefined) return false;
    const lines = (this.#lines ??= new LineIndex(this.#manifest.text));
    const text = this.#manifest.text.slice(lines.offsetAt(range.start), lines.offsetAt(range.end));
    return /^[-+]?[0-9][0-9_]*(?:\.|[eE])/.test(text);
  }

  /** Checks a value; gives whether it may be used. */
  check(option: Option, value: TomlValue, path: ManifestPath): boolean {
    const float = this.#isFloat(value, path);
    if (float || !matchesKind(option, value)) {
      this.#report(
        "wrong-type",
        `\`${pathText(path)}\` is ${float ? "a float" : typeName(value)}; it takes ${wantedType(option)}`,
        path,
        "value",
        option.example === undefined ? undefined : `For example: ${option.example}`,
      );
      return false;
    }
    switch (option.kind) {
      case "string":
        return this.#checkString(option, value as string, path);
      case "array": {
        const items = value as readonly TomlValue[];
        // Every element is checked, also after a bad one: all problems in one go.
        return items.map((item, index) => this.check(option.item, item, [...path, index])).every(Boolean);
      }
      case "table":
        return this.#checkTable(option, value as Readonly<Record<string, TomlValue>>, path);
      case "map":
        return Object.entries(value as Readonly<Record<string, TomlValue>>)
          .map(([key, item]) => {
            const keyProblem = checkString(option.keyRole, key);
            if (keyProblem !== undefined)
              this.#report(
                keyProblem.code,
                `\`${key}\`: ${keyProblem.message}`,
                [...path, key],
                "key",
                keyProblem.hint,
              );
            return this.check(option.value, item, [...path, key]) && keyProblem === undefined;
          })
          .every(Boolean);
      case "union": {
        const member = option.members.find((candidate) => matchesKind(candidate, value));
        return member === undefined || this.check(member, value, path);
      }
      case "boolean":
      case "integer":
        return true;
    }
  }

  #checkString(option: StringOption, value: string, path: ManifestPath): boolean {
    if (option.values !== undefined) {
      if (option.values.includes(value)) return true;
      const near = nearest(value, option.values);
      this.#report(
        "invalid-value",
        `\`${pathText(path)}\` is "${value}"; it takes ${wantedType(option)}`,
        path,
        "value",
        near === undefined ? undefined : `Did you mean "${near}"?`,
      );
      return false;
    }
    const problem = checkString(option.role, value);
    if (problem === undefined) return true;
    this.#report(problem.code, `\`${pathText(path)}\`: ${problem.message}`, path, "value", problem.hint);
    return false;
  }

  #checkTable(option: TableOption, table: Readonly<Record<string, TomlValue>>, path: ManifestPath): boolean {
    let good = true;
    for (const [key, value] of Object.entries(table)) {
      const known = Object.hasOwn(option.keys, key) ? option.keys[key] : undefined;
      if (known === undefined) {
        const near = nearest(key, Object.keys(option.keys));
        this.#report(
          "unknown-key",
          `Unknown key \`${key}\` in \`${pathText(path)}\``,
          [...path, key],
          "key",
          near === undefined ? `Known keys: ${Object.keys(option.keys).join(", ")}.` : `Did you mean \`${near}\`?`,
        );
        good = false;
      } else if (!this.check(known, value, [...path, key])) good = false;
    }
    for (const key of option.required)
      if (!Object.hasOwn(table, key)) {
        this.#report(
          "missing-key",
          `\`${pathText(path)}\` lacks the key \`${key}\``,
          path,
          "value",
          option.keys[key]?.doc,
        );
        good = false;
      }
    return good;
  }
}

/**
 * Checks `[tool.zlig]` against the option table.
 * @returns the options, or `undefined` when a problem makes them unusable; every problem goes to `problems` with its exact place.
 */
export function validateOptions(manifest: Manifest, problems: Problems): ZligOptions | undefined {
  const tool = manifest.values["tool"];
  if (tool === undefined) return {};
  const value = isTable(tool) ? tool["zlig"] : undefined;
  if (value === undefined) return {};
  const good = new Validator(manifest, problems).check(optionTable, value, ["tool", "zlig"]);
  return good ? value : undefined;
}
