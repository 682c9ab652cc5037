import "server-only";
import { Refusal } from "@/lib/platform/refusal";

/**
 * The compressed part of a backup is a row of frames: a letter, the length of what follows in four bytes, and that. A table begins
 * with its name and columns, goes on with its rows as COPY writes them, and ends with their number and their SHA-256.
 */
export type Frame =
  | { kind: "table"; name: string; columns: string[] }
  | { kind: "rows"; data: Buffer }
  | { kind: "tableEnd"; rows: number; sha256: string }
  | { kind: "sequence"; name: string; value: string }
  | { kind: "anchors"; data: Buffer }
  | { kind: "end"; tables: number };

const LETTERS = { table: "T", rows: "R", tableEnd: "E", sequence: "S", anchors: "A", end: "Z" } as const;
const KINDS = new Map(Object.entries(LETTERS).map(([kind, letter]) => [letter, kind as Frame["kind"]]));
const HEAD_BYTES = 5;
/** More than PostgreSQL can hand over in one row. */
const FRAME_BYTES_MAX = 2 ** 30;

export function encodeFrame(frame: Frame): Buffer[] {
  const { kind, ...facts } = frame;
  const body = "data" in frame ? frame.data : Buffer.from(JSON.stringify(facts));
  const head = Buffer.alloc(HEAD_BYTES);
  head.write(LETTERS[kind], "latin1");
  head.writeUInt32BE(body.length, 1);
  return [head, body];
}

/** Reads frames as they come; memory holds one of them. @throws Refusal where the bytes are none */
export async function* decodeFrames(source: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let parts: Buffer[] = [];
  let held = 0;
  let wanted = HEAD_BYTES;
  for await (const chunk of source) {
    parts.push(chunk);
    held += chunk.length;
    if (held < wanted) continue;
    let bytes = Buffer.concat(parts);
    for (;;) {
      wanted = lengthOf(bytes);
      if (bytes.length < wanted) break;
      yield decode(bytes.subarray(0, wanted));
      bytes = bytes.subarray(wanted);
    }
    parts = [bytes];
    held = bytes.length;
  }
  if (held > 0) throw unreadable();
}

function lengthOf(bytes: Buffer): number {
  if (bytes.length < HEAD_BYTES) return HEAD_BYTES;
  const length = bytes.readUInt32BE(1);
  if (length > FRAME_BYTES_MAX) throw unreadable();
  return HEAD_BYTES + length;
}

function decode(bytes: Buffer): Frame {
  const kind = KINDS.get(bytes.toString("latin1", 0, 1) as (typeof LETTERS)[Frame["kind"]]);
  const data = bytes.subarray(HEAD_BYTES);
  if (kind === undefined) throw unreadable();
  if (kind === "rows" || kind === "anchors") return { kind, data };
  return { ...JSON.parse(data.toString()), kind };
}

export const unreadable = (): Refusal =>
  new Refusal("invalid", "The backup was cut or altered. Nothing was restored: use another copy of it.");
