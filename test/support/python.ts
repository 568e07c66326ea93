import { execFileSync } from "node:child_process";

const names = ["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python3.9"];

/**
 * Finds a Python on the path for which a condition holds.
 * @param condition a Python expression; `sys` is imported
 * @throws if there is none: a test that needs it must not pass without it.
 */
export function findPython(condition = "True"): string {
  const fromEnvironment = process.env["ZLIG_TEST_PYTHON"];
  for (const name of fromEnvironment === undefined ? names : [fromEnvironment, ...names]) {
    try {
      const code = `import sys\nprint(bool(${condition}) and sys.executable or "")`;
      const found = execFileSync(name, ["-c", code], { stdio: ["ignore", "pipe", "ignore"] })
        .toString()
        .trim();
      if (found !== "") return found;
    } catch {
      // Not on the path, or a launcher without that version.
    }
  }
  throw new Error(`no Python on the path for which ${condition}; name one in ZLIG_TEST_PYTHON`);
}

/** Runs Python code and reads the JSON it prints. Arguments are `sys.argv[1:]`. */
export function runPython(
  python: string,
  code: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): unknown {
  const output = execFileSync(python, ["-X", "utf8", "-c", code, ...args], { env: { ...process.env, ...env } });
  return JSON.parse(output.toString());
}
