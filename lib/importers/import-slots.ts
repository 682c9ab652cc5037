import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { FairQueue } from "@/lib/platform/fair-share/fair-queue";

/** Imports hold whole files in memory, so few may run in one process, and one of each organisation. */
const places = new FairQueue({
  name: "imports",
  all: { running: 2, waiting: 16 },
  each: [{ running: 1, waiting: 2 }],
  waitMs: 3_000,
  words: {
    own: "Another import of this organisation is running. Wait until it is done.",
    busy: "Other imports are running. Try again in a minute.",
  },
  retryAfterSeconds: 30,
});

/**
 * Takes the organisation's place and answers how to give it back.
 * @throws Refusal as `FairQueue`
 */
export const takeSlot = ({ orgId, signal }: Actor): Promise<() => void> => places.enter([orgId], signal);
