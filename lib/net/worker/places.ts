import "server-only";

interface Waiting {
  enter: () => void;
}

export interface PlaceLimits {
  total: number;
  perOwner: number;
  /** More of one owner that wait are turned away at once. */
  waitingPerOwner: number;
}

/**
 * Places for work that is done a few at a time, shared fairly: owners take turns, and none holds more than its part, so
 * nobody waits behind all that another one has asked for.
 */
export class FairPlaces {
  private readonly running = new Map<string, number>();
  /** Who waits; the owner whose turn is next comes first. */
  private readonly waiting = new Map<string, Waiting[]>();
  private total = 0;

  constructor(private readonly limits: PlaceLimits) {}

  /** Answers how to give the place back; undefined where too many of the owner wait, or the signal came first. */
  enter(owner: string, signal: AbortSignal): Promise<(() => void) | undefined> {
    const queue = this.waiting.get(owner) ?? [];
    if (signal.aborted || queue.length >= this.limits.waitingPerOwner) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const onAbort = () => {
        this.forget(owner, one);
        resolve(undefined);
      };
      const one: Waiting = {
        enter: () => {
          signal.removeEventListener("abort", onAbort);
          resolve(this.take(owner));
        },
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.waiting.set(owner, [...queue, one]);
      this.admit();
    });
  }

  private take(owner: string): () => void {
    this.total += 1;
    this.running.set(owner, (this.running.get(owner) ?? 0) + 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.total -= 1;
      const left = (this.running.get(owner) ?? 1) - 1;
      if (left > 0) this.running.set(owner, left);
      else this.running.delete(owner);
      this.admit();
    };
  }

  private admit(): void {
    for (const [owner, [next, ...rest]] of [...this.waiting]) {
      if (this.total >= this.limits.total) return;
      if (!next || (this.running.get(owner) ?? 0) >= this.limits.perOwner) continue;
      // Whoever still waits goes behind the others.
      this.waiting.delete(owner);
      if (rest.length > 0) this.waiting.set(owner, rest);
      next.enter();
    }
  }

  private forget(owner: string, one: Waiting): void {
    const rest = (this.waiting.get(owner) ?? []).filter((other) => other !== one);
    if (rest.length > 0) this.waiting.set(owner, rest);
    else this.waiting.delete(owner);
  }
}
