import { PackagingSyntaxError } from "./packaging-syntax-error.ts";

/** A version of PEP 440 in its parts. Numbers are `bigint`s: date-based versions exceed what `number` holds exactly. */
export interface Version {
  readonly epoch: bigint;
  readonly release: readonly bigint[];
  readonly pre?: { readonly phase: "a" | "b" | "rc"; readonly number: bigint };
  readonly post?: bigint;
  readonly dev?: bigint;
  readonly local?: readonly (string | bigint)[];
}

// The pieces of the grammar are shared with version specifiers; each is the source of a case-insensitive regular expression.
export const blank = "[ \\t\\n\\r\\f\\v]*";
export const releaseGrammar = "v?(?:[0-9]+!)?[0-9]+(?:\\.[0-9]+)*";
export const suffixGrammar =
  "(?:[-_.]?(?:alpha|beta|preview|pre|rc|a|b|c)[-_.]?[0-9]*)?" +
  "(?:-[0-9]+|[-_.]?(?:post|rev|r)[-_.]?[0-9]*)?" +
  "(?:[-_.]?dev[-_.]?[0-9]*)?";
export const localGrammar = "\\+[a-z0-9]+(?:[-_.][a-z0-9]+)*";

const grammar = new RegExp(`^${blank}${releaseGrammar}${suffixGrammar}(?:${localGrammar})?${blank}$`, "i");

const phases: Readonly<Record<string, "a" | "b" | "rc">> = {
  a: "a",
  alpha: "a",
  b: "b",
  beta: "b",
  c: "rc",
  pre: "rc",
  preview: "rc",
  rc: "rc",
};

function count(digits: string | undefined): bigint {
  return BigInt(digits === undefined || digits === "" ? 0 : digits);
}

/** Reads a version in any spelling PEP 440 allows; `undefined` if it is none. */
export function parseVersion(text: string): Version | undefined {
  if (!grammar.test(text)) return undefined;
  const [publicPart = "", localPart] = text.trim().toLowerCase().replace(/^v/, "").split("+");
  const [, epoch, release = "", rest = ""] = /^(?:([0-9]+)!)?([0-9]+(?:\.[0-9]+)*)(.*)$/s.exec(publicPart) ?? [];
  const suffix = /^(?:[-_.]?(alpha|beta|preview|pre|rc|a|b|c)[-_.]?([0-9]*))?(.*)$/s.exec(rest);
  const [, letters, preNumber, afterPre = ""] = suffix ?? [];
  const [, implicitPost, postWord, postNumber, afterPost = ""] =
    /^(?:-([0-9]+)|[-_.]?(post|rev|r)[-_.]?([0-9]*))?(.*)$/s.exec(afterPre) ?? [];
  const [, devWord, devNumber] = /^(?:[-_.]?(dev)[-_.]?([0-9]*))?$/.exec(afterPost) ?? [];
  const phase = letters === undefined ? undefined : phases[letters];
  return {
    epoch: count(epoch),
    release: release.split(".").map(BigInt),
    ...(phase === undefined ? {} : { pre: { phase, number: count(preNumber) } }),
    ...(implicitPost === undefined && postWord === undefined ? {} : { post: count(implicitPost ?? postNumber) }),
    ...(devWord === undefined ? {} : { dev: count(devNumber) }),
    ...(localPart === undefined
      ? {}
      : { local: localPart.split(/[-_.]/).map((part) => (/^[0-9]+$/.test(part) ? BigInt(part) : part)) }),
  };
}

/** Writes a version in its normal form. */
export function formatVersion(version: Version): string {
  const { epoch, release, pre, post, dev, local } = version;
  return [
    epoch === 0n ? "" : `${String(epoch)}!`,
    release.join("."),
    pre === undefined ? "" : `${pre.phase}${String(pre.number)}`,
    post === undefined ? "" : `.post${String(post)}`,
    dev === undefined ? "" : `.dev${String(dev)}`,
    local === undefined ? "" : `+${local.join(".")}`,
  ].join("");
}

/** Gives the normal form of a version (PEP 440). @throws {PackagingSyntaxError} if the string is no version. */
export function normalizeVersion(text: string): string {
  const version = parseVersion(text);
  if (version === undefined) {
    throw new PackagingSyntaxError(`${JSON.stringify(text)} is not a version as PEP 440 defines it`, 0, text.length);
  }
  return formatVersion(version);
}

/** Drops the zeros at the end of a release: `1.0` and `1` are one version. */
export function trimRelease(release: readonly bigint[]): readonly bigint[] {
  let end = release.length;
  while (end > 1 && release[end - 1] === 0n) end -= 1;
  return release.slice(0, end);
}

type KeyPart = string | bigint | number;

/** Orders numbers below and above any number of a version: infinities beside `bigint`s. */
function comparePart(left: KeyPart, right: KeyPart): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareParts(left: readonly KeyPart[], right: readonly KeyPart[]): number {
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = comparePart(part, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function phaseKey({ pre, post, dev }: Version): readonly KeyPart[] {
  if (pre !== undefined) return [["a", "b", "rc"].indexOf(pre.phase), pre.number];
  // A development release of a final version comes before its pre-releases.
  return [post === undefined && dev !== undefined ? -1 : 3, 0];
}

function compareLocals(left: Version["local"], right: Version["local"]): number {
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (typeof part !== typeof other) return typeof part === "bigint" ? 1 : -1;
    const order = comparePart(part, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Compares two versions as PEP 440 orders them: negative, zero or positive. */
export function compareVersions(left: Version, right: Version): number {
  return (
    comparePart(left.epoch, right.epoch) ||
    compareParts(trimRelease(left.release), trimRelease(right.release)) ||
    compareParts(phaseKey(left), phaseKey(right)) ||
    comparePart(left.post ?? -1, right.post ?? -1) ||
    comparePart(left.dev ?? Infinity, right.dev ?? Infinity) ||
    compareLocals(left.local, right.local)
  );
}

/** Tells whether a version is a pre-release or a development release. */
export function isPrerelease(version: Version): boolean {
  return version.pre !== undefined || version.dev !== undefined;
}
