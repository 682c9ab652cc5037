import "server-only";
import { createHash, createHmac, type Hash, timingSafeEqual } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { constants, createGunzip, createGzip } from "node:zlib";
import { z } from "zod";
import { jsonObject } from "@/lib/platform/json-object";
import { Refusal } from "@/lib/platform/refusal";
import { decodeFrames, encodeFrame, type Frame, unreadable } from "./frames";

/**
 * The file: one line of JSON that says what it is, the frames under gzip, the SHA-256 of both, and an HMAC of that under a key of the
 * vault, so that nobody without its key can make or change one.
 */
const headerSchema = z.object({
  latchkey: z.literal("backup"),
  format: z.number().int().positive(),
  takenAt: z.string(),
  program: z.string(),
  /** Every migration that was applied, oldest first. */
  migrations: z.array(z.string()).min(1),
  functions: z.string(),
  server: z.string(),
  /** The keys that something in it is sealed under. */
  keyIds: z.array(z.string()),
  /** As the vault keeps it, sealed: what tells whether a key is the right one. */
  rootSecret: z.base64(),
  /** Rules that rows from before them break. */
  brokenRules: z.array(z.object({ table: z.string(), name: z.string() })),
});
export type Header = z.output<typeof headerSchema>;

export const FORMAT = 1;
const HEADER_BYTES_MAX = 1 << 20;
const SHA_BYTES = 32;
const TRAILER_BYTES = 2 * SHA_BYTES;
/** Ciphertext does not shrink but by what its text form doubled: more than this costs time and saves nothing. */
const LEVEL = 1;

/**
 * Writes a backup under a temporary name, and gives it its own once it is whole and on the disk.
 * @returns its bytes and the SHA-256 of all of them but the last 64
 * @throws Refusal where a file of that name is there
 */
export async function writeContainer(
  path: string,
  header: Header,
  frames: AsyncIterable<Frame>,
  key: Buffer,
): Promise<{ bytes: number; sha256: string }> {
  const temporary = `${path}.part`;
  const file = await create(temporary, path);
  try {
    const hash = createHash("sha256");
    let bytes = 0;
    const put = async (chunk: Buffer) => {
      hash.update(chunk);
      bytes += chunk.length;
      await file.writeFile(chunk);
    };
    await put(Buffer.from(`${JSON.stringify(header)}\n`));
    await pipeline(encoded(frames), createGzip({ level: LEVEL, chunkSize: 1 << 18 }), async (compressed) => {
      for await (const chunk of compressed) await put(chunk as Buffer);
    });
    const sha = hash.digest();
    await file.writeFile(Buffer.concat([sha, createHmac("sha256", key).update(sha).digest()]));
    await file.sync();
    await file.close();
    await rename(temporary, path);
    await syncFolder(dirname(path));
    return { bytes: bytes + TRAILER_BYTES, sha256: sha.toString("hex") };
  } catch (error) {
    await file.close().catch(() => {});
    await rm(temporary, { force: true });
    throw error;
  }
}

async function create(temporary: string, path: string): Promise<FileHandle> {
  const there = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  await there?.close();
  if (there) throw new Refusal("conflict", "There is a file of that name already. Give the backup another one.");
  // What a backup that was killed left behind.
  await rm(temporary, { force: true });
  return open(temporary, "wx", 0o600);
}

async function* encoded(frames: AsyncIterable<Frame>): AsyncGenerator<Buffer> {
  for await (const frame of frames) yield* encodeFrame(frame);
}

/** A name that lasts: the folder's entry is on the disk, too. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export interface Container {
  header: Header;
  /** SHA-256 of all that the HMAC vouches for. */
  sha256: Buffer;
  /** Whether the key is the one of the vault that made it. */
  isSignedWith: (key: Buffer) => boolean;
  /** Reads it again. Ends only where it is still what was checked. */
  frames: () => AsyncGenerator<Frame>;
}

/** Reads all of it once, keeping none. @throws Refusal where it is no backup, of a newer format, cut or altered */
export async function openContainer(path: string): Promise<Container> {
  const file = await open(path, "r");
  try {
    const { header, line } = await readHeader(file);
    const { size } = await file.stat();
    if (size <= line.length + TRAILER_BYTES) throw unreadable();
    const hash = createHash("sha256");
    const body = { start: line.length, end: size - TRAILER_BYTES - 1 };
    for await (const chunk of createReadStream(path, { end: body.end })) hash.update(chunk as Buffer);
    const trailer = Buffer.alloc(TRAILER_BYTES);
    await file.read(trailer, 0, TRAILER_BYTES, size - TRAILER_BYTES);
    const [sha, mac] = [trailer.subarray(0, SHA_BYTES), trailer.subarray(SHA_BYTES)];
    if (!timingSafeEqual(hash.digest(), sha)) throw unreadable();
    return {
      header,
      sha256: sha,
      isSignedWith: (key) => timingSafeEqual(createHmac("sha256", key).update(sha).digest(), mac),
      frames: () => framesOf(path, line, body, sha),
    };
  } finally {
    await file.close();
  }
}

async function readHeader(file: FileHandle): Promise<{ header: Header; line: Buffer }> {
  const start = Buffer.alloc(HEADER_BYTES_MAX);
  const { bytesRead } = await file.read(start, 0, HEADER_BYTES_MAX, 0);
  const line = start.subarray(0, start.subarray(0, bytesRead).indexOf("\n") + 1);
  const parsed = headerSchema.safeParse(jsonObject(line.toString()));
  if (!parsed.success) throw new Refusal("invalid", "This is no backup of Latchkey's, or its beginning was altered");
  if (parsed.data.format > FORMAT)
    throw new Refusal("invalid", "The backup was made by a newer version of Latchkey: restore it with that one");
  return { header: parsed.data, line };
}

async function* framesOf(path: string, line: Buffer, body: { start: number; end: number }, sha: Buffer) {
  const hash = createHash("sha256").update(line);
  const gunzip = createGunzip({ finishFlush: constants.Z_FINISH, chunkSize: 1 << 18 });
  const fed = pipeline(createReadStream(path, body), hashing(hash), gunzip).catch((error: unknown) => {
    gunzip.destroy(error as Error);
  });
  let isEnded = false;
  try {
    for await (const frame of decodeFrames(gunzip)) {
      isEnded = frame.kind === "end";
      yield frame;
    }
  } catch (error) {
    throw error instanceof Refusal ? error : unreadable();
  }
  await fed;
  // Exchanged since it was checked.
  if (!isEnded || !timingSafeEqual(hash.digest(), sha)) throw unreadable();
}

const hashing = (hash: Hash) =>
  async function* (source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      hash.update(chunk);
      yield chunk;
    }
  };
