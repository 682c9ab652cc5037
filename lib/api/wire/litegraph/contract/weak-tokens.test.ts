import { beforeAll, expect, test } from "vitest";
import type { Api } from "@/test/api";
import type { Doorstep } from "@/test/litegraph";

// A setting of the process, so it is set before the product is loaded.
process.env.LATCHKEY_ALLOW_WEAK_TOKENS = "true";
const { startApi } = await import("@/test/api");
const { doorstep, made } = await import("@/test/litegraph");

let api: Api;
let door: Doorstep;
beforeAll(async () => {
  [api, door] = [await startApi(), await doorstep()];
});

test("in a laboratory, and only where the operator says so, a token that can be guessed signs in", async () => {
  const BearerToken = `lab-${Math.random().toString(36).slice(2)}`;
  await made(api, door, { BearerToken });
  expect((await api.send("GET", "/api/integrations/catalog", { token: BearerToken })).status).toBe(200);
});
