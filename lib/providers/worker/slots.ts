import "server-only";
import { FairQueue } from "@/lib/platform/fair-share/fair-queue";

/** Who asks for something that a worker does. Work that nobody asked for names no person. */
export interface Asker {
  orgId: string;
  id?: string | undefined;
  /** Aborted when they go away: what waits for them is dropped, and the worker at work for them is ended. */
  signal?: AbortSignal | undefined;
}

const shareOf = ({ orgId, id }: Asker): string[] => (id === undefined ? [orgId] : [orgId, id]);

/** Connection tests and what else reaches out: mostly waiting for the other side, so there are many places. */
const outward = new FairQueue({
  name: "connection-tests",
  all: { running: 16, waiting: 64 },
  each: [
    { running: 4, waiting: 8 },
    { running: 3, waiting: 4 },
  ],
  waitMs: 4_000,
  words: {
    own: "Too many connection tests are running; try again in a few seconds",
    busy: "Too many connection tests of others are running; try again in a few seconds",
  },
  retryAfterSeconds: 5,
});

/** Opening keys: computing, so more at once than this would only be slower for all. */
const inward = new FairQueue({
  name: "keys-opened",
  all: { running: 4, waiting: 64 },
  each: [
    { running: 3, waiting: 24 },
    { running: 2, waiting: 12 },
  ],
  waitMs: 30_000,
  words: {
    own: "Too many keys of yours are being checked; try again in a few seconds",
    busy: "Too many keys are being checked; try again in a few seconds",
  },
  retryAfterSeconds: 5,
});

/**
 * Does work that reaches out for an organisation, in one of the places that it has for that.
 * @throws Refusal as `FairQueue`
 */
export const inSlot = <T>(asker: Asker, work: () => Promise<T>): Promise<T> =>
  outward.run(shareOf(asker), work, asker.signal);

/** Opens keys in one of the places that there are for it. @throws Refusal as `FairQueue` */
export const inCheckSlot = <T>(asker: Asker, work: () => Promise<T>): Promise<T> =>
  inward.run(shareOf(asker), work, asker.signal);
