import { connectedHere, expect, expectTested, newProgram, test } from "../providers";

/** The whole way of each provider: connect, test, fetch, renew, lose, reconnect, delete. */
const ways = [
  { provider: "google", label: "Google", permission: "Drive: files made or opened by workflows" },
  { provider: "sharepoint", label: "Microsoft", permission: "Sites: read what you can read" },
  { provider: "microsoft", label: "Microsoft", permission: "Your profile" },
] as const;

for (const { provider, label, permission } of ways) {
  test(`${provider}: from the first sign-in to the last, under one id`, async ({ page, product, api, providers }) => {
    const server = provider === "google" ? providers.google : providers.microsoft;
    const { account } = server.next;
    const program = await newProgram(product);
    // Access that has ended as soon as it is there.
    server.accessTokenSeconds = 30;

    await page.goto(`/credentials/new/${provider}`);
    await expect(page.getByText(`${product.url}/api/integrations/${provider}/callback`)).toBeVisible();
    await expect(page.getByRole("checkbox", { name: permission })).toBeChecked();
    const popup = page.waitForEvent("popup");
    await page.getByRole("button", { name: `Connect with ${label}` }).press("Enter");
    await (await popup).waitForEvent("close");
    const id = await connectedHere(page);
    await expect(page.getByText(account).first()).toBeVisible();
    await page.getByRole("region", { name: "Who may use it?" }).getByRole("button", { name: "Skip for now" }).click();
    await expect(page.getByRole("listitem").filter({ hasText: permission })).not.toContainText("not granted");
    const shown = await (await api.get(`/api/integrations/credentials/${id}`)).json();
    expect(shown).toMatchObject({ provider, status: "active", google_email: provider === "google" ? account : null });

    server.accessTokenSeconds = 3_600;
    const before = server.grants("refresh_token");
    await expectTested(page, "It works");
    const fetched = await program.fetchSecret(id);
    expect(await server.known(fetched.data.access_token)).toMatchObject({ account });
    expect(server.grants("refresh_token")).toBe(before + 1);

    // The account's owner takes the access away; nobody notices before it has to be renewed.
    await server.endGrant(fetched.data.refresh_token);
    await api.post(`/api/v1/oauth2-credential/refresh/${id}`);
    expect((await program.fetchSecret(id)).status).not.toBe(200);
    await page.goto("/credentials");
    await page.getByRole("button", { name: /^Show (it|them)$/ }).click();
    await page.getByRole("link", { name: shown.name }).click();
    await expect(page.getByText(`The connection with ${label} has ended`)).toBeVisible();
    const again = page.waitForEvent("popup");
    await page.getByRole("button", { name: "Reconnect", exact: true }).click();
    await (await again).waitForEvent("close");
    await expect(page.getByText(`The connection with ${label} has ended`)).toBeHidden();
    const renewed = await program.fetchSecret(id);
    expect(await server.known(renewed.data.access_token)).toMatchObject({ account });
    expect(await page.content()).not.toContain(renewed.data.access_token);

    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Delete…" }).click();
    const dialog = page.getByRole("alertdialog");
    await expect(
      dialog.getByText(provider === "google" ? /ends its access at Google/ : /no way to end one sign-in/),
    ).toBeVisible();
    await dialog.getByLabel(/^Type the name/).fill(shown.name);
    await dialog.getByRole("button", { name: "Delete for good" }).click();
    await expect(page).toHaveURL(/\/credentials$/);
    const outcome = async () =>
      await (await page.request.get(`/audit/export?targetId=${id}&action=credential.revoked_at_provider`)).text();
    await expect.poll(outcome).toMatch(provider === "google" ? /revoked_at_provider.*done/ : /not_supported/);
    if (provider === "google") expect(await server.known(renewed.data.access_token)).toBeUndefined();
  });
}

test("an application at Microsoft is filled in, tested by signing in as itself, and saved", async ({
  page,
  product,
  providers,
}) => {
  await page.goto("/credentials/new/microsoft");
  await page.getByRole("radio", { name: "An application" }).check();
  await page.getByLabel("Tenant ID").fill("33333333-4444-4555-8666-777777777777");
  await page.getByLabel("Application (client) ID").fill(providers.microsoft.clientId);
  await page.getByLabel("Client secret").fill("wrong-secret");
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await expect(page.getByText("The provider refuses this client.").first()).toBeVisible();
  await page.getByLabel("Client secret").fill(providers.microsoft.clientSecret);
  await page.getByRole("button", { name: "Test again" }).click();
  await expect(page.getByText("It works", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const id = await connectedHere(page);
  const { data } = await (await newProgram(product)).fetchSecret(id);
  expect(await providers.microsoft.known(data.access_token)).toMatchObject({ account: undefined });
  await expect(page.getByText("Sign-in with Microsoft")).toBeHidden();
});

test("a kind with a client of its own is saved first and signed in for on its page", async ({
  page,
  product,
  api,
  providers: { google },
}) => {
  const credentials = {
    authorizationUrl: `${google.issuer}/auth`,
    accessTokenUrl: `${google.issuer}/token`,
    clientId: google.clientId,
    clientSecret: google.clientSecret,
    scope: "openid offline_access email",
    additionalParameters: "prompt=consent",
  };
  const body = { provider: "gmailOAuth2", credential_type: "oauth2", credentials, name: `Own client ${Date.now()}` };
  const { id } = await (await api.post("/api/integrations/credentials", { data: body })).json();
  await page.goto(`/credentials/${id}`);
  await expect(page.getByText("Nobody yet")).toBeVisible();
  await expect(page.getByText(`${product.url}/api/integrations/oauth2/callback`)).toBeVisible();
  const popup = page.waitForEvent("popup");
  await page.getByRole("button", { name: "Sign in with the provider" }).click();
  await (await popup).waitForEvent("close");
  await expect(page.getByText("Nobody yet")).toBeHidden();
  const { data } = await (await newProgram(product)).fetchSecret(id);
  expect(await google.known(data.access_token)).toMatchObject({ account: google.next.account });
  expect(data.clientSecret).toBe(google.clientSecret);
});

for (const provider of ["google", "microsoft", "sharepoint"]) {
  test(`${provider}: the way to connect is in view on a small laptop and on a phone, as Save is elsewhere`, async ({
    page,
  }) => {
    for (const size of [
      { width: 1360, height: 860 },
      { width: 390, height: 844 },
    ]) {
      await page.setViewportSize(size);
      await page.goto(`/credentials/new/${provider}`);
      await expect(page.getByRole("button", { name: /^Connect with/ })).toBeInViewport({ ratio: 1 });
    }
  });
}
