import { describe, expect, test } from "vitest";
import { columnsOf, fitEnd, fitStart } from "../../../server/cli/columns.ts";

describe("columns", () => {
  test.each([
    ["", 0],
    ["plain", 5],
    ["naïve", 5],
    ["nai\u0308ve", 5],
    ["漢字", 4],
    ["かな カナ", 9],
    ["ｶﾅ", 2],
    ["ＡＢ", 4],
    ["한글", 4],
    ["𠀋", 2],
    ["🙂", 2],
    ["👩‍👩‍👧", 2],
    ["❤️", 2],
    ["𝒳", 1],
    ["\u200B", 0],
  ])("%j takes %d", (text, columns) => {
    expect(columnsOf(text)).toBe(columns);
  });
});

describe("fitting", () => {
  test("a text that fits stays as it is", () => {
    expect(fitStart("src/demo.c", 10)).toBe("src/demo.c");
    expect(fitEnd("src/demo.c", 10)).toBe("src/demo.c");
  });

  test("a text that is cut shows where", () => {
    expect(fitStart("src/demo.c", 6)).toBe("src/d…");
    expect(fitEnd("src/demo.c", 6)).toBe("…emo.c");
  });

  test("a wide character is never cut in half, nor an accent from its letter", () => {
    expect(fitStart("漢字漢字", 6)).toBe("漢字…");
    expect(fitEnd("漢字漢字", 6)).toBe("…漢字");
    expect(fitStart("abe\u0301d", 3)).toBe("ab…");
    expect(fitStart("abe\u0301de", 4)).toBe("abe\u0301…");
  });
});
