import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { execa } from "execa";

/** The main job, as a stranger does it: an environment, `pip install` of a project with a C extension, and an import. */
const environment = resolve(".cache/demo");
const bin = join(environment, process.platform === "win32" ? "Scripts" : "bin");
const python = join(bin, process.platform === "win32" ? "python.exe" : "python");

async function step(
  title: string,
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<void> {
  console.log(`\n> ${title}`);
  const result = await execa(command, args, { stdio: "inherit", env, reject: false });
  if (result.failed) {
    console.error(`\nThe demo stopped: "${command} ${args.join(" ")}" failed.`);
    process.exit(1);
  }
}

await mkdir(".cache", { recursive: true });
if (!existsSync(python)) {
  const host = process.env["ZLIG_TEST_PYTHON"] ?? (process.platform === "win32" ? "python" : "python3");
  await step("make an environment", host, ["-m", "venv", environment]);
}
// The wheel of Zlig that was just built stands in for the one on PyPI; Zig itself comes from there.
await step("pip install examples/demo (in build isolation: Zig comes from PyPI, no compiler is needed)", python, [
  "-m",
  "pip",
  "install",
  "--disable-pip-version-check",
  "--force-reinstall",
  "--no-deps",
  "--find-links",
  "dist",
  "./examples/demo",
]);
await step("import it", python, ["-c", "from demo import add; print('add(40, 2) =', add(40, 2))"]);
