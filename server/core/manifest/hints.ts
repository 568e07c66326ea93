import type { Fault, FaultKind, NewForm } from "./syntax.ts";

const hints: Partial<Readonly<Record<FaultKind, string>>> = {
  "key-character": "Put the key in quotes, or use only letters, digits, `_` and `-`.",
  "key-part-missing": "Complete the key, or remove the dot.",
  "key-duplicate": "Remove one of the two, or rename one.",
  "table-duplicate": "Put all keys of a table under one header.",
  colon: "Write `=` instead of `:`.",
  "equals-missing": "Write `key = value`.",
  "equals-extra": "Write a single `=`.",
  "value-missing": 'Write a value; text goes in quotes, and `""` is an empty text.',
  "header-unclosed": "Close the header with as many `]` as it opens with `[`.",
  "string-unclosed": "Add the missing quote.",
  "array-unclosed": "Add the closing `]`.",
  "inline-table-unclosed":
    "Add the closing `}` on the same line. For more than one line, use a table with a header of its own.",
  "comma-missing": "Separate elements with commas.",
  "comma-extra": "Remove the comma.",
  "control-character":
    "Remove the character, or in a string with double quotes write it as an escape such as `\\u0000`.",
  escape:
    "Write `\\\\` for a backslash, or use single quotes, inside which a backslash is just that; in paths, `/` works on every system.",
  "date-time": "Write dates as `2026-01-31` and times as `12:30:00`, or put text in quotes.",
  number: "Text, such as a version, goes in quotes. Numbers have no leading zeros and a digit on either side of a dot.",
};

const newFormHints: Readonly<Record<NewForm, string>> = {
  "escape-e": "Write `\\u001b`.",
  "escape-x": "Write the escape as `\\u00` and the same two digits.",
  "time-without-seconds": "Add the seconds: `:00`.",
  "inline-table-trailing-comma": "Remove the comma.",
  "inline-table-newline": "Write the inline table on one line, or as a table with a header of its own.",
};

/** What can be done about a fault, where a common mistake is recognised. */
export function hintOf(text: string, fault: Fault): string | undefined {
  const written = text.slice(fault.start, fault.end);
  if (fault.form !== undefined) return newFormHints[fault.form];
  if (fault.kind === "boolean") return `Write \`${written.toLowerCase()}\`.`;
  if (fault.kind === "value-unquoted") return unquotedHint(written);
  if (fault.kind === "trailing-text") return trailingTextHint(written);
  return hints[fault.kind];
}

function unquotedHint(written: string): string {
  if (/[“”„‘’«»]/u.test(written)) return 'Use straight quotes: `"`.';
  if (/^(?:none|null|nil)$/i.test(written)) return "TOML has no null: leave the key out.";
  return "Put text in quotes.";
}

function trailingTextHint(written: string): string | undefined {
  if (written.startsWith(",")) return "Several values need brackets: `[...]`. One value takes no comma after it.";
  if (/^["'\w]/.test(written)) return 'Start a new line for each key; write a quote inside a string as `\\"`.';
  return undefined;
}
