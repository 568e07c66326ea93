import { isAbsolute, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { errorCodes } from "../../core/error-codes.ts";
import type { ZligError } from "../../core/error.ts";
import type { Location, Range } from "../../core/location.ts";
import { toPosix } from "../../core/project/containment.ts";
import { version } from "../../core/version.ts";
import { printable, shortPath } from "../text.ts";

/** The path below a folder, with `/`; `undefined` when it lies elsewhere. */
function pathBelow(folder: string, file: string): string | undefined {
  const path = toPosix(relative(folder, file));
  return path === "" || path === ".." || path.startsWith("../") || isAbsolute(path) ? undefined : path;
}

/** Escapes a value of a workflow command, as GitHub Actions reads it. */
function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** The place as GitHub takes it: columns count only within one line. */
function placeProperties({ start, end }: Range): [string, string][] {
  return [
    ["line", String(start.line + 1)],
    ["endLine", String(end.line + 1)],
    ...(start.line === end.line
      ? ([
          ["col", String(start.character + 1)],
          ["endColumn", String(end.character + 1)],
        ] as [string, string][])
      : []),
  ];
}

/**
 * Problems as workflow commands of GitHub Actions: annotations at their lines. Lines and columns are one-based.
 * @param env `GITHUB_WORKSPACE` is the folder that annotations name files from
 */
export function githubText(problems: readonly ZligError[], env: NodeJS.ProcessEnv): string {
  const { GITHUB_WORKSPACE: workspace = "" } = env;
  const nameOf = ({ file }: Location): string =>
    (workspace === "" ? undefined : pathBelow(workspace, file)) ?? toPosix(shortPath(file));
  return problems
    .map(({ severity, code, message, hint, location }) => {
      const properties: [string, string][] = [
        ...(location === undefined ? [] : ([["file", nameOf(location)]] as [string, string][])),
        ...(location?.range === undefined ? [] : placeProperties(location.range)),
        ["title", code],
      ];
      const written = properties.map(([name, value]) => `${name}=${escapeProperty(value)}`).join(",");
      const text = printable(hint === undefined ? message : `${message}\n${hint}`);
      return `::${severity} ${written}::${escapeData(text)}\n`;
    })
    .join("");
}

/** A place as SARIF has it: one-based, the end column the one behind the last character. */
function physicalLocation(root: string, { file, range }: Location): unknown {
  const path = pathBelow(root, file);
  return {
    artifactLocation:
      path === undefined
        ? { uri: pathToFileURL(file).href }
        : { uri: path.split("/").map(encodeURIComponent).join("/"), uriBaseId: "PROJECT" },
    ...(range === undefined
      ? {}
      : {
          region: {
            startLine: range.start.line + 1,
            startColumn: range.start.character + 1,
            endLine: range.end.line + 1,
            endColumn: range.end.character + 1,
          },
        }),
  };
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
        results: problems.map(({ severity, code, message, hint, location, related }) => ({
          ruleId: code,
          ruleIndex: codes.indexOf(code),
          level: severity,
          message: { text: hint === undefined ? message : `${message}\n${hint}` },
          locations: location === undefined ? [] : [{ physicalLocation: physicalLocation(root, location) }],
          ...(related.length === 0
            ? {}
            : {
                relatedLocations: related.map((one) => ({
                  physicalLocation: physicalLocation(root, one.location),
                  message: { text: one.message },
                })),
              }),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}
