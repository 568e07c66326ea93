import fc from "fast-check";
import { expect, test } from "vitest";
import { initFunctionNames, punycode } from "../../../server/core/python/init-function.ts";
import { findPython, runPython } from "../../support/python.ts";

test("takes the last part of a dotted name", () => {
  expect(initFunctionNames("_speedups")).toEqual(["PyModExport__speedups", "PyInit__speedups"]);
  expect(initFunctionNames("a.b._c")).toEqual(["PyModExport__c", "PyInit__c"]);
  expect(initFunctionNames("žluť.plain")).toEqual(["PyModExport_plain", "PyInit_plain"]);
});

test("encodes names that are not ASCII as PEP 489 does", () => {
  expect(initFunctionNames("スパム")).toEqual(["PyModExportU_zck5b2b", "PyInitU_zck5b2b"]);
  expect(initFunctionNames("pkg.lančmít")).toEqual(["PyModExportU_lanmt_2sa6t", "PyInitU_lanmt_2sa6t"]);
});

// What Python's `punycode` codec gives; the longer ones are the samples of RFC 3492, section 7.1.
test.each([
  ["spam", "spam-"],
  ["", ""],
  ["é", "9ca"],
  ["Bücher", "Bcher-kva"],
  ["𐐀x", "x-eq2i"],
  ["他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"],
  ["Pročprostěnemluvíčesky", "Proprostnemluvesky-uyb24dma41a"],
  ["パフィーdeルンバ", "de-jg4avhby1noc0d"],
])("punycode of %o", (text, expected) => {
  expect(punycode(text)).toBe(expected);
});

test("punycode agrees with Python for any text", () => {
  const letter = fc.oneof(
    fc.constantFrom("a", "Z", "_", "0", "é", "ß", "ж", "ム", "漢", "𐐀", "\u{20000}"),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  );
  const text = fc.array(letter, { maxLength: 14 }).map((letters) => letters.join(""));
  const texts = fc.sample(text, 1500);
  const code = "import json, sys; print(json.dumps([t.encode('punycode').decode() for t in json.loads(sys.argv[1])]))";
  expect(texts.map(punycode)).toEqual(runPython(findPython(), code, [JSON.stringify(texts)]));
});
