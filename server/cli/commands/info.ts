import { findAndProbe, prepareBuild } from "../../core/builder.ts";
import { ProblemsError, ZligError } from "../../core/error.ts";
import { loadProject } from "../../core/project/load.ts";
import { cacheFolder } from "../../core/toolchain/cache-folder.ts";
import type { Interpreter } from "../../core/toolchain/interpreter.ts";
import { describeInterpreter } from "../../core/toolchain/interpreter.ts";
import { findZig, zigRange } from "../../core/toolchain/zig.ts";
import { version } from "../../core/version.ts";
import { problemJson } from "../json.ts";
import { printableLine, problemText, quantity } from "../text.ts";
import type { CommandContext } from "./context.ts";
import { buildRequest, projectFolder } from "./context.ts";

/** One thing to know: for people, and for programs. */
interface Fact {
  readonly title: string;
  readonly text: string | ZligError;
  readonly key: string;
  readonly json: unknown;
}

/** A value, or why there is none. */
async function attempt<Value>(work: Promise<Value>): Promise<Value | ZligError> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ZligError) return error;
    throw error;
  }
}

/** A fact made of a value, or of the reason why there is none. */
function fact<Value>(
  key: string,
  found: Value | ZligError,
  render: (value: Value) => string,
  json: (value: Value) => unknown,
): Fact {
  return found instanceof ZligError ? missing(key, found) : { title: key, key, text: render(found), json: json(found) };
}

function missing(key: string, error: ZligError): Fact {
  const problems = error instanceof ProblemsError ? error.problems : [error];
  return { title: key, key, text: error, json: { problems: problems.map(problemJson) } };
}

function simple(key: string, value: string, title = key): Fact {
  return { title, key, text: value, json: value };
}

function interpreterJson(interpreter: Interpreter): unknown {
  const { executable, implementation, platform, extensionSuffix, freeThreaded, debug } = interpreter;
  const its = interpreter.version.join(".") + interpreter.prerelease;
  return { executable, implementation, version: its, platform, extensionSuffix, freeThreaded, debug };
}

/** A problem with its first line where the fact would stand, the rest below. */
function problemsText(context: CommandContext, error: ZligError): string {
  const [first = error, ...rest] = error instanceof ProblemsError ? error.problems : [error];
  const text = problemText(first, { colours: context.reporter.outputColours });
  return rest.length === 0
    ? text
    : `${text}\n  … and ${quantity(rest.length, "more problem")}: \`zlig check\` shows all`;
}

async function gather(context: CommandContext): Promise<readonly Fact[]> {
  const request = buildRequest(context);
  const [interpreter, loaded] = await Promise.all([
    attempt(findAndProbe(request)),
    attempt(loadProject(request.directory)),
  ]);
  const ziglang = interpreter instanceof ZligError ? undefined : interpreter.ziglang;
  const zig = await attempt(findZig({ given: request.zig, ziglang }, request.env, request.signal));
  const facts: Fact[] = [
    simple("zlig", version),
    {
      title: "node",
      key: "node",
      text: `${process.version} at ${process.execPath}`,
      json: { version: process.version.slice(1), executable: process.execPath },
    },
    fact("python", interpreter, (one) => `${describeInterpreter(one)} at ${one.executable}`, interpreterJson),
    fact(
      "zig",
      zig,
      (one) => `${one.version} at ${one.executable}`,
      (one) => ({
        version: one.version,
        executable: one.executable,
      }),
    ),
    {
      title: "zig supported",
      key: "zigSupported",
      text: `${zigRange.from} up to, not including, ${zigRange.below}`,
      json: zigRange,
    },
    simple("cache", cacheFolder(request.env)),
    simple("root", projectFolder(context), "project folder"),
    fact(
      "project",
      loaded,
      ({ project: { metadata } }) => `${metadata.name} ${metadata.version}`,
      ({ project: { metadata } }) => ({ name: metadata.name, version: metadata.version }),
    ),
  ];
  if (loaded instanceof ZligError) return facts;
  const { packages, extensions } = loaded.project;
  facts.push({
    title: "packages",
    key: "packages",
    text: packages.map((one) => `${one.name} (${one.path})`).join(", ") || "none",
    json: packages.map(({ name, path, kind }) => ({ name, path, kind })),
  });
  const prepared = await attempt(prepareBuild({ ...request, emit: () => undefined }));
  if (prepared instanceof ZligError) {
    const names = extensions.map(({ name }) => name);
    facts.push({
      title: "extensions",
      key: "extensions",
      text: names.join(", ") || "none",
      json: names.map((name) => ({ name })),
    });
    // What is wrong with Python or Zig has been said; what is left is the platform.
    if (!(interpreter instanceof ZligError) && !(zig instanceof ZligError)) facts.push(missing("target", prepared));
    return facts;
  }
  const { plan, toolchain } = prepared;
  facts.push({
    title: "extensions",
    key: "extensions",
    text: plan.artefacts.map((one) => `${one.extension.name} (${one.path})`).join(", ") || "none",
    json: plan.artefacts.map((one) => ({ name: one.extension.name, path: one.path })),
  });
  facts.push(simple("target", toolchain?.target.triple ?? "any"));
  facts.push(simple("tag", `${plan.tag.python}-${plan.tag.abi}-${plan.tag.platform}`, "wheel tag"));
  return facts;
}

/** `zlig info`: never fails for what is missing, because it is asked when something is. */
export async function info(context: CommandContext): Promise<void> {
  const facts = await gather(context);
  if (context.signal.aborted) throw new ZligError("cancelled", "Cancelled");
  context.reporter.json({ event: "info", ...Object.fromEntries(facts.map(({ key, json }) => [key, json])) });
  for (const { title, text } of facts) {
    const told = text instanceof ZligError ? problemsText(context, text) : printableLine(text);
    context.reporter.show(`${title.padEnd(15)} ${told.replaceAll("\n", `\n${" ".repeat(16)}`)}`);
  }
}
