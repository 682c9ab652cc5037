import "server-only";
import { z } from "zod";
import type { CredentialRotation, Prisma } from "@/lib/generated/prisma/client";
import { inSight, isDuplicate, statement, type Transaction, wholeOf } from "@/lib/platform/db";
import { Refusal } from "@/lib/platform/refusal";
import { type EncryptionContext, keyIdOf, seal } from "@/lib/platform/vault";
import type { CredentialData, CredentialType } from "@/lib/providers/define";
import { stepShape } from "@/lib/providers/report-schema";
import { type RotationStep, rotationSteps } from "@/lib/vocabulary/credential-view";
import { canonical, openAt } from "../sealed-data";

/** The first four while it is open, then how it ended. */
export const phases = ["prepared", "changing", "waiting", "cleaning", "done", "undone", "abandoned"] as const;
export type Phase = (typeof phases)[number];
export const rotationKinds = ["password", "key"] as const;
type Kind = (typeof rotationKinds)[number];

/** A rotation as the core works on it. */
export interface RotationRecord extends Omit<CredentialRotation, "phase" | "kind" | "type" | "steps" | "sealed"> {
  phase: Phase;
  kind: Kind;
  type: CredentialType;
  steps: RotationStep[];
  sealed: Buffer | null;
}

export type NewRotation = Pick<
  RotationRecord,
  | "id"
  | "credentialId"
  | "provider"
  | "type"
  | "kind"
  | "fromVersion"
  | "newPublic"
  | "oldPublic"
  | "steps"
  | "lease"
  | "startedBy"
  | "startedAt"
>;

/** How long one holder may be at it without a word, in seconds: longer than any one job may take, which is asked for anew before each. */
export const LEASE_S = 15;

/** The rotations of one organisation; the only way to their table. Who may look at one, or go on with it, is judged by the credential. */
export function rotationsOf(orgId: string) {
  return {
    /** The newest rotation of a credential, whether it has ended or not. */
    async newest(credentialId: string): Promise<RotationRecord | undefined> {
      const row = await inSight(wholeOf(orgId), (tx) =>
        tx.credentialRotation.findFirst({ where: { orgId, credentialId }, orderBy: { startedAt: "desc" } }),
      );
      return row ? known(row) : undefined;
    },

    async find(id: string): Promise<RotationRecord | undefined> {
      const row = await inSight(wholeOf(orgId), (tx) => tx.credentialRotation.findFirst({ where: { orgId, id } }));
      return row ? known(row) : undefined;
    },

    /** Whether one is under way that keeps others from exchanging the data. */
    async isUnderWay(credentialId: string): Promise<boolean> {
      const where = { orgId, credentialId, endedAt: null, phase: { not: "cleaning" } };
      return inSight(wholeOf(orgId), async (tx) => (await tx.credentialRotation.count({ where })) > 0);
    },

    /** Stores a new one, held by its maker. @throws Refusal "conflict" when one of this credential is open */
    async insert(tx: Transaction, made: NewRotation, data: CredentialData): Promise<void> {
      const sealed = sealNew({ orgId, ...made }, data);
      try {
        await tx.$executeRaw`
          INSERT INTO credential_rotation (org_id, id, credential_id, provider, type, kind, phase, sealed, key_id, from_version,
              new_public, old_public, steps, lease, lease_until, retry_at, started_by, started_at)
            VALUES (${orgId}::uuid, ${made.id}::uuid, ${made.credentialId}::uuid, ${made.provider}, ${made.type}, ${made.kind},
              'prepared', ${sealed}, ${keyIdOf(sealed)}, ${made.fromVersion}, ${made.newPublic}, ${made.oldPublic},
              ${JSON.stringify(made.steps)}::jsonb, ${made.lease}::uuid, now() + make_interval(secs => ${LEASE_S}), now(),
              ${made.startedBy}, ${made.startedAt})`;
      } catch (error) {
        throw isDuplicate(error) ? busy() : error;
      }
    },

    /** Takes or keeps the right to go on with it. */
    async take(id: string, holder: string): Promise<boolean> {
      const [answer] = await statement<{ taken: boolean }>(
        "take_rotation",
        "SELECT take_rotation($1, $2, $3, $4) AS taken",
        [orgId, id, holder, LEASE_S],
      );
      return answer?.taken ?? false;
    },

    /** Writes what its holder found out. False when somebody else holds it by now, or it has ended. */
    async write(id: string, holder: string, data: RotationChange, tx?: Transaction): Promise<boolean> {
      const work = async (inside: Transaction) => {
        const where = { orgId, id, lease: holder, endedAt: null };
        return (await inside.credentialRotation.updateMany({ where, data: asColumns(data) })).count === 1;
      };
      return tx ? work(tx) : inSight(wholeOf(orgId), work);
    },
  };
}

export interface RotationChange {
  phase?: Phase;
  keptBefore?: string | null;
  steps?: RotationStep[];
  reason?: string | null;
  failures?: number;
  /** Null gives the right to go on back. */
  lease?: null;
  retryAt?: Date | null;
  endedAt?: Date;
  /** The new secret is stored, or of no use any more. */
  forget?: true;
}

const asColumns = ({
  steps,
  lease,
  forget,
  ...rest
}: RotationChange): Prisma.CredentialRotationUpdateManyMutationInput => ({
  ...rest,
  ...(steps && { steps: steps.map((step) => ({ ...step })) }),
  ...(lease === null && { lease: null, leaseUntil: null }),
  ...(forget && { sealed: null, keyId: null }),
});

const stepsSchema: z.ZodType<RotationStep[]> = z.array(z.object({ id: z.enum(rotationSteps), ...stepShape }));

const known = (row: CredentialRotation): RotationRecord => ({
  ...row,
  phase: row.phase as Phase,
  kind: row.kind as RotationRecord["kind"],
  type: row.type as CredentialType,
  steps: stepsSchema.parse(row.steps),
  sealed: row.sealed && Buffer.from(row.sealed),
});

interface RotationContext {
  orgId: string;
  id: string;
  provider: string;
  type: string;
}

/** Sealed for this one rotation: it opens neither as a credential nor in another rotation. */
export const rotationContext = ({ orgId, id, provider, type }: RotationContext): EncryptionContext => ({
  purpose: "rotation",
  orgId,
  id,
  provider,
  type,
  version: 1,
});

function sealNew(place: RotationContext, data: CredentialData): Buffer {
  const plain = Buffer.from(canonical(data), "utf8");
  try {
    return seal(plain, rotationContext(place));
  } finally {
    plain.fill(0);
  }
}

/** The new data. @throws Error when they are gone; Refusal "damaged" when they do not open */
export function openNew(rotation: RotationRecord): CredentialData {
  if (!rotation.sealed) throw new Error("the new secret is not kept any more");
  return openAt(rotationContext(rotation), rotation.keyId, rotation.sealed);
}

export const busy = (): Refusal =>
  new Refusal("conflict", "This secret is being rotated right now. Wait until that has ended, then try again.");
