import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { searchPythons } from "../../../extension/python-search.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";

const windows = process.platform === "win32";
const program = windows ? "Scripts/python.exe" : "bin/python";

test("environments in the folder are found whatever they are called, before the path", async () => {
  const root = makeTree({
    [`.venv/${program}`]: "",
    ".venv/pyvenv.cfg": "",
    [`py312/${program}`]: "",
    "py312/pyvenv.cfg": "",
    [`no-environment/${program}`]: "",
  });
  const path = makeTree({ [windows ? "python3.12.exe" : "python3.12"]: "", "python3.12-config": "" }, makeFolder());
  const found = await searchPythons([root], { PATH: path });
  expect(found).toEqual([
    { path: join(root, ".venv", program), environment: join(root, ".venv") },
    { path: join(root, "py312", program), environment: join(root, "py312") },
    { path: join(path, windows ? "python3.12.exe" : "python3.12") },
  ]);
});

test("the active environment is offered, once", async () => {
  const root = makeTree({ [`.venv/${program}`]: "", ".venv/pyvenv.cfg": "" });
  const found = await searchPythons([root], { VIRTUAL_ENV: join(root, ".venv"), PATH: "" });
  expect(found.map(({ path }) => path)).toEqual([join(root, ".venv", program)]);
});

test("relative and empty parts of the path are not looked into", async () => {
  const folder = makeTree({ [windows ? "python3.exe" : "python3"]: "" });
  expect(await searchPythons([], { PATH: ["", ".", "bin"].join(delimiter) })).toEqual([]);
  expect(await searchPythons([join(folder, "absent")], { PATH: folder })).toHaveLength(1);
});
