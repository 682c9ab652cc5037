import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FairGate, type Leave } from "./fair-gate";

const here = () => new AbortController().signal;
const wide = { total: 4, perKey: 2, waiting: 100, waitingPerKey: 10, waitMs: 60_000 };

/** What has happened to an entry so far. */
function enter(gate: FairGate, key: string, signal = here()) {
  const entry: { leave?: Leave | undefined; state: "waits" | "in" | "refused" } = { state: "waits" };
  const settled = gate.enter(key, signal).then((leave) => {
    Object.assign(entry, { leave, state: leave ? "in" : "refused" });
  });
  return Object.assign(entry, { settled });
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("a gate", () => {
  test("lets nobody take more than a share, and by turns those who wait", async () => {
    const gate = new FairGate({ ...wide, total: 2 });
    const loud = Array.from({ length: 6 }, () => enter(gate, "loud"));
    await settle();
    expect(loud.map(({ state }) => state)).toEqual(["in", "in", "waits", "waits", "waits", "waits"]);
    const quiet = enter(gate, "quiet");
    loud[0]?.leave?.();
    await settle();
    // The one who came last has waited for one place, not for the queue of the other.
    expect(quiet.state).toBe("in");
  });

  test("refuses whoever finds the queue full, has waited too long or has gone", async () => {
    const gate = new FairGate({ ...wide, perKey: 1, waitingPerKey: 2, waitMs: 20 });
    const gone = new AbortController();
    const entries = [enter(gate, "a"), enter(gate, "a"), enter(gate, "a", gone.signal), enter(gate, "a")];
    await entries[3]?.settled;
    expect(entries.map(({ state }) => state)).toEqual(["in", "waits", "waits", "refused"]);
    gone.abort();
    await entries[2]?.settled;
    await entries[1]?.settled;
    expect(entries.map(({ state }) => state)).toEqual(["in", "refused", "refused", "refused"]);
    entries[0]?.leave?.();
    entries[0]?.leave?.();
    expect((await gate.enter("a", here())) !== undefined).toBe(true);
    expect(enter(gate, "a").state).toBe("waits");
  });
});

test("whatever comes and goes, the bounds hold, nobody waits beside a free place, and in the end it is empty", async () => {
  const step = fc.record({ key: fc.constantFrom("a", "b", "c"), leaves: fc.nat(5), gives: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const gate = new FairGate({ total: 3, perKey: 2, waiting: 5, waitingPerKey: 3, waitMs: 60_000 });
      const all: (ReturnType<typeof enter> & { key: string; gone: AbortController })[] = [];
      for (const { key, leaves, gives } of steps) {
        const gone = new AbortController();
        all.push(Object.assign(enter(gate, key, gone.signal), { key, gone }));
        await settle();
        const inside = all.filter(({ state, leave }) => state === "in" && leave);
        if (gives) all.find(({ state }) => state === "waits")?.gone.abort();
        const leaving = inside[leaves];
        if (leaving) {
          leaving.leave?.();
          leaving.leave = undefined;
        }
        await settle();
        const held = all.filter(({ state, leave }) => state === "in" && leave);
        const of = (one: string) => held.filter((entry) => entry.key === one).length;
        expect(held.length).toBeLessThanOrEqual(3);
        for (const one of ["a", "b", "c"]) {
          expect(of(one)).toBeLessThanOrEqual(2);
          const waits = all.some((entry) => entry.key === one && entry.state === "waits");
          if (waits) expect(held.length === 3 || of(one) === 2).toBe(true);
        }
      }
      for (let left = all.length * 2; left > 0; left--) {
        for (const entry of all) entry.leave?.();
        await settle();
      }
      expect(all.filter(({ state }) => state === "waits")).toEqual([]);
      const fresh = [enter(gate, "a"), enter(gate, "a"), enter(gate, "b")];
      await settle();
      expect(fresh.map(({ state }) => state)).toEqual(["in", "in", "in"]);
    }),
    { numRuns: 60 },
  );
});
