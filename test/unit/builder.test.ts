import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { BuildRequest } from "../../server/core/builder.ts";
import { findToolchain, prepareBuild } from "../../server/core/builder.ts";
import type { BuildEvent } from "../../server/core/event.ts";
import { makePython, makeZig } from "../support/fake-tools.ts";
import { errorOf, problemsOf } from "../support/problem.ts";
import { newestPython } from "../support/toolchain.ts";
import type { TreeNode } from "../support/tree.ts";
import { makeTree } from "../support/tree.ts";

const events: BuildEvent[] = [];

function request(directory: string, parts: Partial<BuildRequest> = {}): BuildRequest {
  events.length = 0;
  return {
    directory,
    jobs: 1,
    reuse: true,
    signal: new AbortController().signal,
    emit: (event) => events.push(event),
    env: { PATH: "" },
    ...parts,
  };
}

function tree(options: string, files: Readonly<Record<string, TreeNode>> = {}): string {
  return makeTree({
    "pyproject.toml": `[project]\nname = "demo"\nversion = "1.0"\n${options}\n`,
    "demo/__init__.py": "",
    ...files,
  });
}

const oneExtension = '[tool.zlig]\nextensions = [{ name = "demo.x", sources = ["x.c"] }]';

describe("a project without extensions", () => {
  test("needs neither Zig nor Python", async () => {
    const { plan, toolchain, project } = await prepareBuild(request(tree("")));
    expect([toolchain, plan.steps, plan.tag.platform]).toEqual([undefined, [], "any"]);
    expect(project.metadata.name).toBe("demo");
  });
});

describe("what is wrong", () => {
  test("with the project is told before what the environment lacks", async () => {
    const root = tree('[tool.zlig]\nextensions = [{ name = "demo.x", sources = ["gone.c"] }]');
    expect((await problemsOf(prepareBuild(request(root)))).map(({ code }) => code)).toEqual(["glob-empty"]);
  });

  test("with the environment is told when the project is right", async () => {
    const root = tree(oneExtension, { "x.c": "" });
    expect((await errorOf(prepareBuild(request(root)))).code).toBe("python-missing");
    const python = newestPython().executable;
    expect((await errorOf(prepareBuild(request(root, { python })))).code).toBe("zig-missing");
  });

  test("but does not stop a build is told as an event", async () => {
    await prepareBuild(request(tree('[tool.zlig]\nextensions = []\n[tool.zlig.build]\ninclude-dirs = ["gone"]')));
    expect(events).toMatchObject([{ event: "problem", problem: { code: "path-missing", severity: "warning" } }]);
  });
});

describe.skipIf(process.platform === "win32")("the toolchain", () => {
  test("is found from the places that are asked for, and the plan made for it", async () => {
    const root = tree(oneExtension, { "x.c": "" });
    const zig = makeZig("0.16.0");
    const { toolchain, plan } = await prepareBuild(request(root, { python: newestPython().executable, zig }));
    expect(toolchain?.zig).toMatchObject({ executable: zig, version: "0.16.0" });
    expect(plan.steps.map(({ kind }) => kind)).toEqual(["compile", "link"]);
    expect(plan.compiler).toBe("zig 0.16.0");
  });

  test("that the caller knows is not looked for", async () => {
    const root = tree(oneExtension, { "x.c": "" });
    const known = await findToolchain(request(root, { python: newestPython().executable, zig: makeZig("0.16.0") }));
    expect((await prepareBuild(request(root), known)).toolchain).toBe(known);
  });

  const linux = { platform: "linux-x86_64", glibc: "2.36", bits: 64 };

  test("is for the platform that is asked for, where the interpreter could load it", async () => {
    const python = makePython(linux);
    const find = (target?: string): ReturnType<typeof findToolchain> =>
      findToolchain(request(tree(""), { python, zig: makeZig("0.16.0"), target }));
    expect((await find()).target.triple).toBe("x86_64-linux-gnu.2.17");
    expect((await find("manylinux_2_28_x86_64")).target.triple).toBe("x86_64-linux-gnu.2.28");
    for (const other of ["musllinux_1_2_x86_64", "manylinux_2_28_aarch64", "win_amd64", "macosx_11_0_arm64"]) {
      const error = await errorOf(find(other));
      expect(error.code).toBe("tag-unsupported");
      expect(error.message).toBe(`This Python is for linux-x86_64, not for ${other}`);
    }
    expect((await errorOf(find("nonsense"))).code).toBe("tag-unsupported");
  });

  test("is refused for an interpreter without headers", async () => {
    const python = makePython({ ...linux, includeDirs: [], configHeader: "/gone/pyconfig.h", buildDetails: null });
    const error = await errorOf(findToolchain(request(tree(""), { python, zig: makeZig("0.16.0") })));
    expect(error.code).toBe("python-headers-missing");
  });

  test("has this machine's own libraries only where it is built for its kind of system", async () => {
    const zig = makeZig("0.16.0");
    const windows = makePython({ platform: "win-amd64", glibc: null });
    expect((await findToolchain(request(tree(""), { python: windows, zig }))).system).toEqual({
      includeDirs: [],
      libraryDirs: [],
    });
    if (process.platform !== "linux") return;
    const { system } = await findToolchain(request(tree(""), { python: makePython(linux), zig }));
    expect(system.includeDirs).toContain("/usr/include");
    expect([...system.includeDirs, ...system.libraryDirs].every((folder) => folder.startsWith(join("/")))).toBe(true);
  });
});
