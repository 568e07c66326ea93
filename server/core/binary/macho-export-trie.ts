import type { Bytes } from "./bytes.ts";
import { malformed } from "./bytes.ts";

/**
 * The names in a Mach-O export trie: a tree whose edges are pieces of names, whose nodes with information are exported symbols.
 * @throws {ZligError} `binary-unreadable` for a malformed trie.
 */
export function readExportTrie(bytes: Bytes, start: number, size: number): string[] {
  if (size === 0) return [];
  bytes.check(start, size);
  const names: string[] = [];
  const seen = new Set<number>();
  const waiting = [{ node: 0, prefix: "" }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, prefix } = next;
    if (node >= size || seen.has(node)) throw malformed("its export trie is damaged");
    seen.add(node);

    const info = uleb128(bytes, start + node);
    if (info.value > 0) names.push(prefix);
    let at = info.end + info.value;
    const children = bytes.u8(at);
    at += 1;
    for (let child = 0; child < children; child += 1) {
      const edge = bytes.cString(at, start + size);
      const target = uleb128(bytes, at + Buffer.byteLength(edge) + 1);
      waiting.push({ node: target.value, prefix: prefix + edge });
      at = target.end;
    }
  }
  return names;
}

function uleb128(bytes: Bytes, offset: number): { value: number; end: number } {
  let value = 0;
  let end = offset;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes.u8(end);
    end += 1;
    value += (byte & 0x7f) * scale;
    if ((byte & 0x80) === 0) return { value, end };
    if (end - offset > 8) throw malformed("its export trie is damaged");
  }
}
