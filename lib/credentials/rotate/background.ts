import "server-only";
import { randomUUID } from "node:crypto";
import { systemActor } from "@/lib/authorization/actor";
import { statement } from "@/lib/platform/db";
import { log, traceOf } from "@/lib/platform/log";
import { rotationsOf } from "./repository";
import { guarded, resume } from "./run";
import { Work } from "./work";

/** Rotations that one round of the background goes on with. */
const ROUND = 20;

/** Goes on with what was cut off or put off, over all organisations. Never throws. */
export async function settleRotations(): Promise<void> {
  try {
    const due = await statement<{ org_id: string; id: string }>("rotations_due", "SELECT * FROM rotations_due($1)", [
      ROUND,
    ]);
    // One after the other: nobody waits for them, and each starts processes.
    for (const { org_id, id } of due) await settleOne(org_id, id);
  } catch (error) {
    log.warn("what is due of rotations could not be read", traceOf(error));
  }
}

async function settleOne(orgId: string, id: string): Promise<void> {
  const actor = systemActor(orgId, "rotation", `rotation-${id.slice(-12)}`);
  const holder = randomUUID();
  try {
    if (!(await rotationsOf(orgId).take(id, holder))) return;
    const open = await rotationsOf(orgId).find(id);
    if (open && open.endedAt === null) await guarded(new Work(actor, open, holder), resume);
  } catch (error) {
    log.warn("a rotation could not be gone on with", { requestId: actor.requestId, orgId, ...traceOf(error) });
  }
}
