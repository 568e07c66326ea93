import { cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Metafile } from "esbuild";
import { build } from "esbuild";
import { ziglangRequirement } from "../server/core/toolchain/zig.ts";
import { buildExtension } from "./build-extension.ts";
import { thirdPartyNotices } from "./notices.ts";

/** Packages of the CommonJS kind reach Node's own modules through `require`, which an ES module has to make. */
const requireForCommonJs =
  'import { createRequire as zligRequire } from "node:module"; const require = zligRequire(import.meta.url);';

const result = await build({
  entryPoints: { zlig: "server/cli/zlig.ts", server: "server/lsp/server.ts" },
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
const extension = await buildExtension();
await writeFile("dist/package.json", `${JSON.stringify({ type: "module" })}\n`);
await writeFile("dist/requirements.json", `${JSON.stringify({ ziglang: ziglangRequirement })}\n`);

/** An output and every other one that it imports, at once or later. */
function reachable(outputs: Metafile["outputs"], from: string): readonly string[] {
  const found = new Set([from]);
  for (const output of found)
    for (const { path, external } of outputs[output]?.imports ?? []) if (external !== true) found.add(path);
  return [...found];
}

/**
 * Puts outputs into a folder, with the licences of what is in them, and takes away what earlier builds left there.
 * @param others further files of `dist` that belong there
 */
async function refresh(folder: string, outputs: Metafile["outputs"], others: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = [...Object.keys(outputs), ...others];
  const names = new Set(files.map((file) => basename(file)));
  for (const file of files) if (join(folder, basename(file)) !== file) await cp(file, join(folder, basename(file)));
  const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  await writeFile(join(folder, "THIRD_PARTY_NOTICES.txt"), await thirdPartyNotices(inputs));
  for (const name of await readdir(folder))
    if (!names.has(name) && /\.(?:js|json)$/.test(name)) await rm(join(folder, name));
}

const { outputs } = result.metafile;
const others = ["dist/package.json", "dist/requirements.json"];
await refresh("dist", { ...outputs, ...extension.outputs }, others);
// The Python package has no use for an editor's parts.
const core = reachable(outputs, "dist/zlig.js");
await refresh(
  "python-backend/src/zlig/_core",
  Object.fromEntries(Object.entries(outputs).filter(([path]) => core.includes(path))),
  others,
);
