import { isUtf8 } from "node:buffer";
import type { Position } from "../location.ts";

/** The first place where bytes are not UTF-8. */
export interface InvalidUtf8 {
  readonly position: Position;
  readonly description: string;
}

/** Finds where bytes stop being UTF-8; undefined if they are UTF-8 throughout. */
export function locateInvalidUtf8(bytes: Uint8Array): InvalidUtf8 | undefined {
  if (isUtf8(bytes)) return undefined;
  const valid = validLength(bytes);
  const before = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, valid));
  const lines = before.split(/\r\n|\r|\n/);
  return {
    position: { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 },
    description: describe(bytes, valid),
  };
}

/** The length of the longest valid beginning. */
function validLength(bytes: Uint8Array): number {
  let offset = 0;
  while (offset < bytes.length) {
    const lead = bytes[offset] ?? 0;
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (length > 1 && !isUtf8(bytes.subarray(offset, offset + length))) break;
    offset += length;
  }
  return offset;
}

function describe(bytes: Uint8Array, offset: number): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return "the file is UTF-16";
  const byte = (bytes[offset] ?? 0).toString(16).toUpperCase().padStart(2, "0");
  return `byte 0x${byte} is not part of a UTF-8 text`;
}
