import "server-only";
import { once } from "@/lib/platform/idempotency";
import type { Answer } from "./answer";
import type { Call } from "./call";

/**
 * Does a create once per Idempotency-Key, when the caller sends one. `work` gets the id to give to what it makes;
 * `forget` leaves out of the stored answer what is shown only once.
 */
export async function idempotent<A extends Answer>(
  call: Call,
  work: (reservedId: string | undefined) => Promise<A>,
  forget: (body: unknown) => unknown = (body) => body,
): Promise<A> {
  const key = call.headers.get("idempotency-key");
  if (key === null) return work(undefined);
  // The same body at two addresses makes two things: what the path names is part of what is done.
  const operation = [call.operation, ...Object.values(call.params)].join(" ");
  const request = { key, operation, body: await call.body() };
  let fresh: A | undefined;
  const { answer } = await once(
    call.actor,
    request,
    async (id) => {
      fresh = await work(id);
      return { status: fresh.status, body: fresh.body ?? null };
    },
    (stored) => forget(stored.body),
  );
  // What was stored is an answer of this very operation.
  return fresh ?? ({ ...answer, headers: { "Idempotent-Replayed": "true" } } as Answer as A);
}
