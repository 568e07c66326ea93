import { existsSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { findPythons } from "./support/toolchain.ts";
import { venvOf, venvWith } from "./support/venv.ts";

/**
 * Every test of the project, on a machine that has Node with npm, Python 3 with headers, and the registries of npm, PyPI
 * and (for the browser) the system: static checks, vitest's projects, the Python package's own tests. Ends with one line
 * that counts them all.
 */
interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const total: Counts = { passed: 0, failed: 0, skipped: 0 };
const started = performance.now();
const reports = resolve(".cache/test/reports");

function heading(title: string): void {
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`\n== ${title} (after ${seconds} s)`);
}

function add(counts: Partial<Counts>): void {
  total.passed += counts.passed ?? 0;
  total.failed += counts.failed ?? 0;
  total.skipped += counts.skipped ?? 0;
}

async function staticChecks(): Promise<void> {
  heading("static checks");
  const result = await execa("node", ["scripts/lint.ts"], {
    reject: false,
    stdout: ["pipe", "inherit"],
    stderr: "inherit",
  });
  const counts = /^(\d+) of (\d+) static checks passed$/m.exec(result.stdout);
  if (counts === null) add({ failed: 1 });
  else add({ passed: Number(counts[1]), failed: Number(counts[2]) - Number(counts[1]) });
}

async function vitest(project: string, env: Record<string, string>): Promise<void> {
  heading(`vitest: ${project}`);
  const report = join(reports, `${project}.json`);
  await rm(report, { force: true });
  const args = ["run", "--project", project, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const result = await execa("vitest", args, { stdio: "inherit", reject: false, preferLocal: true, env });
  if (!existsSync(report)) {
    console.error(`vitest made no report for ${project}`);
    add({ failed: 1 });
    return;
  }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, success } = JSON.parse(
    await readFile(report, "utf8"),
  ) as {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    numTodoTests: number;
    success: boolean;
  };
  add({ passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests });
  // A file that cannot be loaded, or an error outside a test, fails the run without failing a test.
  if (numFailedTests === 0 && (!success || result.exitCode !== 0)) add({ failed: 1 });
}

async function pythonTests(): Promise<void> {
  const supported = findPythons().filter(({ version }) => version[1] >= 9);
  for (const { executable, version } of new Set([supported[0], supported.at(-1)].filter((one) => one !== undefined))) {
    heading(`pytest of the Python package, with Python ${version.join(".")}`);
    const { python } = await venvOf(executable, "pytest", ["pytest==8.4.2"]);
    const result = await execa(python, ["-m", "pytest", "-q"], {
      cwd: "python-backend",
      reject: false,
      stdout: ["pipe", "inherit"],
      stderr: "inherit",
    });
    const count = (word: string): number =>
      Number(new RegExp(`(\\d+) ${word}`).exec(result.stdout.split("\n").at(-1) ?? "")?.[1] ?? 0);
    const counts = { passed: count("passed"), failed: count("failed") + count("error"), skipped: count("skipped") };
    if (result.exitCode !== 0 && counts.failed === 0) counts.failed = 1;
    add(counts);
  }
}

await mkdir(reports, { recursive: true });
const pythons = findPythons();
console.log(`Python: ${pythons.map(({ version, executable }) => `${version.join(".")} at ${executable}`).join(", ")}`);
if (!pythons.some(({ version }) => version[1] >= 11)) {
  console.error("The tests need a CPython 3.11 or newer with its headers (python3-dev); name one in ZLIG_TEST_PYTHON.");
  process.exit(3);
}
heading("Zig from PyPI");
const zigVenv = await venvWith("ziglang", ["ziglang==0.17.1"]);
const { stdout: zig } = await execa(zigVenv.python, [
  "-c",
  "import ziglang, os; print(os.path.join(os.path.dirname(ziglang.__file__), 'zig'))",
]);
const env = { ZLIG_ZIG: zig };
console.log(zig);

const only = process.argv.slice(2);
const wanted = (name: string): boolean => only.length === 0 || only.includes(name);
if (wanted("lint")) await staticChecks();
for (const project of ["unit", "protocol", "build", "editor"]) if (wanted(project)) await vitest(project, env);
if (wanted("python")) await pythonTests();

console.log(`\nTook ${Math.round((performance.now() - started) / 1000)} s`);
const skipped = total.skipped === 0 ? "" : `, ${total.skipped} skipped`;
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
// A skipped test counts as a failure: the README names no reason to skip one.
process.exitCode = total.failed + total.skipped === 0 ? 0 : 1;
