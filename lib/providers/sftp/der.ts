/** Just enough DER to look at a key file's header: definite lengths up to 2^24, nothing copied, nothing trusted. */
export interface DerElement {
  tag: number;
  content: Uint8Array;
}

const derTag = { integer: 0x02, octets: 0x04, oid: 0x06, sequence: 0x30 } as const;

/** The elements in a row; undefined where the bytes are not whole elements. */
export function derElements(bytes: Uint8Array): DerElement[] | undefined {
  const found: DerElement[] = [];
  let at = 0;
  while (at < bytes.length) {
    const header = readHeader(bytes, at);
    if (!header || header.end > bytes.length) return undefined;
    found.push({ tag: bytes[at] ?? 0, content: bytes.subarray(header.start, header.end) });
    at = header.end;
  }
  return found;
}

function readHeader(bytes: Uint8Array, at: number): { start: number; end: number } | undefined {
  const first = bytes[at + 1];
  if (first === undefined) return undefined;
  if (first < 0x80) return { start: at + 2, end: at + 2 + first };
  const count = first & 0x7f;
  if (count < 1 || count > 3) return undefined;
  let length = 0;
  for (let i = 0; i < count; i++) length = length * 256 + (bytes[at + 2 + i] ?? 0);
  return { start: at + 2 + count, end: at + 2 + count + length };
}

/** What a sequence holds; undefined for anything else. */
export const derChildren = (element: DerElement | undefined): DerElement[] | undefined =>
  element?.tag === derTag.sequence ? derElements(element.content) : undefined;

export const derOid = (element: DerElement | undefined): string | undefined =>
  element?.tag === derTag.oid
    ? Array.from(element.content, (byte) => byte.toString(16).padStart(2, "0")).join("")
    : undefined;

/** A non-negative integer; Infinity for one that is longer than any honest count, undefined for anything else. */
export function derCount(element: DerElement | undefined): number | undefined {
  if (element?.tag !== derTag.integer || element.content.length === 0 || (element.content[0] ?? 0) >= 0x80)
    return undefined;
  if (element.content.length > 6) return Number.POSITIVE_INFINITY;
  return element.content.reduce((sum, byte) => sum * 256 + byte, 0);
}
