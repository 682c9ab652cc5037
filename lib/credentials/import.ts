import "server-only";
import { requireRecentPassword } from "@/lib/access/authorize";
import type { Actor } from "@/lib/actor";
import { lockOrganization, permitted, record } from "@/lib/audit";
import { inOrganization } from "@/lib/db";
import { type Claims, decide, noClaims } from "./import-decision";
import type { ImportOptions, ImportVerdict, IncomingCredential, JudgedCredential } from "./import-input";
import { judgeIncoming } from "./import-judgement";
import { importsOf } from "./import-repository";

/** Rows of one transaction: what is cut off loses at most these, and the next run goes on from there. */
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
  return permitted(actor, "credential:import", { action: "credential.imported" }, async () => {
    requireRecentPassword(actor);
    const judged = await judgeIncoming(actor.orgId, incoming);
    const verdicts: ImportVerdict[] = [];
    let claims = noClaims();
    for (let from = 0; from < judged.length; from += BATCH) {
      const batch = judged.slice(from, from + BATCH);
      const decided = dryRun ? await foresee(actor, batch, claims) : await store(actor, batch);
      // What a dry run has only promised must count for the rows after it; what is stored counts by itself.
      if (dryRun) claims = decided.claims;
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
  return inOrganization(actor.orgId, async (tx) => {
    const { verdicts, ...decided } = await decide(tx, actor, batch, claims);
    return {
      claims: decided.claims,
      verdicts: verdicts.map((one) => (one.outcome === "imported" ? { ...one, id: null } : one)),
    };
  });
}

function store(actor: Actor, batch: JudgedCredential[]): Promise<Done> {
  return inOrganization(actor.orgId, async (tx) => {
    await lockOrganization(tx, actor.orgId);
    const decided = await decide(tx, actor, batch, noClaims());
    if (decided.made.length > 0) {
      await importsOf(actor.orgId).insertAll(
        tx,
        decided.made.map(({ row }) => row),
      );
      await record(tx, actor, ...decided.made.map(({ event }) => event));
    }
    return decided;
  });
}
