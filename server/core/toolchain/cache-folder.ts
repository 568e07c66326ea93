import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * The per-user cache folder: `ZLIG_CACHE_DIR`, else the platform's own place for caches.
 * @param env the environment variables to go by
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env["ZLIG_CACHE_DIR"];
  if (chosen !== undefined && chosen !== "") return isAbsolute(chosen) ? chosen : join(process.cwd(), chosen);
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "zlig");
  if (process.platform === "win32")
    return join(env["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), "zlig", "Cache");
  const base = env["XDG_CACHE_HOME"];
  return join(base !== undefined && isAbsolute(base) ? base : join(homedir(), ".cache"), "zlig");
}
