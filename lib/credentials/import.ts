import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { requireRecentPassword } from "@/lib/authorization/authorize";
import { withAuthorization, writeWithEvent } from "@/lib/platform/audit";
import { inSight, wholeOf } from "@/lib/platform/db";
import { Refusal } from "@/lib/platform/refusal";
import { type Claims, decide, noClaims } from "./import-decision";
import type { ImportOptions, ImportVerdict, IncomingCredential, JudgedCredential } from "./import-input";
import { validateIncoming } from "./import-validation";
import { untilMade } from "./row-queue";
import { createWrite } from "./writes";

/** Rows that are stored together, each whole with its event: what is cut off loses at most these, and the next run goes on. */
const BATCH = 50;

/**
 * Takes over credentials of another system, each with its event, and answers a verdict for each. Ids, names and dates
 * stay. An id that is here already is left alone, so it may be cut off anywhere and run again.
 * @throws Refusal "forbidden" for whoever may not, or has not confirmed their password just now
 */
export function importCredentials(
  actor: Actor,
  incoming: IncomingCredential[],
  { dryRun, onProgress = () => {} }: ImportOptions,
): Promise<ImportVerdict[]> {
  return withAuthorization(actor, "credential:import", { action: "credential.imported" }, async () => {
    requireRecentPassword(actor);
    const judged = await validateIncoming(actor, incoming);
    const verdicts: ImportVerdict[] = [];
    let claims = noClaims();
    for (let from = 0; from < judged.length; from += BATCH) {
      const batch = judged.slice(from, from + BATCH);
      // What a dry run has only promised must count for the rows after it; what is stored counts by itself.
      const decided = dryRun ? await foresee(actor, batch, claims) : { claims, verdicts: await store(actor, batch) };
      claims = decided.claims;
      verdicts.push(...decided.verdicts);
      onProgress(verdicts.length);
    }
    return verdicts;
  });
}

interface Done {
  verdicts: ImportVerdict[];
  claims: Claims;
}

function foresee(actor: Actor, batch: JudgedCredential[], claims: Claims): Promise<Done> {
  return inSight(wholeOf(actor.orgId), async (tx) => {
    const { verdicts, ...decided } = await decide(tx, actor, batch, claims);
    return {
      claims: decided.claims,
      verdicts: verdicts.map((one) => (one.outcome === "imported" ? { ...one, id: null } : one)),
    };
  });
}

/** Rows that somebody else was faster with (a name, an id, a place) are decided anew. */
async function store(actor: Actor, batch: JudgedCredential[]): Promise<ImportVerdict[]> {
  const verdicts = new Map<JudgedCredential, ImportVerdict>();
  let open = batch;
  await untilMade(async () => {
    const decided = await inSight(wholeOf(actor.orgId), (tx) => decide(tx, actor, open, noClaims()));
    const missed = new Set<JudgedCredential>();
    await Promise.all(
      decided.made.map(async ({ from, row, event }) => {
        const outcome = await writeWithEvent({ actor, entry: event, write: createWrite(row) });
        if (!outcome.done) missed.add(from);
      }),
    );
    for (const [at, one] of open.entries()) {
      const verdict = decided.verdicts[at];
      if (verdict && !missed.has(one)) verdicts.set(one, verdict);
    }
    open = open.filter((one) => missed.has(one));
    return open.length === 0 ? true : undefined;
  });
  return batch.map((one) => {
    const verdict = verdicts.get(one);
    if (!verdict) throw new Refusal("conflict", "Others are changing the same credentials right now. Import again.");
    return verdict;
  });
}
