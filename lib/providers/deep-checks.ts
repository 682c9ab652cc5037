import "server-only";
import { type FieldProblem, Refusal } from "@/lib/platform/refusal";
import type { CredentialData, CredentialType } from "./define";
import { findMethod } from "./index";
import { run } from "./worker/child";
import { type Asker, inCheckSlot } from "./worker/slots";

/** Longest that anybody waits for one key on a machine that is busy; what the key itself may cost is bounded in the worker. */
const MAX_MS = 60_000;

/**
 * Judges what only heavy or risky work can judge: whether a private key opens with its passphrase, whether a certificate can
 * be read. Runs in a process of its own, which is ended when it costs too much. Most values need none of this.
 * @throws Refusal as `FairQueue` when there is no place for it, or whoever asks goes away; "unavailable" when it could not
 * be found out, which says nothing about the key
 */
export async function checkDeep(
  providerId: string,
  type: CredentialType,
  data: CredentialData,
  asker: Asker,
): Promise<FieldProblem[]> {
  const field = findMethod(providerId, type)?.deepCheck?.(data);
  if (field === undefined) return [];
  return inCheckSlot(asker, async () => {
    const job = run({ kind: "check", provider: providerId, data }, () => undefined);
    const timer = setTimeout(job.kill, MAX_MS);
    asker.signal?.addEventListener("abort", job.kill, { once: true });
    if (asker.signal?.aborted) job.kill();
    const { answer, tooCostly } = await job.end.finally(() => {
      clearTimeout(timer);
      asker.signal?.removeEventListener("abort", job.kill);
    });
    if (answer?.kind === "problems") return answer.problems;
    if (tooCostly) return [{ path: [field], message: TOO_COSTLY, code: "value_error" }];
    throw new Refusal("unavailable", "The key could not be checked just now. Try again in a moment.", {
      retryAfterSeconds: 5,
    });
  });
}

const TOO_COSTLY = "Takes too long to open; encrypt it anew, e.g. with ssh-keygen -p -a 16";
