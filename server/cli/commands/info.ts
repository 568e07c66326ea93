import { findAndProbe, prepareBuild } from "../../core/builder.ts";
import type { ZligError } from "../../core/error.ts";
import { ProblemsError, ZligError as ZligErrorClass } from "../../core/error.ts";
import { cacheFolder } from "../../core/toolchain/cache-folder.ts";
import { describeInterpreter } from "../../core/toolchain/interpreter.ts";
import { findZig, zigRange } from "../../core/toolchain/zig.ts";
import { version } from "../../core/version.ts";
import { printable, problemText } from "../text.ts";
import type { CommandContext } from "./context.ts";
import { buildRequest, flag, projectFolder } from "./context.ts";

/** A fact, or why there is none. */
async function attempt<Value>(work: Promise<Value>): Promise<Value | ZligError> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems[0] ?? error;
    if (error instanceof ZligErrorClass) return error;
    throw error;
  }
}

/** `zlig info`: never fails for what is missing, because it is asked when something is. */
export async function info(context: CommandContext): Promise<void> {
  const request = buildRequest(context);
  const [interpreter, prepared] = await Promise.all([
    attempt(findAndProbe(request)),
    attempt(prepareBuild({ ...request, emit: () => undefined })),
  ]);
  const ziglang = interpreter instanceof ZligErrorClass ? undefined : interpreter.ziglang;
  const zig = await attempt(findZig({ given: request.zig, ziglang }, request.env, request.signal));
  const facts: [string, string | ZligError][] = [
    ["zlig", version],
    ["node", `${process.version} at ${process.execPath}`],
    [
      "python",
      interpreter instanceof ZligErrorClass
        ? interpreter
        : `${describeInterpreter(interpreter)} at ${interpreter.executable}`,
    ],
    ["zig", zig instanceof ZligErrorClass ? zig : `${zig.version} at ${zig.executable}`],
    ["zig supported", `${zigRange.from} up to, not including, ${zigRange.below}`],
    ["cache", cacheFolder(request.env)],
    ["project folder", projectFolder(context)],
  ];
  if (prepared instanceof ZligErrorClass) facts.push(["project", prepared]);
  else {
    const { project, plan, toolchain } = prepared;
    facts.push(["project", `${project.metadata.name} ${project.metadata.version}`]);
    facts.push(["packages", project.packages.map((one) => `${one.name} (${one.path})`).join(", ") || "none"]);
    facts.push([
      "extensions",
      plan.artefacts.map((artefact) => `${artefact.extension.name} (${artefact.path})`).join(", ") || "none",
    ]);
    facts.push(["target", toolchain?.target.triple ?? "any"]);
    facts.push(["wheel tag", `${plan.tag.python}-${plan.tag.abi}-${plan.tag.platform}`]);
  }
  if (flag(context, "json")) {
    const json = facts.map(([name, fact]) => [
      name,
      fact instanceof ZligErrorClass ? { error: fact.code, message: fact.message } : fact,
    ]);
    context.reporter.json({ event: "info", ...(Object.fromEntries(json) as Record<string, unknown>) });
    return;
  }
  for (const [name, fact] of facts)
    process.stdout.write(
      `${name.padEnd(15)} ${fact instanceof ZligErrorClass ? problemText(fact) : printable(fact)}\n`,
    );
}
