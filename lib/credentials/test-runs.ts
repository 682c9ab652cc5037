import "server-only";
import { v7 as uuidv7 } from "uuid";
import type { Actor } from "@/lib/authorization/actor";
import type { TestStep } from "@/lib/providers/report";

/** A test on a credential's record, as it is stored. */
export interface StoredTestRun {
  id: string;
  outcome: string;
  reason: string | null;
  steps: TestStep[];
  /** The sealed version that it looked at; null where the values were not the stored ones. */
  testedVersion: number | null;
  durationMs: number;
  actorName: string;
  at: Date;
}

interface FinishedTest {
  outcome: string;
  reason?: string | undefined;
  steps: TestStep[];
  durationMs: number;
  at: Date;
}

/** The record of a test, for the write that it belongs to. */
export const testRunOf = (actor: Actor, testedVersion: number | null, test: FinishedTest): StoredTestRun => ({
  id: uuidv7(),
  outcome: test.outcome,
  reason: test.reason ?? null,
  steps: test.steps,
  testedVersion,
  durationMs: Math.round(test.durationMs),
  actorName: actor.name,
  at: test.at,
});
