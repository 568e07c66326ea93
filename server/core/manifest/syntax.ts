import type { OffsetRange } from "../location.ts";

/** What is wrong at a {@link Fault}. */
export type FaultKind =
  | "key-missing"
  | "key-part-missing"
  | "key-character"
  | "key-duplicate"
  | "table-duplicate"
  | "header-unclosed"
  | "equals-missing"
  | "equals-extra"
  | "colon"
  | "value-missing"
  | "value-unquoted"
  | "boolean"
  | "number"
  | "date-time"
  | "escape"
  | "control-character"
  | "string-unclosed"
  | "array-unclosed"
  | "inline-table-unclosed"
  | "comma-missing"
  | "comma-extra"
  | "trailing-text"
  | "nesting"
  | "toml-1-1";

/** A form that TOML 1.1 allows and TOML 1.0 does not. */
export type NewForm =
  "inline-table-newline" | "inline-table-trailing-comma" | "escape-e" | "escape-x" | "time-without-seconds";

/** A place where a text is not TOML 1.0. */
export interface Fault extends OffsetRange {
  readonly kind: FaultKind;
  readonly message: string;
  /** Set exactly when `kind` is `toml-1-1`. */
  readonly form?: NewForm;
  /** The first definition, for duplicates. */
  readonly related?: OffsetRange;
}

/** One part of a dotted key. */
export interface KeyPart extends OffsetRange {
  /** The name, with quotes removed and escapes decoded. */
  readonly text: string;
  readonly style: "bare" | "basic" | "literal";
}

/** A dotted key; a simple key has one part. */
export interface KeyNode extends OffsetRange {
  readonly parts: readonly KeyPart[];
  /** False when a part is missing (`a.`, `a..b`, nothing at all): the path is then not what the author means in the end. */
  readonly complete: boolean;
}

export interface StringNode extends OffsetRange {
  readonly kind: "string";
  readonly style: "basic" | "literal" | "multi-line-basic" | "multi-line-literal";
  readonly value: string;
  readonly closed: boolean;
}

export interface IntegerNode extends OffsetRange {
  readonly kind: "integer";
  readonly value: number | bigint;
}

export interface FloatNode extends OffsetRange {
  readonly kind: "float";
  readonly value: number;
}

export interface BooleanNode extends OffsetRange {
  readonly kind: "boolean";
  readonly value: boolean;
}

export interface DateTimeNode extends OffsetRange {
  readonly kind: "offset-date-time" | "local-date-time" | "local-date" | "local-time";
  readonly text: string;
}

export interface ArrayNode extends OffsetRange {
  readonly kind: "array";
  readonly elements: readonly ValueNode[];
  readonly closed: boolean;
}

export interface InlineTableNode extends OffsetRange {
  readonly kind: "inline-table";
  readonly pairs: readonly PairNode[];
  readonly closed: boolean;
}

/** Text that stands where a value should and is none. */
export interface BrokenNode extends OffsetRange {
  readonly kind: "broken";
}

export type ValueNode =
  StringNode | IntegerNode | FloatNode | BooleanNode | DateTimeNode | ArrayNode | InlineTableNode | BrokenNode;

/** `key = value`, or as much of it as there is. */
export interface PairNode extends OffsetRange {
  readonly key: KeyNode;
  /** Offset of the `=` (or of the `:` in its place). */
  readonly equals?: number;
  readonly value?: ValueNode;
  /** True when a syntax fault lies in it. */
  readonly faulty: boolean;
}

/** `[key]` or `[[key]]`. */
export interface HeaderNode extends OffsetRange {
  readonly key: KeyNode;
  readonly array: boolean;
  readonly faulty: boolean;
  /** True when its path is a guess at best (`[a.]`, `[[`, `[a b]`): what follows belongs to no known table. */
  readonly detached: boolean;
}

/** A header and the pairs up to the next header; the first section of a document has no header. */
export interface SectionNode extends OffsetRange {
  readonly header?: HeaderNode;
  readonly pairs: readonly PairNode[];
}

/** The syntax of a TOML text, before its keys are put together into tables. All offsets count UTF-16 code units from its start. */
export interface TomlSyntax {
  readonly text: string;
  /** In text order; the first is the part before any header. */
  readonly sections: readonly SectionNode[];
  readonly comments: readonly OffsetRange[];
  /** In text order. */
  readonly faults: readonly Fault[];
}
