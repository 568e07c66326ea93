import { describe, expect, test } from "vitest";
import { expandGlobs, explainEmptyGlob } from "../../../server/core/project/globs.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";

async function files(root: string, ...globs: string[]): Promise<readonly string[]> {
  return (await expandGlobs(root, globs)).files;
}

describe("a glob matches", () => {
  const tree = (): string =>
    makeTree({
      "a.c": "",
      "src/b.c": "",
      "src/b.h": "",
      "src/deep/er/c.c": "",
      "src/B.C": "",
      "src/größe.c": "",
      "src/two words.c": "",
      "src/folder.c/inner.c": "",
    });

  test.each([
    ["*.c", ["a.c"]],
    ["src/*.c", ["src/b.c", "src/größe.c", "src/two words.c"]],
    ["src/*.C", ["src/B.C"]],
    ["**/*.c", ["a.c", "src/b.c", "src/deep/er/c.c", "src/folder.c/inner.c", "src/größe.c", "src/two words.c"]],
    ["src/{b,größe}.c", ["src/b.c", "src/größe.c"]],
    ["src/b.[ch]", ["src/b.c", "src/b.h"]],
    ["src/?.c", ["src/b.c"]],
    ["src/b.c", ["src/b.c"]],
    ["src/two words.c", ["src/two words.c"]],
    ["SRC/*.c", []],
    ["src", []],
    ["src/", []],
    ["src/folder.c", []],
    ["nowhere/*.c", []],
  ])("%s", async (glob, expected) => {
    expect(await files(tree(), glob)).toEqual(expected);
  });

  test("and a file has one name, however it is spelt", async () => {
    const root = tree();
    expect(await files(root, "src/b.c", "./src/b.c", "src//b.c", "src/./b.c", "src/./*.c", "./src/b.*")).toEqual([
      "src/b.c",
      "src/b.h",
      "src/größe.c",
      "src/two words.c",
    ]);
  });

  test("and its own matches are told beside those of all", async () => {
    const { files: all, perGlob } = await expandGlobs(tree(), ["src/*.c", "a.c", "!src/b.c", "none.c", "src/b.*"]);
    expect(all).toEqual(["a.c", "src/b.h", "src/größe.c", "src/two words.c"]);
    expect(perGlob).toEqual([["src/b.c", "src/größe.c", "src/two words.c"], ["a.c"], [], [], ["src/b.c", "src/b.h"]]);
  });
});

test("files come in the order of code units, whatever the locale", async () => {
  const root = makeTree({ "Z.c": "", "a.c": "", "ä.c": "", "_.c": "", "b/a.c": "", "b-a.c": "" });
  expect(await files(root, "**/*.c")).toEqual(["Z.c", "_.c", "a.c", "b-a.c", "b/a.c", "ä.c"]);
});

describe("`!` takes files away", () => {
  test("wherever it stands in the list", async () => {
    const root = makeTree({ "a.c": "", "b.c": "", "c.c": "" });
    expect(await files(root, "!b.c", "*.c")).toEqual(["a.c", "c.c"]);
    expect(await files(root, "*.c", "!b.c")).toEqual(["a.c", "c.c"]);
    expect(await files(root, "b.c", "!*.c")).toEqual([]);
  });

  test("and alone takes nothing from nothing", async () => {
    expect(await files(makeTree({ "a.c": "" }), "!a.c")).toEqual([]);
  });

  test("also with braces and depth", async () => {
    const root = makeTree({ "src/a.c": "", "src/test/b.c": "", "src/test/deep/c.c": "", "src/bench/d.c": "" });
    expect(await files(root, "src/**/*.c", "!src/{test,bench}/**")).toEqual(["src/a.c"]);
  });
});

describe("a name with the signs of a glob in it", () => {
  test("is found as it stands", async () => {
    const root = makeTree({ "a[1].c": "", "a1.c": "", "b(x).c": "", "c{d}.c": "", "star*.c": "" });
    expect(await files(root, "a[1].c")).toEqual(["a[1].c"]);
    expect(await files(root, "b(x).c", "c{d}.c", "star*.c")).toEqual(["b(x).c", "c{d}.c", "star*.c"]);
  });

  test("is a pattern where no such file is", async () => {
    expect(await files(makeTree({ "a1.c": "" }), "a[1].c")).toEqual(["a1.c"]);
  });

  test("is taken away as it stands", async () => {
    const root = makeTree({ "a[1].c": "", "a1.c": "" });
    expect(await files(root, "*.c", "!a[1].c")).toEqual(["a1.c"]);
  });
});

describe("dot files", () => {
  test("are matched by `*` only when asked for, by name always", async () => {
    const root = makeTree({ ".hidden.c": "", "a.c": "", ".dir/b.c": "" });
    expect(await files(root, "**/*.c")).toEqual(["a.c"]);
    expect((await expandGlobs(root, ["**/*.c"], { dot: true })).files).toEqual([".dir/b.c", ".hidden.c", "a.c"]);
    expect(await files(root, ".hidden.c", ".dir/*.c")).toEqual([".dir/b.c", ".hidden.c"]);
  });
});

test("version control, installed modules and caches are not searched", async () => {
  const root = makeTree({
    "a.c": "",
    ".git/b.c": "",
    "x/node_modules/y/c.c": "",
    "__pycache__/d.c": "",
    ".hg/e.c": "",
  });
  expect((await expandGlobs(root, ["**/*.c"], { dot: true })).files).toEqual(["a.c"]);
});

describe("symbolic links", () => {
  test("to files are matched, broken ones and those to folders are not", async () => {
    const root = makeTree({
      "real.c": "",
      "link.c": { link: "real.c" },
      "broken.c": { link: "nowhere.c" },
      dir: null,
      "dir.c": { link: "dir" },
      "self.c": { link: "self.c" },
    });
    expect(await files(root, "*.c")).toEqual(["link.c", "real.c"]);
    expect(await files(root, "broken.c", "dir.c", "self.c")).toEqual([]);
  });

  test("to folders are walked only when named, so that a loop cannot trap a glob", async () => {
    const root = makeTree({ "src/a.c": "", "src/loop": { link: ".." }, "src/again": { link: "." } });
    expect(await files(root, "**/*.c")).toEqual(["src/a.c"]);
    expect(await files(root, "src/again/*.c")).toEqual(["src/again/a.c"]);
  });
});

test("a file where a glob wants a folder is passed over", async () => {
  const root = makeTree({ "a.c": "" });
  expect(await files(root, "a.c/*.c", "**/*.c")).toEqual(["a.c"]);
});

describe("an empty glob is explained", () => {
  test.each([
    ["src/*.cc", "Nothing below `src` matches; letter case counts."],
    ["*.cc", "Nothing below `.` matches; letter case counts."],
    ["x.cc", "Nothing below `.` matches; letter case counts."],
    ["Src/*.c", "There is no folder `Src`."],
    ["src/deep/x/*.c", "There is no folder `src/deep/x`."],
    ["src/a.c/*.c", "`src/a.c` is no folder."],
    ["src/*/x/*.cc", "Nothing below `src` matches; letter case counts."],
    ["./src/deep/x.c", "Nothing below `src/deep` matches; letter case counts."],
    ["src", "It is a folder; name the files in it: `src/*.c`."],
    ["src/deep/", "It is a folder; name the files in it: `src/deep/*.c`."],
  ])("%s", async (glob, explanation) => {
    expect(await explainEmptyGlob(makeTree({ "src/a.c": "", "src/deep": null }, makeFolder()), glob)).toBe(explanation);
  });
});
