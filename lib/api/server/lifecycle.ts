import "server-only";

const WATCHED_MS = 60_000;

/** How far this process is in its life, for those who ask whether to send requests here. */
export class Lifecycle {
  #stopping = false;
  #started = false;
  #askedAt = Number.NEGATIVE_INFINITY;

  /** From now on it is not ready, and serves on. */
  drain(): void {
    this.#stopping = true;
  }

  get isDraining(): boolean {
    return this.#stopping;
  }

  /** True for ever once everything was right for the first time. */
  get hasStarted(): boolean {
    return this.#started;
  }

  noteReady(): void {
    this.#started = true;
  }

  noteAsked(): void {
    this.#askedAt = performance.now();
  }

  /** Whether a load balancer looks at this instance: somebody asked in the last minute whether it is ready. */
  get isWatched(): boolean {
    return performance.now() - this.#askedAt < WATCHED_MS;
  }
}
