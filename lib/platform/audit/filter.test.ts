import { describe, expect, test } from "vitest";
import { auditFields, auditPageQuery, auditQuery } from "./filter";

const range = (from: string, to: string, zone?: string) => {
  const filter = auditPageQuery.parse({ from, to, ...(zone && { zone }) });
  return [filter.from?.toISOString(), filter.to?.toISOString()];
};

describe("the days of the audit filter", () => {
  test.each([
    [undefined, "2026-11-28T00:00:00.000Z", "2026-11-29T00:00:00.000Z"],
    ["UTC", "2026-11-28T00:00:00.000Z", "2026-11-29T00:00:00.000Z"],
    ["Pacific/Auckland", "2026-11-27T11:00:00.000Z", "2026-11-28T11:00:00.000Z"],
    ["America/Los_Angeles", "2026-11-28T08:00:00.000Z", "2026-11-29T08:00:00.000Z"],
    ["Asia/Kolkata", "2026-11-27T18:30:00.000Z", "2026-11-28T18:30:00.000Z"],
  ])("are days in %s", (zone, from, to) => expect(range("2026-11-28", "2026-11-28", zone)).toEqual([from, to]));

  test("of a change of clocks have 23 and 25 hours", () => {
    const hours = ([from, to]: (string | undefined)[]) => (Date.parse(to ?? "") - Date.parse(from ?? "")) / 3_600_000;
    expect(hours(range("2026-03-29", "2026-03-29", "Europe/Berlin"))).toBe(23);
    expect(hours(range("2026-10-25", "2026-10-25", "Europe/Berlin"))).toBe(25);
  });

  test("follow each other without a gap, wherever, also over the end of a month and a year", () => {
    for (const zone of ["UTC", "Pacific/Chatham", "America/Santiago", "Africa/Cairo", "Australia/Lord_Howe"]) {
      for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 3); at += 86_400_000) {
        const [day, next] = [at, at + 86_400_000].map((one) => new Date(one).toISOString().slice(0, 10)) as [
          string,
          string,
        ];
        expect(range(day, day, zone)[1]).toBe(range(next, next, zone)[0]);
      }
    }
  });

  test("need not be given, and a zone that does not exist is refused", () => {
    expect(auditQuery.parse({ q: "x", before: "3" })).toEqual({ q: "x", from: undefined, to: undefined });
    expect(auditFields.shape.zone.safeParse("Nowhere/City").success).toBe(false);
    expect(auditFields.shape.from.safeParse("2026-13-01").success).toBe(false);
  });
});
