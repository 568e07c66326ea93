import type { Diagnostic, DiagnosticRelatedInformation } from "vscode-languageserver";
import { DiagnosticSeverity } from "vscode-languageserver";
import type { ZligError } from "../core/error.ts";
import type { ErrorCode } from "../core/error-codes.ts";
import type { Location, Range } from "../core/location.ts";

/** What a diagnostic carries for the quick fixes. */
export interface DiagnosticData {
  /** What the text of the range is to be replaced with: the nearest known name. */
  readonly replacement?: string;
  /** Edits the compiler proposes, in UTF-16. */
  readonly fixIts?: readonly { readonly uri: string; readonly range: Range; readonly newText: string }[];
}

/** The start of a file: where a problem about a file as a whole is shown. */
export const fileStart: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** Problems that are worth a word but no warning. */
const gentle: Partial<Readonly<Record<ErrorCode, DiagnosticSeverity>>> = {
  "source-shared": DiagnosticSeverity.Information,
  "artefact-stale": DiagnosticSeverity.Hint,
  "artefact-other-python": DiagnosticSeverity.Information,
};

/** The name that a hint proposes. */
function proposedName(hint: string | undefined): string | undefined {
  return /Did you mean (?:`([^`]+)`|"([^"]+)")\?/
    .exec(hint ?? "")
    ?.slice(1)
    .find(Boolean);
}

/** Turns Zlig's problems into LSP's diagnostics. */
export class DiagnosticRenderer {
  readonly #uri: (path: string) => string;
  readonly #docsBase: () => string | undefined;
  /** Whether the client shows related places. */
  relatedInformation = true;

  constructor(uri: (path: string) => string, docsBase: () => string | undefined) {
    this.#uri = uri;
    this.#docsBase = docsBase;
  }

  /** The docs section of a code. */
  codeDescription(code: ErrorCode): Pick<Diagnostic, "codeDescription"> {
    const base = this.#docsBase();
    if (base === undefined) return {};
    return { codeDescription: { href: `${base.replace(/\/$/, "")}/errors.md#${code}` } };
  }

  #related(
    related: readonly { readonly location: Location; readonly message: string }[],
  ): DiagnosticRelatedInformation[] {
    return related.map(({ location, message }) => ({
      location: { uri: this.#uri(location.file), range: location.range ?? fileStart },
      message,
    }));
  }

  render(problem: ZligError): Diagnostic {
    const { code, message, hint, location, related, severity } = problem;
    const replacement = proposedName(hint);
    const data: DiagnosticData = replacement === undefined ? {} : { replacement };
    return {
      range: location?.range ?? fileStart,
      severity: gentle[code] ?? (severity === "error" ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning),
      code,
      ...this.codeDescription(code),
      source: "zlig",
      message: hint === undefined ? message : `${message}\n${hint}`,
      ...(related.length === 0 || !this.relatedInformation ? {} : { relatedInformation: this.#related(related) }),
      data,
    };
  }
}
