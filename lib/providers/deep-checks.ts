import "server-only";
import { type FieldProblem, Refusal } from "@/lib/refusal";
import type { CredentialData, CredentialType } from "./define";
import { findMethod } from "./index";
import { run } from "./worker/child";

/** Longest that opening one key may take. */
const MAX_MS = 10_000;
/** Opening keys is computing, so more at once than this would only be slower for all. */
const AT_ONCE = 4;
const MAX_WAITING = 64;

/**
 * Judges what only heavy or risky work can judge: whether a private key opens with its passphrase, whether a certificate can
 * be read. Runs in a process of its own, which is killed when it takes too long. Most values need none of this.
 * @throws Refusal "too_many_requests" when too many checks wait
 */
export async function checkDeep(
  providerId: string,
  type: CredentialType,
  data: CredentialData,
): Promise<FieldProblem[]> {
  const field = findMethod(providerId, type)?.deepCheck?.(data);
  if (field === undefined) return [];
  await enter();
  try {
    const job = run({ kind: "check", provider: providerId, data }, () => undefined);
    const timer = setTimeout(job.kill, MAX_MS);
    const answer = await job.answer.finally(() => clearTimeout(timer));
    if (answer?.kind === "problems") return answer.problems;
    return [
      {
        path: [field],
        message: "Takes too long to open; encrypt it anew, e.g. with ssh-keygen -p -a 16",
        code: "value_error",
      },
    ];
  } finally {
    leave();
  }
}

let running = 0;
const waiting: (() => void)[] = [];

function enter(): Promise<void> {
  if (running < AT_ONCE) {
    running += 1;
    return Promise.resolve();
  }
  if (waiting.length >= MAX_WAITING) {
    throw new Refusal("too_many_requests", "Too many keys are being checked; try again in a few seconds", {
      retryAfterSeconds: 5,
    });
  }
  return new Promise((resolve) => waiting.push(resolve));
}

/** Hands the place to whoever has waited longest. */
function leave(): void {
  const next = waiting.shift();
  if (next) next();
  else running -= 1;
}
