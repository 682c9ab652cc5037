import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { Refusal } from "@/lib/platform/refusal";
import { FairQueue, type QueueOptions, type Share } from "./fair-queue";

const options = (more: Partial<QueueOptions> = {}): QueueOptions => ({
  all: { running: 2, waiting: 20 },
  each: [
    { running: 2, waiting: 10 },
    { running: 2, waiting: 10 },
  ],
  waitMs: 60_000,
  words: { own: "own", busy: "busy" },
  retryAfterSeconds: 3,
  ...more,
});

/** Lets everything that is due happen. */
const settle = async () => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

/** A queue whose work ends when the test says so. */
function watched(queue: FairQueue) {
  const order: string[] = [];
  const atWork: { share: Share; end: () => void }[] = [];
  const refused: { share: Share; code: string }[] = [];
  const waits = new Set<{ share: Share }>();
  const ask = (share: Share, signal?: AbortSignal) => {
    const asker = { share };
    waits.add(asker);
    queue
      .run(
        share,
        () =>
          new Promise<void>((end) => {
            waits.delete(asker);
            order.push(share.join("/"));
            atWork.push({ share, end });
          }),
        signal,
      )
      .catch((error: unknown) => {
        if (!(error instanceof Refusal)) throw error;
        waits.delete(asker);
        refused.push({ share, code: error.code });
      });
  };
  const endOne = async (at = 0) => {
    const [one] = atWork.splice(at % Math.max(atWork.length, 1), 1);
    one?.end();
    await settle();
  };
  return { ask, endOne, order, atWork, waits, refused };
}

describe("places that are shared", () => {
  test("go to the organisation, and within it to the person, that was served longest ago", async () => {
    const queue = new FairQueue(options({ all: { running: 1, waiting: 50 }, each: [{ running: 1, waiting: 50 }] }));
    const { ask, endOne, order, atWork } = watched(queue);
    for (let at = 0; at < 10; at++) ask(["A", "greedy"]);
    ask(["A", "modest"]);
    ask(["B", "anna"]);
    await settle();
    while (atWork.length > 0) await endOne();
    expect(order.slice(0, 4)).toEqual(["A/greedy", "B/anna", "A/modest", "A/greedy"]);
    expect(order).toHaveLength(12);
  });

  test("are kept from one who would take them all, where a branch has a bound of its own", async () => {
    const queue = new FairQueue(options({ each: [{ running: 1, waiting: 10 }] }));
    const { ask, order } = watched(queue);
    for (let at = 0; at < 5; at++) ask(["A"]);
    ask(["B"]);
    await settle();
    expect(order).toEqual(["A", "B"]);
  });

  test("come back when the work fails, when it cannot begin, and only once", async () => {
    const queue = new FairQueue(options());
    await expect(queue.run(["A"], () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    await expect(
      queue.run(["A"], () => {
        throw new Error("broken at once");
      }),
    ).rejects.toThrow("broken at once");
    const leave = await queue.enter(["A"]);
    leave();
    leave();
    expect(queue.load).toEqual({ running: 0, waiting: 0 });
  });

  test("keep no memory of whoever has nothing in there: they come again as newcomers, behind those who wait", async () => {
    const queue = new FairQueue(options({ all: { running: 1, waiting: 50 } }));
    const { ask, endOne, order } = watched(queue);
    const gone = new AbortController();
    ask(["served"]);
    ask(["gone"], gone.signal);
    await settle();
    gone.abort();
    await endOne();
    for (const name of ["A", "B"]) {
      ask([name]);
      await settle();
    }
    await endOne();
    // Were the two remembered, their turns would have been longest ago.
    for (const name of ["waits", "served", "gone"]) ask([name]);
    for (let at = 0; at < 4; at++) await endOne();
    expect(order).toEqual(["served", "A", "B", "waits", "served", "gone"]);
    expect(queue.load).toEqual({ running: 0, waiting: 0 });
  });

  test("are not taken by whoever hangs up while waiting, nor by whoever had gone before", async () => {
    const queue = new FairQueue(options());
    const { ask, endOne, order, refused } = watched(queue);
    const gone = new AbortController();
    for (const share of [["A"], ["B"]]) ask(share);
    ask(["C"], gone.signal);
    ask(["D"], AbortSignal.abort());
    await settle();
    gone.abort();
    await settle();
    expect(refused.map(({ share }) => share.join())).toEqual(["D", "C"]);
    await endOne();
    await endOne();
    expect(order).toEqual(["A", "B"]);
    expect(queue.load).toEqual({ running: 0, waiting: 0 });
  });
});

describe("a refusal says whose load it was, and when to come again", () => {
  const codesOf = async (ask: (queue: FairQueue) => Promise<unknown>, more: Partial<QueueOptions>) => {
    const queue = new FairQueue(options(more));
    return ask(queue).then(
      () => "served",
      (error: unknown) => [(error as Refusal).code, (error as Refusal).retryAfterSeconds],
    );
  };

  test("one's own, when one's own waiting fills the share", async () => {
    const asked = async (queue: FairQueue) => {
      for (let at = 0; at < 3; at++) void queue.enter(["A"]);
      return queue.enter(["A"]);
    };
    expect(await codesOf(asked, { each: [{ running: 2, waiting: 1 }] })).toEqual(["too_many_requests", 3]);
  });

  test("where nobody may wait: one's own when one's own work held the places, else the machine's", async () => {
    const bounds = { all: { running: 3, waiting: 0 }, each: [{ running: 2, waiting: 0 }] } as const;
    const asked = (...names: string[]) =>
      codesOf(async (queue) => Promise.all(names.map((name) => queue.enter([name]))), bounds);
    expect(await asked("A", "B", "A")).toBe("served");
    expect(await asked("A", "A", "A")).toEqual(["too_many_requests", 3]);
    expect(await asked("A", "B", "C", "D")).toEqual(["unavailable", 3]);
    expect(await asked("A", "A", "B", "A")).toEqual(["too_many_requests", 3]);
  });

  test("the machine's, when it is full of others who ask for no more than one", async () => {
    const asked = async (queue: FairQueue) => {
      for (const name of ["A", "B", "C", "D"]) void queue.enter([name]);
      return queue.enter(["E"]);
    };
    expect(await codesOf(asked, { all: { running: 2, waiting: 2 } })).toEqual(["unavailable", 3]);
  });

  test("after a wait: one's own when one's own work held the places, else the machine's", async () => {
    vi.useFakeTimers();
    try {
      const queue = new FairQueue(options({ each: [{ running: 1, waiting: 5 }], waitMs: 1_000 }));
      const code = (asked: Promise<unknown>) => asked.catch((error: Refusal) => error.code);
      for (const name of ["A", "B"]) await queue.enter([name]);
      const waiting = [code(queue.enter(["A"])), code(queue.enter(["C"]))];
      await vi.advanceTimersByTimeAsync(1_000);
      expect(await Promise.all(waiting)).toEqual(["too_many_requests", "unavailable"]);
    } finally {
      vi.useRealTimers();
    }
  });

  test("a full queue makes room for a neighbour at the cost of whoever has most waiting", async () => {
    const queue = new FairQueue(options({ all: { running: 1, waiting: 5 }, each: [{ running: 1, waiting: 5 }] }));
    const { ask, endOne, order, refused } = watched(queue);
    for (let at = 0; at < 6; at++) ask(["A", "greedy"]);
    ask(["A", "modest"]);
    ask(["B", "anna"]);
    await settle();
    expect(refused).toEqual(Array(2).fill({ share: ["A", "greedy"], code: "too_many_requests" }));
    for (let at = 0; at < 6; at++) await endOne();
    expect(order).toContain("A/modest");
    expect(order).toContain("B/anna");
  });
});

test("whoever fills a share of their own is refused for it, and no neighbour, also where everything is full", async () => {
  const each: QueueOptions["each"] = [
    { running: 1, waiting: 4 },
    { running: 1, waiting: 1 },
  ];
  const queue = new FairQueue(options({ all: { running: 1, waiting: 3 }, each }));
  const { ask, refused } = watched(queue);
  for (const share of [
    ["Z", "z"],
    ["A", "greedy"],
    ["B", "anna"],
    ["B", "bert"],
    ["A", "greedy"],
  ])
    ask(share);
  await settle();
  expect(refused).toEqual([{ share: ["A", "greedy"], code: "too_many_requests" }]);
});

const share = fc.tuple(fc.constantFrom("A", "B", "C"), fc.constantFrom("x", "y"));
const act = fc.oneof(
  // Mostly asking, or the queue would seldom be full.
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("ask" as const), share }) },
  fc.record({ kind: fc.constant("end" as const), at: fc.nat(5) }),
  fc.record({ kind: fc.constant("hang up" as const), at: fc.nat(20) }),
);

