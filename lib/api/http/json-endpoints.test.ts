import { expect, test } from "vitest";
import { Refusal } from "@/lib/platform/refusal";
import { refused } from "./json-endpoints";
import { publicErrorOf } from "./public-error-of";

test("a browser that is to come again later is told when, in the header that says so as well", async () => {
  for (const [code, status] of [
    ["too_many_requests", 429],
    ["unavailable", 503],
  ] as const) {
    const answer = refused(publicErrorOf(new Refusal(code, "Later", { retryAfterSeconds: 7 }), "r"));
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([status, "7"]);
    expect(await answer.json()).toMatchObject({ code, retryAfterSeconds: 7 });
  }
  expect(refused(publicErrorOf(new Refusal("forbidden", "No"), "r")).headers.get("retry-after")).toBeNull();
});
