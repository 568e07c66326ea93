import { describe, expect, test } from "vitest";
import { Problems } from "../../../server/core/error.ts";
import type { TomlValue } from "../../../server/core/manifest/manifest.ts";
import { parseManifest } from "../../../server/core/manifest/read.ts";
import type { Option, TableOption } from "../../../server/core/options/option.ts";
import { optionTable } from "../../../server/core/options/table.ts";
import { validateOptions } from "../../../server/core/options/validate.ts";

interface Entry {
  /** Names of keys, `[]` for an element of an array. */
  readonly path: readonly string[];
  readonly option: Option;
}

/** Every option that a key names, at any depth. */
function* keysOf(table: TableOption, above: readonly string[] = []): Generator<Entry> {
  for (const [key, option] of Object.entries(table.keys)) {
    const path = [...above, key];
    yield { path, option };
    yield* inside(option, path);
  }
}

function* inside(option: Option, path: readonly string[]): Generator<Entry> {
  if (option.kind === "table") yield* keysOf(option, path);
  else if (option.kind === "array") yield* inside(option.item, [...path, "[]"]);
  else if (option.kind === "union") for (const member of option.members) yield* inside(member, path);
}

/** Every option, also those that no key names: elements, values of maps, members of unions. */
function* all(option: Option): Generator<Option> {
  yield option;
  if (option.kind === "table") for (const value of Object.values(option.keys)) yield* all(value);
  else if (option.kind === "array") yield* all(option.item);
  else if (option.kind === "map") yield* all(option.value);
  else if (option.kind === "union") for (const member of option.members) yield* all(member);
}

/** A document with the example of an option at its place. */
function documentWith({ path, option }: Entry): string {
  const example = option.example ?? "";
  if (example.startsWith("[tool.")) return example;
  const place = path.slice(0, -1).join(".");
  switch (place) {
    case "":
      return `[tool.zlig]\n${example}\n`;
    case "extensions.[].sources.[]":
      return `[[tool.zlig.extensions]]\nname = "demo.x"\nsources = [${
        example.startsWith("{") ? example : `{ path = "x.c", ${example} }`
      }]\n`;
    case "extensions.[]": {
      const others = { name: 'name = "demo.x"', sources: 'sources = ["x.c"]' };
      const key = path.at(-1) ?? "";
      const lines = Object.entries(others).map(([name, line]) => (name === key ? "" : line));
      return `[[tool.zlig.extensions]]\n${[...lines, example].join("\n")}\n`;
    }
    default:
      return `[tool.zlig.${place}]\n${example}\n`;
  }
}

function valueAt(value: TomlValue | undefined, path: readonly string[]): TomlValue | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (key === "[]") return valueAt((value as readonly TomlValue[] | undefined)?.[0], rest);
  return valueAt((value as Readonly<Record<string, TomlValue>> | undefined)?.[key], rest);
}

const entries = [...keysOf(optionTable)];

test("the walk reaches every key", () => {
  const names = entries.map(({ path }) => path.join("."));
  expect(names).toEqual(
    expect.arrayContaining([
      "packages",
      "extensions.[].sources.[].path",
      "build.optimize",
      "wheel.data",
      "sdist.exclude",
    ]),
  );
  expect(new Set(names).size).toBe(names.length);
});

test("every option is documented in sentences", () => {
  for (const option of all(optionTable)) expect(option.doc).toMatch(/^\P{Ll}.*[.)]$|^`/u);
});

describe("every scalar, array and map has an example that is valid at its place", () => {
  const shown = entries.filter(({ option }) => option.kind !== "table" || option.example !== undefined);
  test.each(shown.map((entry) => [entry.path.join("."), entry] as const))("%s", (_, entry) => {
    expect(entry.option.example).toBeDefined();
    const manifest = parseManifest("/project/pyproject.toml", documentWith(entry));
    const problems = new Problems();
    const options = validateOptions(manifest, problems);
    expect(problems.all.map(({ message }) => message)).toEqual([]);
    expect(valueAt(options as unknown as TomlValue, entry.path)).toBeDefined();
  });
});

test("required keys are keys of their table", () => {
  for (const option of all(optionTable))
    if (option.kind === "table") expect(Object.keys(option.keys)).toEqual(expect.arrayContaining([...option.required]));
});

test("keys are kebab-case", () => {
  for (const { path } of entries) expect(path.at(-1)).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
});

test("the members of a union differ in their TOML type, by which they are told apart", () => {
  for (const option of all(optionTable))
    if (option.kind === "union") {
      const kinds = option.members.map(({ kind }) => (kind === "map" ? "table" : kind));
      expect(new Set(kinds).size).toBe(kinds.length);
    }
});

test("every default of `[tool.zlig.build]` is a key of an extension, with the same meaning", () => {
  const { build, extensions } = optionTable.keys;
  const own: Readonly<Record<string, Option>> = extensions.item.keys;
  for (const [key, option] of Object.entries(build.keys)) expect(own[key]).toBe(option);
});
