import "server-only";
import type { Limits } from "@/lib/platform/net/budget";
import type { OutsideRequest } from "@/lib/platform/net/guarded-fetch";
import { Unreachable } from "@/lib/platform/net/unreachable";
import { fetchOutside } from "@/lib/platform/net/worker/fetch-outside";
import type { Delivery } from "./sink";

/** What one batch may cost, from waiting for a place to the answer's last byte; what comes back is a receipt. */
export const LIMITS: Limits = { totalMs: 30_000, connectMs: 10_000, maxBytes: 64 * 1024 };

export interface SendOptions {
  signal?: AbortSignal | undefined;
  /** Others than a batch may cost; for tests. */
  limits?: Limits;
}

/** Whose share of the road out a batch takes. */
export type Sender = SendOptions & { owner: string };

export const DONE: Delivery = { outcome: "done" };
export const refused = (reason: Extract<Delivery, { outcome: "refused" }>["reason"]): Delivery => ({
  outcome: "refused",
  reason,
});

/** Sends by HTTP, and judges the answer by its status; of an accepted batch `judged` may look at the answer as well. */
export const ask = (
  request: OutsideRequest,
  sender: Sender,
  judged?: (answer: Response) => Promise<Delivery>,
): Promise<Delivery> =>
  heard(async () => {
    const answer = await fetchOutside(request, { limits: LIMITS, ...sender });
    return answer.ok ? ((await judged?.(answer)) ?? DONE) : refused(reasonOf(answer.status));
  });

/** Whatever was not heard is unknown, whether or not something was sent: it comes again either way. */
export async function heard(work: () => Promise<Delivery>): Promise<Delivery> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Unreachable) return { outcome: "unknown", reason: error.reason };
    throw error;
  }
}

/** Why it was no, by the status. Redirects are not followed: a batch goes where the settings say, or nowhere. */
export function reasonOf(status: number): Extract<Delivery, { outcome: "refused" }>["reason"] {
  if (status === 401 || status === 403) return "not_allowed";
  if (status === 404 || status === 410) return "not_found";
  if (status === 413) return "too_large";
  if (status === 408 || status === 425 || status === 429 || status >= 500) return "try_later";
  return "rejected";
}
