import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { type Anchor, addAnchors, readAnchors, thinned, thinOut } from "./anchor-file";

const folder = mkdtempSync(join(tmpdir(), "latchkey-anchors-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const anchor = (orgId: string, hour: number): Anchor => ({
  at: new Date(Date.UTC(2026, 0, 1) + hour * 3_600_000).toISOString(),
  orgId,
  seq: String(hour + 1),
  hash: "ab".repeat(32),
});

test("a year of hourly anchors is thinned to the first, the last and one a day of each organisation", async () => {
  const path = join(folder, "year.jsonl");
  const hours = Array.from({ length: 365 * 24 }, (_, hour) => hour);
  writeFileSync(
    path,
    hours.flatMap((hour) => ["A", "B"].map((id) => `${JSON.stringify(anchor(id, hour))}\n`)).join(""),
  );
  await addAnchors(path, [anchor("A", 365 * 24)]);
  const kept = await readAnchors(path);
  expect(kept.get("A")).toHaveLength(1 + 365 + 1);
  expect(kept.get("B")).toHaveLength(1 + 365);
  expect(
    kept
      .get("A")
      ?.map(({ seq }) => seq)
      .slice(0, 3),
  ).toEqual(["1", "24", "48"]);
  expect(kept.get("A")?.at(-1)).toEqual(anchor("A", 365 * 24));
  expect(readdirSync(folder)).toEqual(["year.jsonl"]);
  // There is nothing more to gain, so it is left alone.
  const before = readFileSync(path, "utf8");
  await thinOut(path);
  expect(readFileSync(path, "utf8")).toBe(before);
});

test("whatever a file holds: order stays, nothing is made up, and of no organisation the newest is lost", () => {
  const line = fc.oneof(
    fc.tuple(fc.constantFrom("A", "B", "C"), fc.nat(200)).map(([id, hour]) => JSON.stringify(anchor(id, hour))),
    fc.string().filter((text) => !text.includes("\n")),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 80 }), (lines) => {
      const kept = thinned(lines);
      let from = 0;
      for (const one of kept) {
        from = lines.indexOf(one, from) + 1;
        expect(from).toBeGreaterThan(0);
      }
      for (const id of ["A", "B", "C"]) {
        const of = (all: string[]) => all.filter((one) => one.startsWith("{") && one.includes(`"orgId":"${id}"`));
        expect([of(kept)[0], of(kept).at(-1)]).toEqual([of(lines)[0], of(lines).at(-1)]);
      }
      expect(thinned(kept)).toEqual(kept);
    }),
  );
});

test("what a checkpoint covers or is past its time goes, and the anchor of an organisation's highest event never does", () => {
  const line = fc.tuple(fc.constantFrom("A", "B"), fc.nat(200)).map(([id, hour]) => JSON.stringify(anchor(id, hour)));
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 60 }), fc.nat(220), fc.nat(220), (lines, covered, hour) => {
      const before = new Date(anchor("A", hour).at);
      const kept = thinned(lines, { before, covered: new Map([["A", BigInt(covered)]]) }).map(
        (one): Anchor => JSON.parse(one),
      );
      for (const id of ["A", "B"]) {
        const highest = (all: Anchor[]) =>
          Math.max(-1, ...all.filter(({ orgId }) => orgId === id).map(({ seq }) => Number(seq)));
        const last = highest(lines.map((one) => JSON.parse(one)));
        expect(highest(kept)).toBe(last);
        for (const { orgId, seq, at } of kept)
          if (orgId === id && Number(seq) !== last)
            expect([at >= before.toISOString(), id !== "A" || Number(seq) >= covered]).toEqual([true, true]);
      }
    }),
  );
});
