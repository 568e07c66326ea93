import type { Option, StringRole, TableKeys } from "../../server/core/options/option.ts";
import { optionTable } from "../../server/core/options/table.ts";

type Schema = Readonly<Record<string, unknown>>;

const patterns: Readonly<Partial<Record<StringRole, string>>> = {
  "python-version": "^3\\.[0-9]+$",
  "build-tag": "^[0-9][A-Za-z0-9_.]*$",
};

function properties(keys: TableKeys): Schema {
  return Object.fromEntries(Object.entries(keys).map(([key, option]) => [key, schemaOf(option)]));
}

function schemaOf(option: Option): Schema {
  const docs = { description: option.doc, ...(option.example === undefined ? {} : { "x-example": option.example }) };
  switch (option.kind) {
    case "string": {
      const pattern = patterns[option.role];
      return {
        type: "string",
        ...docs,
        ...(option.values === undefined ? {} : { enum: option.values }),
        ...(pattern === undefined ? {} : { pattern }),
      };
    }
    case "boolean":
    case "integer":
      return { type: option.kind, ...docs };
    case "array":
      return { type: "array", ...docs, items: schemaOf(option.item) };
    case "map":
      return { type: "object", ...docs, additionalProperties: schemaOf(option.value) };
    case "union":
      return { ...docs, anyOf: option.members.map(schemaOf) };
    case "table":
      return {
        type: "object",
        ...docs,
        ...(option.required.length === 0 ? {} : { required: option.required }),
        additionalProperties: false,
        properties: properties(option.keys),
      };
  }
}

/** The JSON Schema (draft-07) of `[tool.zlig]`. */
export function schemaText(): string {
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: "zlig.schema.json",
    title: "[tool.zlig] of pyproject.toml",
    ...schemaOf(optionTable),
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}
