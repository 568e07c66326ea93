import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { cacheFolder } from "../core/toolchain/cache-folder.ts";

// Before anything else is loaded: V8 then keeps the compiled form of the bundle.
try {
  enableCompileCache(join(cacheFolder(), "node"));
} catch {
  // It only saves time: a cache that cannot be used is no reason to fail.
}

// Who reads the output may leave early (`zlig info | head -1`): there is no one to tell of it.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

const { crash, main } = await import("./main.ts");
const args = process.argv.slice(2);
process.once("uncaughtException", (error) => {
  process.exit(crash(args, error));
});
process.exitCode = await main(args);
