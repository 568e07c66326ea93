import {
  chmodSync,
  closeSync,
  openSync,
  readFileSync,
  rmSync,
  readSync,
  readdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Cache } from "../../../server/core/engine/cache.ts";
import { Digests } from "../../../server/core/engine/digests.ts";
import { installInPlace, removeInPlace } from "../../../server/core/engine/in-place.ts";
import type { BuiltModule } from "../../../server/core/engine/run-plan.ts";
import type { BuildEvent } from "../../../server/core/event.ts";
import { errorOf } from "../../support/problem.ts";
import { makeExtension } from "../../support/project.ts";
import { makeFolder, makeTree } from "../../support/tree.ts";

const path = "src/demo/_c.cpython-312-x86_64-linux-gnu.so";

interface Scene {
  root: string;
  cache: Cache;
  events: BuildEvent[];
  /** Installs a module of that content, as a build of its own would. */
  install: (content: string, whenReadOnly?: "keep-in-cache" | "fail") => Promise<void>;
}

async function scene(files: Record<string, string> = {}): Promise<Scene> {
  const root = makeTree({ "src/demo/__init__.py": "", ...files });
  const cache = await Cache.open(makeFolder());
  const events: BuildEvent[] = [];
  return {
    root,
    cache,
    events,
    async install(content, whenReadOnly = "fail") {
      const file = join(await cache.scratch(), "m.so");
      writeFileSync(file, content);
      const { digest } = await cache.adopt(file, "so");
      const extension = makeExtension("demo._c", ["src/demo/_c.c"]);
      const artefact = { extension, product: "module:demo._c", path, archivePath: "demo/_c.so", steps: [] } as const;
      const built = { artefact, digest, binary: {} as BuiltModule["binary"] };
      const digests = await Digests.open(cache, root);
      await installInPlace([built], { root, cache, digests, emit: (event) => events.push(event), whenReadOnly });
    },
  };
}

function states(events: readonly BuildEvent[]): string[] {
  return events.flatMap((event) => (event.event === "artefact" ? [event.state] : []));
}

describe("putting modules in place", () => {
  test("an artefact with the same bytes is left untouched", async () => {
    const { root, install, events } = await scene();
    await install("one");
    const before = statSync(join(root, path), { bigint: true });
    await install("one");
    const after = statSync(join(root, path), { bigint: true });
    expect([after.ino, after.mtimeNs]).toEqual([before.ino, before.mtimeNs]);
    expect(states(events)).toEqual(["written", "unchanged"]);
  });

  test("another one replaces it by a rename: who has the old one open keeps it", async () => {
    const { root, install } = await scene();
    await install("one");
    const open = openSync(join(root, path), "r");
    await install("two");
    const old = Buffer.alloc(3);
    readSync(open, old);
    closeSync(open);
    expect(old.toString()).toBe("one");
    expect(readFileSync(join(root, path), "utf8")).toBe("two");
    expect(statSync(join(root, path)).mode & 0o777).toBe(0o755);
  });

  test("what a killed build left in the folder goes, artefacts of other interpreters stay", async () => {
    const other = "src/demo/_c.cpython-311-x86_64-linux-gnu.so";
    const { root, install } = await scene({
      "src/demo/._c.so.abc.zlig-tmp": "half",
      [other]: "311",
      "src/demo/_c.abi3.so": "abi3",
    });
    await install("one");
    expect(readdirSync(join(root, "src/demo")).sort()).toEqual(
      ["__init__.py", "_c.abi3.so", "_c.cpython-311-x86_64-linux-gnu.so", "_c.cpython-312-x86_64-linux-gnu.so"].sort(),
    );
  });

  test("what another build is at work on in the folder stays", async () => {
    const living = `._c.so.${process.ppid}-0123456789ab.zlig-tmp`;
    const dead = "._c.so.999999999-0123456789ab.zlig-tmp";
    const { root, install } = await scene({ [`src/demo/${living}`]: "half", [`src/demo/${dead}`]: "half" });
    await install("one");
    const left = readdirSync(join(root, "src/demo"));
    expect(left).toContain(living);
    expect(left).not.toContain(dead);
  });

  test("what cannot be written is named in words, with what to do about it", async () => {
    const { root, install } = await scene({ [`${path}/a`]: "a folder in the artefact's place" });
    const error = await errorOf(install("one"));
    expect(error).toMatchObject({
      code: "output-unwritable",
      message: `${join(root, path)} cannot be written: a folder is in its place`,
      hint: expect.stringContaining("zlig wheel --out-dir") as string,
    });
    expect(readdirSync(join(root, "src/demo")).filter((name) => name.startsWith("."))).toEqual([]);
  });

  test("a deleted artefact comes back", async () => {
    const { root, install, cache } = await scene();
    await install("one");
    const digests = await Digests.open(cache, root);
    expect(await removeInPlace(root, cache, digests, () => true)).toEqual({ removed: [path], foreign: [] });
    await install("one");
    expect(readFileSync(join(root, path), "utf8")).toBe("one");
  });
});

