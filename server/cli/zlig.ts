import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { cacheFolder } from "../core/toolchain/cache-folder.ts";

// Before anything else is loaded: V8 then keeps the compiled form of the bundle.
try {
  enableCompileCache(join(cacheFolder(), "node"));
} catch {
  // It only saves time: a cache that cannot be used is no reason to fail.
}

const { main } = await import("./main.ts");
process.exitCode = await main(process.argv.slice(2));
