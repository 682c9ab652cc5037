import "server-only";

interface Bounds {
  /** Inside at once, of everybody and of one key. */
  total: number;
  perKey: number;
  /** In the queue. */
  waiting: number;
  waitingPerKey: number;
  /** Nobody waits longer. */
  waitMs: number;
}

/** Lets go of one's place. */
export type Leave = () => void;

/**
 * Lets in so many at once, and of each key no more than its share. Whoever waits is let in by turns of the keys, so that
 * a key with a long queue delays itself and nobody else.
 */
export class FairGate {
  readonly #bounds: Bounds;
  readonly #lines = new Map<string, Line>();
  #inside = 0;
  #waiting = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  /**
   * @param signal of whoever asks: a wait that it gives up holds no place
   * @returns how to leave again, which does something once; undefined when there is no place, or none in time
   */
  async enter(key: string, signal: AbortSignal): Promise<Leave | undefined> {
    if (signal.aborted) return undefined;
    const line = this.#lines.get(key) ?? { inside: 0, waiting: new Set() };
    if (this.#hasRoomFor(line) && line.waiting.size === 0) return this.#admit(key, line);
    const { waiting, waitingPerKey } = this.#bounds;
    if (this.#waiting >= waiting || line.waiting.size >= waitingPerKey) return undefined;
    this.#lines.set(key, line);
    return this.#queue(key, line, signal);
  }

  #queue(key: string, line: Line, signal: AbortSignal): Promise<Leave | undefined> {
    return new Promise((resolve) => {
      const end = (leave: Leave | undefined) => {
        line.waiting.delete(end);
        this.#waiting--;
        clearTimeout(timer);
        signal.removeEventListener("abort", giveUp);
        this.#forgetIdle(key, line);
        resolve(leave);
      };
      const giveUp = () => end(undefined);
      const timer = setTimeout(giveUp, this.#bounds.waitMs);
      signal.addEventListener("abort", giveUp);
      line.waiting.add(end);
      this.#waiting++;
    });
  }

  #hasRoomFor(line: Line): boolean {
    return this.#inside < this.#bounds.total && line.inside < this.#bounds.perKey;
  }

  #admit(key: string, line: Line): Leave {
    // Back to the end of the order: the others' turn comes first.
    this.#lines.delete(key);
    this.#lines.set(key, line);
    line.inside++;
    this.#inside++;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      line.inside--;
      this.#inside--;
      this.#next();
      this.#forgetIdle(key, line);
    };
  }

  /** There is a key for every address that ever came; those who are gone are not kept. */
  #forgetIdle(key: string, line: Line): void {
    if (line.inside === 0 && line.waiting.size === 0) this.#lines.delete(key);
  }

  /** Of those with room the one with the fewest inside, and of equals the one whose turn was longest ago. */
  #next(): void {
    let chosen: [key: string, line: Line] | undefined;
    for (const [key, line] of this.#lines) {
      if (line.waiting.size === 0 || !this.#hasRoomFor(line)) continue;
      if (!chosen || line.inside < chosen[1].inside) chosen = [key, line];
    }
    const [first] = chosen?.[1].waiting ?? [];
    if (chosen) first?.(this.#admit(...chosen));
  }
}

interface Line {
  inside: number;
  waiting: Set<(leave: Leave | undefined) => void>;
}
