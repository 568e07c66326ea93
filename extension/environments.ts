import type { Event, Uri } from "vscode";
import { extensions } from "vscode";
import type { Disposable } from "./disposable.ts";

/** What an extension that manages Python environments says of them. Neither extension is required. */
export interface EnvironmentSource {
  readonly name: string;
  /** The interpreter that is chosen for a file or folder. */
  interpreterFor(resource: Uri): Promise<string | undefined>;
  onDidChange(listener: () => void): Disposable;
}

/** The part of the API of `ms-python.vscode-python-envs` that is used. */
interface PythonEnvironmentsApi {
  getEnvironment(
    scope: Uri,
  ): Promise<{ readonly execInfo: { readonly run: { readonly executable: string } } } | undefined>;
  readonly onDidChangeEnvironment: Event<unknown>;
}

/** The part of the API of `ms-python.python` that is used. */
interface PythonExtensionApi {
  readonly environments: {
    getActiveEnvironmentPath(resource: Uri): { readonly path: string };
    resolveEnvironment(environment: {
      readonly path: string;
    }): Promise<{ readonly executable: { readonly uri: Uri | undefined } } | undefined>;
    readonly onDidChangeActiveEnvironmentPath: Event<unknown>;
  };
}

/** Discovery by another extension can take minutes: nothing here waits longer than this. */
const patience = 5_000;

async function within<T>(work: Thenable<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, patience, undefined);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function hasFunction(value: unknown, name: string): boolean {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, name) === "function";
}

async function exportsOf(id: string): Promise<unknown> {
  const extension = extensions.getExtension<unknown>(id);
  if (extension === undefined) return undefined;
  return extension.isActive ? extension.exports : await within(extension.activate());
}

function environmentsSource(api: PythonEnvironmentsApi): EnvironmentSource {
  return {
    name: "Python Environments",
    interpreterFor: async (resource) => (await within(api.getEnvironment(resource)))?.execInfo.run.executable,
    onDidChange: (listener) => api.onDidChangeEnvironment(listener),
  };
}

function pythonSource({ environments }: PythonExtensionApi): EnvironmentSource {
  return {
    name: "Python",
    interpreterFor: async (resource) => {
      const active = environments.getActiveEnvironmentPath(resource);
      const resolved = await within(environments.resolveEnvironment(active));
      return resolved?.executable.uri?.fsPath;
    },
    onDidChange: (listener) => environments.onDidChangeActiveEnvironmentPath(listener),
  };
}

/** The extension that manages environments here, if there is one: Python Environments before Python. */
export async function findEnvironmentSource(): Promise<EnvironmentSource | undefined> {
  const newer = await exportsOf("ms-python.vscode-python-envs");
  if (hasFunction(newer, "getEnvironment") && hasFunction(newer, "onDidChangeEnvironment"))
    return environmentsSource(newer as PythonEnvironmentsApi);
  const older = await exportsOf("ms-python.python");
  const environments: unknown =
    typeof older === "object" && older !== null ? Reflect.get(older, "environments") : undefined;
  if (hasFunction(environments, "getActiveEnvironmentPath") && hasFunction(environments, "resolveEnvironment"))
    return pythonSource(older as PythonExtensionApi);
  return undefined;
}
