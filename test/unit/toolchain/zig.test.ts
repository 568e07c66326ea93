import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { findSupportedZig, findZig, isSupportedZig, ziglangRequirement } from "../../../server/core/toolchain/zig.ts";
import { errorOf } from "../../support/problem.ts";
import type { TreeNode } from "../../support/tree.ts";
import { makeTree } from "../../support/tree.ts";

/** A program that says its version as Zig does. */
const zig = (version: string): TreeNode => ({
  content: `#!/bin/sh\n[ "$1" = version ] && echo ${version}\n`,
  mode: 0o755,
});
const broken: TreeNode = { content: "#!/bin/sh\necho oops >&2\nexit 1\n", mode: 0o755 };

test.each([
  ["0.15.0", false],
  ["0.15.1", true],
  ["0.15.2", true],
  ["0.16.0", true],
  ["0.17.99", true],
  ["0.18.0", false],
  ["1.0.0", false],
  ["0.9.1", false],
  ["0.16.0-dev.123+abc", true],
  ["0.18.0-dev.1+abc", false],
  ["0.15.1-dev.7", true],
  ["", false],
  ["nonsense", false],
])("Zig %j is in the supported range: %s", (version, supported) => {
  expect(isSupportedZig(version)).toBe(supported);
});

test("the requirement for PyPI says the same range", () => {
  expect(ziglangRequirement).toBe("ziglang>=0.15.1,<0.18");
});

describe("Zig is looked for", () => {
  const tree = (): string =>
    makeTree({
      "chosen/zig": zig("0.16.0"),
      "given/zig": zig("0.16.1"),
      "environment/zig": zig("0.15.1"),
      "build/zig": zig("0.15.2"),
      "path/zig": zig("0.17.1"),
    });

  test("in ZLIG_ZIG, where the caller says, in the environment of the interpreter, in that of Zlig, on the path", async () => {
    const root = tree();
    const env: NodeJS.ProcessEnv = {
      ZLIG_ZIG: join(root, "chosen/zig"),
      ZLIG_ZIGLANG: join(root, "build/zig"),
      PATH: join(root, "path"),
    };
    const places = { given: join(root, "given/zig"), ziglang: join(root, "environment/zig") };
    const path = async (...args: Parameters<typeof findZig>): Promise<string> =>
      relative(root, (await findZig(...args)).executable);
    expect(await path(places, env)).toBe("chosen/zig");
    delete env["ZLIG_ZIG"];
    expect(await path(places, env)).toBe("given/zig");
    expect(await path({ ziglang: places.ziglang }, env)).toBe("environment/zig");
    expect(await path({}, env)).toBe("build/zig");
    delete env["ZLIG_ZIGLANG"];
    expect(await path({}, env)).toBe("path/zig");
  });

  test("with its version and library folder", async () => {
    const root = makeTree({
      "flat/zig": zig("0.16.0"),
      "flat/lib/std/std.zig": "",
      "usr/bin/zig": zig("0.16.0"),
      "usr/lib/zig/std/std.zig": "",
      "links/zig": { link: "../flat/zig" },
      "bare/zig": zig("0.16.0"),
    });
    const find = (path: string): ReturnType<typeof findZig> => findZig({ given: join(root, path) }, {});
    expect(await find("flat/zig")).toEqual({
      executable: join(root, "flat/zig"),
      version: "0.16.0",
      libDir: join(root, "flat/lib"),
    });
    expect((await find("usr/bin/zig")).libDir).toBe(join(root, "usr/lib/zig"));
    expect((await find("links/zig")).libDir).toBe(join(root, "flat/lib"));
    expect((await find("bare/zig")).libDir).toBeUndefined();
  });

  test("passing over what does not work or is too old, where another one is found", async () => {
    const root = makeTree({ "broken/zig": broken, "old/zig": zig("0.14.1"), "good/zig": zig("0.16.0") });
    const found = await findZig(
      { ziglang: join(root, "broken/zig") },
      { ZLIG_ZIGLANG: join(root, "old/zig"), PATH: join(root, "good") },
    );
    expect(found.executable).toBe(join(root, "good/zig"));
  });

  test("by a relative path, which is made absolute: it is run from another folder", async () => {
    const root = tree();
    const path = relative(process.cwd(), join(root, "given/zig"));
    expect((await findZig({ given: path }, {})).executable).toBe(join(root, "given/zig"));
    expect((await findZig({}, { ZLIG_ZIG: path })).executable).toBe(join(root, "given/zig"));
  });

  test("by a name on the path", async () => {
    const root = makeTree({ "bin/zig-16": zig("0.16.0"), "bin/zig": zig("0.17.1") });
    const PATH = join(root, "bin");
    expect((await findZig({}, { ZLIG_ZIG: "zig-16", PATH })).executable).toBe(join(root, "bin/zig-16"));
    expect((await findZig({ given: "zig-16" }, { PATH })).executable).toBe(join(root, "bin/zig-16"));
  });
});

