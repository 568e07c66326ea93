import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * The path of a file URI, in one form however the client writes it: `file:///c%3A/x` and `file:///C:/x` are one file.
 * `undefined` for anything that is not a file of this machine.
 */
export function pathOf(uri: string): string | undefined {
  if (!uri.startsWith("file:")) return undefined;
  try {
    const path = fileURLToPath(uri);
    return path.replace(/^[a-z](?=:)/, (drive) => drive.toUpperCase());
  } catch {
    return undefined;
  }
}

/** The URI of a path. */
export function uriOf(path: string): string {
  return pathToFileURL(path).href;
}
