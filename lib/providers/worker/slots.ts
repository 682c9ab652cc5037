import "server-only";
import { Refusal } from "@/lib/refusal";

/** How many tests may run at once, in this process. */
const PER_ORGANIZATION = 4;
const PER_PROCESS = 16;

const running = new Map<string, number>();
let total = 0;

/**
 * Takes a place for one connection test and answers how to give it back.
 * @throws Refusal "too_many_requests" when the organisation or the process has none left
 */
export function takeSlot(orgId: string): () => void {
  const mine = running.get(orgId) ?? 0;
  if (mine >= PER_ORGANIZATION || total >= PER_PROCESS) {
    const message = "Too many connection tests are running; try again in a few seconds";
    throw new Refusal("too_many_requests", message, { retryAfterSeconds: 5 });
  }
  running.set(orgId, mine + 1);
  total += 1;
  let given = false;
  return () => {
    if (given) return;
    given = true;
    total -= 1;
    const left = (running.get(orgId) ?? 1) - 1;
    if (left > 0) running.set(orgId, left);
    else running.delete(orgId);
  };
}
