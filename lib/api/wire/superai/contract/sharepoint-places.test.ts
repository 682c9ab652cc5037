import { describe, expect, test } from "vitest";
import { signInWorld } from "@/test/sign-in";
import { tenant } from "@/test/tenant";

const world = signInWorld();

describe("SharePoint's sites, drives and folders", () => {
  const at = (what: string, query: Record<string, string>) =>
    `/integrations/plugins/sharepoint/${what}?${new URLSearchParams(query)}`;

  test("are listed with opaque ids, page by page, with access that is renewed first", async () => {
    world.microsoft.accessTokenSeconds = 30;
    const credential_id = await world.connected("sharepoint");
    world.microsoft.accessTokenSeconds = 3_600;
    const first = await world.get(at("sites", { credential_id, limit: "2" }));
    expect(first.body.map(({ name }: { name: string }) => name)).toEqual(["Finance", "People"]);
    const cursor = first.headers.get("x-next-cursor") ?? "";
    const rest = await world.get(at("sites", { credential_id, limit: "2", cursor }));
    expect([rest.body.length, rest.headers.get("x-next-cursor")]).toEqual([1, null]);
    const site_id = first.body[0].id;
    const drives = await world.get(at("drives", { credential_id, site_id }));
    expect(drives.body).toEqual([
      expect.objectContaining({ id: "b!drive-one", name: "Documents", drive_type: "documentLibrary" }),
    ]);
    const places: Record<string, string>[] = [
      {},
      { site_id },
      { drive_id: "b!drive-one" },
      { drive_id: "b!drive-one", folder_id: "01FOLDER" },
    ];
    for (const place of places) {
      const folders = await world.get(at("folders", { credential_id, ...place }));
      expect(folders.body).toEqual([expect.objectContaining({ id: "01FOLDER", name: "Invoices", child_count: 3 })]);
    }
  });

  test("are for those who may change the credential, whose ids are ids and whose kind is SharePoint", async () => {
    const credential_id = await world.connected("sharepoint");
    const [other, stranger] = [await world.mine.token(world.mine.other), await tenant()];
    expect((await world.get(at("sites", { credential_id }), other)).status).toBe(404);
    expect((await world.get(at("sites", { credential_id }), await stranger.token(stranger.admin))).status).toBe(404);
    expect((await world.get(at("sites", { credential_id }), world.program)).status).toBe(200);
    const requests: [string, Record<string, string>][] = [
      ["sites", { credential_id: "x" }],
      ["sites", {}],
      ["sites", { credential_id: await world.connected("google") }],
      ["sites", { credential_id, limit: "201" }],
      ["sites", { credential_id, cursor: "../me" }],
      ["drives", { credential_id }],
      ["drives", { credential_id, site_id: "../../me" }],
      ["drives", { credential_id, site_id: "a".repeat(513) }],
      ["folders", { credential_id, drive_id: "b/../../me" }],
    ];
    for (const [what, query] of requests) {
      const asked = world.apis.asked.length;
      expect((await world.get(at(what, query))).status, JSON.stringify(query)).toBe(400);
      expect(world.apis.asked).toHaveLength(asked);
    }
  });

  test.each([
    [401, 500, "service_error"],
    [403, 500, "service_error"],
    [404, 400, "bad_request"],
    [429, 503, "service_unavailable"],
    [500, 503, "service_unavailable"],
    [302, 500, "service_error"],
  ])("when Graph answers %i, answer %i in words of ours", async (failing, status, code) => {
    const credential_id = await world.connected("sharepoint");
    world.apis.failing = failing;
    const answer = await world.get(at("sites", { credential_id }));
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(answer.text).not.toContain("PROVIDER-WORDS");
  });
});
