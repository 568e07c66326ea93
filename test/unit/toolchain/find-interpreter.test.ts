import { delimiter, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { findInterpreter, findOnPath } from "../../../server/core/toolchain/find-interpreter.ts";
import { errorOf } from "../../support/problem.ts";
import { makeTree } from "../../support/tree.ts";

const program = { content: "#!/bin/sh\n", mode: 0o755 };

describe("a program on the path", () => {
  test("is the first that can be run", async () => {
    const root = makeTree({
      "text/tool": { content: "no program", mode: 0o644 },
      "folder/tool": null,
      "first/tool": program,
      "second/tool": program,
    });
    const PATH = ["gone", "text", "folder", "first", "second"].map((name) => join(root, name)).join(delimiter);
    expect(await findOnPath("tool", { PATH })).toBe(join(root, "first/tool"));
    expect(await findOnPath("other", { PATH })).toBeUndefined();
    expect(await findOnPath("tool", {})).toBeUndefined();
  });

  test("is not looked for in relative folders: the current one may be an untrusted project's", async () => {
    const root = makeTree({ "bin/tool": program });
    const there = relative(process.cwd(), join(root, "bin"));
    expect(await findOnPath("tool", { PATH: ["", ".", there].join(delimiter) })).toBeUndefined();
  });
});

describe("without a wish the interpreter is", () => {
  const tree = (): string =>
    makeTree({
      "active/bin/python": program,
      "project/.venv/bin/python": program,
      "own/python": program,
      "path/python3": program,
      "path/python": program,
      "old/python": program,
    });

  test("that of the active environment, the project's `.venv`, the one that runs Zlig, the one on the path", async () => {
    const root = tree();
    const env: NodeJS.ProcessEnv = {
      VIRTUAL_ENV: join(root, "active"),
      ZLIG_PYTHON_DEFAULT: join(root, "own/python"),
      PATH: join(root, "path"),
    };
    const find = (directory: string, variables: NodeJS.ProcessEnv): Promise<string> =>
      findInterpreter(undefined, join(root, directory), variables);
    expect(await find("project", env)).toBe(join(root, "active/bin/python"));
    delete env["VIRTUAL_ENV"];
    expect(await find("project", env)).toBe(join(root, "project/.venv/bin/python"));
    expect(await find("elsewhere", env)).toBe(join(root, "own/python"));
    delete env["ZLIG_PYTHON_DEFAULT"];
    expect(await find("elsewhere", env)).toBe(join(root, "path/python3"));
    expect(await find("elsewhere", { PATH: join(root, "old") })).toBe(join(root, "old/python"));
  });

  test("not one of an environment that is gone", async () => {
    const root = tree();
    const env = { VIRTUAL_ENV: join(root, "gone"), PATH: join(root, "path") };
    expect(await findInterpreter(undefined, root, env)).toBe(join(root, "path/python3"));
    expect(await findInterpreter(undefined, root, { ...env, VIRTUAL_ENV: "" })).toBe(join(root, "path/python3"));
  });

  test("absolute, also where the project's folder is not", async () => {
    const root = tree();
    const project = relative(process.cwd(), join(root, "project"));
    expect(await findInterpreter(undefined, project, {})).toBe(join(root, "project/.venv/bin/python"));
  });

  test("missing where there is none", async () => {
    const root = makeTree({});
    const error = await errorOf(findInterpreter(undefined, root, { PATH: root }));
    expect(error.code).toBe("python-missing");
    expect(error.hint).toBe("Name one with `--python`, or activate a virtual environment.");
  });
});

describe("the interpreter that is asked for", () => {
  test.each([
    ["3.12", "python3.12"],
    ["cp312", "python3.12"],
    ["312", "python3.12"],
    ["3.14t", "python3.14t"],
    ["cp313t", "python3.13t"],
    ["cp39", "python3.9"],
    ["python3.12", "python3.12"],
    ["pypy3", "pypy3"],
  ])("%s is %s on the path, before every environment", async (asked, name) => {
    const root = makeTree({ [`bin/${name}`]: program, "active/bin/python": program });
    const env = { PATH: join(root, "bin"), VIRTUAL_ENV: join(root, "active") };
    expect(await findInterpreter(asked, root, env)).toBe(join(root, "bin", name));
  });

  test("may be a path, made absolute", async () => {
    const root = makeTree({ "some/python": program });
    const path = join(root, "some/python");
    expect(await findInterpreter(path, root, {})).toBe(path);
    expect(await findInterpreter(relative(process.cwd(), path), root, {})).toBe(path);
  });

  test.each([
    ["3.99", 'There is no "python3.99" on the path'],
    ["cp399", 'There is no "python3.99" on the path'],
    ["no/such/python", 'There is no interpreter "no/such/python"'],
    ["nothing", 'There is no interpreter "nothing"'],
  ])("%s may be missing", async (asked, message) => {
    const root = makeTree({ "active/bin/python": program });
    const error = await errorOf(findInterpreter(asked, root, { VIRTUAL_ENV: join(root, "active"), PATH: "" }));
    expect(error.code).toBe("python-missing");
    expect(error.message).toBe(message);
  });

  test("is not a folder, nor a file that cannot be run", async () => {
    const root = makeTree({ folder: null, text: { content: "", mode: 0o644 } });
    for (const name of ["folder", "text"])
      expect((await errorOf(findInterpreter(join(root, name), root, {}))).code).toBe("python-missing");
  });
});
