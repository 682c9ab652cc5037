import { afterEach, expect, test, vi } from "vitest";
import { log, traceOf } from "@/lib/platform/log";
import { Refusal } from "@/lib/platform/refusal";

const written = vi.hoisted(() => {
  process.env.LOG_LEVEL = "debug";
  return [] as Record<string, unknown>[];
});
vi.mock("pino", () => {
  const level = (level: string) => (fields: object, msg: string) => written.push({ level, ...fields, msg });
  const sink = () => ({ debug: level("debug"), info: level("info"), warn: level("warn"), error: level("error") });
  return { default: Object.assign(sink, { stdTimeFunctions: {} }) };
});

afterEach(() => {
  vi.useRealTimers();
  written.length = 0;
});

test("a warning about an error is told once a minute for each kind and subject, with how often it was there", () => {
  vi.useFakeTimers();
  const away = { error: "Refusal unavailable", at: ["at x"] };
  for (let times = 0; times < 100; times++) log.warn("could not be read", { ...away, requestId: `request-${times}` });
  log.warn("could not be read", { ...away, orgId: "other" });
  log.warn("could not be read", { ...away, count: 5 });
  vi.advanceTimersByTime(61_000);
  log.warn("could not be read", away);
  expect(written).toMatchObject([
    { ...away, requestId: "request-0" },
    { ...away, orgId: "other" },
    { error: away.error, at: undefined, count: 105 },
  ]);
});

test("what nobody foresaw, and what is no trouble, is told each time", () => {
  for (let times = 0; times < 3; times++) {
    log.error("unforeseen error", { error: "TypeError" });
    log.info("audit anchor", { seq: "1" });
    log.warn("not ready", { code: "disk" });
  }
  expect(written).toHaveLength(9);
});

test("a line holds the named fields and no others, whatever else an object has", () => {
  const found = { orgId: "one", password: "a made-up secret", message: "of a driver" };
  log.warn("two\u2028lines", found);
  expect(written).toEqual([{ level: "warn", orgId: "one", msg: "two\ufffdlines" }]);
});

test("of what is foreseen it is told what it was, and not where", () => {
  const cut = Object.assign(new Error("10.0.0.7 said no"), { code: "ECONNRESET" });
  expect(traceOf(cut)).toEqual({ error: "Error ECONNRESET" });
  expect(traceOf(Object.assign(new Error("x"), { code: "57P01" }))).toEqual({ error: "Error 57P01" });
  expect(traceOf(new Refusal("not_found", "Not found"))).toEqual({ error: expect.stringMatching(/^Refusal/) });
  expect(traceOf(new TypeError("x")).at?.length).toBeGreaterThan(0);
});
