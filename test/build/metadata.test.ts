import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { renderMetadata } from "../../server/core/package/core-metadata.ts";
import { Problems } from "../../server/core/error.ts";
import type { TomlTable } from "../../server/core/manifest/manifest.ts";
import { parseManifest } from "../../server/core/manifest/read.ts";
import { readMetadata } from "../../server/core/project/read-metadata.ts";
import { unpackedSdists } from "../support/sdists.ts";
import { makeTree } from "../support/tree.ts";
import { packagingVenv } from "../support/venv.ts";

/** Projects of all build backends and styles; those that name their licence files themselves, or none. */
const plain = [
  "attrs==25.4.0",
  "cibuildwheel==3.2.1",
  "click==8.3.0",
  "cryptography==46.0.2",
  "flask==3.1.2",
  "flit_core==3.12.0",
  "griffe==1.14.0",
  "jsonschema==4.25.1",
  "meson-python==0.18.0",
  "more-itertools==10.8.0",
  "pip==25.2",
  "pydantic==2.12.3",
  "rpds_py==0.27.1",
  "trio==0.31.0",
  "typing_extensions==4.15.0",
  "urllib3==2.5.0",
];

/** Projects without `license-files`: Zlig finds them by Flit's default globs, pyproject-metadata leaves that to build backends. */
const withoutLicenseFiles = [
  "anyio==4.11.0",
  "build==1.3.0",
  "charset-normalizer==3.4.4",
  "fastapi==0.119.0",
  "hatchling==1.27.0",
  "httpx==0.28.1",
  "idna==3.10",
  "importlib_metadata==8.7.0",
  "installer==0.7.0",
  "jinja2==3.1.6",
  "jupyter_client==8.6.3",
  "kiwisolver==1.4.9",
  "msgpack==1.1.2",
  "packaging==25.0",
  "pathspec==0.12.1",
  "pdm-backend==2.4.5",
  "platformdirs==4.5.0",
  "pluggy==1.6.0",
  "poetry-core==2.2.1",
  "pyproject-metadata==0.9.1",
  "pytest==8.4.2",
  "scikit_build_core==0.11.6",
  "setuptools==80.9.0",
  "sqlmodel==0.0.27",
  "starlette==0.48.0",
  "tomli==2.2.1",
  "tox==4.31.0",
  "tqdm==4.67.1",
  "virtualenv==20.35.3",
  "werkzeug==3.1.3",
  "wheel==0.45.1",
];

/** Projects with licence classifiers beside a licence expression: PEP 639 allows to refuse them. pyproject-metadata does, Zlig warns. */
const withLicenseClassifiers = [
  "hatchling==1.27.0",
  "httpx==0.28.1",
  "platformdirs==4.5.0",
  "starlette==0.48.0",
  "tox==4.31.0",
  "virtualenv==20.35.3",
];

/** A project that maturin lets have an unknown key in `[project]`; both sides refuse it. */
const refused = "orjson==3.11.3";

interface PeerResult {
  readonly metadata?: string;
  readonly error?: string;
  readonly disguised?: boolean;
}

async function renderWithPeer(folders: readonly string[]): Promise<readonly PeerResult[]> {
  const { python } = await packagingVenv();
  const script = join(import.meta.dirname, "..", "support", "pyproject_metadata_peer.py");
  const { stdout } = await execa(python, ["-X", "utf8", script], { input: JSON.stringify(folders) });
  return JSON.parse(stdout) as PeerResult[];
}

async function renderWithZlig(folder: string): Promise<{ metadata: string | undefined; problems: Problems }> {
  const file = join(folder, "pyproject.toml");
  const manifest = parseManifest(file, readFileSync(file, "utf8"));
  const project: Record<string, unknown> = { version: "1.0", ...(manifest.values["project"] as TomlTable) };
  delete project["dynamic"];
  const values = { ...manifest.values, project: project as TomlTable };
  const problems = new Problems();
  const metadata = await readMetadata({ ...manifest, values }, folder, undefined, problems);
  return { metadata: metadata === undefined ? undefined : renderMetadata(metadata), problems };
}

