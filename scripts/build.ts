import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { ziglangRequirement } from "../server/core/toolchain/zig.ts";

/** Packages of the CommonJS kind reach Node's own modules through `require`, which an ES module has to make. */
const requireForCommonJs =
  'import { createRequire as zligRequire } from "node:module"; const require = zligRequire(import.meta.url);';

await rm("dist", { recursive: true, force: true });
const result = await build({
  entryPoints: { zlig: "server/cli/zlig.ts" },
  outdir: "dist",
  chunkNames: "zlig-[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22",
  minify: true,
  keepNames: false,
  loader: { ".py": "text" },
  banner: { js: requireForCommonJs },
  metafile: true,
  logLevel: "warning",
});
await writeFile("dist/package.json", `${JSON.stringify({ type: "module" })}\n`);
await writeFile("dist/requirements.json", `${JSON.stringify({ ziglang: ziglangRequirement })}\n`);

const core = "python-backend/src/zlig/_core";
await rm(core, { recursive: true, force: true });
await mkdir(core, { recursive: true });
for (const file of [...Object.keys(result.metafile.outputs), "dist/package.json", "dist/requirements.json"])
  await cp(file, file.replace(/^dist/, core));
