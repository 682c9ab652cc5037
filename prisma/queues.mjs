// The background's work by kind. The runner of migrations makes a queue of each; the server works on them. See
// docs/decisions/2026-11-30-background-jobs.md.

/** The schema of the library's own tables; one installation to a database. */
export const JOBS_SCHEMA = "latchkey_jobs";

/** Where a job goes that failed for the last time, until somebody has looked at it. */
export const DEAD_LETTERS = "dead-letters";

/**
 * everySeconds: how often one instance of all has a round of it, where it comes in rounds. boundSeconds: for how long one job may
 * run; past that it counts as failed, also where its process is gone. A job that failed is tried again five times within about
 * half an hour.
 */
export const queues = {
  /** Access that is about to end is renewed at its provider. */
  renewals: { everySeconds: 15, boundSeconds: 300 },
  /** Rotations that were cut off or put off are gone on with. */
  rotations: { everySeconds: 5, boundSeconds: 1_800 },
  /** Tokens of deleted credentials are ended at their providers. */
  revocations: { everySeconds: 5, boundSeconds: 1_800 },
  /** What is past its time is deleted. */
  retention: { everySeconds: 3_600, boundSeconds: 1_800 },
  /** Audit logs are sent on to their receivers. */
  "audit-streams": { everySeconds: 3, boundSeconds: 300 },
  /** The fetches of an organisation are counted. */
  "use-counts": { boundSeconds: 120 },
};

const RETRIES = { retryLimit: 5, retryDelay: 30, retryBackoff: true };

/** What the library is told of each; the dead letters come first, because the others name them. */
export const queueOptions = () => ({
  [DEAD_LETTERS]: { policy: "standard" },
  ...Object.fromEntries(
    Object.entries(queues).map(([name, { boundSeconds }]) => [
      name,
      // At most one waits of a kind, or of an organisation.
      { policy: "short", expireInSeconds: boundSeconds, deadLetter: DEAD_LETTERS, ...RETRIES },
    ]),
  ),
});
