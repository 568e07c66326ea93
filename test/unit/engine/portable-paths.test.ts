import { describe, expect, test } from "vitest";
import { PortablePaths } from "../../../server/core/engine/portable-paths.ts";

const paths = new PortablePaths("/checkout/p", [
  { path: "/env/include/python3.12", name: "python-include" },
  { path: "/env/zig/lib", name: "zig-lib" },
]);

describe("portable paths", () => {
  test("a file of the project is relative to it", () => {
    expect(paths.shorten("/checkout/p/src/a.c")).toBe("src/a.c");
  });

  test("a folder that only begins alike is another one", () => {
    expect(paths.shorten("/checkout/project/a.c")).toBe("/checkout/project/a.c");
    expect(paths.shorten("/env/include/python3.12x/a.h")).toBe("/env/include/python3.12x/a.h");
  });

  test("folders of the environment have names, and get their place back", () => {
    expect(paths.shorten("/env/include/python3.12/Python.h")).toBe("<python-include>/Python.h");
    const elsewhere = new PortablePaths("/q", [{ path: "/tmp/other/include", name: "python-include" }]);
    expect(elsewhere.expand("<python-include>/Python.h")).toBe("/tmp/other/include/Python.h");
  });

  test("a command is the same wherever its tools are", () => {
    const command = (env: string): string[] => [
      `${env}/zig`,
      "cc",
      "-isystem",
      `${env}/inc`,
      `-ffile-prefix-map=${env}/inc=python-include`,
      "src/a.c",
    ];
    const here = new PortablePaths("/p", [{ path: "/a/inc", name: "python-include" }]).command(command("/a"), "zig 1");
    const there = new PortablePaths("/q", [{ path: "/tmp/x/inc", name: "python-include" }]).command(
      command("/tmp/x"),
      "zig 1",
    );
    expect(here).toEqual(there);
    expect(here[0]).toBe("zig 1");
  });

  test("a diagnostic's paths are turned everywhere", () => {
    const at = (file: string): { file: string } => ({ file });
    const turned = paths.diagnostic(
      {
        severity: "error",
        message: "m",
        location: at("/checkout/p/a.c"),
        notes: [{ severity: "note", message: "n", location: at("/env/zig/lib/x.h"), notes: [], fixIts: [] }],
        fixIts: [
          {
            file: "/checkout/p/b.h",
            range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
            text: ";",
          },
        ],
      },
      (path) => paths.shorten(path),
    );
    expect(turned.location?.file).toBe("a.c");
    expect(turned.notes[0]?.location?.file).toBe("<zig-lib>/x.h");
    expect(turned.fixIts[0]?.file).toBe("b.h");
  });
});
