/**
 * The names of the functions by which Python finds a module in a shared library, the first preferred: `PyModExport_<name>` (PEP 793, Python 3.15)
 * and `PyInit_<name>`; for names that are not ASCII `PyModExportU_<punycode>` and `PyInitU_<punycode>` (PEP 489).
 * @param moduleName dotted import name; only its last part counts.
 */
export function initFunctionNames(moduleName: string): [modExport: string, init: string] {
  const name = moduleName.slice(moduleName.lastIndexOf(".") + 1);
  return isAscii(name)
    ? [`PyModExport_${name}`, `PyInit_${name}`]
    : [`PyModExportU_${suffixOf(name)}`, `PyInitU_${suffixOf(name)}`];
}

/** PEP 489: hyphens, which punycode puts behind the ASCII characters, become underscores. */
function suffixOf(name: string): string {
  return punycode(name).replaceAll("-", "_");
}

function isAscii(name: string): boolean {
  return Array.from(name).every((character) => character.charCodeAt(0) < 0x80);
}

// The parameters of punycode: RFC 3492, section 5.
const base = 36;
const tMin = 1;
const tMax = 26;
const skew = 38;
const damp = 700;
const initialBias = 72;
const initialN = 0x80;

/**
 * Encodes text as Python's `punycode` codec does (RFC 3492): without the `xn--` of domain names, and keeping upper case.
 */
export function punycode(text: string): string {
  const codePoints = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const basic = codePoints.filter((codePoint) => codePoint < initialN);
  let output = String.fromCharCode(...basic);
  if (basic.length > 0) output += "-";

  let n = initialN;
  let delta = 0;
  let bias = initialBias;
  let handled = basic.length;
  while (handled < codePoints.length) {
    const current = n;
    const next = Math.min(...codePoints.filter((codePoint) => codePoint >= current));
    delta += (next - n) * (handled + 1);
    n = next;
    for (const codePoint of codePoints) {
      if (codePoint < n) delta += 1;
      if (codePoint !== n) continue;
      output += variableLength(delta, bias);
      bias = adapt(delta, handled + 1, handled === basic.length);
      delta = 0;
      handled += 1;
    }
    delta += 1;
    n += 1;
  }
  return output;
}

/** A number as digits of a base that grows with the bias. */
function variableLength(number: number, bias: number): string {
  let digits = "";
  let rest = number;
  for (let k = base; ; k += base) {
    const threshold = Math.min(Math.max(k - bias, tMin), tMax);
    if (rest < threshold) return digits + digit(rest);
    digits += digit(threshold + ((rest - threshold) % (base - threshold)));
    rest = Math.floor((rest - threshold) / (base - threshold));
  }
}

function digit(value: number): string {
  return "abcdefghijklmnopqrstuvwxyz0123456789".charAt(value);
}

function adapt(delta: number, handled: number, first: boolean): number {
  let rest = Math.floor(delta / (first ? damp : 2));
  rest += Math.floor(rest / handled);
  let k = 0;
  for (; rest > Math.floor(((base - tMin) * tMax) / 2); k += base) rest = Math.floor(rest / (base - tMin));
  return k + Math.floor(((base - tMin + 1) * rest) / (rest + skew));
}
