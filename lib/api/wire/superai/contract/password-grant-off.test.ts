import { beforeAll, expect, test } from "vitest";
import { type Api, startApi } from "@/test/api";
import { PASSWORD } from "@/test/tenant";

let api: Api;
beforeAll(async () => {
  api = await startApi();
});

test("signing in by the API is off unless the operator wants it: both addresses say so, whatever is sent", async () => {
  const body = { email: "ana@example.com", password: PASSWORD };
  for (const [method, path] of [
    ["GET", "/api/auth/anon-key"],
    ["POST", "/auth/v1/token?grant_type=password"],
    ["POST", "/api/auth/v1/token?grant_type=refresh_token"],
    ["POST", "/api/auth/v1/token"],
  ] as const) {
    const answer = await api.send(method, path, method === "POST" ? { body, headers: { apikey: "x" } } : {});
    expect([answer.status, answer.body], path).toEqual([
      404,
      {
        error: { message: expect.stringContaining("switched off"), code: "not_found", details: null },
        request_id: answer.headers.get("x-request-id"),
      },
    ]);
  }
});
