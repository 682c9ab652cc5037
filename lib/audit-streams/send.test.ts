import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { createCredential, fetchSecret } from "@/lib/credentials";
import { recordAlone } from "@/lib/platform/audit";
import { inOrganization } from "@/lib/platform/db";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";
import type { Batch, Delivery } from "./sinks/sink";

/** The receivers: what each is sent, and what becomes of it. */
const sent: Batch[] = [];
let answer: (batch: Batch, signal?: AbortSignal) => Delivery | Promise<Delivery>;
let trial: Delivery;
vi.mock("./sinks/index", async (original) => ({
  ...(await original<typeof import("./sinks/index")>()),
  deliver: async (_: unknown, batch: Batch, { signal }: { signal?: AbortSignal }) => {
    sent.push(batch);
    return answer(batch, signal);
  },
  tryOut: async () => trial,
}));
const { createStream, deleteStream, getStream, listStreams, pauseStream, resumeStream, tryStream, updateStream } =
  await import("./index");
const { sendDue } = await import("./send");

const done: Delivery = { outcome: "done" };
const away: Delivery = { outcome: "unknown", reason: "no_answer" };
const settings = {
  kind: "webhook",
  url: "https://siem.example/in",
  signing_secret: `whsec_${"s".repeat(32)}`,
} as const;

let own: Tenant;
beforeEach(async () => {
  own = await tenant();
  sent.length = 0;
  answer = () => done;
  trial = done;
});

const ofOwn = () => sent.filter(({ orgId }) => orgId === own.orgId);
const numbers = (batches: readonly Batch[]) => batches.flatMap(({ events }) => events.map(({ seq }) => seq));
const happen = (count: number) =>
  Promise.all(Array.from({ length: count }, () => recordAlone(own.admin, { action: "audit.read" })));
/** What waits for another try is due at once. */
const hurry = () =>
  inOrganization(own.orgId, (tx) => tx.auditStream.updateMany({ data: { nextAttemptAt: new Date(0) } }));
const make = (more: Partial<Parameters<typeof createStream>[1]> = {}) =>
  createStream(own.admin, { name: `SIEM ${randomUUID()}`, settings, ...more });
const upTo = (last: string, first = 1n) =>
  Array.from({ length: Number(BigInt(last) - first + 1n) }, (_, at) => first + BigInt(at));

