import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { expect, test } from "vitest";
import { cacheFolder } from "../../../server/core/toolchain/cache-folder.ts";

test("the cache folder is the one in ZLIG_CACHE_DIR, made absolute", () => {
  const absolute = join(process.cwd(), "somewhere");
  expect(cacheFolder({ ZLIG_CACHE_DIR: absolute })).toBe(absolute);
  expect(cacheFolder({ ZLIG_CACHE_DIR: "somewhere" })).toBe(absolute);
});

test("without it, the platform's place for caches", () => {
  for (const env of [{}, { ZLIG_CACHE_DIR: "" }]) {
    expect(isAbsolute(cacheFolder(env))).toBe(true);
    expect(cacheFolder(env)).toMatch(/zlig/);
  }
});

test.runIf(process.platform === "linux")("on Linux XDG_CACHE_HOME counts when it is absolute", () => {
  expect(cacheFolder({ XDG_CACHE_HOME: "/xdg" })).toBe("/xdg/zlig");
  for (const value of ["relative", ""])
    expect(cacheFolder({ XDG_CACHE_HOME: value })).toBe(join(homedir(), ".cache", "zlig"));
});
