import type { Manifest, ManifestPath, TomlTable, TomlValue } from "../manifest/manifest.ts";
import { PathMap, viewOf } from "../manifest/path-map.ts";
import type { Option, TableOption } from "./option.ts";
import { checkString } from "./strings.ts";
import type { ZligOptions } from "./table.ts";
import { optionTable } from "./table.ts";
import { isTable, matchesKind } from "./validate.ts";

/** What is left of `[tool.zlig]` without its faulty parts. */
export interface PrunedOptions {
  readonly options: ZligOptions;
  /** Locates paths of `options` where they stand in the document. */
  readonly manifest: Manifest;
  /** Whether anything was left out: then what is absent may only be written wrongly. */
  readonly pruned: boolean;
}

class Pruner {
  readonly map = new PathMap();
  pruned = false;

  /** @param path where the value stands in what is left */
  prune(option: Option, value: TomlValue, path: ManifestPath): TomlValue | undefined {
    const left = this.#left(option, value, path);
    if (left === undefined) this.pruned = true;
    return left;
  }

  #left(option: Option, value: TomlValue, path: ManifestPath): TomlValue | undefined {
    if (!matchesKind(option, value)) return undefined;
    switch (option.kind) {
      case "string": {
        const text = value as string;
        const good = option.values?.includes(text) ?? checkString(option.role, text) === undefined;
        return good ? text : undefined;
      }
      case "boolean":
      case "integer":
        return value;
      case "array":
        return this.#array(option.item, value as readonly TomlValue[], path);
      case "table":
        return this.#table(option, value as TomlTable, path);
      case "map": {
        const entries = Object.entries(value as TomlTable).flatMap(([key, item]): [string, TomlValue][] => {
          const left = this.prune(option.value, item, [...path, key]);
          return left === undefined || checkString(option.keyRole, key) !== undefined ? [] : [[key, left]];
        });
        return Object.fromEntries(entries);
      }
      case "union": {
        const member = option.members.find((candidate) => matchesKind(candidate, value));
        return member === undefined ? undefined : this.#left(member, value, path);
      }
    }
  }

  #array(item: Option, values: readonly TomlValue[], path: ManifestPath): TomlValue | undefined {
    const left: TomlValue[] = [];
    const kept: number[] = [];
    for (const [index, value] of values.entries()) {
      const one = this.prune(item, value, [...path, left.length]);
      if (one === undefined) continue;
      left.push(one);
      kept.push(index);
    }
    this.map.keep(path, kept);
    // An array that lost all it had is not the empty one that its author could have written.
    return left.length === 0 && values.length > 0 ? undefined : left;
  }

  #table(option: TableOption, table: TomlTable, path: ManifestPath): TomlValue | undefined {
    const left: Record<string, TomlValue> = {};
    for (const [key, value] of Object.entries(table)) {
      const known = Object.hasOwn(option.keys, key) ? option.keys[key] : undefined;
      const one = known === undefined ? undefined : this.prune(known, value, [...path, key]);
      if (one !== undefined) left[key] = one;
      else this.pruned = true;
    }
    return option.required.every((key) => Object.hasOwn(left, key)) ? left : undefined;
  }
}

/**
 * Takes from `[tool.zlig]` what the option table allows, for an editor that has to go on with the rest while a part is wrong.
 * What is wrong is reported by `validateOptions`.
 */
export function pruneOptions(manifest: Manifest): PrunedOptions {
  const tool = manifest.values["tool"];
  const value = tool !== undefined && isTable(tool) ? tool["zlig"] : undefined;
  if (value === undefined) return { options: {}, manifest, pruned: false };
  const pruner = new Pruner();
  const options = (pruner.prune(optionTable, value, ["tool", "zlig"]) ?? {}) as ZligOptions;
  return { options, manifest: viewOf(manifest, manifest.values, pruner.map), pruned: pruner.pruned };
}
