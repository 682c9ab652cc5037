import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { v7 as uuidv7 } from "uuid";
import { beforeAll, describe, expect, test } from "vitest";
import { systemActor } from "@/lib/authorization/actor";
import { type ChainedEvent, chain, firstLink } from "@/lib/platform/audit/chain";
import { ready } from "@/lib/platform/readiness";
import { batchOf } from "../batch";
import { publicSealingKey } from "../seal-key";
import type { Batch } from "../sinks/sink";
import { verifyReceived } from "./verify";

beforeAll(ready);

/** A chain of so many events, and the batches that it leaves in. */
function logOf(sizes: readonly number[], skipped = 0): { orgId: string; batches: Batch[] } {
  const orgId = uuidv7();
  const actor = systemActor(orgId, 'Zoë "the" tester\n', "request");
  let link = firstLink;
  const next = (): ChainedEvent => {
    const event = chain(link, actor, { action: "credential.updated", fields: ["name", "{"], version: 3 });
    link = { seq: event.seq, hash: Buffer.from(event.hash) };
    return event;
  };
  for (let at = 0; at < skipped; at++) next();
  const stream = { orgId, id: uuidv7() };
  return { orgId, batches: sizes.map((size) => batchOf(stream, Array.from({ length: size }, next))) };
}

const folder = mkdtempSync(join(tmpdir(), "received-"));
let written = 0;
const fileOf = (lines: readonly string[]): string => {
  const path = join(folder, `${written++}.log`);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(""));
  return path;
};
const linesOf = (batches: readonly Batch[]): string[] =>
  batches.flatMap(({ events, seal }) => [...events.map(({ json }) => json), seal]);
const verify = (lines: readonly string[], isKeyHeld = false) =>
  verifyReceived([fileOf(lines)], { publicKey: publicSealingKey(), isKeyHeld });

describe("what a receiver keeps", () => {
  test.each<[string, (batches: Batch[]) => string[]]>([
    ["lines of an object store", linesOf],
    [
      "a file of syslog",
      (batches) =>
        linesOf(batches).map((line) => `<110>1 2026-12-01T10:00:00Z vault latchkey 7 audit [x@1 a="["] ${line}`),
    ],
    [
      "bodies of a webhook",
      (batches) =>
        batches.map(({ events, seal }) =>
          JSON.stringify({ id: "x", events: events.map(({ json }) => JSON.parse(json)), seal: JSON.parse(seal) }),
        ),
    ],
    [
      "exports of a collector",
      (batches) =>
        batches.map((batch) => {
          const logRecords = linesOf([batch]).map((stringValue) => ({ body: { stringValue } }));
          return JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
        }),
    ],
  ])("is sound as %s, with the key of the chain and without", async (_, written) => {
    const { orgId, batches } = logOf([3, 1, 4], 5);
    for (const isKeyHeld of [false, true]) {
      expect(await verify(written(batches), isKeyHeld)).toEqual({
        isSound: true,
        unreadable: 0,
        organizations: [{ orgId, events: 8, seals: 3, sound: [{ from: "6", to: "13" }], problems: [] }],
      });
    }
  });

  test("is told apart by organisation, and joined from several files in any order", async () => {
    const [one, other] = [logOf([2, 2]), logOf([3])];
    const lines = [...linesOf(one.batches), ...linesOf(other.batches)].reverse();
    const files = [fileOf(lines.slice(0, 4)), fileOf(["", "a line of something else", "{", ...lines.slice(4)])];
    const report = await verifyReceived(files, { publicKey: publicSealingKey(), isKeyHeld: true });
    expect(report.isSound).toBe(true);
    expect(report.organizations.map(({ events }) => events).sort()).toEqual([3, 4]);
  });

  test("is never sound where it is nothing", async () => {
    const test = JSON.stringify({ type: "audit_seal", test: true });
    for (const lines of [[], ["nothing of ours"], [test]]) expect((await verify(lines)).isSound).toBe(false);
  });

  test("is sealed by nobody else's key", async () => {
    const { publicKey } = generateKeyPairSync("ed25519");
    const report = await verifyReceived([fileOf(linesOf(logOf([2]).batches))], { publicKey, isKeyHeld: false });
    expect(report.isSound).toBe(false);
    expect(report.organizations[0]?.problems).toMatchObject([{ problem: "bad_seal" }, { problem: "unsealed" }]);
  });

  test("says what is missing, what is altered and what has no seal", async () => {
    const { batches } = logOf([2, 2, 2]);
    const lines = linesOf(batches);
    const without = (...at: number[]) => lines.filter((_, place) => !at.includes(place));
    const found = async (changed: string[], isKeyHeld = false) => (await verify(changed, isKeyHeld)).organizations[0];
    expect(await found(without(3, 4, 5))).toMatchObject({
      sound: [
        { from: "1", to: "2" },
        { from: "5", to: "6" },
      ],
      problems: [{ problem: "missing", from: "3", to: "4" }],
    });
    expect((await found(without(6)))?.problems).toEqual([
      { problem: "missing", from: "5", to: "5" },
      { problem: "unsealed", from: "6", to: "6" },
    ]);
    expect((await found(without(7)))?.problems).toContainEqual({ problem: "missing", from: "6", to: "6" });
    expect((await found(without(8)))?.problems).toEqual([{ problem: "unsealed", from: "5", to: "6" }]);
    const altered = lines.map((line, at) =>
      at === 3 ? line.replace("credential.updated", "credential.deleted") : line,
    );
    expect((await found(altered))?.problems).toEqual([{ problem: "altered", from: "3", to: "4" }]);
    expect((await found(altered, true))?.problems).toContainEqual({ problem: "altered", from: "3", to: "3" });
  });
});

