import { describe, expect, test } from "vitest";
import { decodeEscapes } from "../../../server/core/python/string-escape.ts";

describe("the escapes of a Python string", () => {
  test.for([
    ["a\\nb\\\\c\\'\\\"", "a\nb\\c'\""],
    ["a\\\nb", "ab"],
    ["\\x41\\101\\0\\u00e9\\U0001F600", "AA\0é😀"],
    ["\\n{x}", "\n{x}"],
    ["\\d\\X41\\", "\\d\\X41\\"],
    ["\\7771", "\u01ff1"],
  ])("of %j mean %j", ([text = "", value]) => {
    expect(decodeEscapes(text)).toBe(value);
  });

  test.for(["\\x4", "\\u12", "\\UFFFFFFFF", "\\N{DASH}", "\\N"])("%j has no value here", (text) => {
    expect(decodeEscapes(text)).toBeUndefined();
  });
});
