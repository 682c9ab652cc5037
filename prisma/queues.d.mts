export const JOBS_SCHEMA: "latchkey_jobs";
export const DEAD_LETTERS: "dead-letters";
export interface QueueBounds {
  everySeconds?: number;
  boundSeconds: number;
}
export const queues: Record<
  "renewals" | "rotations" | "revocations" | "retention" | "audit-streams" | "use-counts",
  QueueBounds
>;
export function queueOptions(): Record<string, Record<string, unknown>>;
