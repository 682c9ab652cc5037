import "server-only";
import { clock } from "@/lib/platform/clock";
import type { Transaction } from "@/lib/platform/db";
import { type ExpectedVersion, isExpected } from "@/lib/platform/expected-version";
import { Refusal } from "@/lib/platform/refusal";

/** What a caller says of the state its change was made from. */
export interface Read {
  /** The version it read. */
  expectedVersion?: ExpectedVersion | undefined;
  /** When what it read was last changed. */
  expectedUpdatedAt?: Date | undefined;
}

/** The row as it is, under the organisation's lock. */
interface Row {
  orgId: string;
  id: string;
  version: number;
  updatedAt: Date;
}

/**
 * Optimistic locking: refuses a change of something that others changed meanwhile. A time counts only when this very row had it,
 * in the last day: callers that make one up (the present, a sample's, a browser's clock) have read nothing.
 * @param isDone whether the row is already what the change makes of it. Clients repeat a change whose answer got lost, with the time
 * that they had read before it
 * @returns "done" for such a repetition: there is nothing to write
 * @throws Refusal "version_mismatch"
 */
export async function requireUnchanged(
  tx: Transaction,
  row: Row,
  read: Read,
  isDone: () => boolean = () => false,
): Promise<"unchanged" | "done"> {
  if (isExpected(row.version, read.expectedVersion)) {
    if (!(await wasSuperseded(tx, row, read.expectedUpdatedAt))) return "unchanged";
    if (isDone()) return "done";
  }
  throw new Refusal("version_mismatch", "It was changed by somebody else since you read it. Read it again and repeat.");
}

/** Whether these are what the row holds already. */
export const holds = <R extends object>(row: R, next: Partial<R>): boolean =>
  Object.entries(next).every(([name, value]) => JSON.stringify(row[name as keyof R]) === JSON.stringify(value));

const DAY_MS = 24 * 3_600_000;

async function wasSuperseded(tx: Transaction, { orgId, id, updatedAt: now }: Row, at: Date | undefined) {
  if (at === undefined || at >= now) return false;
  const where = { orgId, objectId: id, updatedAt: at, supersededAt: { gt: new Date(clock.now().getTime() - DAY_MS) } };
  return (await tx.supersededUpdate.findFirst({ where, select: { objectId: true } })) !== null;
}

/** The time of a change: always later than the one before, so that it tells states apart. */
export const updatedAfter = (row: { updatedAt: Date }): Date =>
  new Date(Math.max(clock.now().getTime(), row.updatedAt.getTime() + 1));
