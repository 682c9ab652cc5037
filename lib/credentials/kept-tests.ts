import "server-only";
import { v7 as uuidv7 } from "uuid";
import type { Actor } from "@/lib/actor";
import { inOrganization, type Transaction } from "@/lib/db";
import type { Step } from "@/lib/providers/report";
import type { Proof } from "./receipt";

/** Keeps the test that a save was made with, in the save's own transaction. */
export const rememberProof = (
  tx: Transaction,
  actor: Actor,
  id: string,
  version: number,
  proof: Proof,
): Promise<void> => keepTest(tx, actor, id, version, proof);

export const rememberProofAlone = (actor: Actor, id: string, version: number, proof: Proof): Promise<void> =>
  inOrganization(actor.orgId, (tx) => keepTest(tx, actor, id, version, proof));

interface Kept {
  outcome: string;
  reason?: string | undefined;
  steps: Step[];
  durationMs: number;
  at: Date;
}

/** Puts a test on a credential's record. */
export async function keepTest(
  tx: Transaction,
  actor: Actor,
  credentialId: string,
  testedVersion: number | null,
  test: Kept,
): Promise<void> {
  await tx.connectionTest.create({
    data: {
      orgId: actor.orgId,
      id: uuidv7(),
      credentialId,
      outcome: test.outcome,
      reason: test.reason ?? null,
      steps: test.steps.map((step) => ({ ...step })),
      testedVersion,
      durationMs: Math.round(test.durationMs),
      actorName: actor.name,
      at: test.at,
    },
  });
}
