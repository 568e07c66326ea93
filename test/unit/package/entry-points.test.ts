import { describe, expect, test } from "vitest";
import { renderEntryPoints } from "../../../server/core/package/entry-points.ts";
import { findPython, runPython } from "../../support/python.ts";

describe("entry_points.txt", () => {
  const entryPoints = {
    "z.group": { b: "demo.z", a: "demo:x.y [extra]" },
    console_scripts: { Demo: "demo:main" },
    empty: {},
  };

  test("has groups and names in order, without empty groups", () => {
    expect(renderEntryPoints({ entryPoints })).toBe(
      "[console_scripts]\nDemo = demo:main\n\n[z.group]\na = demo:x.y [extra]\nb = demo.z\n",
    );
  });

  test("is absent without entry points", () => {
    expect(renderEntryPoints({ entryPoints: {} })).toBeUndefined();
    expect(renderEntryPoints({ entryPoints: { a: {} } })).toBeUndefined();
  });

  test("is read by Python as it was meant", () => {
    const code = `
import importlib.metadata, json, pathlib, sys, tempfile
folder = pathlib.Path(tempfile.mkdtemp()) / "demo-1.0.dist-info"
folder.mkdir()
(folder / "METADATA").write_text("Metadata-Version: 2.1\\nName: demo\\nVersion: 1.0\\n")
(folder / "entry_points.txt").write_text(sys.argv[1], encoding="utf-8")
found = importlib.metadata.PathDistribution(folder).entry_points
print(json.dumps(sorted([e.group, e.name, e.value] for e in found)))
`;
    const text = renderEntryPoints({ entryPoints: { ...entryPoints, plugins: { "größe; x:y": "demo" } } }) ?? "";
    expect(runPython(findPython(), code, [text])).toEqual([
      ["console_scripts", "Demo", "demo:main"],
      ["plugins", "größe; x:y", "demo"],
      ["z.group", "a", "demo:x.y [extra]"],
      ["z.group", "b", "demo.z"],
    ]);
  });

  test.for([
    ["a group that breaks its line", { "a]\n[b": { x: "demo" } }],
    ["a name with an equals sign", { a: { "x=y": "demo" } }],
    ["a reference with a line break", { a: { x: "demo\ny = z" } }],
    ["a script without a function", { console_scripts: { x: "demo" } }],
  ] as const)("refuses %s", ([, wrong]) => {
    expect(() => renderEntryPoints({ entryPoints: wrong })).toThrow(
      expect.objectContaining({ code: "invalid-metadata" }),
    );
  });
});
