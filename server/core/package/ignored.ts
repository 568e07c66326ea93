import { isTemporaryName } from "./atomic-file.ts";

/**
 * Folders that never hold anything to ship: bytecode, version control, tools' caches. Names that a package can rightly
 * have (`build`, `dist`, `env`, `node_modules`, a template's `.github`) are not among them.
 */
const ignoredFolders = new Set([
  "__pycache__",
  "__MACOSX",
  ".git",
  ".hg",
  ".svn",
  ".bzr",
  ".jj",
  "_darcs",
  "CVS",
  ".mypy_cache",
  ".pytest_cache",
  ".ruff_cache",
  ".hypothesis",
  ".ipynb_checkpoints",
  ".tox",
  ".nox",
  ".venv",
  ".zig-cache",
  "zig-cache",
  "zig-out",
]);

/** Bytecode, editors' and patch's leftovers, and what file managers write. */
const ignoredFile =
  /\.py[co]$|~$|^\.#|^#.*#$|^\..+\.sw[a-p]$|^(\.DS_Store|\._.*|Thumbs\.db|ehthumbs\.db|desktop\.ini)$/;

/** Names of outputs and environments: not followed when the whole project is searched, however a package below may be named. */
const outputFolder = /^(build|dist|node_modules|venv|env|\..*|.*\.egg-info|.*\.dist-info)$/;

/** Whether a folder's content never goes into an archive. */
export function isIgnoredFolder(name: string): boolean {
  return ignoredFolders.has(name);
}

/** Whether a file never goes into an archive. */
export function isIgnoredFile(name: string): boolean {
  return ignoredFile.test(name) || isTemporaryName(name);
}

/** Whether a folder is, by its name, an output of some build or an environment. */
export function isOutputFolder(name: string): boolean {
  return outputFolder.test(name);
}
