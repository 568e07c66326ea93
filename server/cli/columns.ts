/** Characters that a terminal gives two columns: those of East Asian scripts, full-width forms, emoji. */
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\p{Emoji_Presentation}\u3000-\u303E\uFF01-\uFF60\uFFE0-\uFFE6]|\p{Emoji}\uFE0F/u;
const halfWidth = /[\uFF61-\uFFDC\uFFE8-\uFFEE]/u;
const invisible = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
const ascii = /^[\x20-\x7E]*$/;

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function widthOf(character: string): number {
  if (invisible.test(character)) return 0;
  return wide.test(character) && !halfWidth.test(character) ? 2 : 1;
}

/** The characters that a reader sees, each with its columns. */
function charactersOf(text: string): { readonly text: string; readonly width: number }[] {
  return Array.from(segmenter.segment(text), ({ segment }) => ({ text: segment, width: widthOf(segment) }));
}

/** How many columns a text without control characters takes on a terminal. */
export function columnsOf(text: string): number {
  if (ascii.test(text)) return text.length;
  return charactersOf(text).reduce((sum, { width }) => sum + width, 0);
}

function takeColumns(
  characters: Iterable<{ readonly text: string; readonly width: number }>,
  columns: number,
): string[] {
  const taken: string[] = [];
  let left = columns;
  for (const { text, width } of characters) {
    if (width > left) break;
    taken.push(text);
    left -= width;
  }
  return taken;
}

/** The beginning of a text, so much of it as fits: one that is cut ends in `…`. */
export function fitStart(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  return `${takeColumns(charactersOf(text), columns - 1).join("")}…`;
}

/** The end of a text, so much of it as fits: one that is cut begins with `…`. */
export function fitEnd(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  return `…${takeColumns(charactersOf(text).reverse(), columns - 1)
    .reverse()
    .join("")}`;
}
