import type { Refusal } from "@/lib/platform/refusal";

/** Bounds of one branch: how much of it may be at work, and how much may wait. */
export interface Bounds {
  running: number;
  waiting: number;
}

/** Somebody who waits, and the branches on the way to them. */
export interface Ticket {
  path: [Branch, ...Branch[]];
  start: () => void;
  refuse: (refusal: Refusal) => void;
}

/** One organisation, one person of it: whatever shares are told apart by. */
export class Branch {
  running = 0;
  waiting = 0;
  readonly tickets: Ticket[] = [];
  readonly children = new Map<string, Branch>();
  /** Counts what its children were served. */
  private turn = 0;

  constructor(
    readonly bounds: Bounds,
    private readonly name = "",
    /** Whose is lowest is served next. */
    private rank = 0,
  ) {}

  /**
   * A newcomer comes before whoever has just been served and after everybody who has waited longer, so that going away
   * and coming again gains nothing.
   */
  child(name: string, bounds: Bounds): Branch {
    const found = this.children.get(name);
    if (found) return found;
    const made = new Branch(bounds, name, this.turn - 0.5);
    this.children.set(name, made);
    return made;
  }

  forget(child: Branch): void {
    if (this.children.get(child.name) === child) this.children.delete(child.name);
  }

  /** Takes out what is served next in here, if anything may be. */
  next(): Ticket | undefined {
    if (!this.hasNext) return undefined;
    const own = this.tickets.shift();
    if (own) return own;
    const [first] = [...this.children.values()].filter((child) => child.hasNext).sort((a, b) => a.rank - b.rank);
    if (!first) return undefined;
    this.turn += 1;
    first.rank = this.turn;
    return first.next();
  }

  private get hasNext(): boolean {
    if (this.waiting === 0 || this.running >= this.bounds.running) return false;
    return this.tickets.length > 0 || [...this.children.values()].some((child) => child.hasNext);
  }
}

/** The child in which most waits, if anything does. */
export function mostWaiting({ children }: Branch): Branch | undefined {
  let most: Branch | undefined;
  // Of equals the last one: it was served latest, or has just come.
  for (const child of children.values()) if (child.waiting > 0 && child.waiting >= (most?.waiting ?? 0)) most = child;
  return most;
}
