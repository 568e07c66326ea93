import { relative } from "node:path";
import { pathToFileURL } from "node:url";
import { errorCodes } from "../../core/error-codes.ts";
import type { ZligError } from "../../core/error.ts";
import { toPosix } from "../../core/project/containment.ts";
import { version } from "../../core/version.ts";
import { shortPath } from "../text.ts";

/** Escapes a value of a workflow command, as GitHub Actions reads it. */
function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** Problems as workflow commands of GitHub Actions: annotations at their lines. Lines and columns are one-based. */
export function githubText(problems: readonly ZligError[]): string {
  return problems
    .map(({ severity, code, message, hint, location }) => {
      const range = location?.range;
      const properties: [string, string][] = [
        ...(location === undefined ? [] : ([["file", toPosix(shortPath(location.file))]] as [string, string][])),
        ...(range === undefined
          ? []
          : ([
              ["line", String(range.start.line + 1)],
              ["endLine", String(range.end.line + 1)],
              ["col", String(range.start.character + 1)],
              ["endColumn", String(range.end.character + 1)],
            ] as [string, string][])),
        ["title", code],
      ];
      const written = properties.map(([name, value]) => `${name}=${escapeProperty(value)}`).join(",");
      return `::${severity} ${written}::${escapeData(hint === undefined ? message : `${message}\n${hint}`)}\n`;
    })
    .join("");
}

/** Problems as a SARIF 2.1.0 log. Lines and columns are one-based, columns in UTF-16 code units. */
export function sarifText(problems: readonly ZligError[], root: string): string {
  const codes = [...new Set(problems.map((problem) => problem.code))].sort();
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "zlig",
            version,
            rules: codes.map((id) => ({
              id,
              shortDescription: { text: errorCodes[id].cause },
              help: { text: errorCodes[id].cure },
            })),
          },
        },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { PROJECT: { uri: `${pathToFileURL(root).href}/` } },
        results: problems.map(({ severity, code, message, hint, location }) => ({
          ruleId: code,
          level: severity,
          message: { text: hint === undefined ? message : `${message}\n${hint}` },
          locations:
            location === undefined
              ? []
              : [
                  {
                    physicalLocation: {
                      artifactLocation: {
                        uri: encodeURI(toPosix(relative(root, location.file))),
                        uriBaseId: "PROJECT",
                      },
                      ...(location.range === undefined
                        ? {}
                        : {
                            region: {
                              startLine: location.range.start.line + 1,
                              startColumn: location.range.start.character + 1,
                              endLine: location.range.end.line + 1,
                              endColumn: location.range.end.character + 1,
                            },
                          }),
                    },
                  },
                ],
        })),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}
