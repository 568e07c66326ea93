import { expect, test } from "vitest";
import { importLine } from "../../../extension/import-line.ts";

test("a module in a package is imported from it, a top-level one by its name", () => {
  expect(importLine("demo.deep._x")).toBe("from demo.deep import _x");
  expect(importLine("_brotli")).toBe("import _brotli");
});
