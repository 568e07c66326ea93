import { describe, expect, test } from "vitest";
import { parseDepfile } from "../../../server/core/engine/depfile.ts";

describe("dependency files", () => {
  test("prerequisites over several lines, each once", () => {
    expect(parseDepfile("a.o: a.c b.h \\\n  c.h \\\n  b.h\n")).toEqual(["a.c", "b.h", "c.h"]);
  });

  test("blanks, hashes and dollars in names", () => {
    expect(parseDepfile("a.o: my\\ file.c x\\#y.h cost$$.h\n")).toEqual(["my file.c", "x#y.h", "cost$.h"]);
  });

  test("backslashes of Windows paths and their drive's colon", () => {
    expect(parseDepfile("C:\\o\\a.o: C:\\p\\a.c C:\\p\\b.h\r\n")).toEqual(["C:\\p\\a.c", "C:\\p\\b.h"]);
  });

  test("a target with blanks is no prerequisite", () => {
    expect(parseDepfile("/tmp/my\\ dir/a.o: \\\r\n a.c\r\n")).toEqual(["a.c"]);
  });

  test("several rules", () => {
    expect(parseDepfile("a.o: a.c b.h\nb.h:\nc.o: c.c")).toEqual(["a.c", "b.h", "c.c"]);
  });

  test("nothing in nothing", () => {
    expect(parseDepfile("")).toEqual([]);
    expect(parseDepfile("no rule here")).toEqual([]);
  });
});
