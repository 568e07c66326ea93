import { join } from "node:path";
import { expect, test } from "vitest";
import { placementOf, toPosix } from "../../../server/core/project/containment.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";

test.each([
  ["a/b.c", "inside"],
  ["a", "inside"],
  [".", "inside"],
  ["a/../a/b.c", "inside"],
  ["..c", "inside"],
  ["link.c", "inside"],
  ["a/up/link.c", "inside"],
  ["gone.c", "missing"],
  ["a/gone/x.c", "missing"],
  ["broken", "missing"],
  ["loop", "missing"],
  ["..", "outside"],
  ["../x", "outside"],
  ["a/../../x", "outside"],
  ["escape", "outside"],
  ["escape/secret", "outside"],
])("%s is %s", async (path, kind) => {
  const outside = makeTree({ secret: "" });
  const root = makeTree({
    "a/b.c": "",
    "..c": "",
    "link.c": { link: "a/b.c" },
    "a/up": { link: ".." },
    broken: { link: "nowhere" },
    loop: { link: "loop" },
    escape: { link: outside },
  });
  expect((await placementOf(root, path)).kind).toBe(kind);
});

test("where a path outside leads is told", async () => {
  const outside = makeTree({ secret: "" });
  const root = makeTree({ escape: { link: outside } });
  expect(await placementOf(root, "escape/secret")).toEqual({ kind: "outside", target: join(outside, "secret") });
});

test("a folder whose name begins with the project's is outside", async () => {
  const above = makeTree(
    { "demo/a.c": "", "demo-other/b.c": "", "demo/link.c": { link: "../demo-other/b.c" } },
    makeFolder(),
  );
  expect((await placementOf(join(above, "demo"), "link.c")).kind).toBe("outside");
});

test("paths of a project have slashes", () => {
  expect(toPosix(join("a", "b", "c.c"))).toBe("a/b/c.c");
});
