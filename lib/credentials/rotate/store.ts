import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { lockOrganization, record } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inSight, wholeOf } from "@/lib/platform/db";
import type { CredentialData } from "@/lib/providers/define";
import type { TestReport } from "@/lib/providers/report";
import { resealedChange } from "../change-row";
import { credentialsOf, type Row } from "../repository";
import { openIfWhole, sealedHash } from "../sealed-data";
import { testRunOf } from "../test-runs";
import { updateWrite } from "../writes";
import { type RotationChange, type RotationRecord, rotationsOf } from "./repository";

/** How it went: stored; no longer this holder's; or there is nothing to store it in. */
export type StoreOutcome = "stored" | "lost" | "gone";

/**
 * Makes the new data those of the credential, in one transaction with the event, the test that proved them and the rotation's
 * own end: whatever is cut off, either all of it is there or nothing.
 */
export function storeNew(
  actor: Actor,
  rotation: RotationRecord,
  {
    data,
    report,
    holder,
    ending,
  }: { data: CredentialData; report: TestReport; holder: string; ending: RotationChange },
): Promise<StoreOutcome> {
  const { orgId, credentialId } = rotation;
  const mine = credentialsOf(wholeOf(orgId));
  return inSight(wholeOf(orgId), async (tx) => {
    await lockOrganization(tx, orgId);
    const row = await mine.findIn(tx, credentialId);
    if (!row || row.sealedVersion !== rotation.fromVersion) return "gone";
    if (!(await rotationsOf(orgId).write(rotation.id, holder, { ...ending, forget: true }, tx))) return "lost";
    const before = openIfWhole(row, row.sealed);
    const update = updateOf(actor, row, { before, after: data }, report);
    const test = testRunOf(actor, update.sealedVersion, { ...report, at: clock.now() });
    const miss = await mine.apply(tx, updateWrite({ ...update, rotation: rotation.id }, { test }));
    if (miss) throw new Error("the credential moved under its lock");
    await record(tx, actor, {
      action: "credential.rotated",
      target: { type: "credential", id: row.id, name: row.name },
      fields: secretsThatChanged(before ?? {}, data),
      version: row.version + 1,
      keyId: update.keyId,
      sealedHash: sealedHash(update.sealed),
    });
    return "stored";
  });
}

function secretsThatChanged(before: CredentialData, data: CredentialData): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(data)]);
  return [...names].filter((name) => before[name] !== data[name]).map((name) => `credentials.${name}`);
}

interface Exchange {
  /** Undefined where they do not open. */
  before: CredentialData | undefined;
  after: CredentialData;
}

function updateOf(actor: Actor, row: Row, data: Exchange, report: TestReport) {
  const at = clock.now();
  const health = { health: report.outcome, healthReason: report.reason ?? null, healthAt: at };
  return resealedChange(row, {
    by: actor.name,
    data,
    also: { ...health, healthVersion: row.sealedVersion + 1 },
  });
}
