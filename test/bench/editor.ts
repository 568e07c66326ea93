// Measures the language server as an editor meets it: the real process over stdio. Prints a table; fails when a figure is over its limit.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { LanguageClient } from "../support/language-client.ts";
import { cModule, manifestHead, writeFiles } from "../support/project-files.ts";
import { findTestZig, newestPython } from "../support/toolchain.ts";

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly limit: number;
}

const root = realpathSync(mkdtempSync(join(tmpdir(), "zlig-bench-")));
const cache = join(root, "cache");
const project = join(root, "project");
const manifest = join(project, "pyproject.toml");

const extensions = 50;
const lines = 1000;
const edits = 1000;
const files = 20;

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** A manifest of many lines with many extensions, each with a glob of many files. */
function makeProject(): void {
  const tables = Array.from({ length: extensions }, (_, index) => {
    return [
      "[[tool.zlig.extensions]]",
      `name = "demo.m${index}"`,
      `sources = ["demo/m${index}/*.c", "!demo/m${index}/*_test.c"]`,
      'include-dirs = ["demo"]',
      'extra-compile-args = ["-Wextra", "-fno-strict-aliasing"]',
      `define-macros.NAME = "m${index}"`,
      ...Array.from({ length: 8 }, (_each, macro) => `define-macros.OPTION_${macro} = ${macro}`),
      'libraries = ["m"]',
      "",
    ].join("\n");
  });
  const text = `${manifestHead}${tables.join("\n")}`;
  const filling = Array.from({ length: Math.max(0, lines - text.split("\n").length) }, (_, index) => `# line ${index}`);
  writeFiles(project, {
    "pyproject.toml": `${text}\n${filling.join("\n")}\n`,
    "demo/__init__.py": "",
    ...Object.fromEntries(
      Array.from({ length: extensions }, (_, index) =>
        Array.from({ length: files }, (_each, file): [string, string] => [
          `demo/m${index}/f${file}.c`,
          file === 0 ? cModule(`m${index}`, "1") : `int m${index}_f${file};\n`,
        ]),
      ).flat(),
    ),
  });
}

async function startup(): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < 7; count++) {
    const began = performance.now();
    const client = await LanguageClient.start({ folders: [project] });
    times.push(performance.now() - began);
    await client.stop();
  }
  return percentile(
    times.sort((a, b) => a - b),
    0.5,
  );
}

function residentMegabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? Number.NaN) / 1024;
}

interface Typing {
  readonly p50: number;
  readonly p99: number;
  /** Megabytes right after the last edit, and after a pause. */
  readonly peak: number;
  readonly resident: number;
}

/** Types into the middle of the manifest, a character at a time, and pulls after each. */
async function typing(): Promise<Typing> {
  const client = await LanguageClient.start({ folders: [project] });
  await client.open(manifest);
  const found = await client.pull(manifest);
  if (found.length > 0) throw new Error(`the project is not right: ${JSON.stringify(found[0])}`);
  const text = client.text(manifest);
  const line = text.slice(0, text.indexOf('name = "demo.m25"')).split("\n").length;
  const typed = 'cpp-std = "c++17"\n';
  let column = 0;
  const times: number[] = [];
  for (let count = 0; count < edits; count++) {
    const character = typed[count % typed.length] ?? "";
    const at = { line, character: column };
    column = character === "\n" ? 0 : column + 1;
    const began = performance.now();
    await client.edit(manifest, { start: at, end: at }, character);
    await client.pull(manifest);
    times.push(performance.now() - began);
    // Each line is taken away again, so that the manifest stays as it is.
    if (character === "\n")
      await client.edit(manifest, { start: { line, character: 0 }, end: { line: line + 1, character: 0 } }, "");
  }
  const peak = residentMegabytes(client.process.pid ?? 0);
  await delay(5000);
  const resident = residentMegabytes(client.process.pid ?? 0);
  await client.stop();
  times.sort((a, b) => a - b);
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99), peak, resident };
}

interface Saving {
  readonly save: number;
  readonly raw: number;
}