describe("whatever somebody does to a line or a seal", () => {
  const cases = fc.record({
    sizes: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }),
    at: fc.nat(),
    to: fc.nat(),
    character: fc.nat(),
    by: fc.integer({ min: 1, max: 90 }),
  });
  /** Behind the last thing left nothing can be missed: a tail that is cut off as a whole shows only at its source. */
  const isWholeTail = (left: readonly string[], batches: Batch[]) =>
    batches.some(
      (_, count) =>
        left.join() === linesOf(batches.slice(count)).join() || left.join() === linesOf(batches.slice(0, count)).join(),
    );

  test("dropping it is found out", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ sizes, at }) => {
        const { batches } = logOf(sizes);
        const lines = linesOf(batches);
        lines.splice(at % lines.length, 1);
        if (!isWholeTail(lines, batches)) expect((await verify(lines)).isSound).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test("changing any character of it is found out, or changes nothing that it says", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ sizes, at, character, by }) => {
        const lines = linesOf(logOf(sizes).batches);
        const place = at % lines.length;
        const old = lines[place] ?? "";
        const index = character % old.length;
        const put = String.fromCharCode(32 + ((old.charCodeAt(index) - 32 + by) % 95));
        const changed = old.slice(0, index) + put + old.slice(index + 1);
        const isSame = saying(changed) === saying(old);
        expect((await verify(lines.with(place, changed))).isSound).toBe(isSame);
        // Beside what it was: a contradiction, or nobody can read it, or it says nothing of the log any more.
        const beside = await verify([...lines, changed]);
        if (!isSame && /"type":"audit_(event|seal)"/.test(changed) && saying(changed))
          expect(beside.isSound).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  test("moving or repeating it does no harm", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ sizes, at, to, by }) => {
        const lines = linesOf(logOf(sizes).batches);
        const [moved = ""] = by % 2 ? lines.splice(at % lines.length, 1) : [lines[at % lines.length]];
        lines.splice(to % (lines.length + 1), 0, moved);
        expect((await verify(lines)).isSound).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test("putting it in the place of another is found out", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ sizes, at, to }) => {
        const lines = linesOf(logOf(sizes).batches);
        const [one, other] = [at % lines.length, to % lines.length];
        if (one === other) return;
        expect((await verify(lines.with(one, lines[other] ?? ""))).isSound).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  const saying = (line: string) => {
    try {
      return JSON.stringify(JSON.parse(line));
    } catch {
      return undefined;
    }
  };
});
