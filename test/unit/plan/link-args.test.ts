import { describe, expect, test } from "vitest";
import { allowUndefined, translateLinkArgs } from "../../../server/core/plan/link-args.ts";

describe("link arguments of a compiler driver", () => {
  test.each<[string[], string[]]>([
    [[], []],
    [["-Wl,-z,now"], ["-z", "now"]],
    [
      ["-Wl,-z", "-Wl,nodelete"],
      ["-z", "nodelete"],
    ],
    [["-Wl,-z,now,-z,undefs"], ["-z", "now", "-z", "undefs"]],
    [
      ["-Xlinker", "-z", "-Xlinker", "notext"],
      ["-z", "notext"],
    ],
    [["-Wl,-rpath,$ORIGIN/../lib"], ["-rpath", "$ORIGIN/../lib"]],
    [["-Wl,-rpath=/opt/lib"], ["-rpath", "/opt/lib"]],
    [
      ["-Wl,--rpath,/a", "-Wl,-R,/b"],
      ["-rpath", "/a", "-rpath", "/b"],
    ],
    [["-Wl,--version-script=src/demo.map"], ["--version-script", "src/demo.map"]],
    [["-Wl,--version-script,src/demo.map"], ["--version-script", "src/demo.map"]],
    [["-Wl,-soname,libdemo.so"], ["-fsoname=libdemo.so"]],
    [
      ["-Wl,--gc-sections", "-Wl,-Bsymbolic"],
      ["--gc-sections", "-Bsymbolic"],
    ],
    [["-Wl,--as-needed,-O1,--hash-style=gnu", "-Wl,-s"], []],
    [
      ["-lz", "-Lvendor", "-lm"],
      ["-lz", "-Lvendor", "-lm"],
    ],
    [["-s", "-shared", "-fPIC", "-pthread"], []],
    [["-undefined", "dynamic_lookup"], ["-fallow-shlib-undefined"]],
    [["-Wl,-undefined,dynamic_lookup"], ["-fallow-shlib-undefined"]],
    [["-Wl,-dead_strip"], ["-dead_strip"]],
    [["-Wl,--allow-shlib-undefined"], ["-fallow-shlib-undefined"]],
  ])("%j are %j to Zig's linker", (args, translated) => {
    expect(translateLinkArgs(args)).toEqual(translated);
  });

  test.each<[string[]]>([
    [["-Wl,--whole-archive"]],
    [["-Wl,-z,max-page-size=65536"]],
    [["-Wl,-z"]],
    [["-Wl,-rpath"]],
    [["-undefined", "error"]],
    [["-undefined"]],
    [["-framework", "CoreFoundation"]],
    [["-fopenmp"]],
    [["-static-libgcc"]],
    [["-l", "z"]],
    [["vendor/libz.a"]],
    [["-Wl,constructor"]],
    [["-Wl,"]],
    [["-Xlinker"]],
    [["-Wl,-z,now", "-Wl,--no-such-thing"]],
    [["--gc-sections"]],
  ])("%j have no translation: the driver takes them", (args) => {
    expect(translateLinkArgs(args)).toBeUndefined();
  });
});

test.each<[string[], boolean]>([
  [[], false],
  [["-Wl,-z,now"], false],
  [["undefs"], false],
  [["-Wl,-z,undefs"], true],
  [["-Wl,--allow-shlib-undefined"], true],
  [["-Wl,--unresolved-symbols=ignore-all"], true],
  [["-undefined", "dynamic_lookup"], true],
  [["-Wl,-undefined,dynamic_lookup"], true],
  [["-Xlinker", "-z", "-Xlinker", "undefs"], true],
])("%j let symbols stay open: %s", (args, open) => {
  expect(allowUndefined(args)).toBe(open);
});
