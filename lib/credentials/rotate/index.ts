import "server-only";
import { randomUUID } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { lockOrganization, record, withAuthorization } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inSight } from "@/lib/platform/db";
import type { ExpectedVersion } from "@/lib/platform/expected-version";
import { Refusal } from "@/lib/platform/refusal";
import { inSlot, runOperation } from "@/lib/providers/connections";
import { type CredentialData, credentialDataSchema } from "@/lib/providers/define";
import type { RotationStep, RotationView } from "@/lib/vocabulary/credential-view";
import { methodOfRow } from "../methods";
import { getCredential } from "../read";
import { credentialsOf, type Row } from "../repository";
import { openData } from "../sealed-data";
import { changeable } from "../update";
import { busy, type NewRotation, type RotationRecord, rotationsOf } from "./repository";
import { change, ended, guarded, resume } from "./run";
import { view } from "./state";
import { doneStep, Work } from "./work";

/**
 * Rotation of a secret at the system that it is for. It promises that the credential keeps its id, that the old secret stays
 * stored and working until the new one has signed in, that both are kept while it is not known which one the system has, and
 * that whoever is cut off, by whatever, is followed by somebody who finishes or undoes what was begun.
 */
export interface RotateOptions {
  /** Refused with "version_mismatch" when the credential has moved on. */
  expectedVersion?: ExpectedVersion | undefined;
  onStep?: ((step: RotationStep) => void) | undefined;
}

/**
 * Replaces the secret, here and there. Where a rotation is open already, that one is gone on with: one that waits for a person
 * is verified, one that was cut off is settled. What the system says is an answer: look at `state`.
 * @throws Refusal "invalid" where nothing can be rotated; "not_found"; "forbidden" for somebody else's; "version_mismatch";
 * "conflict" while somebody is at it; "too_many_requests"; "unavailable"
 */
export function rotateCredential(actor: Actor, id: string, options: RotateOptions = {}): Promise<RotationView> {
  const target = { type: "credential", id } as const;
  return withAuthorization(actor, "credential:update", { action: "credential.rotation_begun", target }, async () => {
    const row = await changeable(actor, id, "edit", options.expectedVersion);
    return inSlot(actor, async () => {
      const holder = randomUUID();
      const open = await rotationsOf(actor.orgId).newest(row.id);
      if (open && open.endedAt === null) return carryOn(actor, open, holder, options.onStep);
      return view(await guarded(new Work(actor, await begin(actor, row, holder), holder, options.onStep), announced));
    });
  });
}

/** The first step is there before anybody could watch it. */
async function announced(work: Work): Promise<void> {
  for (const step of work.rotation.steps) work.show(step);
  await change(work);
}

async function begin(actor: Actor, row: Row, holder: string): Promise<RotationRecord> {
  const kind = methodOfRow(row, row.type).rotates;
  if (!kind)
    throw cannotRotate("Nothing of this kind of credential can be rotated from here: change it there, then under Edit");
  const { found, report } = await runOperation({
    provider: row.provider,
    act: "prepare",
    data: openData(row, row.sealed),
  });
  if (!found?.data) throw cannotRotate(report.steps[0]?.meaning ?? "The stored values cannot be read");
  const made: NewRotation = {
    id: uuidv7(),
    credentialId: row.id,
    provider: row.provider,
    type: row.type,
    kind,
    fromVersion: row.sealedVersion,
    newPublic: found.new_public ?? null,
    oldPublic: found.old_public ?? null,
    steps: [doneStep("make", kind, kind === "key" ? "Ed25519" : "256 random bits", Math.round(report.durationMs))],
    lease: holder,
    startedBy: actor.name,
    startedAt: clock.now(),
  };
  await insert(actor, row, made, credentialDataSchema.parse(JSON.parse(found.data)));
  const stored = await rotationsOf(actor.orgId).find(made.id);
  if (!stored) throw busy();
  return stored;
}

async function insert(actor: Actor, row: Row, made: NewRotation, data: CredentialData): Promise<void> {
  await inSight(sightOf(actor), async (tx) => {
    await lockOrganization(tx, actor.orgId);
    const now = await credentialsOf(sightOf(actor)).findIn(tx, row.id);
    if (now?.sealedVersion !== row.sealedVersion) {
      throw new Refusal("conflict", "The credential was changed at the same moment. Look at it, then try again.");
    }
    await rotationsOf(actor.orgId).insert(tx, made, data);
    await record(tx, actor, {
      action: "credential.rotation_begun",
      target: { type: "credential", id: row.id, name: row.name },
      version: row.version,
    });
  });
}

async function carryOn(
  actor: Actor,
  open: RotationRecord,
  holder: string,
  onStep: RotateOptions["onStep"],
): Promise<RotationView> {
  if (!(await rotationsOf(actor.orgId).take(open.id, holder))) throw busy();
  return view(await guarded(new Work(actor, open, holder, onStep), resume));
}

const cannotRotate = (message: string) =>
  new Refusal("invalid", "This secret cannot be rotated", {
    fields: [{ path: ["provider"], message, code: "not_rotatable" }],
  });

/** The newest rotation of a credential, or null when there was none. Whoever sees the credential may see it. */
export async function credentialRotation(actor: Actor, id: string): Promise<RotationView | null> {
  const credential = await getCredential(actor, id);
  const newest = await rotationsOf(actor.orgId).newest(credential.id);
  return newest ? view(newest) : null;
}

/**
 * Ends a rotation that waits for a person, or of which neither secret works any more. What is stored stays as it is.
 * @throws Refusal "conflict" when nothing is open, somebody is at it, or it is not known which secret the system has
 */
export function callOffRotation(actor: Actor, id: string): Promise<RotationView> {
  const target = { type: "credential", id } as const;
  return withAuthorization(
    actor,
    "credential:update",
    { action: "credential.rotation_called_off", target },
    async () => {
      const row = await changeable(actor, id, "edit", undefined);
      const open = await rotationsOf(actor.orgId).newest(row.id);
      if (!open || open.endedAt !== null) throw new Refusal("conflict", "No rotation is open here");
      if (open.phase !== "waiting" && open.reason !== "neither_works" && open.reason !== "does_not_open") {
        throw new Refusal(
          "conflict",
          "It is not known yet which secret the system has, so both are kept until it answers",
        );
      }
      const work = new Work(actor, open, randomUUID());
      await work.keepRight();
      const phase = open.phase === "waiting" ? "undone" : "abandoned";
      await work.markWith(
        { action: "credential.rotation_called_off", reason: "called_off" },
        { ...ended(phase), reason: "called_off" },
      );
      return view(work.rotation);
    },
  );
}
