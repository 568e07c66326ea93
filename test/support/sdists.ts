import { join } from "node:path";
import { execa } from "execa";
import { testCache, venvWith } from "./venv.ts";

/**
 * Downloads and unpacks sdists from the index that pip is configured for; they are kept between runs.
 * @param pins `name==version`
 * @returns the folder of each, in the same order
 */
export async function unpackedSdists(pins: readonly string[]): Promise<readonly string[]> {
  const { python } = await venvWith("fetch", ["pip==25.3"], "hasattr(__import__('tarfile'), 'data_filter')");
  const root = join(testCache, "sdists");
  await execa(python, [join(import.meta.dirname, "fetch_sdists.py"), root, ...pins]);
  return pins.map((pin) => join(root, pin.replace("==", "-")));
}
