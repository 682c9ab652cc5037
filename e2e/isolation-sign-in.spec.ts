import { randomUUID } from "node:crypto";
import { expect } from "@playwright/test";
import { marks, nothing, readers, type Tenant, test } from "../test/isolation/console-tenants";
import { ask, difference, forgeries, PATH } from "../test/isolation/doors";
import { newCredential } from "./fixtures";

/** Signing in at a provider for a credential, by those who may not. Its client is its own, so no provider is asked. */
test.describe.configure({ mode: "default", timeout: 180_000 });

const signable = ({ admin }: Tenant) =>
  newCredential(admin.api, "gmailOAuth2", {
    credential_type: "oauth2",
    credentials: {
      authorizationUrl: "https://provider.example.com/auth",
      accessTokenUrl: "https://provider.example.com/token",
      clientId: "client",
      clientSecret: marks.secret(`a client's secret ${randomUUID()}`),
      scope: "mail.read",
    },
  });

test("a sign-in begins for the owner, for no stranger, and for no other site", async ({
  product,
  owner,
  stranger,
  nobody,
}) => {
  const { id } = await signable(owner);
  const [none, ours, path] = [nothing(), { origin: product.url }, "/credentials/sign-in"];
  const theirs = { ...none, credential: id };
  for (const by of readers(stranger)) {
    const foreign = await ask(by.console, "POST", path, { id }, ours);
    expect([403, 404]).toContain(foreign.status);
    const unknown = await ask(by.console, "POST", path, { id: none.credential }, ours);
    expect(difference([foreign, theirs], [unknown, none])).toBe("");
  }
  // It is the administrator's, and nobody gave it to the user: to them it is not there.
  expect((await ask(owner.user.console, "POST", path, { id }, ours)).status).toBe(404);
  expect((await ask(owner.auditor.console, "POST", path, { id }, ours)).status).toBe(403);
  for (const headers of Object.values(forgeries(product)))
    expect((await ask(owner.admin.console, "POST", path, { id }, headers)).status).toBe(403);
  expect((await ask(nobody, "POST", path, { id }, ours)).status).toBe(401);
  expect((await ask(owner.admin.api, "POST", path, { id }, ours)).status).toBe(401);
  const begun = await ask(owner.admin.console, "POST", path, { id }, ours);
  expect([begun.status, begun.text]).toEqual([200, expect.stringContaining("https://provider.example.com/auth?")]);
});

test("the API's sign-in and lists of an account know no stranger's credential, and no cookie", async ({
  owner,
  stranger,
}) => {
  const { id } = await signable(owner);
  const none = nothing();
  const theirs = { ...none, credential: id };
  const doors = (credential: string) => [
    `/api/integrations/google/authorize?credential_id=${credential}`,
    `/api/integrations/plugins/sharepoint/sites?credential_id=${credential}`,
    `/api/integrations/plugins/sharepoint/drives?site_id=a&credential_id=${credential}`,
    `/api/integrations/plugins/sharepoint/folders?credential_id=${credential}`,
    `/api/integrations/plugins/google/folders?credential_id=${credential}`,
  ];
  for (const [at, path] of doors(id).entries()) {
    for (const { api } of readers(stranger)) {
      const refused = await ask(api, "GET", path);
      expect([403, 404], path).toContain(refused.status);
      const unknown = await ask(api, "GET", doors(none.credential)[at] ?? "");
      expect(difference([refused, theirs], [unknown, none]), path).toBe("");
    }
    expect((await ask(owner.admin.console, "GET", path)).status, path).toBe(401);
  }
  expect((await ask(owner.admin.api, "GET", `${PATH}/${id}`)).status).toBe(200);
});
