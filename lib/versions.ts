import { clock } from "@/lib/clock";
import { Refusal } from "@/lib/refusal";

/** What a caller says of the state its change was made from. */
export interface Read {
  /** The version it read. */
  expectedVersion?: number | undefined;
  /** When what it read was last changed. */
  expectedUpdatedAt?: Date | undefined;
}

/**
 * Optimistic locking: refuses a change of something that others changed meanwhile. A time counts only when this row
 * can have had it: callers that make one up (the present, a sample's) have read nothing.
 * @throws Refusal "version_mismatch"
 */
export function requireUnchanged(row: { version: number; createdAt: Date; updatedAt: Date }, read: Read): void {
  const at = read.expectedUpdatedAt;
  const older = at !== undefined && at >= row.createdAt && at < row.updatedAt;
  if (!older && (read.expectedVersion === undefined || read.expectedVersion === row.version)) return;
  throw new Refusal("version_mismatch", "It was changed by somebody else since you read it. Read it again and repeat.");
}

/** The time of a change: always later than the one before, so that it tells states apart. */
export const updatedAfter = (row: { updatedAt: Date }): Date =>
  new Date(Math.max(clock.now().getTime(), row.updatedAt.getTime() + 1));
