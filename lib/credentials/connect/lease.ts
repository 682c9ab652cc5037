import "server-only";
import { clock } from "@/lib/platform/clock";
import { statement } from "@/lib/platform/db";
import type { Row } from "../repository";

/** The right to renew one credential: one holder at a time over all instances, and nobody while a failure is waited out. */

/**
 * Longer than a provider may take to answer, and then than the database may be away: what came back is kept as long, and
 * nobody else may use the spent refresh token meanwhile. Who is killed holds up one credential for no longer than this.
 */
const LEASE_S = 60;

type Leased = Pick<Row, "orgId" | "id" | "sealedVersion">;
/** After a failure: two seconds, doubling to five minutes. */
const FIRST_WAIT_S = 2;
const LONGEST_WAIT_S = 300;

export async function takeLease(row: Leased, holder: string): Promise<{ taken: boolean; retryAt: Date | null }> {
  const [answer] = await statement<{ taken: boolean; retry_at: Date | null }>(
    "take_refresh_lease",
    "SELECT * FROM take_refresh_lease($1, $2, $3, $4, $5)",
    [row.orgId, row.id, row.sealedVersion, holder, LEASE_S],
  );
  return { taken: answer?.taken ?? false, retryAt: answer?.retry_at ?? null };
}

/** Gives it back after a failure. Answers when the next one may try. */
export async function failLease(row: Leased, holder: string): Promise<Date> {
  const [answer] = await statement<{ retry: Date | null }>(
    "fail_refresh",
    "SELECT fail_refresh($1, $2, $3, $4, $5) AS retry",
    [row.orgId, row.id, holder, FIRST_WAIT_S, LONGEST_WAIT_S],
  );
  return answer?.retry ?? new Date(clock.now().getTime() + FIRST_WAIT_S * 1_000);
}
