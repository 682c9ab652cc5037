import { describe, expect, test } from "vitest";
import { signInWorld } from "@/test/sign-in";
import { tenant } from "@/test/tenant";

const world = signInWorld();
const at = (query: Record<string, string>) => `/integrations/plugins/google/folders?${new URLSearchParams(query)}`;
const names = ({ body }: { body: { name: string }[] }) => body.map(({ name }) => name);

describe("the folders of a Google Drive", () => {
  test("are listed page by page, with access that is renewed first, and those in one of them as well", async () => {
    world.google.accessTokenSeconds = 30;
    const credential_id = await world.connected("google");
    world.google.accessTokenSeconds = 3_600;
    const first = await world.get(at({ credential_id, limit: "2" }));
    expect([first.status, names(first)]).toEqual([200, ["Invoices", "Letters"]]);
    expect(first.body[0]).toEqual({
      id: "folder-Invoices",
      name: "Invoices",
      web_url: "https://drive.google.com/drive/folders/folder-Invoices",
    });
    const cursor = first.headers.get("x-next-cursor") ?? "";
    expect(first.headers.get("link")).toContain(`cursor=${cursor}`);
    const rest = await world.get(at({ credential_id, limit: "2", cursor }));
    expect([names(rest), rest.headers.get("x-next-cursor")]).toEqual([["Plans"], null]);
    const inside = await world.get(at({ credential_id, parent: "folder-Invoices" }));
    expect(names(inside)).toEqual(["2026"]);
    expect((await world.get(`/api${at({ credential_id })}`)).status).toBe(200);
  });

  test("are for those who may change the credential, whose ids are ids and whose kind is Google", async () => {
    const credential_id = await world.connected("google");
    const [other, stranger] = [await world.mine.token(world.mine.other), await tenant()];
    expect((await world.get(at({ credential_id }), other)).status).toBe(404);
    const foreign = await world.get(at({ credential_id }), await stranger.token(stranger.admin));
    const unknown = await world.get(at({ credential_id: crypto.randomUUID() }));
    expect([foreign.status, foreign.body.error]).toEqual([404, unknown.body.error]);
    expect((await world.get(at({ credential_id }), world.program)).status).toBe(200);
    const requests: Record<string, string>[] = [
      {},
      { credential_id: "x" },
      { credential_id: await world.connected("sharepoint") },
      { credential_id, limit: "0" },
      { credential_id, limit: "201" },
      { credential_id, cursor: "../me" },
      { credential_id, parent: "root' or name contains '" },
      { credential_id, parent: "a".repeat(257) },
      { credential_id, folder_id: "folder-Invoices" },
    ];
    for (const query of requests) {
      const asked = world.apis.asked.length;
      expect((await world.get(at(query))).status, JSON.stringify(query)).toBe(400);
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
  ])("when Google answers %i, answer %i in words of ours", async (failing, status, code) => {
    const credential_id = await world.connected("google");
    world.apis.failing = failing;
    const answer = await world.get(at({ credential_id }));
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(answer.text).not.toContain("PROVIDER-WORDS");
  });
});
