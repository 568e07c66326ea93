import { isAbsolute, join } from "node:path";
import { Disposable, extensions, Uri, workspace } from "vscode";
import type {
  CppToolsApi,
  CustomConfigurationProvider,
  SourceFileConfiguration,
  SourceFileConfigurationItem,
} from "vscode-cpptools";
import type { CompileCommand } from "../server/lsp/protocol.ts";
import { readCompileArguments } from "./compile-arguments.ts";
import { errorText } from "./failure.ts";
import type { Services } from "./services.ts";
import { projectOf } from "./workspace.ts";

const cppTools = "ms-vscode.cpptools";

function joinPath(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

type Standard = NonNullable<SourceFileConfiguration["standard"]>;

const standards: Readonly<Record<string, Standard>> = {
  "c++0x": "c++11",
  "c++1y": "c++14",
  "c++1z": "c++17",
  "c++2a": "c++20",
  "c++2b": "c++23",
};

function isStandard(name: string): name is Standard {
  return /^(?:c|gnu)(?:89|99|11|17|23)$|^(?:c|gnu)\+\+(?:98|03|11|14|17|20|23|26)$/.test(name);
}

function standardOf(name: string | undefined, source: string): Standard {
  const known = name === undefined ? undefined : (standards[name] ?? name);
  if (known !== undefined && isStandard(known)) return known;
  return /\.(?:c|m|h)$/.test(source) ? "gnu17" : "gnu++17";
}

function configurationOf({ file, directory, arguments: args }: CompileCommand): SourceFileConfiguration {
  const { includePath, defines, standard, others } = readCompileArguments(args, directory, joinPath);
  return {
    includePath: [...includePath],
    defines: [...defines],
    standard: standardOf(standard, file),
    compilerArgs: [...others],
    // Without a compiler named here, that of the user's settings would add its own folders.
    compilerPath: "",
  };
}

/** Tells the C/C++ extension how sources are compiled, from the plan that builds them; nobody's settings are touched. */
class IntelliSense extends Disposable implements CustomConfigurationProvider {
  readonly name = "Zlig";
  readonly extensionId: string;
  readonly #services: Services;
  readonly #known = new Map<string, Promise<readonly CompileCommand[]>>();

  constructor(services: Services) {
    super(() => {
      this.forget();
    });
    this.#services = services;
    this.extensionId = services.context.extension.id;
  }

  /** Forgets what was known: the manifest or the interpreter is another one. */
  forget(): void {
    this.#known.clear();
  }

  async #commandsOf(project: Uri): Promise<readonly CompileCommand[]> {
    if (!workspace.isTrusted) return [];
    const key = project.toString();
    const asked =
      this.#known.get(key) ??
      this.#services.server.request<readonly CompileCommand[]>("zlig/compileCommands", { uri: key });
    this.#known.set(key, asked);
    try {
      return await asked;
    } catch (error) {
      this.#known.delete(key);
      this.#services.log.debug(`No compile commands for IntelliSense: ${errorText(error)}`);
      return [];
    }
  }

  async #configure(uri: Uri): Promise<SourceFileConfigurationItem | undefined> {
    const project = await projectOf(uri);
    if (project === undefined) return undefined;
    const commands = await this.#commandsOf(project);
    const own = commands.find((command) => Uri.file(joinPath(command.directory, command.file)).path === uri.path);
    // A header is read as the first source of its project reads it.
    const header = /\.(?:h|hh|hpp|hxx|inc)$/.test(uri.path) ? commands[0] : undefined;
    const command = own ?? header;
    return command === undefined ? undefined : { uri, configuration: configurationOf(command) };
  }

  async canProvideConfiguration(uri: Uri): Promise<boolean> {
    return (await this.#configure(uri)) !== undefined;
  }

  async provideConfigurations(uris: Uri[]): Promise<SourceFileConfigurationItem[]> {
    const found = await Promise.all(uris.map((uri) => this.#configure(uri)));
    return found.filter((item) => item !== undefined);
  }

  canProvideBrowseConfiguration(): Promise<boolean> {
    return Promise.resolve(false);
  }

  provideBrowseConfiguration(): Promise<null> {
    return Promise.resolve(null);
  }

  canProvideBrowseConfigurationsPerFolder(): Promise<boolean> {
    return Promise.resolve(false);
  }

  provideFolderBrowseConfiguration(): Promise<null> {
    return Promise.resolve(null);
  }
}

async function connect(provider: IntelliSense): Promise<CppToolsApi | undefined> {
  // A CommonJS package: what it exports is the default of its namespace.
  const { default: cpptools } = await import("vscode-cpptools");
  const api = await cpptools.getCppToolsApi(cpptools.Version.v6);
  api?.registerCustomConfigurationProvider(provider);
  api?.notifyReady(provider);
  return api;
}

/** Serves the C/C++ extension where it is installed, and follows what changes the command lines. */
export function provideIntelliSense(services: Services): Disposable {
  const provider = new IntelliSense(services);
  let api: CppToolsApi | undefined;
  let connecting = false;
  const tryToConnect = (): void => {
    if (connecting || services.server.state !== "running" || extensions.getExtension(cppTools) === undefined) return;
    connecting = true;
    connect(provider).then(
      (connected) => {
        api = connected;
      },
      (error: unknown) => {
        connecting = false;
        services.log.warn(`The C/C++ extension could not be served: ${errorText(error)}`);
      },
    );
  };
  const changed = (): void => {
    provider.forget();
    api?.didChangeCustomConfiguration(provider);
  };
  const subscriptions = [
    services.server.onDidChangeState(tryToConnect),
    extensions.onDidChange(tryToConnect),
    services.interpreters.onDidChange(changed),
    workspace.onDidGrantWorkspaceTrust(changed),
    workspace.onDidSaveTextDocument((document) => {
      if (document.uri.path.endsWith("/pyproject.toml")) changed();
    }),
  ];
  tryToConnect();
  return new Disposable(() => {
    for (const subscription of subscriptions) subscription.dispose();
    provider.dispose();
    api?.dispose();
  });
}
