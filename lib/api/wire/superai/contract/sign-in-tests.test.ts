import { describe, expect, test } from "vitest";
import { PATH, signInWorld, TENANT } from "@/test/sign-in";

const world = signInWorld();

describe("an application at Microsoft", () => {
  const values = () => ({
    tenant_id: TENANT,
    client_id: world.microsoft.clientId,
    client_secret: world.microsoft.clientSecret,
  });
  const app = (credentials: object) => ({ provider: "microsoft", credential_type: "oauth2", credentials });

  test("is tested before it is stored, by signing in as itself, and its receipt is good for the save", async () => {
    const tested = await world.api.send("POST", `${PATH}/test`, { token: world.user, body: app(values()) });
    expect(tested.body).toMatchObject({ success: true });
    expect(tested.body.steps.map(({ step }: { step: string }) => step)).toEqual([
      "renew",
      "values",
      "resolve",
      "address",
      "connect",
      "tls",
      "sign_in",
      "permission",
    ]);
    const made = await world.api.send("POST", PATH, {
      token: world.user,
      body: { ...app(values()), test_receipt: tested.body.test_receipt },
    });
    expect(made.body).toMatchObject({ last_test: { outcome: "ok" } });
    const { body } = await world.get(`${PATH}/${made.body.id}/credentials`, world.program);
    expect(await world.microsoft.known(body.access_token)).toMatchObject({ scope: `${world.apis.url}/.default` });
    const begun = await world.get(`/api/integrations/microsoft/authorize?credential_id=${made.body.id}`);
    expect([begun.status, begun.text]).toEqual([400, expect.stringContaining("not made by signing in")]);
  });

  test("with a wrong secret fails in the step that used it, without the server's words", async () => {
    const tested = await world.api.send("POST", `${PATH}/test`, {
      token: world.user,
      body: app({ ...values(), client_secret: "wrong-client-secret" }),
    });
    expect(tested.body).toMatchObject({ success: false, outcome: "failed", reason: "client_refused" });
    expect(tested.body.steps).toEqual([
      expect.objectContaining({ step: "renew", status: "failed", field: "client_secret" }),
    ]);
    expect(tested.text).not.toMatch(/invalid_client|wrong-client-secret/);
  });
});

describe("a test of what signing in yields", () => {
  test.each([
    [401, "failed", "needs_reauth"],
    [429, "unreachable", "rate_limited"],
    [503, "unreachable", "service_trouble"],
    [302, "failed", "unexpected_answer"],
  ])("when the provider answers %i says so in fixed words", async (status, outcome, reason) => {
    const id = await world.connected("sharepoint");
    world.apis.failing = status;
    const tested = await world.test(id);
    expect(tested.body).toMatchObject({ success: false, outcome, reason });
    expect(tested.text).not.toContain("PROVIDER-WORDS");
  });

  test("spends no refresh token that is not stored", async () => {
    const id = await world.connected("google");
    const { refresh_token } = (await world.get(`${PATH}/${id}/credentials`, world.program)).body;
    const before = world.google.grants("refresh_token");
    const body = { provider: "google", credential_type: "google_oauth", credentials: { refresh_token } };
    const tested = await world.api.send("POST", `${PATH}/test`, { token: world.user, body });
    expect(tested.body).toMatchObject({ outcome: "failed", reason: "no_access_token" });
    expect(world.google.grants("refresh_token")).toBe(before);
  });
});