/** One changed source of a module: from its save to the finished module, and the bare compile and link of the same. */
async function saving(project: string, name: string, sources: number): Promise<Saving> {
  const zig = findTestZig();
  const python = newestPython().executable;
  const settings = { trusted: true, zig, python };
  const client = await LanguageClient.start({ folders: [project], settings, env: { ZLIG_CACHE_DIR: cache } });
  const source = join(project, `demo/${name}/f0.c`);
  const uri = pathToFileURL(join(project, "pyproject.toml")).href;
  await client.request("zlig/build", { uri, extension: `demo.${name}` });
  await client.open(source);
  const saves: number[] = [];
  for (let count = 2; count < 12; count++) {
    const artefact = (): string => {
      const found = readdirSync(join(project, "demo")).find(
        (file) => file.startsWith(`${name}.`) && file.endsWith(".so"),
      );
      if (found === undefined) return "";
      const { ino, mtimeMs } = statSync(join(project, "demo", found));
      return `${ino} ${mtimeMs}`;
    };
    const old = artefact();
    await client.change(source, cModule(name, String(count)));
    const began = performance.now();
    await client.save(source);
    while (artefact() === old) {
      if (performance.now() - began > 60_000) throw new Error(`nothing was built: ${client.logs.join("\n")}`);
      await delay(2);
    }
    saves.push(performance.now() - began);
    await delay(700);
  }
  await client.stop();
  const include = execFileSync(python, ["-c", "import sysconfig; print(sysconfig.get_path('include'))"])
    .toString()
    .trim();
  const raws: number[] = [];
  const environment = {
    ...process.env,
    ZIG_GLOBAL_CACHE_DIR: join(cache, "raw"),
    ZIG_LOCAL_CACHE_DIR: join(cache, "raw"),
  };
  const object = (file: number): string => join(cache, `f${file}.o`);
  const compile = (file: number): void => {
    const flags = ["-O3", "-DNDEBUG", "-fPIC", "-Wall", "-Wextra", "-isystem", include, "-fno-sanitize=undefined"];
    execFileSync(zig, ["cc", "-c", ...flags, "-o", object(file), join(project, `demo/${name}/f${file}.c`)], {
      env: environment,
      stdio: "pipe",
    });
  };
  for (let file = 0; file < sources; file++) compile(file);
  for (let count = 20; count < 30; count++) {
    writeFileSync(source, cModule(name, String(count)));
    const began = performance.now();
    compile(0);
    const objects = Array.from({ length: sources }, (_, file) => object(file));
    const link = [
      "build-lib",
      "-dynamic",
      "-O",
      "ReleaseFast",
      "-fstrip",
      "-fno-compiler-rt",
      "-fno-ubsan-rt",
      "-fallow-shlib-undefined",
      "--name",
      "m0",
    ];
    execFileSync(zig, [...link, `-femit-bin=${join(cache, "raw.so")}`, ...objects, "-lc"], {
      env: environment,
      stdio: "pipe",
    });
    raws.push(performance.now() - began);
  }
  return {
    save: percentile(
      saves.sort((a, b) => a - b),
      0.5,
    ),
    raw: percentile(
      raws.slice(1).sort((a, b) => a - b),
      0.5,
    ),
  };
}

try {
  makeProject();
  const ready = await startup();
  const { p50, p99, peak, resident } = await typing();
  const large = await saving(project, "m0", files);
  const small = join(root, "small");
  writeFiles(small, {
    "pyproject.toml": `${manifestHead}[tool.zlig]\nextensions = [{ name = "demo.m", sources = ["demo/**/*.c"] }]\n`,
    "demo/__init__.py": "",
    "demo/m/f0.c": cModule("m", "1"),
  });
  const { save, raw } = await saving(small, "m", 1);
  const figures: readonly Figure[] = [
    { name: "server ready (process started to initialize answered)", value: ready, unit: "ms", limit: 250 },
    { name: `edit to diagnostics, p50 of ${edits} edits`, value: p50, unit: "ms", limit: 5 },
    { name: `edit to diagnostics, p99 of ${edits} edits`, value: p99, unit: "ms", limit: 25 },
    { name: "resident memory a pause after them", value: resident, unit: "MB", limit: 90 },
    { name: "save to finished module, beyond bare compile and link", value: save - raw, unit: "ms", limit: 100 },
  ];
  const [cpu] = cpus();
  console.log(`${cpu?.model ?? "unknown processor"}, ${availableParallelism()} cores, Node ${process.version}`);
  console.log(
    `a pyproject.toml of ${readFileSync(manifest, "utf8").split("\n").length} lines with ${extensions} extensions of ${files} sources each`,
  );
  console.log(`resident memory while typing ${peak.toFixed(0)} MB`);
  for (const [name, one] of [
    ["the one-file project", { save, raw }],
    ["this project", large],
  ] as const)
    console.log(
      `save to finished module in ${name}: ${one.save.toFixed(0)} ms, bare compile and link ${one.raw.toFixed(0)} ms`,
    );
  console.log("");
  for (const { name, value, unit, limit } of figures) {
    const verdict = value <= limit ? "" : "  OVER";
    console.log(`${name.padEnd(56)} ${value.toFixed(1).padStart(8)} ${unit}  (limit ${limit})${verdict}`);
  }
  process.exitCode = figures.every(({ value, limit }) => value <= limit) ? 0 : 1;
} finally {
  rmSync(root, { recursive: true, force: true });
}
