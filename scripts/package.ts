import { readFile, readdir } from "node:fs/promises";
import { execa } from "execa";
import { parse } from "smol-toml";
import { packageVsix } from "./package-vsix.ts";

/** The Python package carries the version of the whole. */
const { version } = JSON.parse(await readFile("package.json", "utf8")) as { version: string };
const { project } = parse(await readFile("python-backend/pyproject.toml", "utf8")) as { project: { version: string } };
if (project.version !== version)
  throw new Error(`python-backend/pyproject.toml has version ${project.version}, package.json has ${version}`);

// Zlig packs itself: a project without extensions needs neither Zig nor Python.
for (const command of ["wheel", "sdist"])
  await execa("node", ["dist/zlig.js", command, "--project", "python-backend", "--out-dir", "dist"], {
    stdio: "inherit",
  });

const made = (await readdir("dist")).filter((name) => name.endsWith(".whl") || name.endsWith(".tar.gz"));
if (made.length !== 2)
  throw new Error(`expected one wheel and one source distribution in dist, found: ${made.join(", ")}`);

const { path, bytes } = await packageVsix();
console.log(`wrote ${path} (${Math.round(bytes / 1000)} kB)`);
