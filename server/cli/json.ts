import type { ZligError } from "../core/error.ts";
import type { BuildEvent } from "../core/event.ts";

/** A problem as the JSON stream has it. Lines and characters are zero-based, characters in UTF-16 code units (as in LSP). */
export function problemJson(problem: ZligError): Readonly<Record<string, unknown>> {
  const { code, severity, message, hint, location, related } = problem;
  return {
    code,
    severity,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(location === undefined ? {} : { location }),
    ...(related.length === 0 ? {} : { related }),
  };
}

/** An event of a build as one JSON object. Places in diagnostics count characters in bytes of UTF-8, as clang does. */
export function eventJson(event: BuildEvent): Readonly<Record<string, unknown>> {
  switch (event.event) {
    case "problem":
      return { event: "problem", ...problemJson(event.problem) };
    case "diagnostic":
      return { event: "diagnostic", extension: event.extension, ...event.diagnostic };
    case "step":
    case "artefact":
    case "notice":
      return { ...event };
  }
}