/** Puts `License-File` headers, and the version of the format that has them, into metadata without them. */
function addLicenseFiles(metadata: string, folder: string): string {
  const files = readdirSync(folder)
    .filter((name) => /^(?:LICEN[CS]E|COPYING|NOTICE|AUTHORS)/.test(name))
    .sort();
  const lines = metadata.split("\n");
  const before =
    /^(?:Classifier|Project-URL|Requires-Python|Requires-Dist|Provides-Extra|Description-Content-Type):|^$/;
  const place = lines.findIndex((line) => before.test(line));
  lines.splice(place, 0, ...files.map((name) => `License-File: ${name}`));
  return lines.join("\n").replace(/^Metadata-Version: 2\.[123]$/m, "Metadata-Version: 2.4");
}

describe("METADATA of published projects", () => {
  test("is that of pyproject-metadata, but for licence files that the project does not name", async () => {
    const pins = [...plain, ...withoutLicenseFiles];
    const folders = await unpackedSdists(pins);
    const peers = await renderWithPeer(folders);
    const warned: string[] = [];
    for (const [index, pin] of pins.entries()) {
      const folder = folders[index] ?? "";
      const { metadata, problems } = await renderWithZlig(folder);
      expect(
        problems.errors.map(({ message }) => message),
        pin,
      ).toEqual([]);
      const peer = peers[index]?.metadata ?? `${pin}: ${peers[index]?.error ?? ""}`;
      expect(metadata, pin).toBe(withoutLicenseFiles.includes(pin) ? addLicenseFiles(peer, folder) : peer);
      if (withoutLicenseFiles.includes(pin)) expect(metadata, pin).toContain("\nLicense-File: ");
      const isWarned = problems.all.some(({ message }) => message === "Licence classifiers are deprecated (PEP 639)");
      if (peers[index]?.disguised === true && isWarned) warned.push(pin);
    }
    expect(warned).toEqual(withLicenseClassifiers);
  });

  test("is refused for an unknown key, as pyproject-metadata does", async () => {
    const [folder = ""] = await unpackedSdists([refused]);
    const [peer] = await renderWithPeer([folder]);
    expect(peer?.error).toBe("Extra keys present in \"project\": 'repository'");
    const { metadata, problems } = await renderWithZlig(folder);
    expect(metadata).toBeUndefined();
    expect(problems.errors.map(({ message }) => message)).toEqual(['`[project]` has no key "repository"']);
    expect(problems.errors[0]?.location?.range?.start).toEqual({ line: 3, character: 0 });
  });
});

/** Projects made for one rule each, and how Zlig's metadata differ from pyproject-metadata's where they do, with the reason. */
interface Crafted {
  readonly behaviour: string;
  readonly project: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly differs?: { readonly reason: string; readonly from: string; readonly to: string };
}

