import fc from "fast-check";

/** What can be asked of generated documents: lines end as they do on Windows too, and anything may have blanks around it. */
const blank = fc.constantFrom("", " ", "\t", "  ");
const newline = fc.constantFrom("\n", "\n", "\r\n");

// Few names, so that tables and keys meet; some that JavaScript objects have, and some that are values as well.
const name = fc.constantFrom(
  "a",
  "b",
  "c",
  "tool",
  "true",
  "inf",
  "1",
  "-",
  "constructor",
  '"a"',
  "'b.c'",
  '""',
  '"\\u00e9"',
  '"🐍 x"',
);
const key = fc
  .tuple(fc.array(name, { minLength: 1, maxLength: 3 }), fc.constantFrom(".", " . ", ".\t"))
  .map(([parts, dot]) => parts.join(dot));

const letters = fc.constantFrom("a", "é", "🐍", " ", "#", "=", "[x]", "a = 1", "\t");
const prose = fc.array(letters, { maxLength: 6 }).map((parts) => parts.join(""));
const escape = fc.constantFrom("\\n", '\\"', "\\\\", "\\u00e9", "\\U0001F40D", "\\t", "");
const basic = fc.tuple(prose, escape, prose).map((parts) => `"${parts.join("")}"`);
const literal = prose.map((text) => `'${text}'`);
const lines = fc.tuple(newline, fc.array(fc.tuple(prose, newline), { maxLength: 3 }));
const multiLineBasic = fc
  .tuple(lines, escape, fc.constantFrom("", '"', '""', "\\\n  x", "\\ \r\n\n\tx"))
  .map(
    ([[first, rest], escaped, last]) => `"""${first}${rest.map((line) => line.join("")).join("")}${escaped}${last}"""`,
  );
const multiLineLiteral = fc
  .tuple(lines, fc.constantFrom("", "'", "''", "\\"))
  .map(([[first, rest], last]) => `'''${first}${rest.map((line) => line.join("")).join("")}${last}'''`);

const digits = fc.stringMatching(/^[1-9](_?[0-9]){0,17}$/);
const number = fc.oneof(
  digits,
  fc.tuple(fc.constantFrom("+", "-"), digits).map((parts) => parts.join("")),
  fc.constantFrom("0", "-0", "+0", "0xdead_BEEF", "0o17", "0b1_0", "inf", "-inf", "+nan", "1e9", "-0.0", "6.02_2E+2_3"),
  fc.stringMatching(/^-?(0|[1-9][0-9]{0,3})\.[0-9](_?[0-9]){0,5}(e[+-]?[0-9]{1,2})?$/),
);

const two = (from: number, to: number): fc.Arbitrary<string> =>
  fc.integer({ min: from, max: to }).map((value) => String(value).padStart(2, "0"));
const date = fc
  .tuple(fc.integer({ min: 1, max: 9999 }), two(1, 12), two(1, 31))
  .map(([year, month, day]) => `${String(year).padStart(4, "0")}-${month}-${day}`);
const time = fc
  .tuple(two(0, 24), two(0, 60), two(0, 60), fc.constantFrom("", ".5", ".123456"))
  .map(([h, m, s, part]) => `${h}:${m}:${s}${part}`);
const offset = fc.constantFrom("", "Z", "z", "+02:00", "-23:59", "+24:00");
const moment = fc.oneof(
  date,
  time,
  fc.tuple(date, fc.constantFrom("T", "t", " "), time, offset).map((parts) => parts.join("")),
);

const scalar = fc.oneof(
  basic,
  literal,
  multiLineBasic,
  multiLineLiteral,
  number,
  moment,
  fc.constantFrom("true", "false"),
);

const { value } = fc.letrec<{ value: string; array: string; table: string }>((tie) => ({
  value: fc.oneof({ depthSize: "small", withCrossShrink: true }, scalar, tie("array"), tie("table")),
  array: fc
    .tuple(
      fc.array(tie("value"), { maxLength: 4 }),
      fc.constantFrom(", ", ",", ",\n  ", " ,\r\n", ", # c ]\n"),
      fc.constantFrom("", ",", ",\n"),
      blank,
    )
    .map(
      ([elements, comma, last, space]) =>
        `[${space}${elements.join(comma)}${elements.length > 0 ? last : space}${space}]`,
    ),
  table: fc
    .tuple(fc.array(fc.tuple(key, blank, tie("value")), { maxLength: 3 }), fc.constantFrom(", ", ","), blank)
    .map(
      ([pairs, comma, space]) =>
        `{${space}${pairs.map(([left, around, right]) => `${left}${around}=${around}${right}`).join(comma)}${space}}`,
    ),
}));

const comment = fc.constantFrom("", "", "# c", ' # "', "\t# [x]", "# a = 1 é🐍");
const pair = fc
  .tuple(key, blank, value, comment)
  .map(([left, around, right, end]) => `${around}${left}${around}=${around}${right}${end}`);
const header = fc
  .tuple(key, blank, fc.boolean(), comment)
  .map(([path, around, array, end]) =>
    array ? `${around}[[${around}${path}${around}]]${end}` : `${around}[${around}${path}${around}]${end}`,
  );
const statement = fc.oneof(
  { weight: 5, arbitrary: pair },
  { weight: 2, arbitrary: header },
  { weight: 1, arbitrary: comment },
);

/** Documents of TOML 1.0, right in all but what only a whole document shows (duplicates, days that a month has not). */
export const tomlText = fc.array(fc.tuple(statement, newline), { maxLength: 8 }).map((parts) => parts.flat().join(""));

const scraps = fc.constantFrom(
  ...[
    '"',
    "'",
    '"""',
    "'''",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    ".",
    ",",
    ":",
    "#",
    "\n",
    "\r\n",
    "\r",
    "\\",
    "\\x41",
    "\\e",
  ],
  ...[
    " ",
    "\t",
    "a",
    "0",
    "1",
    "-",
    "+",
    "_",
    "T",
    "Z",
    "e",
    "true",
    "nan",
    "a = 1\n",
    "[a]\n",
    "[[a]]\n",
    "07:32",
    "é",
    "🐍",
    "\0",
    "\x7f",
  ],
);
const edit = fc.tuple(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.nat({ max: 3 }),
  fc.oneof(scraps, fc.constant("")),
);

/** Documents with up to three small mistakes. */
export const brokenText = fc.tuple(tomlText, fc.array(edit, { minLength: 1, maxLength: 3 })).map(([text, edits]) => {
  let broken = text;
  for (const [where, removed, put] of edits) {
    const at = Math.floor(where * broken.length);
    broken = broken.slice(0, at) + put + broken.slice(at + removed);
  }
  return broken.toWellFormed();
});
