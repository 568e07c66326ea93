import { join } from "node:path";
import { ZligError } from "../core/error.ts";
import type { PlannedArtefact } from "../core/plan/plan.ts";
import type { Project } from "../core/project/project.ts";
import { run } from "../core/toolchain/process.ts";

/** How long a module may take to import before it counts as hanging. */
const patience = 20_000;

/**
 * Loads the module from its file without its package, whose Python code may need what is not installed; only when that fails
 * the package is imported first, for the module may need it.
 */
const script = `
import importlib, importlib.util, json, sys

name, path, base = sys.argv[1:]
sys.path.insert(0, base)

def load():
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)

def told(error):
    return {"type": type(error).__name__, "message": str(error), "name": getattr(error, "name", None)}

result = None
try:
    load()
except BaseException as error:
    result = told(error)
    sys.modules.pop(name, None)
    try:
        importlib.import_module(name)
        result = None
    except BaseException as other:
        if isinstance(other, ModuleNotFoundError) and other.name is not None:
            top = name.split(".")[0]
            if other.name != top and not other.name.startswith(top + "."):
                result = {"type": "foreign", "message": str(other), "name": other.name}
sys.stdout.flush()
sys.stdout.write("\\n\\0zlig:" + json.dumps(result))
`;

interface Told {
  readonly type: string;
  readonly message: string;
}

/** Why an import failed, in a sentence on what to do. */
function hintFor({ type, message }: Told): string | undefined {
  const symbol = /undefined symbol: (\S+)|symbol not found in flat namespace '?_?([^']+)'?/
    .exec(message)
    ?.slice(1)
    .find(Boolean);
  if (symbol !== undefined)
    return `Nothing defines \`${symbol}\`: add the source that defines it to \`sources\`, or the library to \`libraries\`.`;
  const library = /^(\S+\.so[.\d]*): cannot open shared object file/.exec(message)?.[1];
  if (library !== undefined)
    return `The library ${library} is not where the loader looks: name its folder in \`runtime-library-dirs\`.`;
  if (type === "SystemError") return "The initialisation function returned NULL or something that is no module.";
  return undefined;
}

/**
 * Imports a module that was built, in a child interpreter that is isolated from the user's settings.
 * @returns the problem, located at the extension's `name`; `undefined` when the import works, or fails for what is not the module's fault
 */
export async function checkImport(
  project: Project,
  artefact: PlannedArtefact,
  python: string,
  signal: AbortSignal,
): Promise<ZligError | undefined> {
  const { name, directory, archiveDirectory } = artefact.extension;
  const below = archiveDirectory === "" ? 0 : archiveDirectory.split("/").length;
  const base = join(project.root, ...directory.split("/"), ...Array.from({ length: below }, () => ".."));
  const tooLong = AbortSignal.timeout(patience);
  const result = await run([python, "-I", "-B", "-c", script, name, join(project.root, artefact.path), base], {
    cwd: project.root,
    signal: AbortSignal.any([signal, tooLong]),
  });
  if (signal.aborted) return undefined;
  const location = project.manifest.locate([...artefact.extension.manifestPath, "name"]);
  const problem = (message: string, hint?: string): ZligError =>
    new ZligError("import-failed", message, { location, hint });
  if (tooLong.aborted) return problem(`Importing "${name}" did not end within ${patience / 1000} seconds`);
  const at = result.stdout.lastIndexOf("\0zlig:");
  if (at < 0) {
    if (result.failure !== undefined) return undefined;
    const how = result.signal ?? `exit code ${result.exitCode ?? "unknown"}`;
    const words = result.stderr.trim().split("\n").slice(-3).join("\n");
    return problem(`Python crashed (${how}) when it imported "${name}"${words === "" ? "" : `:\n${words}`}`);
  }
  const told = JSON.parse(result.stdout.slice(at + "\0zlig:".length)) as Told | null;
  if (told === null || told.type === "foreign") return undefined;
  return problem(`Python cannot import "${name}": ${told.type}: ${told.message}`, hintFor(told));
}
