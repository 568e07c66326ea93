/**
 * Reads a dependency file in Make's syntax (`-MD`): every prerequisite, in order, once.
 * Blanks in names are written `\ `, a dollar sign `$$`, a hash `\#`; lines continue after a backslash.
 */
export function parseDepfile(text: string): readonly string[] {
  const found = new Set<string>();
  let word = "";
  let sawColon = false;
  const finish = (): void => {
    if (word !== "" && sawColon) found.add(word);
    word = "";
  };
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? "";
    const next = text[index + 1] ?? "";
    if (character === "\\" && (next === "\n" || (next === "\r" && text[index + 2] === "\n"))) {
      index += next === "\n" ? 1 : 2;
      finish();
    } else if (character === "\\" && (next === " " || next === "#")) {
      word += next;
      index++;
    } else if (character === "$" && next === "$") {
      word += "$";
      index++;
    } else if (character === " " || character === "\t" || character === "\r") finish();
    else if (character === "\n") {
      finish();
      sawColon = false;
    } else if (character === ":" && !sawColon && /^\s*$/.test(next)) {
      // A colon inside a name (`C:\...`) is not followed by a blank.
      word = "";
      sawColon = true;
    } else word += character;
  }
  finish();
  return [...found];
}
