"use client";

import { runTest } from "@/components/credentials/test/use-connection-test";
import { type Bulk, useBulk } from "@/components/list/use-bulk";
import { useSessionGuard } from "@/components/session/session-guard";
import type { PublicError } from "@/lib/api/http/public-error";
import type { Outcome } from "@/lib/providers/report";

type Tested = { outcome: Outcome; reason: string | null } | { error: PublicError };

export type TestedRow = Tested | "running";

export type TestAll = Bulk<Tested>;

/** At once; a person has a few places more, so that a test of something else finds one. */
const AT_ONCE = 2;
/** How often one test is tried again that found no place. */
const TRIES = 5;

/** Tests stored credentials. */
export function useTestAll() {
  const guard = useSessionGuard();

  async function resultOf(id: string, signal: AbortSignal): Promise<Tested> {
    for (let tries = 1; ; tries++) {
      const result = await guard(() => runTest({ id }, () => undefined, signal));
      if (result.ok) return { outcome: result.value.report.outcome, reason: result.value.report.reason ?? null };
      const waitS = tries < TRIES && !signal.aborted ? result.error.retryAfterSeconds : undefined;
      if (waitS === undefined) return { error: result.error };
      await new Promise((resolve) => setTimeout(resolve, waitS * 1_000));
    }
  }

  return useBulk({ work: resultOf, atOnce: AT_ONCE });
}
