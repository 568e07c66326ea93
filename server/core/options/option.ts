/** What a string means beyond its text: it decides how the string is checked and what completes it. */
export type StringRole =
  | "text"
  | "glob"
  | "path"
  | "module-name"
  | "macro-name"
  | "macro-value"
  | "flag"
  | "library"
  | "standard"
  | "python-version"
  | "build-tag";

/** What the reference says of an option. */
export interface OptionDocs {
  /** One or two sentences for hover and the docs page, in Markdown. */
  readonly doc: string;
  /** A line of TOML that shows it in use. */
  readonly example?: string;
  /** The default in words or TOML, when it is absent. */
  readonly default?: string;
}

export interface StringOption extends OptionDocs {
  readonly kind: "string";
  readonly role: StringRole;
  /** The allowed values, where they are a closed set. */
  readonly values?: readonly string[];
}

export interface BooleanOption extends OptionDocs {
  readonly kind: "boolean";
}

export interface IntegerOption extends OptionDocs {
  readonly kind: "integer";
}

export interface ArrayOption<Item extends Option = Option> extends OptionDocs {
  readonly kind: "array";
  readonly item: Item;
}

/** A table with fixed keys. */
export interface TableOption<Keys extends TableKeys = TableKeys> extends OptionDocs {
  readonly kind: "table";
  readonly keys: Keys;
  /** Names of the keys that must be there. */
  readonly required: readonly string[];
}

/** A table whose keys the user chooses. */
export interface MapOption<Value extends Option = Option> extends OptionDocs {
  readonly kind: "map";
  readonly keyRole: StringRole;
  readonly value: Value;
}

/** A value of one of several types, told apart by their TOML type. */
export interface UnionOption<Members extends readonly Option[] = readonly Option[]> extends OptionDocs {
  readonly kind: "union";
  readonly members: Members;
}

export type Option = StringOption | BooleanOption | IntegerOption | ArrayOption | TableOption | MapOption | UnionOption;

export interface TableKeys {
  readonly [key: string]: Option;
}

/** The TypeScript type of an option's value. Keys of tables keep their kebab-case names and are absent when not given. */
export type ValueOf<O> = O extends { kind: "string"; values: readonly (infer Value)[] }
  ? Value
  : O extends { kind: "string" }
    ? string
    : O extends { kind: "boolean" }
      ? boolean
      : O extends { kind: "integer" }
        ? number
        : O extends { kind: "array"; item: infer Item }
          ? readonly ValueOf<Item>[]
          : O extends { kind: "map"; value: infer Value }
            ? Readonly<Record<string, ValueOf<Value>>>
            : O extends { kind: "union"; members: readonly (infer Member)[] }
              ? ValueOf<Member>
              : O extends { kind: "table"; keys: infer Keys; required: readonly (infer Required)[] }
                ? { readonly [Key in keyof Keys & Required]: ValueOf<Keys[Key]> } & {
                    readonly [Key in Exclude<keyof Keys, Required>]?: ValueOf<Keys[Key]>;
                  }
                : never;
