import type { Metafile } from "esbuild";
import { build } from "esbuild";

/** Packages of the CommonJS kind reach Node's modules and VS Code's through `require`, which an ES module has to make. */
const requireForCommonJs =
  'import { createRequire as zligRequire } from "node:module"; const require = zligRequire(import.meta.url);';

/**
 * Bundles the VS Code extension into `dist`: an ES module, as VS Code runs them since 1.100, with the language client in a chunk of
 * its own, for activation does not need it.
 * @returns esbuild's account of what went in and what came out
 */
export async function buildExtension(): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: { extension: "extension/activation.ts" },
    outdir: "dist",
    chunkNames: "extension-[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22",
    external: ["vscode"],
    minify: true,
    banner: { js: requireForCommonJs },
    metafile: true,
    logLevel: "warning",
  });
  return metafile;
}
