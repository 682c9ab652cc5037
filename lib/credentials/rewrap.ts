import "server-only";
import { setTimeout as pause } from "node:timers/promises";
import type { Actor } from "@/lib/authorization/actor";
import { recordAlone, withAuthorization } from "@/lib/platform/audit";
import { statement } from "@/lib/platform/db";
import { rootAddress } from "@/lib/platform/keys";
import { keyIdOf, keyring, rewrap } from "@/lib/platform/vault";
import { countLeft, nextOrganization, type SealedRow, sealedKinds, walk } from "./rewrap-rows";
import { countByKey } from "./rotation";

/** A thing that does not open. It was left as it is. */
export interface SetAside {
  kind: SealedRow["kind"] | "root secret";
  orgId: string;
  id: string;
}

export interface RewrapReport {
  moved: number;
  /** The first of those that do not open, by name. */
  damaged: SetAside[];
  damagedCount: number;
  /** Rows that somebody else held all the time. */
  busy: number;
}

/** Damaged rows that a report names. */
const NAMED_MAX = 1_000;

/**
 * Rotation of the key-encryption key, online: new writes use the new key, both keys read, and every row's data key is
 * wrapped anew without opening the secret. It can be cut off anywhere and run again; what is done stays done, and is not
 * looked at again. A row that does not open is set aside and named, and the others are moved; a later run tries it again.
 * Each organisation gets one event, with its count. `onProgress` hears the rows moved so far.
 */
export function rewrapAll(actor: Actor, onProgress: (moved: number) => void = () => {}): Promise<RewrapReport> {
  return withAuthorization(actor, "platform:manage", { action: "key.rotated" }, () => rewrapped(actor, onProgress));
}

async function rewrapped(actor: Actor, onProgress: (moved: number) => void): Promise<RewrapReport> {
  const current = keyring().current.id;
  const superseded = (await countByKey()).map(({ keyId }) => keyId).filter((id) => id !== current);
  const run: Run = { keys: superseded, current, report: emptyReport(), onProgress };
  await rewrapRoot(run);
  for (let org = await nextOrganization(superseded); org; org = await nextOrganization(superseded, org)) {
    await inOneOrganization(run, actor, org);
  }
  return run.report;
}

interface Run {
  keys: string[];
  current: string;
  report: RewrapReport;
  onProgress: (moved: number) => void;
}

const emptyReport = (): RewrapReport => ({ moved: 0, damaged: [], damagedCount: 0, busy: 0 });

/** The work of one organisation, and its event: also where the work is broken off by an error. */
async function inOneOrganization(run: Run, actor: Actor, orgId: string): Promise<void> {
  const { report } = run;
  const before = report.moved;
  try {
    for (const sealed of sealedKinds) await moveKind(run, orgId, sealed);
  } finally {
    if (report.moved > before) {
      await recordAlone(
        { ...actor, orgId },
        {
          action: "key.rotated",
          target: { type: "key", id: run.current },
          fields: [String(report.moved - before)],
        },
      );
    }
  }
}

/** How often rows that others held are asked for again, and how long between. */
const TURNS = 20;
const TURN_MS = 500;

async function moveKind({ keys, report, onProgress }: Run, orgId: string, sealed: SealedRow): Promise<void> {
  const aside = new Set<string>();
  const place = { orgId, keys, aside };
  let left = 0;
  for (let turn = 0; turn < TURNS; turn++) {
    if (turn > 0) await pause(TURN_MS);
    for await (const count of walk(sealed, place)) {
      report.moved += count;
      onProgress(report.moved);
    }
    left = (await countLeft(sealed, place)) - aside.size;
    if (left <= 0) break;
  }
  report.busy += Math.max(left, 0);
  for (const id of aside) setAside(report, { kind: sealed.kind, orgId, id });
}

function setAside(report: RewrapReport, one: SetAside): void {
  report.damagedCount++;
  if (report.damaged.length < NAMED_MAX) report.damaged.push(one);
}

async function rewrapRoot({ current, report }: Run): Promise<void> {
  const [root] = await statement<{ sealed: Buffer; key_id: string }>(
    "root_sealed",
    "SELECT sealed, key_id FROM root_secret WHERE id = 1",
    [],
  );
  if (!root || root.key_id === current) return;
  let sealed: Buffer;
  try {
    sealed = rewrap(root.sealed, rootAddress);
  } catch {
    return setAside(report, { kind: "root secret", orgId: "", id: "1" });
  }
  await statement(
    "root_rewrap",
    "UPDATE root_secret SET sealed = $1, key_id = $2, updated_at = now() WHERE id = 1 AND sealed = $3",
    [sealed, keyIdOf(sealed), root.sealed],
  );
}
