import { randomUUID } from "node:crypto";
import { type APIRequestContext, expect } from "@playwright/test";
import { browserOf, test } from "../test/isolation/console-tenants";
import { forgeries } from "../test/isolation/doors";

test.describe.configure({ timeout: 120_000 });

test("an import is an administrator's, from our own pages alone", async ({ product, owner, stranger, nobody }) => {
  const id = randomUUID();
  const rows = [{ id, name: `Moved ${id}`, type: "stripeApi", data: { secretKey: "sk" } }];
  const buffer = Buffer.from(JSON.stringify(rows));
  const sent = async (by: APIRequestContext, headers: Record<string, string>, dryRun = "false") => {
    const file = { name: "n8n.json", mimeType: "application/json", buffer };
    const answer = await by.post("/import/run", { headers, multipart: { source: "n8n", dryRun, file } });
    return { status: answer.status(), text: await answer.text() };
  };
  const ours = { origin: product.url };
  for (const headers of Object.values(forgeries(product))) {
    expect((await sent(owner.admin.console, headers)).status).toBe(403);
  }
  for (const by of [nobody, owner.admin.api, owner.program]) expect((await sent(by, ours)).status).toBe(401);
  for (const by of [owner.user, owner.auditor]) expect((await sent(by.console, ours)).status).toBe(403);
  // Whoever has just signed in has just shown the password.
  const [admin, other] = [await browserOf(product, owner.admin), await browserOf(product, stranger.admin)];
  expect((await sent(admin, ours, "true")).text).toContain('"imported":1');
  expect((await sent(admin, ours)).text).toContain('"imported":1');
  expect((await sent(admin, ours)).text).toContain('"present":1');
  // The same id in another organisation is a new one there, and tells nothing of the first.
  expect((await sent(other, ours, "true")).text).toContain('"imported":1');
});
