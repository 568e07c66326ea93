import type { ErrorCodeFacts } from "../../server/core/error-codes.ts";
import { errorCodes } from "../../server/core/error-codes.ts";

const faults: Readonly<Record<number, string>> = {
  1: "the project",
  2: "the command line",
  3: "the environment",
  130: "nobody: you cancelled",
};

/** `docs/errors.md`: a section for each error code. */
export function errorsPage(): string {
  const sections = Object.entries(errorCodes as Readonly<Record<string, ErrorCodeFacts>>).map(
    ([code, { exitCode, cause, cure }]) =>
      `## ${code}\n\n**What happened.** ${cause}\n\n**What to do.** ${cure}\n\nExit code ${exitCode}; at fault: ${faults[exitCode] ?? ""}.\n`,
  );
  return `# Error codes

<!-- Generated from server/core/error-codes.ts by \`npm run generate\`. -->

Each problem that Zlig reports has one of these codes. They are stable: scripts may rely on them.

${sections.join("\n")}`;
}
