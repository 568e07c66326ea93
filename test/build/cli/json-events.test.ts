import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeDemo, manifestText, moduleSource } from "../../support/demo.ts";
import { makeFolder } from "../../support/tree.ts";
import type { JsonEvent } from "../../support/zlig.ts";
import { runZlig } from "../../support/zlig.ts";

const page = readFileSync(join(import.meta.dirname, "../../../docs/json-events.md"), "utf8");

/** The fields that the page gives an event, by the section of its name. */
function documentedFields(): Map<string, Set<string>> {
  const sections = new Map<string, Set<string>>();
  for (const section of page.split(/^## /m).slice(1)) {
    const name = /^`(\w+)`/.exec(section)?.[1];
    if (name === undefined) continue;
    const cells = section.split("\n").filter((line) => line.startsWith("|"));
    // The fields stand in the first column, in the second where the first is the command's name.
    const column = name === "result" ? 2 : 1;
    const fields = cells.flatMap((line) =>
      Array.from((line.split("|")[column] ?? "").matchAll(/`([^`]+)`/g), ([, field]) => field ?? ""),
    );
    sections.set(name, new Set(fields));
  }
  return sections;
}

/** Objects that the page describes once for all. */
const shared = new Set(["location", "related", "notes", "fixIts", "problems"]);

/** The fields of an event as the page writes them: `steps[].kind`. */
function fieldsOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) {
    const inner = value.flatMap((item) => fieldsOf(item, `${path}[]`));
    return inner.some((field) => field !== `${path}[]`) ? inner : [path];
  }
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, item]) => {
    const name = path === "" ? key : `${path}.${key}`;
    if (key === "problems") return [];
    return shared.has(key) ? [name] : fieldsOf(item, name);
  });
}

async function eventsOf(project: string, ...args: string[]): Promise<readonly JsonEvent[]> {
  const { events, stdout } = await runZlig([...args, "--json"], {
    cwd: project,
    env: { SOURCE_DATE_EPOCH: "315532800" },
  });
  expect(stdout.split("\n").slice(0, -1)).toHaveLength(events.length);
  expect(events.at(-1)?.event).toBe("end");
  return events;
}

test("every event and field that any command writes is in docs/json-events.md, and nothing else is", async () => {
  const good = makeDemo({
    "src/demo/demo.c": moduleSource(
      "demo",
      "42",
      "static int idle(int a) { int unused; if (a = 1) return 2; return 1; }",
    ),
    "pyproject.toml": manifestText(
      'extensions = [{ name = "demo.demo", sources = ["src/demo/*.c"], depends = ["no/*.h"] }]',
    ),
  });
  const bad = makeDemo({
    "pyproject.toml": manifestText(
      'extensions = [{ name = "demo.demo", sources = ["src/demo/*.c"] }, { name = "demo.demo", sources = ["src/demo/*.c"] }]',
    ),
  });
  const out = makeFolder();
  const runs = [
    ["build"],
    ["wheel", "--out-dir", out],
    ["editable", "--out-dir", out],
    ["metadata", "--out-dir", out],
    ["sdist", "--out-dir", out],
    ["build", "--dry-run"],
    ["check"],
    ["info"],
    ["requires", "--for", "wheel"],
    ["clean"],
  ];
  const seen: JsonEvent[] = [];
  for (const args of runs) seen.push(...(await eventsOf(good, ...args)));
  seen.push(
    ...(await eventsOf(bad, "build")),
    ...(await eventsOf(bad, "info")),
    ...(await eventsOf(makeDemo(), "bild")),
  );

  const documented = documentedFields();
  const found = new Map<string, Set<string>>();
  for (const event of seen) {
    const fields = found.get(event.event) ?? new Set<string>();
    for (const field of fieldsOf(event)) fields.add(field);
    fields.delete("event");
    found.set(event.event, fields);
  }
  for (const [name, fields] of found)
    expect(
      [...fields].filter((field) => field !== "command" && documented.get(name)?.has(field) !== true),
      `undocumented fields of ${name}`,
    ).toEqual([]);
  // A notice is told only where something takes long.
  expect([...documented.keys()].sort()).toEqual([...found.keys(), "notice"].sort());
  for (const [name, fields] of documented)
    if (name !== "notice")
      expect(
        [...fields].filter(
          (field) => found.get(name)?.has(field) !== true && !/^(?:steps|artefacts)$|^wheel\.\w+$/.test(field),
        ),
        `fields of ${name} that no command wrote`,
      ).toEqual([]);
});

test("the example of the page is what a build writes", async () => {
  const project = makeDemo();
  const events = await eventsOf(project, "build", "--no-cache");
  const lines = (/```console\n\$ zlig build --json\n([^]*?)```/.exec(page)?.[1] ?? "").trimEnd().split("\n");
  const portable = (text: string): string => text.replaceAll(/demo\.cpython-[^"]+|demo\.[\w.-]+\.pyd/g, "demo.so");
  expect(lines.map(portable)).toEqual(events.map((event) => portable(JSON.stringify(event))));
});
