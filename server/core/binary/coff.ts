import type { PeBinary, UndefinedSymbol } from "./binary.ts";
import type { Bytes } from "./bytes.ts";
import { malformed } from "./bytes.ts";
import { peMachine } from "./pe.ts";

const IMAGE_SYM_CLASS_EXTERNAL = 2;
const IMAGE_SYM_CLASS_WEAK_EXTERNAL = 105;
/** Begins an import library's entry, or (in version 2) an object with more than 65 279 sections. */
const ANONYMOUS_SIGNATURE = 0xffff0000;

interface Layout {
  readonly machine: number;
  readonly symbols: number;
  readonly count: number;
  readonly symbolSize: 18 | 20;
}

/** Whether a file begins as a COFF object of a processor that Zlig knows. */
export function isCoffObject(bytes: Bytes): boolean {
  return bytes.u32(0) === ANONYMOUS_SIGNATURE || peMachine(bytes.u16(0)) !== undefined;
}

/**
 * Reads a COFF object, also one of `/bigobj`. Names stay as the linker sees them: `__imp_PyLong_Type`, and `_f` or `_f@4` on 32-bit Windows.
 * @throws {ZligError} `binary-unreadable` for a malformed file or an import library's entry.
 */
export function readCoffObject(bytes: Bytes): PeBinary {
  const layout = layoutOf(bytes);
  const { machine, symbols, count, symbolSize } = layout;
  bytes.check(symbols, count * symbolSize);
  const strings = symbols + count * symbolSize;
  const exports: string[] = [];
  const missing: UndefinedSymbol[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = symbols + index * symbolSize;
    const storageClass = bytes.u8(at + symbolSize - 2);
    const auxiliaries = bytes.u8(at + symbolSize - 1);
    index += auxiliaries;
    const weak = storageClass === IMAGE_SYM_CLASS_WEAK_EXTERNAL;
    if (storageClass !== IMAGE_SYM_CLASS_EXTERNAL && !weak) continue;
    const name = bytes.u32(at) === 0 ? bytes.cString(strings + bytes.u32(at + 4)) : bytes.padded(at, 8);
    if (name.startsWith(".weak.")) continue;
    // A value without a section is the size of a common symbol, which this object defines. A weak symbol is defined by the one it names as its default.
    const defined = weak
      ? auxiliaries > 0 && sectionOf(bytes, layout, bytes.u32(at + symbolSize)) > 0
      : sectionOf(bytes, layout, (at - symbols) / symbolSize) !== 0 || bytes.u32(at + 8) !== 0;
    if (defined) exports.push(name);
    else missing.push({ name, weak });
  }
  return {
    format: "pe",
    kind: "object",
    bits: machine === 0x14c || machine === 0x1c4 ? 32 : 64,
    machine: peMachine(machine) ?? `unknown-${machine}`,
    exports,
    undefined: missing,
    needed: [],
    runPaths: [],
  };
}

/** The number of the section that defines a symbol: 0 none, below 0 a constant. */
function sectionOf(bytes: Bytes, { symbols, count, symbolSize }: Layout, index: number): number {
  if (index >= count) throw malformed("its symbol table is damaged");
  const at = symbols + index * symbolSize + 12;
  return symbolSize === 20 ? bytes.i32(at) : bytes.i16(at);
}

function layoutOf(bytes: Bytes): Layout {
  if (bytes.u32(0) !== ANONYMOUS_SIGNATURE) {
    return { machine: bytes.u16(0), symbols: bytes.u32(8), count: bytes.u32(12), symbolSize: 18 };
  }
  if (bytes.u16(4) !== 2) throw malformed("it is an entry of an import library");
  return { machine: bytes.u16(6), symbols: bytes.u32(48), count: bytes.u32(52), symbolSize: 20 };
}