test("whatever is asked, ended and called off: never over a bound, no place left idle, nothing lost, and all is free at the end", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 60, size: "max" }), async (acts) => {
      const bounds = {
        all: { running: 3, waiting: 6 },
        group: { running: 2, waiting: 4 },
        one: { running: 1, waiting: 2 },
      };
      const queue = new FairQueue(options({ all: bounds.all, each: [bounds.group, bounds.one] }));
      const { ask, endOne, order, atWork, waits, refused } = watched(queue);
      const callers: AbortController[] = [];
      for (const one of acts) {
        if (one.kind === "ask") {
          const caller = new AbortController();
          callers.push(caller);
          ask(one.share, caller.signal);
          await settle();
        } else if (one.kind === "end") await endOne(one.at);
        else {
          callers[one.at]?.abort();
          await settle();
        }
        expect(queue.load).toEqual({ running: atWork.length, waiting: waits.size });
        const loads = (mine: Share) =>
          Object.values(bounds).map((bound, depth) => {
            const within = ({ share }: { share: Share }) =>
              share.slice(0, depth).join() === mine.slice(0, depth).join();
            return { bound, running: atWork.filter(within).length, waiting: [...waits].filter(within).length };
          });
        const over = [...atWork, ...waits].filter(({ share: mine }) =>
          loads(mine).some(({ bound, running, waiting }) => running > bound.running || waiting > bound.waiting),
        );
        const besideAFreePlace = [...waits].filter(({ share: mine }) =>
          loads(mine).every(({ bound, running }) => running < bound.running),
        );
        expect({ over, besideAFreePlace }).toEqual({ over: [], besideAFreePlace: [] });
      }
      // Nobody who was let wait is forgotten: once the work ends, everything asked was either done or refused.
      while (atWork.length > 0) await endOne();
      expect(order.length + refused.length).toBe(callers.length);
      expect(queue.load).toEqual({ running: 0, waiting: 0 });
    }),
  );
});

test("nobody starves: whoever waits is served before anybody else is served a second time", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(30), fc.integer({ min: 1, max: 5 }), async (flood, neighbours) => {
      const queue = new FairQueue(options({ all: { running: 1, waiting: 500 }, each: [{ running: 1, waiting: 500 }] }));
      const { ask, endOne, order } = watched(queue);
      for (let at = 0; at <= flood; at++) ask(["flood"]);
      const names = Array.from({ length: neighbours }, (_, at) => `n${at}`);
      for (const name of names) ask([name]);
      await settle();
      for (let at = 0; at < neighbours; at++) {
        ask(["flood"]);
        await endOne();
      }
      expect(order.slice(1)).toEqual(names);
    }),
  );
});
