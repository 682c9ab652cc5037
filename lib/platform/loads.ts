import type { RefusalCode } from "@/lib/platform/refusal";

/**
 * How much is at work in this process, to be looked at from outside of it: counts that are kept anyway, and cost nothing until
 * somebody looks.
 */
interface QueueLoad {
  running: number;
  waiting: number;
  /** All that were ever refused a place. */
  refused: number;
}

interface WorkerLoad {
  running: number;
  /** All that ever began. */
  begun: number;
  /** Of those, the ones that ended or were ended before they had answered. */
  cutOff: number;
}

interface PoolLoad {
  /** Connections that there are. */
  size: number;
  idle: number;
  /** Work that waits for one. */
  waiting: number;
}

export interface Loads {
  queues: Record<string, QueueLoad>;
  workers: Record<string, WorkerLoad>;
  pool: PoolLoad | undefined;
  /** All that were ever answered with a refusal, by its code. */
  refusals: Readonly<Partial<Record<RefusalCode, number>>>;
}

/** Queues that several share, by what their places are for. */
export type QueueName =
  | "connection-tests"
  | "keys-opened"
  | "outside-requests"
  | "passwords"
  | "long-lists"
  | "audit-exports"
  | "imports"
  | "console-exchanges"
  | "console-bodies"
  | "console-work";

/** Processes of one job each, by what they do. */
type WorkerKind = "test" | "request" | "import";

interface Held {
  queues: [QueueName, () => QueueLoad][];
  workers: Record<WorkerKind, WorkerLoad>;
  pool: (() => PoolLoad) | undefined;
  refusals: Partial<Record<RefusalCode, number>>;
  /** For the console's own process, which looks from outside of Next. */
  look: () => Loads;
}

// Next loads this module once per layer: all of them count in one place.
const holder = globalThis as typeof globalThis & { latchkeyLoads?: Held };
holder.latchkeyLoads ??= {
  queues: [],
  workers: { test: noWorker(), request: noWorker(), import: noWorker() },
  pool: undefined,
  refusals: {},
  look: loads,
};
const held = holder.latchkeyLoads;

/** Has a queue looked at under a name; of several with one name the sum counts. */
export function lookAtQueue(name: QueueName, load: () => QueueLoad): void {
  held.queues.push([name, load]);
}

/** Has the connections to the database looked at. */
export function lookAtPool(load: () => PoolLoad): void {
  held.pool = load;
}

/** Counts one job of a worker. @returns to be called at its end; a second call counts nothing */
export function countWorker(kind: WorkerKind): (answered: boolean) => void {
  const count = held.workers[kind];
  count.running += 1;
  count.begun += 1;
  let ended = false;
  return (answered) => {
    if (ended) return;
    ended = true;
    count.running -= 1;
    if (!answered) count.cutOff += 1;
  };
}

/** Counts an answer that was a refusal. */
export function countRefusal(code: RefusalCode): void {
  held.refusals[code] = (held.refusals[code] ?? 0) + 1;
}

/** As of now. */
export function loads(): Loads {
  const queues: Record<string, QueueLoad> = {};
  for (const [name, load] of held.queues) {
    const { running, waiting, refused } = load();
    const sum = queues[name] ?? { running: 0, waiting: 0, refused: 0 };
    queues[name] = {
      running: sum.running + running,
      waiting: sum.waiting + waiting,
      refused: sum.refused + refused,
    };
  }
  return { queues, workers: held.workers, pool: held.pool?.(), refusals: held.refusals };
}

function noWorker(): WorkerLoad {
  return { running: 0, begun: 0, cutOff: 0 };
}