describe("a stream", () => {
  test("sends all there is from the beginning, or what happens from now on, in order and once", async () => {
    const begun = await make({ from: "beginning" });
    const { cursor } = await make();
    await happen(700);
    await sendDue();
    const { head, lagEvents, lastDeliveredAt } = await getStream(own.auditor, begun.id);
    expect(numbers(ofOwn().filter(({ streamId }) => streamId === begun.id))).toEqual(upTo(head));
    const later = numbers(ofOwn().filter(({ streamId }) => streamId !== begun.id));
    expect(later).toEqual(upTo(head, BigInt(cursor) + 1n));
    expect([lagEvents, lastDeliveredAt !== null]).toEqual([0, true]);
    expect(Math.max(...ofOwn().map(({ events }) => events.length))).toBe(500);
    sent.length = 0;
    await sendDue();
    expect(ofOwn()).toEqual([]);
  });

  test("is sent on by one of two rounds at a time", async () => {
    await make();
    await happen(20);
    let atOnce = 0;
    let most = 0;
    answer = async () => {
      most = Math.max(most, ++atOnce);
      await new Promise(setImmediate);
      atOnce--;
      return done;
    };
    await Promise.all([sendDue(), sendDue(), sendDue()]);
    expect(most).toBe(1);
    expect(new Set(numbers(ofOwn())).size).toBe(numbers(ofOwn()).length);
  });

  test("cut between the receiver's answer and ours sends the very same batch again, also when more has happened", async () => {
    const { id } = await make();
    await happen(3);
    // Whoever was at it is gone, and never came to say so.
    answer = async () => {
      await inOrganization(own.orgId, (tx) =>
        tx.auditStream.updateMany({ data: { lease: randomUUID(), leaseUntil: new Date(0) } }),
      );
      return done;
    };
    await sendDue();
    expect((await getStream(own.admin, id)).lagEvents).toBe(4);
    await happen(4);
    answer = () => done;
    await sendDue();
    const [first, again, rest] = ofOwn();
    expect(again).toMatchObject({ id: first?.id, from: first?.from, to: first?.to, events: first?.events });
    expect(rest?.from).toBe((first?.to ?? 0n) + 1n);
    expect((await getStream(own.admin, id)).lagEvents).toBe(0);
  });

  test("skips no event, whatever becomes of its batches", async () => {
    const outcomes = fc.constantFrom<Delivery | "cut" | "broken">(done, done, away, "cut", "broken", {
      outcome: "refused",
      reason: "try_later",
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(outcomes, fc.integer({ min: 1, max: 4 })), { maxLength: 8 }),
        async (steps) => {
          const { id, cursor } = await make();
          const taken = new Set<bigint>();
          for (const [outcome, events] of [...steps, [done, 1] as const]) {
            await happen(events);
            answer = async (batch) => {
              if (outcome === "broken") throw new Error("broken");
              if (outcome !== "cut" && outcome.outcome !== "done") return outcome;
              for (const { seq } of batch.events) taken.add(seq);
              if (outcome === "cut") await hurryAway();
              return done;
            };
            await hurry();
            await sendDue();
            const left = BigInt((await getStream(own.admin, id)).cursor);
            expect(upTo(String(left), BigInt(cursor) + 1n).every((seq) => taken.has(seq))).toBe(true);
          }
          answer = () => done;
          expect((await getStream(own.admin, id)).lagEvents).toBe(0);
          await deleteStream(own.admin, id);
        },
      ),
      { numRuns: 8 },
    );
  });

  test("that hangs keeps no other organisation's waiting", async () => {
    const stop = new AbortController();
    await make();
    await make();
    const hanging = own;
    own = await tenant();
    const { id } = await make();
    answer = ({ orgId }) => (orgId === hanging.orgId ? new Promise<Delivery>(() => {}) : done);
    const round = sendDue(stop.signal);
    await expect.poll(async () => (await getStream(own.admin, id)).lagEvents).toBe(0);
    stop.abort();
    await round;
    // Being told to stop is no failure of the receiver's.
    expect((await listStreams(hanging.admin)).map(({ failures }) => failures)).toEqual([0, 0]);
  });

  test("that fails says why, waits longer each time, and goes on at once when it is resumed", async () => {
    const { id } = await make();
    answer = () => ({ outcome: "refused", reason: "not_allowed" });
    for (let count = 1; count <= 3; count++) {
      await sendDue();
      const view = await getStream(own.admin, id);
      expect(view).toMatchObject({ failures: count, lastError: { reason: "refused_not_allowed" } });
      const waitS = (new Date(view.nextAttemptAt ?? 0).getTime() - Date.now()) / 1_000;
      expect(waitS).toBeGreaterThan(Math.max(5, 5 * 2 ** (count - 1)) - 4);
      expect(waitS).toBeLessThan(5 * 2 ** count + 1);
      await hurry();
    }
    expect((await pauseStream(own.admin, id)).enabled).toBe(false);
    sent.length = 0;
    await sendDue();
    expect(ofOwn()).toEqual([]);
    answer = () => done;
    expect(await resumeStream(own.admin, id)).toMatchObject({ enabled: true, failures: 0, lastError: null });
    await sendDue();
    expect(await getStream(own.admin, id)).toMatchObject({ lagEvents: 0, lagSeconds: 0, nextAttemptAt: null });
  });

  test("goes to the new place once it is changed, with what was not sent to the old", async () => {
    const { id, settings: shown } = await make();
    expect(shown).toEqual({ kind: "webhook", url: settings.url, secrets_set: ["signing_secret"] });
    answer = () => away;
    await sendDue();
    const elsewhere = { url: "https://other.example/in" };
    await expect(updateStream(own.admin, id, { settings: elsewhere })).rejects.toMatchObject({ code: "invalid" });
    trial = away;
    const renewed = { ...elsewhere, signing_secret: `whsec_${"t".repeat(32)}` };
    await expect(updateStream(own.admin, id, { settings: renewed })).rejects.toMatchObject({
      code: "external_failure",
    });
    const forced = await updateStream(own.admin, id, { settings: renewed, force: true });
    expect(forced).toMatchObject({ version: 2, failures: 0, settings: { kind: "webhook", ...elsewhere } });
    answer = () => done;
    await sendDue();
    expect((await getStream(own.admin, id)).lagEvents).toBe(0);
    await expect(updateStream(own.admin, id, { name: "x", expectedVersion: 1 })).rejects.toMatchObject({
      code: "version_mismatch",
    });
  });
});

