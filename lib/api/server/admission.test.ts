import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Admission } from "./admission";

type Place = "exchange" | "body" | "work";

/** The bounds that are promised: inside at once and waiting, of one address and of all. */
const promised: [Place, { running: number; waiting: number }, { running: number; waiting: number }][] = [
  ["exchange", { running: 128, waiting: 0 }, { running: 1_024, waiting: 0 }],
  ["body", { running: 16, waiting: 64 }, { running: 128, waiting: 512 }],
  ["work", { running: 8, waiting: 128 }, { running: 48, waiting: 1_024 }],
];

/** One kind of place, and what has become so far of whoever asked for one. */
function asking(place: Place) {
  const admission = new Admission();
  const ask = (address: string, signal = new AbortController().signal) => {
    const asker: { state: "waits" | "in" | "refused"; leave: () => void } = { state: "waits", leave: () => undefined };
    void admission[place](address, signal).then((leave) => {
      Object.assign(asker, leave ? { state: "in", leave } : { state: "refused" });
    });
    return asker;
  };
  return { ask, many: (count: number, address: string) => Array.from({ length: count }, () => ask(address)) };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));
const counts = (askers: { state: string }[]) => {
  const of = (state: string) => askers.filter((asker) => asker.state === state).length;
  return { in: of("in"), waits: of("waits"), refused: of("refused") };
};
const network = (at: number) => `10.${at >> 8}.${at & 255}.1`;

describe.each(promised)("places for an %s", (place, each, all) => {
  test("are bounded for an address, whatever it asks for, and a neighbour does not notice", async () => {
    const { many, ask } = asking(place);
    const loud = many(each.running + each.waiting + 300, network(1));
    await settle();
    expect(counts(loud)).toEqual({ in: each.running, waits: each.waiting, refused: 300 });
    const neighbour = ask(network(2));
    await settle();
    expect(neighbour.state).toBe("in");
  });

  test("are bounded for a /64 of IPv6 as for one address", async () => {
    const { ask } = asking(place);
    const loud = Array.from({ length: each.running + 1 }, (_, at) => ask(`2001:db8:0:1::${at.toString(16)}`));
    const neighbour = ask("2001:db8:0:2::1");
    await settle();
    expect([counts(loud).in, neighbour.state]).toEqual([each.running, "in"]);
  });

  test("are bounded in all", async () => {
    const { ask } = asking(place);
    const askers = Array.from({ length: all.running + all.waiting + 1 }, (_, at) => ask(network(at)));
    await settle();
    expect(counts(askers)).toEqual({ in: all.running, waits: all.waiting, refused: 1 });
  });

  test("come back from whoever leaves, and only once", async () => {
    const { many } = asking(place);
    const [first] = many(each.running, network(1));
    await settle();
    first?.leave();
    first?.leave();
    const next = many(2, network(1));
    await settle();
    expect(next[0]?.state).toBe("in");
    expect(next[1]?.state).not.toBe("in");
  });
});

describe.each(promised.slice(1))("a queue for an %s", (place, each, all) => {
  test("that loud addresses have filled lets a newcomer in, who waits for one turn of each", async () => {
    const { many, ask } = asking(place);
    const names = Array.from({ length: all.waiting / each.waiting }, (_, at) => network(at));
    const loud = names.flatMap((name) => many(each.running + each.waiting, name));
    await settle();
    expect(counts(loud)).toMatchObject({ waits: all.waiting });
    const newcomer = ask("192.0.2.1");
    await settle();
    expect([newcomer.state, counts(loud).waits]).toEqual(["waits", all.waiting - 1]);
    const inside = loud.filter(({ state }) => state === "in");
    for (const { leave } of inside.slice(0, names.length + 1)) leave();
    await settle();
    expect(newcomer.state).toBe("in");
  });

  test("holds nothing for whoever has gone, before or while they waited", async () => {
    const { many, ask } = asking(place);
    const inside = many(each.running, network(1));
    const gone = new AbortController();
    const leaver = ask(network(1), gone.signal);
    const before = ask(network(1), AbortSignal.abort());
    const next = ask(network(1));
    await settle();
    expect([leaver.state, before.state, next.state]).toEqual(["waits", "refused", "waits"]);
    gone.abort();
    inside[0]?.leave();
    await settle();
    expect([leaver.state, next.state]).toEqual(["refused", "in"]);
  });

  test("holds nobody for longer than ten seconds", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { many } = asking(place);
    const askers = many(each.running + 1, network(1));
    await vi.advanceTimersByTimeAsync(9_999);
    expect(askers.at(-1)?.state).toBe("waits");
    await vi.advanceTimersByTimeAsync(1);
    expect(askers.at(-1)?.state).toBe("refused");
  });
});