const crafted: readonly Crafted[] = [
  { behaviour: "a name and a version alone", project: 'name = "Some.Name_1"\nversion = "1.0.0-rc.1"' },
  {
    behaviour: "people in all forms",
    project: `name = "a"
authors = [{ name = "Zoë" }, { name = "Doe, J. (jd)", email = "j@x.org" }, { name = 'A "B" \\ C', email = "b@x.org" }]
maintainers = [{ name = "N", email = "n@x.org" }, { name = "Only Name" }]`,
  },
  {
    behaviour: "a licence text of several lines, with empty ones",
    project: 'name = "a"\nlicense = { text = """One\n\nTwo\r\n  three\n""" }',
  },
  {
    behaviour: "an expression, globs and classifiers",
    project: `name = "a"
license = "mit and (apache-2.0 OR licenseref-Own.1)"
license-files = ["LICENSE*", "licenses/**/*.txt"]
classifiers = ["Programming Language :: C"]`,
    files: { "LICENSE-B": "b", "LICENSE-A": "a", "licenses/x/y.txt": "y" },
  },
  { behaviour: "no licence files at all", project: 'name = "a"\nlicense-files = []', files: { LICENSE: "" } },
  {
    behaviour: "requirements of all forms",
    project: `name = "a"
requires-python = "!=3.9.0, >=3.8 ,<4"
dependencies = ["b [Y,x] (>=1.0,<2) ; os.name == 'nt'", "c@https://x.y/c.whl", "d @ git+https://x.y/d.git@v1 ; python_version < \\"3.10\\"",
  "e ~= 1.4.2 ; 'arm' in platform_machine and (os_name=='posix' or extra == 'A_b')"]
[project.optional-dependencies]
One_Two = ["f", "g>1 ; os_name == 'nt' or os_name == 'java'", "h; os_name == 'nt' and python_version > '3'"]
empty = []`,
  },
  {
    behaviour: "links, keywords and a readme with parameters",
    project: `name = "a"
description = "Größe"
keywords = ["one", "two words"]
readme = { text = "# Größe\\r\\n\\r\\nline\\u000cfeed\\n\\n", content-type = "text/markdown; charset=UTF-8; variant=GFM" }
[project.urls]
Homepage = "https://x.y/"
"Bug Tracker" = "https://x.y/bugs"`,
  },
  {
    behaviour: "import names",
    project: 'name = "a"\nimport-names = ["a.b", "_c; private"]\nimport-namespaces = ["a"]',
  },
  { behaviour: "no import names", project: 'name = "a"\nimport-names = []' },
  {
    behaviour: "a readme with all three line ends",
    project: 'name = "a"\nreadme = "README.rst"',
    files: { "README.rst": "a\nb\r\nc\rd" },
  },
  { behaviour: "an empty readme", project: 'name = "a"\nreadme = "README.md"', files: { "README.md": "" } },
  {
    behaviour: "an e-mail address without a name",
    project: 'name = "a"\nauthors = [{ email = "a@x.org" }]',
    differs: {
      reason: "the standard has the address alone, with no invented name",
      from: "Author-Email: Unknown <a@x.org>",
      to: "Author-Email: a@x.org",
    },
  },
  {
    behaviour: "a parenthesised `or` in a requirement of an extra",
    project: "name = \"a\"\n[project.optional-dependencies]\nx = [\"b ; (os_name == 'nt' or os_name == 'java')\"]",
  },
  {
    behaviour: "a description with a line break around it",
    project: 'name = "a"\ndescription = """\nShort\n"""',
    differs: {
      reason: "a summary is one line, and package indexes refuse another",
      from: "Summary: Short\n         \n",
      to: "Summary: Short\n",
    },
  },
  {
    behaviour: "an extra with two separators",
    project: 'name = "a"\n[project.optional-dependencies]\n"x__y" = []',
    differs: { reason: "PEP 685 makes one of a run", from: "Provides-Extra: x--y", to: "Provides-Extra: x-y" },
  },
  {
    behaviour: "a readme with a byte order mark",
    project: 'name = "a"\nreadme = "README.md"',
    files: { "README.md": "\uFEFFtext" },
    differs: { reason: "it is no part of the text", from: "\n\n\uFEFFtext", to: "\n\ntext" },
  },
  {
    behaviour: "an odd spelling of a private import name",
    project: 'name = "a"\nimport-names = ["a", "_b  ;private"]',
    differs: { reason: "one spelling, as Flit's", from: "_b  ;private", to: "_b; private" },
  },
];

describe("METADATA of a project with", () => {
  test.for(crafted)(
    "$behaviour is that of pyproject-metadata, but for what is named",
    async ({ project, files, differs }) => {
      const folder = makeTree({ ...files, "pyproject.toml": `[project]\n${project}\n` });
      const [peer] = await renderWithPeer([folder]);
      const { metadata, problems } = await renderWithZlig(folder);
      expect(problems.errors).toEqual([]);
      expect(peer?.error).toBeUndefined();
      const expected = peer?.metadata ?? "";
      if (differs === undefined) {
        expect(metadata).toBe(expected);
      } else {
        expect(expected).toContain(differs.from);
        expect(metadata).toBe(expected.replace(differs.from, differs.to));
      }
    },
  );
});
