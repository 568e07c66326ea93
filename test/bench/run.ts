import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { venvWith } from "../support/venv.ts";

/** `npm run bench`: the one-file demo through `build_wheel`, Zlig against setuptools with the system's compiler, side by side. */
const runs = Number(process.argv[2] ?? 5);

const call = "import sys, importlib; b = importlib.import_module(sys.argv[1]); b.build_wheel(sys.argv[2])";
const setuptoolsProject = `[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "demo"
version = "0.1.0"

[tool.setuptools]
packages = ["demo"]
package-dir = { "" = "src" }
ext-modules = [{ name = "demo.demo", sources = ["src/demo/demo.c"] }]
`;

interface Contestant {
  readonly name: string;
  readonly backend: string;
  readonly python: string;
  readonly env: Record<string, string>;
  readonly project: string;
  /** Folders that hold what is known from earlier builds. */
  readonly memory: readonly string[];
}

async function seconds(contestant: Contestant, out: string): Promise<number> {
  const { python, backend, env, project } = contestant;
  const started = performance.now();
  await execa(python, ["-c", call, backend, out], { cwd: project, env });
  return (performance.now() - started) / 1000;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const scratch = await mkdtemp(join(tmpdir(), "zlig-bench-"));
const wheel = resolve(
  "dist",
  `zlig-${(JSON.parse(await readFile("package.json", "utf8")) as { version: string }).version}-py3-none-any.whl`,
);
const zlig = await venvWith("bench-zlig", ["ziglang==0.17.1"]);
await execa(zlig.python, ["-m", "pip", "install", "--quiet", "--force-reinstall", "--no-deps", wheel]);
const setuptools = await venvWith("bench-setuptools", ["setuptools==84.0.0", "wheel"]);

const contestants: Contestant[] = [];
for (const name of ["zlig", "setuptools"]) {
  const project = join(scratch, name);
  await cp("examples/demo", project, { recursive: true, filter: (path) => !path.endsWith(".so") });
  const cache = join(scratch, "cache");
  if (name === "setuptools") {
    await writeFile(join(project, "pyproject.toml"), setuptoolsProject);
    contestants.push({
      name,
      backend: "setuptools.build_meta",
      python: setuptools.python,
      env: {},
      project,
      memory: [join(project, "build"), join(project, "src/demo.egg-info")],
    });
  } else
    contestants.push({
      name,
      backend: "zlig",
      python: zlig.python,
      env: { ZLIG_CACHE_DIR: cache },
      project,
      memory: [cache],
    });
}

const results = new Map<string, number[]>();
const record = (key: string, value: number): void => {
  results.set(key, [...(results.get(key) ?? []), value]);
};
for (let run = 0; run < runs; run++)
  // The two take turns, so that a change of the machine's speed meets both.
  for (const contestant of contestants) {
    for (const folder of contestant.memory) await rm(folder, { recursive: true, force: true });
    record(`cold ${contestant.name}`, await seconds(contestant, scratch));
    record(`nothing changed ${contestant.name}`, await seconds(contestant, scratch));
    const source = join(contestant.project, "src/demo/demo.c");
    await writeFile(
      source,
      `${await readFile(source, "utf8")}/* run ${run} */ static int edit_${run} = ${run}; int *use_${run}(void) { return &edit_${run}; }\n`,
    );
    record(`one edit ${contestant.name}`, await seconds(contestant, scratch));
  }
await rm(scratch, { recursive: true, force: true });

console.log(`build_wheel of the one-file demo, median of ${runs}, dependencies installed`);
console.log("| | zlig | setuptools | ratio |\n|---|---|---|---|");
for (const what of ["cold", "nothing changed", "one edit"]) {
  const ours = median(results.get(`${what} zlig`) ?? []);
  const theirs = median(results.get(`${what} setuptools`) ?? []);
  console.log(`| ${what} | ${ours.toFixed(2)} s | ${theirs.toFixed(2)} s | ${(ours / theirs).toFixed(2)} |`);
}
