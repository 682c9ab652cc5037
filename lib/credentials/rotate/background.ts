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

/**
 * Goes on with what was cut off or put off, over all organisations, until it is told to stop.
 * @throws Refusal of the database, when what is due could not be read
 */
export async function settleRotations(signal?: AbortSignal): Promise<void> {
  const due = await statement<{ org_id: string; id: string }>("rotations_due", "SELECT * FROM rotations_due($1)", [
    ROUND,
  ]);
  // One after the other: nobody waits for them, and each starts processes.
  for (const { org_id, id } of due) if (!signal?.aborted) await settleOne(org_id, id);
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
