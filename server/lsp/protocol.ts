import type { WorkspaceEdit } from "vscode-languageserver";
import { NotificationType, RequestType } from "vscode-languageserver";
import type { Range } from "../core/location.ts";
import type { StubLanguage } from "./module-stub.ts";

/** Names a project by its `pyproject.toml`, or by any file in it. */
export interface ProjectParams {
  readonly uri: string;
}

/** A problem as requests give it back. */
export interface ProblemInfo {
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly hint?: string;
  readonly uri?: string;
  readonly range?: Range;
}

/** A message of the compiler as requests give it back; its columns count UTF-16 code units. */
export interface CompilerMessage {
  readonly severity: "error" | "warning" | "note";
  readonly message: string;
  readonly code?: string;
  readonly uri?: string;
  readonly range?: Range;
}

export interface BuildParams extends ProjectParams {
  /** Name of the one extension to build; all without it. */
  readonly extension?: string;
  readonly workDoneToken?: string | number;
}

export interface BuildResult {
  readonly ok: boolean;
  readonly cancelled: boolean;
  /** Built and found modules, relative to the project. */
  readonly artefacts: readonly string[];
  /** Import names of the modules. */
  readonly modules: readonly string[];
  readonly counts: { readonly compiled: number; readonly linked: number; readonly reused: number };
  readonly problems: readonly ProblemInfo[];
  readonly messages: readonly CompilerMessage[];
}

export interface DistributionResult {
  readonly ok: boolean;
  readonly cancelled: boolean;
  /** Absolute path of the file written, when one was; of several, the first. */
  readonly path?: string;
  readonly uri?: string;
  /** All files written. */
  readonly paths: readonly string[];
  readonly problems: readonly ProblemInfo[];
  readonly messages: readonly CompilerMessage[];
}

export interface CleanResult {
  readonly removed: readonly string[];
  /** Artefacts left alone, because they are not what Zlig wrote any more. */
  readonly foreign: readonly string[];
}

/** What an artefact is, held against its sources and the chosen interpreter. */
export type ArtefactStatus = "missing" | "fresh" | "stale" | "other-interpreter";

export interface StatusResult {
  /** Absent in a workspace that is not trusted, where no interpreter may be asked. */
  readonly python?: string;
  readonly version?: string;
  /** The tag of the project's wheel: `cp312-cp312-manylinux_2_17_x86_64`. */
  readonly tag?: string;
  readonly zig?: string;
  readonly project?: { readonly name: string; readonly version: string; readonly uri: string };
  readonly extensions: readonly {
    readonly name: string;
    readonly artefact?: string;
    readonly state?: ArtefactStatus;
  }[];
  readonly problems: readonly ProblemInfo[];
}

/** An entry of `compile_commands.json` (the JSON compilation database of Clang). */
export interface CompileCommand {
  readonly directory: string;
  readonly file: string;
  readonly arguments: readonly string[];
  readonly output: string;
}

export interface AddExtensionParams extends ProjectParams {
  /** Dotted import name. */
  readonly name: string;
  readonly language: StubLanguage;
}

export interface AddExtensionResult {
  readonly edit: WorkspaceEdit;
  /** The new source. */
  readonly file: { readonly uri: string; readonly content: string };
}

export interface WheelParams extends ProjectParams {
  /** Platform tags to build for, one wheel each; this machine's own without them. */
  readonly targets?: readonly string[];
  readonly workDoneToken?: string | number;
}

export const buildRequest = new RequestType<BuildParams, BuildResult, void>("zlig/build");
export const wheelRequest = new RequestType<WheelParams, DistributionResult, void>("zlig/wheel");
export const sdistRequest = new RequestType<ProjectParams, DistributionResult, void>("zlig/sdist");
export const cleanRequest = new RequestType<ProjectParams, CleanResult, void>("zlig/clean");
export const statusRequest = new RequestType<ProjectParams, StatusResult, void>("zlig/status");
export const compileCommandsRequest = new RequestType<ProjectParams, readonly CompileCommand[], void>(
  "zlig/compileCommands",
);
export const addExtensionRequest = new RequestType<AddExtensionParams, AddExtensionResult, void>("zlig/addExtension");
export const reportRequest = new RequestType<ProjectParams, string, void>("zlig/report");
export const setPythonNotification = new NotificationType<ProjectParams & { readonly python?: string }>(
  "zlig/setPython",
);
export const trustedNotification = new NotificationType<{ readonly trusted: boolean }>("zlig/trusted");
/** From the server: a build in the background has ended, or artefacts have changed; the client may ask for the status anew. */
export const statusChangedNotification = new NotificationType<ProjectParams>("zlig/statusChanged");
