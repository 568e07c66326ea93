import { execa } from "execa";
import { venvWith } from "../test/support/venv.ts";

/** Every static check. All run, so that one run shows everything; the first failure decides the exit code. */
const { bin } = await venvWith("lint", ["ruff==0.17.6", "mypy==1.19.1", "pytest<9"]);

const checks: readonly (readonly [title: string, command: string, args: readonly string[], cwd?: string])[] = [
  ["types", "tsc", ["-p", "."]],
  ["eslint", "eslint", ["--max-warnings", "0", "."]],
  ["formatting", "prettier", ["--check", "--log-level", "warn", "."]],
  ["dead code", "knip", []],
  ["generated files", "node", ["scripts/generate.ts", "--check"]],
  ["names of hosts and machines", "node", ["scripts/check-names.ts"]],
  ["ruff", `${bin}/ruff`, ["check", "--quiet", "."], "python-backend"],
  ["ruff format", `${bin}/ruff`, ["format", "--quiet", "--check", "."], "python-backend"],
  ["mypy", `${bin}/mypy`, ["--no-error-summary"], "python-backend"],
];

let failed = 0;
for (const [title, command, args, cwd] of checks) {
  const result = await execa(command, args, {
    preferLocal: true,
    reject: false,
    all: true,
    ...(cwd === undefined ? {} : { cwd }),
  });
  console.log(`${result.failed ? "FAILED" : "passed"}  ${title}`);
  if (!result.failed) continue;
  failed++;
  console.log(result.all);
}
console.log(`${checks.length - failed} of ${checks.length} static checks passed`);
process.exitCode = failed === 0 ? 0 : 1;
