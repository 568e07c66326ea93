import { execFileSync } from "node:child_process";
import { findPython } from "../../support/python.ts";

// Python 3.15 reads TOML 1.1; the versions before it are the judges of 1.0.
const python = findPython("(3, 11) <= sys.version_info < (3, 15) and __import__('tomllib')");

const program = `
import json, sys, tomllib
def judge(text):
    try:
        tomllib.loads(text)
    except Exception as error:
        return str(error) or type(error).__name__
json.dump([judge(text) for text in json.load(sys.stdin)], sys.stdout)
`;

/** Asks Python's own reader about many texts in one process: for each its error, or null. The texts are well-formed UTF-16. */
export function tomllibErrors(texts: readonly string[]): (string | null)[] {
  const output = execFileSync(python, ["-X", "utf8", "-c", program], {
    input: JSON.stringify(texts),
    maxBuffer: 1 << 28,
  });
  return JSON.parse(output.toString()) as (string | null)[];
}
