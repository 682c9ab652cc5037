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

/** What may go of the file, beside what a day has more than one of. */
interface Past {
  /** Anchors of before this time. */
  before?: Date | undefined;
  /** By organisation, the last event that a checkpoint stands for: the anchors of earlier ones have nothing left to be compared with. */
  covered: ReadonlyMap<string, bigint>;
}

/**
 * Leaves the first anchor of each organisation, the last, and the last of each day; each of them vouches for all events
 * before it. Lines that are no anchors stay. Rewritten only when that halves the file, and as a whole or not at all: the
 * old file is there until the new one is on the disk.
 * @param past what may go besides; then the file is rewritten as soon as anything of it goes
 */
export async function thinOut(path: string, past?: Past): Promise<void> {
  const text = await readFile(path, "utf8");
  const lines = text.split("\n").filter((line) => line !== "");
  const kept = thinned(lines, past);
  if (past ? kept.length === lines.length : kept.length > lines.length / 2) return;
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

/**
 * The lines that stay. Of each organisation the anchor of its highest event always does, whatever its age and whatever a checkpoint covers: it
 * alone shows a tail that was cut off together with its head.
 */
export function thinned(lines: readonly string[], past?: Past): string[] {
  const first = new Set<string>();
  const keep = new Set<number>();
  const lastOfDay = new Map<string, number>();
  const newest = new Map<string, { at: number; seq: bigint }>();
  for (const [at, line] of lines.entries()) {
    const anchor = asAnchor(line);
    if (!anchor) keep.add(at);
    else {
      const seq = seqOf(anchor);
      if (seq >= (newest.get(anchor.orgId)?.seq ?? -1n)) newest.set(anchor.orgId, { at, seq });
      if (isPast(anchor, seq, past)) continue;
      if (!first.has(anchor.orgId)) keep.add(at);
      first.add(anchor.orgId);
      // The very last is the last of its day.
      lastOfDay.set(`${anchor.orgId} ${anchor.at.slice(0, 10)}`, at);
    }
  }
  for (const at of lastOfDay.values()) keep.add(at);
  for (const { at } of newest.values()) keep.add(at);
  return lines.filter((_, at) => keep.has(at));
}

function isPast({ at, orgId }: Anchor, seq: bigint, past: Past | undefined): boolean {
  if (!past) return false;
  const isOld = past.before !== undefined && at < past.before.toISOString();
  return isOld || seq < (past.covered.get(orgId) ?? 0n);
}

/** Below every event where it is no number. */
const seqOf = ({ seq }: Anchor): bigint => (/^\d+$/.test(seq) ? BigInt(seq) : -1n);

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
