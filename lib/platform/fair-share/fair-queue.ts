import { lookAtQueue, type QueueName } from "@/lib/platform/loads";
import { Refusal } from "@/lib/platform/refusal";
import { type Bounds, Branch, mostWaiting, type Ticket } from "./branch";

/** Whose work it is, outermost first, e.g. organisation and person. */
export type Share = readonly string[];

export interface QueueOptions {
  /** What its load is known by to whoever watches this process. */
  name?: QueueName;
  /** Bounds of everything together, then of each branch level by level; the last one counts for all deeper levels. */
  all: Bounds;
  each: readonly [Bounds, ...Bounds[]];
  /** Longest that anything waits for its place, in milliseconds. */
  waitMs: number;
  /** What a caller is told who has used up their own share, and one for whom the machine has nothing left. */
  words: { own: string; busy: string };
  retryAfterSeconds: number;
}

/**
 * Places that many share. A place that comes free goes to the branch that was served longest ago, and within it by the
 * same rule to a branch of its own, so whoever asks for much waits behind themselves and not before others.
 *
 * It promises: never more at work, and never more waiting, than the bounds say; every place comes back, whatever becomes
 * of the work; nobody who waits is passed over for ever; nothing is kept of a share in which nothing happens. Where too
 * much waits, the newest of whoever has most waiting is refused.
 */
export class FairQueue {
  private readonly root: Branch;
  private refused = 0;

  constructor(private readonly options: QueueOptions) {
    this.root = new Branch(options.all);
    if (options.name) lookAtQueue(options.name, () => ({ ...this.load, refused: this.refused }));
  }

  /** How much is at work and how much waits, now. */
  get load(): { running: number; waiting: number } {
    return { running: this.root.running, waiting: this.root.waiting };
  }

  /**
   * Does work in a place of this share. What `signal` calls off while it waits is never begun; work that has begun
   * looks after the signal itself, and keeps its place until it has ended.
   * @throws Refusal "too_many_requests" when the share is used up, "unavailable" when the machine is; "unavailable" too
   * for whoever has gone away, who hears nothing of it
   */
  async run<T>(share: Share, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const leave = await this.enter(share, signal);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /** A place of this share, and how to give it back; giving it back twice does nothing. @throws Refusal as `run` */
  enter(share: Share, signal?: AbortSignal): Promise<() => void> {
    if (signal?.aborted) return Promise.reject(gone());
    return new Promise((resolve, reject) => {
      const ticket: Ticket = { path: this.pathOf(share), start: () => undefined, refuse: () => undefined };
      const timer = setTimeout(() => this.drop(ticket, this.refusalByWork(ticket)), this.options.waitMs);
      const giveUp = () => this.drop(ticket, gone());
      const settled = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", giveUp);
      };
      ticket.start = () => {
        settled();
        resolve(this.leaving(ticket));
      };
      ticket.refuse = (refusal) => {
        settled();
        reject(refusal);
      };
      signal?.addEventListener("abort", giveUp, { once: true });
      this.wait(ticket);
    });
  }

  private wait(ticket: Ticket): void {
    leafOf(ticket).tickets.push(ticket);
    for (const branch of ticket.path) branch.waiting += 1;
    this.serve();
    // Only what did not get a place at once counts as waiting. The innermost branch that is too full decides: what goes
    // beyond a share is refused in there, at no cost to anybody outside.
    const full = ticket.path.findLast((branch) => branch.waiting > branch.bounds.waiting);
    if (full) this.makeRoom(full);
  }

  /** Refuses the newest of whoever has most waiting in there. */
  private makeRoom(full: Branch): void {
    let most = full;
    for (let inner = mostWaiting(most); inner; inner = mostWaiting(most)) most = inner;
    const ticket = most.tickets.at(-1);
    if (!ticket) return;
    // One who waits alone has filled no queue; whose load it was is told by who is at work.
    const waitsAlone = (ticket.path[1]?.waiting ?? 0) <= 1;
    this.drop(ticket, waitsAlone ? this.refusalByWork(ticket) : this.ownShareUsed());
  }

  private drop(ticket: Ticket, refusal: Refusal): void {
    const { tickets } = leafOf(ticket);
    const at = tickets.indexOf(ticket);
    if (at < 0) return;
    tickets.splice(at, 1);
    for (const branch of ticket.path) branch.waiting -= 1;
    this.prune(ticket.path);
    ticket.refuse(refusal);
  }

  private serve(): void {
    for (let ticket = this.root.next(); ticket; ticket = this.root.next()) {
      for (const branch of ticket.path) {
        branch.waiting -= 1;
        branch.running += 1;
      }
      ticket.start();
    }
  }

  private leaving(ticket: Ticket): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      for (const branch of ticket.path) branch.running -= 1;
      this.prune(ticket.path);
      this.serve();
    };
  }

  private pathOf(share: Share): [Branch, ...Branch[]] {
    const path: [Branch, ...Branch[]] = [this.root];
    let branch = this.root;
    for (const [depth, name] of share.entries()) {
      const bounds = this.options.each[depth] ?? this.options.each.at(-1) ?? this.options.all;
      branch = branch.child(name, bounds);
      path.push(branch);
    }
    return path;
  }

  /** Branches in which nothing happens are forgotten: strangers make as many as they like. */
  private prune(path: readonly Branch[]): void {
    for (const [at, branch] of [...path.entries()].reverse())
      if (branch.running === 0 && branch.waiting === 0) path[at - 1]?.forget(branch);
  }

  private refusalByWork({ path }: Ticket): Refusal {
    const own = path.slice(1).some(({ running, bounds }) => running >= bounds.running);
    return own ? this.ownShareUsed() : this.machineBusy();
  }

  private readonly ownShareUsed = () => this.refusal("too_many_requests", this.options.words.own);
  private readonly machineBusy = () => this.refusal("unavailable", this.options.words.busy);

  /** Made for nobody but whoever is refused. */
  private refusal(code: "too_many_requests" | "unavailable", words: string): Refusal {
    this.refused += 1;
    return new Refusal(code, words, { retryAfterSeconds: this.options.retryAfterSeconds });
  }
}

const leafOf = ({ path }: Ticket): Branch => path.at(-1) ?? path[0];

const gone = () => new Refusal("unavailable", "Whoever asked has gone away");