const hurryAway = () =>
  inOrganization(own.orgId, (tx) =>
    tx.auditStream.updateMany({ data: { lease: randomUUID(), leaseUntil: new Date(0) } }),
  );

describe("a receiver that is too far behind", () => {
  test("has fetches refused where the organisation wants that, and nothing else", async () => {
    const { id: credential } = await createCredential(own.user, {
      ...{ provider: "sftp", type: "user_password", data: sftpValues() },
    });
    const { id } = await make({ backlogLimit: 1_000, refuseFetchesWhenFull: true });
    answer = () => away;
    await happen(1_001);
    expect(await getStream(own.admin, id)).toMatchObject({ full: true, lagEvents: 1_002 });
    await expect(fetchSecret(own.program, credential)).rejects.toMatchObject({ code: "unavailable" });
    // What shares its statement goes on.
    const both = await Promise.allSettled([fetchSecret(own.program, credential), happen(3)]);
    expect(both.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    await updateStream(own.admin, id, { refuseFetchesWhenFull: false });
    expect(await fetchSecret(own.program, credential)).toMatchObject({ id: credential });
    await updateStream(own.admin, id, { refuseFetchesWhenFull: true });
    await expect(fetchSecret(own.program, credential)).rejects.toMatchObject({ code: "unavailable" });
    answer = () => done;
    await hurry();
    await sendDue();
    expect(await fetchSecret(own.program, credential)).toMatchObject({ id: credential });
    expect((await getStream(own.admin, id)).full).toBe(false);
  });

  test("refuses nothing any more when it is paused or taken away", async () => {
    const { id: credential } = await createCredential(own.user, {
      ...{ provider: "sftp", type: "user_password", data: sftpValues() },
    });
    const { id } = await make({ backlogLimit: 1_000, refuseFetchesWhenFull: true });
    await happen(1_001);
    await expect(fetchSecret(own.program, credential)).rejects.toMatchObject({ code: "unavailable" });
    await pauseStream(own.admin, id);
    await fetchSecret(own.program, credential);
    await resumeStream(own.admin, id);
    await expect(fetchSecret(own.program, credential)).rejects.toMatchObject({ code: "unavailable" });
    await deleteStream(own.admin, id);
    await fetchSecret(own.program, credential);
  });
});

describe("receivers of a log", () => {
  test("are looked after by administrators, seen by those who read the log, and nobody else's", async () => {
    const { id } = await make();
    const stranger = await tenant();
    for (const act of [
      () => createStream(own.auditor, { name: "x", settings }),
      () => updateStream(own.auditor, id, { name: "x" }),
      () => deleteStream(own.auditor, id),
      () => pauseStream(own.auditor, id),
      () => resumeStream(own.auditor, id),
      () => tryStream(own.auditor, id),
      () => listStreams(own.user),
      () => deleteStream({ ...own.admin, passwordCheckedAt: new Date(0) }, id),
    ])
      await expect(act()).rejects.toMatchObject({ code: "forbidden" });
    for (const act of [
      () => getStream(stranger.admin, id),
      () => updateStream(stranger.admin, id, { name: "x" }),
      () => deleteStream(stranger.admin, id),
      () => pauseStream(stranger.admin, id),
      () => tryStream(stranger.admin, id),
    ])
      await expect(act()).rejects.toMatchObject({ code: "not_found" });
    expect(await listStreams(stranger.admin)).toEqual([]);
    expect((await listStreams(own.auditor)).map((one) => one.id)).toEqual([id]);
    expect(JSON.stringify(await listStreams(own.admin))).not.toContain(settings.signing_secret);
  });

  test("are five at most, each with a name of its own, and tried out before they are stored", async () => {
    trial = { outcome: "refused", reason: "not_found" };
    await expect(make()).rejects.toMatchObject({ code: "external_failure", details: { reason: "refused_not_found" } });
    expect(await listStreams(own.admin)).toEqual([]);
    const { id } = await make({ name: "one", force: true });
    expect(await tryStream(own.admin, id)).toMatchObject({ outcome: "failed", reason: "refused_not_found" });
    trial = done;
    expect(await tryStream(own.admin, id)).toEqual({ outcome: "ok" });
    await expect(make({ name: "one" })).rejects.toMatchObject({ code: "conflict" });
    for (let count = 2; count <= 5; count++) await make();
    await expect(make()).rejects.toMatchObject({ code: "over_limit" });
  });
});