describe("Zig that cannot be used", () => {
  test("is missing where there is none at all, or none that works", async () => {
    const root = makeTree({ "broken/zig": broken });
    for (const env of [{}, { PATH: join(root, "broken") }]) {
      const error = await errorOf(findZig({}, env));
      expect(error.code).toBe("zig-missing");
      expect(error.hint).toContain('`pip install "ziglang>=0.15.1,<0.18"`');
    }
  });

  test("that is named is told, and no other is taken in its stead", async () => {
    const root = makeTree({ "broken/zig": broken, "path/zig": zig("0.16.0") });
    const env = { PATH: join(root, "path") };
    const chosen = await errorOf(findZig({}, { ...env, ZLIG_ZIG: join(root, "gone/zig") }));
    expect(chosen).toMatchObject({ code: "zig-missing" });
    expect(chosen.message).toBe(`\`ZLIG_ZIG\` names "${join(root, "gone/zig")}", which could not be run as Zig`);
    const given = await errorOf(findZig({ given: join(root, "broken/zig") }, env));
    expect(given.message).toBe(`\`--zig\` names "${join(root, "broken/zig")}", which could not be run as Zig`);
  });

  test("for its version is told with it and the range", async () => {
    const root = makeTree({ "old/zig": zig("0.14.1"), "new/zig": zig("0.18.0") });
    const error = await errorOf(findZig({ ziglang: join(root, "old/zig") }, { PATH: join(root, "new") }));
    expect(error.code).toBe("zig-version");
    expect(error.message).toBe(
      `Zig 0.14.1 at ${join(root, "old/zig")} is outside the supported range (0.15.1 up to, not including, 0.18.0)`,
    );
    expect((await errorOf(findZig({ given: join(root, "new/zig") }, {}))).code).toBe("zig-version");
  });

  test("is undefined where only a supported one is asked for", async () => {
    const root = makeTree({ "old/zig": zig("0.14.1"), "good/zig": zig("0.16.0") });
    expect(await findSupportedZig({ ziglang: join(root, "old/zig") }, {})).toBeUndefined();
    expect(await findSupportedZig({}, { ZLIG_ZIG: join(root, "gone") })).toBeUndefined();
    expect((await findSupportedZig({ ziglang: join(root, "good/zig") }, {}))?.version).toBe("0.16.0");
  });

  test("is not looked for any more when cancelled", async () => {
    const root = makeTree({ "slow/zig": { content: "#!/bin/sh\nexec sleep 60\n", mode: 0o755 } });
    const controller = new AbortController();
    setTimeout(() => {
      controller.abort();
    }, 100);
    const started = performance.now();
    const error = await errorOf(findZig({ given: join(root, "slow/zig") }, {}, controller.signal));
    expect(error.code).toBe("cancelled");
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
