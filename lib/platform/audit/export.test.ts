import { beforeAll, expect, test } from "vitest";
import { type Tenant, tenant } from "@/test/tenant";
import { startAuditExport } from "./history";

let own: Tenant;
let neighbour: Tenant;
beforeAll(async () => {
  [own, neighbour] = [await tenant(), await tenant()];
});

test("exports that nobody goes on reading keep neither a neighbour nor their own organisation from theirs", async () => {
  for (let at = 0; at < 40; at++) await (await startAuditExport(own.admin, {})).next();
  for (const actor of [neighbour.admin, own.auditor, own.admin]) {
    let events = 0;
    for await (const page of await startAuditExport(actor, {})) events += page.length;
    expect(events).toBeGreaterThan(0);
  }
});

test("an export whose reader has gone away reads no further page", async () => {
  const gone = new AbortController();
  const pages = await startAuditExport({ ...own.admin, signal: gone.signal }, {});
  gone.abort();
  await expect(pages.next()).rejects.toMatchObject({ code: "unavailable" });
});
