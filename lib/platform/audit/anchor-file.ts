import "server-only";
import { appendFile, mkdir, open, readFile, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";

/** An organisation's head as it was at a time, kept outside the database. */
export interface Anchor {
  at: string;
  orgId: string;
  seq: string;
  hash: string;
}

/** A file this small is left alone. */
const SMALL_BYTES = 256 * 1024;

/** Adds anchors, and thins the file out when it has grown large. */
export async function addAnchors(path: string, anchors: readonly Anchor[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await appendFile(path, anchors.map((anchor) => `${JSON.stringify(anchor)}\n`).join(""), { mode: 0o600 });
  if ((await stat(path)).size > SMALL_BYTES) await thinOut(path);
}

/**
 * Leaves the first anchor of each organisation, the last, and the last of each day; each of them vouches for all events
 * before it. Lines that are no anchors stay. Rewritten only when that halves the file, and as a whole or not at all: the
 * old file is there until the new one is on the disk.
 */
export async function thinOut(path: string): Promise<void> {
  const text = await readFile(path, "utf8");
  const lines = text.split("\n").filter((line) => line !== "");
  const kept = thinned(lines);
  if (kept.length > lines.length / 2) return;
  const fresh = `${path}.new`;
  const file = await open(fresh, "w", 0o600);
  try {
    await file.writeFile(kept.map((line) => `${line}\n`).join(""));
    await file.sync();
  } finally {
    await file.close();
  }
  // Another instance on this machine has added to it meanwhile: the next hour will do.
  if ((await stat(path)).size === Buffer.byteLength(text)) await rename(fresh, path);
}

export function thinned(lines: readonly string[]): string[] {
  const first = new Set<string>();
  const keep = new Set<number>();
  const lastOfDay = new Map<string, number>();
  for (const [at, line] of lines.entries()) {
    const anchor = asAnchor(line);
    if (!anchor) keep.add(at);
    else {
      if (!first.has(anchor.orgId)) keep.add(at);
      first.add(anchor.orgId);
      // The very last is the last of its day.
      lastOfDay.set(`${anchor.orgId} ${anchor.at.slice(0, 10)}`, at);
    }
  }
  for (const at of lastOfDay.values()) keep.add(at);
  return lines.filter((_, at) => keep.has(at));
}

/** Anchors of each organisation. Lines that are no anchors are passed over, so a whole process log may be given. */
export async function readAnchors(path: string): Promise<Map<string, Anchor[]>> {
  const anchors = new Map<string, Anchor[]>();
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  for (const line of text.split("\n")) {
    const anchor = asAnchor(line);
    if (!anchor) continue;
    const mine = anchors.get(anchor.orgId);
    if (mine) mine.push(anchor);
    else anchors.set(anchor.orgId, [anchor]);
  }
  return anchors;
}

function asAnchor(line: string): Anchor | undefined {
  try {
    const { orgId, seq, hash, at, time } = JSON.parse(line) as Record<string, unknown>;
    if (typeof orgId !== "string" || typeof seq !== "string" || typeof hash !== "string") return undefined;
    return { orgId, seq, hash, at: String(at ?? time ?? "") };
  } catch {
    return undefined;
  }
}
