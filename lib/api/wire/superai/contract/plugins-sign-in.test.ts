import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { walkThrough } from "@/test/oauth/browser";
import { cookieOf, HOME, PATH, signInWorld } from "@/test/sign-in";

const world = signInWorld();

describe("the plugins' sign-in", () => {
  const body = { redirect_to: "/credentials", integration_name: "Plugin's drive" };

  test.each([
    [
      "/api/plugins/google/oauth/authorize",
      { ...body, provider_name: "google_oauth" },
      "/api/plugins/google/google_oauth/oauth/callback",
    ],
    [
      "/plugins/sharepoint/oauth/authorize",
      { ...body, provider_name: "sharepoint" },
      "/api/plugins/sharepoint/sharepoint/oauth/callback",
    ],
    ["/integrations/plugins/google/oauth/authorize", body, "/api/integrations/plugins/google/oauth/callback"],
    // In whatever case a plugin is named, its callback is the one that is registered.
    ["/integrations/plugins/Google/oauth/authorize", body, "/api/integrations/plugins/google/oauth/callback"],
  ])("POST %s makes a credential of that name", async (path, sent, callback) => {
    const begun = await world.api.send("POST", path, {
      token: world.user,
      body: { ...sent, integration_name: `Plugin ${randomUUID()}` },
    });
    expect(begun.body, begun.text).toMatchObject({ redirect_uri: HOME + callback });
    const query = await walkThrough(new URL(begun.body.authorization_url), begun.body.redirect_uri);
    const headers = { cookie: cookieOf(begun) };
    const answer = await fetch(`${world.api.url}${callback}?${query}`, { headers, redirect: "manual" });
    const id = new URL(answer.headers.get("location") ?? "", HOME).searchParams.get("credential_id");
    expect((await world.get(`${PATH}/${id}`)).body.name).toMatch(/^Plugin /);
  });

  test.each([
    ["/api/plugins/nothing/oauth/authorize", { ...body, provider_name: "x" }, 404],
    ["/api/plugins/google/oauth/authorize", { ...body, provider_name: "sharepoint" }, 400],
    ["/api/plugins/google/oauth/authorize", body, 422],
    [
      "/api/plugins/google/oauth/authorize",
      { ...body, provider_name: "google", redirect_to: "https://evil.example" },
      400,
    ],
    ["/api/integrations/plugins/sftp/oauth/authorize", body, 404],
    ["/api/plugins/google/elsewhere", body, 404],
  ])("POST %s with %j is refused", async (path, sent, status) => {
    const answer = await world.api.send("POST", path, { token: world.user, body: sent });
    expect(answer.status, answer.text).toBe(status);
  });
});
