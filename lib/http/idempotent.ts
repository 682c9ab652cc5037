import "server-only";
import { once } from "@/lib/idempotency";
import type { Answer, Call } from "./route";

/**
 * Does a create once per Idempotency-Key, when the caller sends one. `work` gets the id to give to what it makes;
 * `forget` leaves out of the stored answer what is shown only once.
 */
export async function idempotent(
  call: Call,
  work: (reservedId: string | undefined) => Promise<Answer>,
  forget: (body: unknown) => unknown = (body) => body,
): Promise<Answer> {
  const key = call.headers.get("idempotency-key");
  if (key === null) return work(undefined);
  // The same body at two addresses makes two things: what the path names is part of what is done.
  const operation = [call.operation, ...Object.values(call.params)].join(" ");
  const request = { key, operation, body: await call.body() };
  let fresh: Answer | undefined;
  const { answer } = await once(
    call.actor,
    request,
    async (id) => {
      fresh = await work(id);
      return { status: fresh.status, body: fresh.body ?? null };
    },
    (stored) => forget(stored.body),
  );
  return fresh ?? { ...answer, headers: { "Idempotent-Replayed": "true" } };
}
