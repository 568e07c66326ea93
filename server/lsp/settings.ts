/** When a save builds: `manual`, when it was by hand; `always`, also when the editor saves by itself; `never`. */
export type BuildOnSave = "manual" | "always" | "never";

/** What a client tells at its start (`initializationOptions`) and later. */
export interface Settings {
  /** Whether processes may be run: not in a workspace that its user does not trust. */
  trusted: boolean;
  /** The interpreter, as `--python` takes it, of projects that have none of their own. */
  python: string | undefined;
  /** Path of Zig, as `--zig`. */
  zig: string | undefined;
  /** How many compilers run at once; 0 for as many as there are processors. */
  jobs: number;
  buildOnSave: BuildOnSave;
  /** Address of the docs folder, for links of diagnostics; without it they have none. */
  docsBase: string | undefined;
  /** The client has commands `zlig.build` and so on of its own, which code lenses then name. */
  clientCommands: boolean;
  inlayHints: boolean;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

const saveModes: readonly unknown[] = ["manual", "always", "never"] satisfies readonly BuildOnSave[];

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Reads settings as a client sends them; what is missing or of the wrong type stays as it was. */
export function readSettings(given: unknown, before: Settings): Settings {
  if (!isRecord(given)) return before;
  const { trusted, jobs, buildOnSave, clientCommands, inlayHints } = given;
  return {
    trusted: typeof trusted === "boolean" ? trusted : before.trusted,
    python: "python" in given ? text(given["python"]) : before.python,
    zig: "zig" in given ? text(given["zig"]) : before.zig,
    jobs: typeof jobs === "number" && Number.isInteger(jobs) && jobs >= 0 ? jobs : before.jobs,
    buildOnSave: saveModes.includes(buildOnSave) ? (buildOnSave as BuildOnSave) : before.buildOnSave,
    docsBase: text(given["docsBase"]) ?? before.docsBase,
    clientCommands: typeof clientCommands === "boolean" ? clientCommands : before.clientCommands,
    inlayHints: typeof inlayHints === "boolean" ? inlayHints : before.inlayHints,
  };
}

/** What holds when a client says nothing. An editor that knows no trust of its own opens only what its user chose to open, yet nothing is run unasked. */
export const defaultSettings: Settings = {
  trusted: false,
  python: undefined,
  zig: undefined,
  jobs: 0,
  buildOnSave: "manual",
  docsBase: undefined,
  clientCommands: false,
  inlayHints: true,
};
