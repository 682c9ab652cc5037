import "server-only";
import { Refusal } from "@/lib/refusal";

/** Imports hold whole files in memory, so few may run in one process, and one of each organisation. */
const PER_PROCESS = 2;

const running = new Set<string>();

/**
 * Takes the organisation's place and answers how to give it back.
 * @throws Refusal "too_many_requests"
 */
export function takePlace(orgId: string): () => void {
  if (running.has(orgId) || running.size >= PER_PROCESS) {
    const message = running.has(orgId)
      ? "Another import of this organisation is running. Wait until it is done."
      : "Other imports are running. Try again in a minute.";
    throw new Refusal("too_many_requests", message, { retryAfterSeconds: 30 });
  }
  running.add(orgId);
  return () => void running.delete(orgId);
}