describe.skipIf(process.platform === "win32")("a project that may not be written", () => {
  /** Does work as a user without rights: the tests may run as root, whom no permission stops. */
  async function unprivileged<Result>(work: () => Promise<Result>): Promise<Result> {
    if (process.geteuid?.() !== 0) return work();
    process.seteuid?.(65534);
    try {
      return await work();
    } finally {
      process.seteuid?.(0);
    }
  }

  async function readOnly(): Promise<Scene> {
    const made = await scene({ [path]: "old" });
    chmodSync(made.root, 0o755);
    chmodSync(join(made.root, "src/demo"), 0o555);
    for (const folder of [join(made.cache.folder, ".."), ...folders(made.cache.folder)]) chmodSync(folder, 0o777);
    return made;
  }

  const folders = (folder: string): string[] => [
    folder,
    ...readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? folders(join(folder, entry.name)) : [],
    ),
  ];

  test("keeps the modules in the cache for a wheel", async () => {
    const { root, install, events } = await readOnly();
    await unprivileged(() => install("new", "keep-in-cache"));
    chmodSync(join(root, "src/demo"), 0o755);
    expect(states(events)).toEqual(["kept-in-cache"]);
    expect(readFileSync(join(root, path), "utf8")).toBe("old");
    expect(readdirSync(join(root, "src/demo")).filter((name) => name.endsWith(".zlig-tmp"))).toEqual([]);
  });

  test("fails a build in place, and takes nothing for its own", async () => {
    const { root, cache, install, events } = await readOnly();
    const error = await unprivileged(() => errorOf(install("new", "fail")));
    chmodSync(join(root, "src/demo"), 0o755);
    expect(error).toMatchObject({ code: "output-unwritable", exitCode: 3 });
    expect(states(events)).toEqual([]);
    const digests = await Digests.open(cache, root);
    expect(await removeInPlace(root, cache, digests, () => true)).toEqual({ removed: [], foreign: [] });
    expect(readFileSync(join(root, path), "utf8")).toBe("old");
  });
});

test("what two builds wrote at once is known of both", async () => {
  const { root, cache, install } = await scene();
  await install("one");
  const other = "src/demo/_c.cpython-311-x86_64-linux-gnu.so";
  const digests = await Digests.open(cache, root);
  // Another build ends while this one is at work: between the reading of what is installed and the writing.
  const file = join(await cache.scratch(), "m.so");
  writeFileSync(file, "two");
  const { digest } = await cache.adopt(file, "so");
  const extension = makeExtension("demo._c", ["src/demo/_c.c"]);
  const artefact = { extension, product: "module:demo._c", path: other, archivePath: "demo/_c.so", steps: [] } as const;
  const built = { artefact, digest, binary: {} as BuiltModule["binary"] };
  let third: Promise<void> | undefined;
  const emit = (event: BuildEvent): void => {
    if (event.event === "artefact") third ??= install("three");
  };
  await installInPlace([built], { root, cache, digests, emit, whenReadOnly: "fail" });
  await third;
  const { removed } = await removeInPlace(root, cache, await Digests.open(cache, root), () => true);
  expect([...removed].sort()).toEqual([other, path].sort());
});

describe("removing modules", () => {
  test("takes only what is still as it was written", async () => {
    const { root, install, cache } = await scene();
    await install("one");
    writeFileSync(join(root, path), "somebody else's");
    const digests = await Digests.open(cache, root);
    expect(await removeInPlace(root, cache, digests, () => true)).toEqual({ removed: [], foreign: [path] });
    expect(readFileSync(join(root, path), "utf8")).toBe("somebody else's");
  });

  test("takes nothing that Zlig did not write", async () => {
    const { root, install, cache } = await scene({ "src/demo/other.so": "not ours", "src/demo/_d.so": "not ours" });
    await install("one");
    await removeInPlace(root, cache, await Digests.open(cache, root), () => true);
    expect(readdirSync(join(root, "src/demo")).sort()).toEqual(["__init__.py", "_d.so", "other.so"]);
  });

  test("forgets what is gone, so that a file that comes to its place later is nobody's but its maker's", async () => {
    const { root, install, cache } = await scene();
    await install("one");
    rmSync(join(root, path));
    expect(await removeInPlace(root, cache, await Digests.open(cache, root), () => true)).toEqual({
      removed: [],
      foreign: [],
    });
    writeFileSync(join(root, path), "one");
    await removeInPlace(root, cache, await Digests.open(cache, root), () => true);
    expect(readFileSync(join(root, path), "utf8")).toBe("one");
  });

  test("takes only what is wanted", async () => {
    const { root, install, cache } = await scene();
    await install("one");
    const digests = await Digests.open(cache, root);
    expect(await removeInPlace(root, cache, digests, () => false)).toEqual({ removed: [], foreign: [] });
    expect(readFileSync(join(root, path), "utf8")).toBe("one");
  });
});

test("builds that end at once for several interpreters all remember what they wrote", async () => {
  const root = makeTree({ "src/demo/__init__.py": "" });
  const cache = await Cache.open(makeFolder());
  const paths = Array.from({ length: 6 }, (_, index) => `src/demo/_c.cpython-3${index + 20}-x86_64-linux-gnu.so`);
  await Promise.all(
    paths.map(async (path) => {
      const file = join(await cache.scratch(), "m.so");
      writeFileSync(file, path);
      const { digest } = await cache.adopt(file, "so");
      const extension = makeExtension("demo._c", ["src/demo/_c.c"]);
      const artefact = { extension, product: "module:demo._c", path, archivePath: "demo/_c.so", steps: [] } as const;
      const built = { artefact, digest, binary: {} as BuiltModule["binary"] };
      const digests = await Digests.open(cache, root);
      await installInPlace([built], { root, cache, digests, emit: () => undefined, whenReadOnly: "fail" });
    }),
  );
  const { removed } = await removeInPlace(root, cache, await Digests.open(cache, root), () => true);
  expect([...removed].sort()).toEqual(paths);
});
