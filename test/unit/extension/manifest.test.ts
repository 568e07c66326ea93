import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

interface Manifest {
  readonly main: string;
  readonly icon: string;
  readonly engines: { readonly vscode: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: string; readonly restrictedConfigurations: readonly string[] };
    readonly virtualWorkspaces: { readonly supported: string };
  };
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command?: string; readonly submenu?: string }[]>>;
    readonly submenus: readonly { readonly id: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope: string }>> };
    readonly languageModelTools: readonly { readonly name: string; readonly when: string }[];
    readonly problemPatterns: readonly { readonly name: string; readonly regexp: string }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly media: { readonly markdown: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
    readonly grammars: readonly { readonly path: string }[];
  };
}

const text = readFileSync("package.json", "utf8");
const manifest = JSON.parse(text) as Manifest;
const { contributes, capabilities } = manifest;
const sources = readdirSync("extension", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(join("extension", file), "utf8"))
  .join("\n");
const declared = contributes.commands.map(({ command }) => command);

test("every command is declared and registered, and everything that names one names a declared one", () => {
  const registered = [...sources.matchAll(/^ {2}"(zlig\.\w+)": \w+,$/gm)].map(([, id]) => id);
  expect(registered.toSorted()).toEqual(declared.toSorted());
  const menus = Object.values(contributes.menus).flat();
  for (const { command } of menus) if (command !== undefined) expect(declared).toContain(command);
  for (const { submenu } of menus)
    if (submenu !== undefined) expect(contributes.submenus.map(({ id }) => id)).toContain(submenu);
  const events = contributes.walkthroughs.flatMap(({ steps }) => steps.flatMap((step) => step.completionEvents));
  for (const event of events) expect(declared).toContain(event.replace("onCommand:", ""));
  for (const [, id] of sources.matchAll(/(?:executeCommand\(|command: )"(zlig\.\w+)"/g)) expect(declared).toContain(id);
});

test("every placeholder has a text, and every text a place", () => {
  const texts = JSON.parse(readFileSync("package.nls.json", "utf8")) as Record<string, string>;
  const used = [...text.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key);
  expect([...new Set(used)].toSorted()).toEqual(Object.keys(texts).toSorted());
  const links = [...JSON.stringify(texts).matchAll(/command:(zlig\.\w+)/g)].map(([, id]) => id);
  expect(links.length).toBeGreaterThan(0);
  for (const id of links) expect(declared).toContain(id);
});

test("every setting is read, and those that choose a program are not taken from an untrusted workspace", () => {
  const settings = Object.keys(contributes.configuration.properties);
  const short = settings.map((name) => name.replace(/^zlig\./, ""));
  for (const name of short) if (name !== "trace.server") expect(sources).toContain(`"${name}"`);
  expect(capabilities.untrustedWorkspaces.supported).toBe("limited");
  expect(capabilities.virtualWorkspaces.supported).toBe("limited");
  for (const name of ["zlig.python", "zlig.zig"]) {
    expect(capabilities.untrustedWorkspaces.restrictedConfigurations).toContain(name);
    expect(contributes.configuration.properties[name]?.scope).toBe("machine-overridable");
  }
});

test("the types are those of the oldest VS Code that is promised", () => {
  expect(manifest.engines.vscode).toBe("^1.101.0");
  expect(manifest.devDependencies["@types/vscode"]).toBe("~1.101.0");
});

test("the files that it names are there", () => {
  const media = contributes.walkthroughs.flatMap(({ steps }) => steps.map((step) => step.media.markdown));
  expect(media).toHaveLength(4);
  for (const file of [manifest.icon, ...media, ...contributes.grammars.map(({ path }) => path)])
    expect(readFileSync(file).length).toBeGreaterThan(0);
});

test("the language-model tools exist, and only in a trusted workspace", () => {
  const registered = [...sources.matchAll(/registerTool\("(\w+)"/g)].map(([, name]) => name);
  expect(registered.toSorted()).toEqual(contributes.languageModelTools.map(({ name }) => name).toSorted());
  for (const { when } of contributes.languageModelTools) expect(when).toBe("isWorkspaceTrusted");
});

test("it is not activated by every start, nor by every file of a language", () => {
  for (const event of manifest.activationEvents) expect(event).toMatch(/^(?:workspaceContains:|onTaskType:)/);
});

test("nothing in it measures its users", () => {
  expect(sources).not.toMatch(/telemetry|TelemetryLogger|https?:\/\//i);
});

describe("the problem matchers' patterns", () => {
  const pattern = (name: string): RegExp => {
    const found = contributes.problemPatterns.find((one) => one.name === name);
    if (found === undefined) throw new Error(`there is no pattern ${name}`);
    return new RegExp(found.regexp);
  };

  test("read clang's messages, with and without ranges, warning names and drive letters", () => {
    const clang = pattern("zlig-clang");
    expect(clang.exec("src/a.c:3:9: warning: unused variable 'x' [-Wunused-variable]")?.slice(1)).toEqual([
      "src/a.c",
      "3",
      "9",
      "warning",
      "unused variable 'x'",
      "-Wunused-variable",
    ]);
    expect(clang.exec("/p/a b.h:1:2:{1:2-1:5}: fatal error: 'x.h' file not found")?.slice(1, 6)).toEqual([
      "/p/a b.h",
      "1",
      "2",
      "error",
      "'x.h' file not found",
    ]);
    expect(clang.exec("C:\\p\\a.c:1:2: error: x")?.[1]).toBe("C:\\p\\a.c");
    expect(clang.exec("1 error generated.")).toBeNull();
  });

  test("read Zig's messages", () => {
    expect(pattern("zlig-zig").exec("src/a.zig:4:5: error: expected ';'")?.slice(1)).toEqual([
      "src/a.zig",
      "4",
      "5",
      "error",
      "expected ';'",
    ]);
    expect(pattern("zlig-zig").exec("src/a.c:4:5: error: x")).toBeNull();
  });
});
