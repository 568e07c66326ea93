import { cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { ziglangRequirement } from "../server/core/toolchain/zig.ts";
import { thirdPartyNotices } from "./notices.ts";

/** Packages of the CommonJS kind reach Node's own modules through `require`, which an ES module has to make. */
const requireForCommonJs =
  'import { createRequire as zligRequire } from "node:module"; const require = zligRequire(import.meta.url);';

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
await writeFile("dist/THIRD_PARTY_NOTICES.txt", await thirdPartyNotices(Object.keys(result.metafile.inputs)));
await writeFile("dist/requirements.json", `${JSON.stringify({ ziglang: ziglangRequirement })}\n`);

/** Puts the core into a folder and takes away what earlier builds left there. */
async function refresh(folder: string, files: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = new Set(files.map((file) => basename(file)));
  for (const file of files) if (join(folder, basename(file)) !== file) await cp(file, join(folder, basename(file)));
  for (const name of await readdir(folder))
    if (!names.has(name) && /\.(?:js|json)$/.test(name)) await rm(join(folder, name));
}

const files = [
  ...Object.keys(result.metafile.outputs),
  "dist/package.json",
  "dist/requirements.json",
  "dist/THIRD_PARTY_NOTICES.txt",
];
await refresh("dist", files);
await refresh("python-backend/src/zlig/_core", files);
