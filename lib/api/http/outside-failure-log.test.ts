import { expect, test, vi } from "vitest";
import { log } from "@/lib/platform/log";
import { Refusal } from "@/lib/platform/refusal";
import { logOutsideFailure } from "./outside-failure-log";

test("a failure outside is told once for all requests that meet it, and counted after that", () => {
  const warn = vi.spyOn(log, "warn").mockImplementation(() => undefined);
  const away = () =>
    new Refusal("unavailable", "away", { cause: Object.assign(new Error("x"), { code: "ECONNREFUSED" }) });
  const other = () => new Refusal("external_failure", "no", { cause: new TypeError("x") });
  const start = 1_000_000;
  for (let at = 0; at < 1_000; at++) logOutsideFailure(away(), `request-${at}`, start + at);
  logOutsideFailure(other(), "request-other", start);
  logOutsideFailure(new Refusal("not_found", "no cause"), "request-none", start);
  expect(warn.mock.calls.map(([, fields]) => fields?.requestId)).toEqual(["request-0", "request-other"]);
  logOutsideFailure(away(), "request-later", start + 20_000);
  expect(warn.mock.calls.at(-1)?.[1]).toMatchObject({ code: "unavailable", count: 999, error: "Error ECONNREFUSED" });
  expect(JSON.stringify(warn.mock.calls.at(-1)?.[1]).length).toBeLessThan(150);
  warn.mockRestore();
});
