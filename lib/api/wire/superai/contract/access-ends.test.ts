import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { noticeIn, PATH, signInWorld } from "@/test/sign-in";
import { atLater } from "@/test/time-travel";

const world = signInWorld();
const HOUR_MS = 3_600_000;

afterEach(() => {
  for (const server of [world.google, world.microsoft]) server.alter = undefined;
});

/** A sign-in whose provider sends nothing to renew the access with. */
async function dying(provider: string) {
  world.serverOf(provider).alter = ({ refresh_token: _, ...body }) => ({ body });
  const page = await world.comesBack(await world.get(`/api/integrations/${provider}/authorize?name=${randomUUID()}`));
  const { credentialId: id, endsAt } = noticeIn(page);
  return { page, id: id as string, endsAt: endsAt as string };
}

describe.each(["google", "microsoft", "sharepoint"])("access at %s that ends and cannot be renewed", (provider) => {
  test("is named with its end by the page of the sign-in, the credential, the list and a test", async () => {
    const { page, id, endsAt } = await dying(provider);
    expect(Date.parse(endsAt) - Date.now()).toBeGreaterThan(HOUR_MS - 60_000);
    const named = `This access ends at ${endsAt.slice(0, 10)} ${endsAt.slice(11, 16)} UTC`;
    expect(page.text).toContain(named);
    const shown = { id, status: "active", token_expires_at: endsAt };
    expect((await world.get(`${PATH}/${id}`)).body).toMatchObject(shown);
    expect((await world.get(PATH)).body).toContainEqual(expect.objectContaining(shown));
    const { body } = await world.test(id);
    expect(body.steps[0]).toMatchObject({ step: "renew", status: "warning", code: "not_renewable" });
    expect(JSON.stringify(body.steps[0])).toContain(named);
  });

  test("is handed out to its end, and from then on refused with a reason at each door", async () => {
    const { id } = await dying(provider);
    const fetched = () => world.get(`${PATH}/${id}/credentials`, world.program);
    const before = await fetched();
    expect([before.status, before.body.access_token]).toEqual([200, expect.stringMatching(/./)]);
    await atLater(HOUR_MS + 1_000, async () => {
      const refused = await fetched();
      expect(refused).toMatchObject({
        status: 500,
        body: { error: { code: "service_error", details: { reason: "not_renewable" } } },
      });
      expect(refused.text).not.toContain(before.body.access_token);
      expect((await world.get(`${PATH}/${id}`)).body.status).toBe("needs_reauth");
      expect((await fetched()).body.error.details).toEqual({ reason: "grant_ended" });
      const refresh = await world.api.send("POST", `/api/v1/oauth2-credential/refresh/${id}`, { token: world.user });
      expect(refresh).toMatchObject({
        status: 400,
        body: { success: false, message: expect.stringContaining("nothing to renew this credential's access with") },
      });
    });
  });
});
