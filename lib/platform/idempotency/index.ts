import "server-only";
import { v5 as uuidv5, v7 as uuidv7 } from "uuid";
import type { Actor } from "@/lib/authorization/actor";
import type { IdempotencyKey, Prisma } from "@/lib/generated/prisma/client";
import { clock } from "@/lib/platform/clock";
import { inOrganization, isDuplicate } from "@/lib/platform/db";
import { hmac } from "@/lib/platform/keys";
import { Refusal } from "@/lib/platform/refusal";
import { sameBytes } from "@/lib/platform/vault";

/**
 * Idempotency-Key: a create that is sent again with the same key is done once. The key counts for one caller and one
 * operation, for a day. What is made gets an id reserved with the key, so that a retry after a crash, or after an answer that
 * said nothing of what became of it, finds it.
 */
const KEEP_MS = 24 * 3_600_000;
/** How long a first request may run before a retry takes over. */
const LEASE_MS = 30_000;
const SHAPE = /^[\x21-\x7e]{1,255}$/;

export interface StoredAnswer {
  status: number;
  body: unknown;
}

export interface Request {
  key: string;
  operation: string;
  body: Buffer;
}

/**
 * Runs `work` once for this key and answers its result, or the stored one. `work` gets the reserved id; what it
 * answers is stored after `forget` took out whatever must be shown once only.
 * @throws Refusal "conflict" while the first request runs; "idempotency_mismatch" for another body
 */
export async function once<T extends StoredAnswer>(
  actor: Actor,
  request: Request,
  work: (reservedId: string) => Promise<T>,
  forget: (answer: T) => unknown = (answer) => answer.body,
): Promise<{ answer: StoredAnswer; replayed: boolean }> {
  if (!SHAPE.test(request.key)) {
    throw new Refusal("invalid", "Idempotency-Key must be 1 to 255 visible ASCII characters");
  }
  const id = new Uint8Array(hmac("idempotency", `key\n${actor.id}\n${request.operation}\n${request.key}`));
  const fingerprint = hmac("idempotency", Buffer.concat([Buffer.from("body\n"), request.body]));
  const lease = new Date(clock.now().getTime() + LEASE_MS);
  const held = await reserve(actor, { id, fingerprint, lease }).catch(async (error: unknown) => {
    if (!isRefused(error)) await endLease(actor, id, lease);
    throw error;
  });
  if (held.status !== null) return { answer: { status: held.status, body: held.body }, replayed: true };
  try {
    const answer = await work(held.resourceId);
    await store(actor, id, answer.status, forget(answer));
    return { answer, replayed: false };
  } catch (error) {
    // A refusal made nothing, and the same key may be used for the corrected request. Whatever else went wrong says nothing of
    // what was made: key and id stay, and the next request that brings the key goes on at once.
    if (isRefused(error)) await release(actor, id);
    else await endLease(actor, id, lease);
    throw error;
  }
}

/** Refused, and not merely without an answer: the storage that is away may have done it all. */
const isRefused = (error: unknown): boolean => error instanceof Refusal && error.code !== "unavailable";

interface Reservation {
  id: Uint8Array<ArrayBuffer>;
  fingerprint: Buffer;
  lease: Date;
}

/**
 * The id for what one attempt of the console makes: a form that is sent again, because its answer never came, finds what the
 * first sending made. Made under a key of ours, so that nobody can name an id that is somebody else's.
 */
export const reservedIdOf = (actor: Actor, attempt: string): string =>
  uuidv5(hmac("idempotency", `attempt\n${actor.orgId}\n${actor.id}\n${attempt}`), uuidv5.URL);

async function reserve(actor: Actor, { id, fingerprint, lease: lockedUntil }: Reservation): Promise<IdempotencyKey> {
  const { orgId } = actor;
  const now = clock.now();
  const fresh = {
    orgId,
    id,
    fingerprint: new Uint8Array(fingerprint),
    resourceId: uuidv7(),
    lockedUntil,
    expiresAt: new Date(now.getTime() + KEEP_MS),
  };
  try {
    return await inOrganization(orgId, async (tx) => {
      await tx.idempotencyKey.deleteMany({ where: { orgId, expiresAt: { lte: now } } });
      return tx.idempotencyKey.create({ data: fresh });
    });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  return inOrganization(orgId, async (tx) => {
    const held = await tx.idempotencyKey.findUnique({ where: { orgId_id: { orgId, id } } });
    if (held && !sameBytes(Buffer.from(held.fingerprint), fingerprint)) {
      throw new Refusal("idempotency_mismatch", "This Idempotency-Key was used with another request body");
    }
    if (held && held.status !== null) return held;
    const taken = await tx.idempotencyKey.updateMany({
      where: { orgId, id, status: null, lockedUntil: { lte: now } },
      data: { lockedUntil },
    });
    if (!held || taken.count === 0) throw running();
    return held;
  });
}

const running = () =>
  new Refusal("conflict", "The first request with this Idempotency-Key is still running", { retryAfterSeconds: 1 });

const store = (actor: Actor, id: Uint8Array<ArrayBuffer>, status: number, body: unknown) =>
  inOrganization(actor.orgId, (tx) =>
    tx.idempotencyKey.updateMany({
      where: { orgId: actor.orgId, id },
      data: { status, body: body as Prisma.InputJsonValue },
    }),
  );

const release = (actor: Actor, id: Uint8Array<ArrayBuffer>) =>
  inOrganization(actor.orgId, (tx) =>
    tx.idempotencyKey.deleteMany({ where: { orgId: actor.orgId, id, status: null } }),
  );

/** Lets the next request go on at once. Only this request's own lease; where that fails, it ends by itself. */
const endLease = (actor: Actor, id: Uint8Array<ArrayBuffer>, lease: Date): Promise<unknown> =>
  inOrganization(actor.orgId, (tx) =>
    tx.idempotencyKey.updateMany({
      where: { orgId: actor.orgId, id, status: null, lockedUntil: lease },
      data: { lockedUntil: clock.now() },
    }),
  ).catch(() => undefined);
