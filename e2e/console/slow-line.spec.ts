import { type APIRequestContext, request as requests } from "@playwright/test";
import { expect, newCredential, test } from "../fixtures";

/** Stored values that differ from every default and example. */
const STORED = {
  postgresql: {
    credential_type: "user_password",
    credentials: {
      host: "stored.db.test",
      port: 6543,
      database: "stored-base",
      username: "stored-user",
      password: "stored-s3cret",
      sslmode: "verify-full",
    },
  },
  sftp: {
    credential_type: "user_password",
    credentials: { host: "stored.sftp.test", port: 2222, username: "stored-user", password: "stored-s3cret" },
  },
} as const;

async function edited(api: APIRequestContext, provider: keyof typeof STORED) {
  const { id } = await newCredential(api, provider, {
    ...STORED[provider],
    tags: ["stored-tag", "other"],
    expires_at: "2031-05-06T12:00:00Z",
  });
  return id;
}

for (const provider of ["postgresql", "sftp"] as const) {
  test(`before any script runs, an edit form of ${provider} shows what is stored`, async ({
    browser,
    product,
    freshCookies,
    api,
  }) => {
    const id = await edited(api, provider);
    const context = await browser.newContext({
      baseURL: product.url,
      storageState: await freshCookies(),
      javaScriptEnabled: false,
    });
    const page = await context.newPage();
    await page.goto(`/credentials/${id}/edit`);
    const { password: _, ...values } = STORED[provider].credentials as Record<string, string | number>;
    for (const [name, value] of Object.entries(values))
      await expect(page.locator(`[name="data.${name}"]`), name).toHaveValue(String(value));
    await expect(page.locator('[name="name"]')).toHaveValue(new RegExp(provider));
    await expect(page.locator('[name="tags"]')).toHaveValue("other, stored-tag");
    await expect(page.locator('[name="expires"]')).toHaveValue("2031-05-06");
    expect(await page.content()).not.toContain("stored-s3cret");
    await context.close();
  });
}

test("before any script runs, the other forms show what is stored, and a new one its defaults", async ({
  browser,
  product,
  freshCookies,
}) => {
  const context = await browser.newContext({
    baseURL: product.url,
    storageState: await freshCookies(),
    javaScriptEnabled: false,
  });
  const page = await context.newPage();
  await page.goto("/settings");
  await expect(page.locator('[name="name"]')).toHaveValue("Example Ltd");
  await expect(page.locator('[name="maxPerProvider"]')).toHaveValue("1000");
  await page.goto("/credentials/new/sftp");
  await expect(page.locator('[name="data.port"]')).toHaveValue("22");
  await context.close();
});

test("on a slow line a form keeps its values while it wakes up, and then can be used", async ({
  page,
  context,
  api,
}) => {
  const id = await edited(api, "postgresql");
  const line = await context.newCDPSession(page);
  await line.send("Network.enable");
  // 1.6 Mbit/s with 150 ms on the way, and nothing kept from before.
  await line.send("Network.setCacheDisabled", { cacheDisabled: true });
  await line.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 150,
    downloadThroughput: 200_000,
    uploadThroughput: 95_000,
  });
  await page.goto(`/credentials/${id}/edit`, { waitUntil: "commit" });
  const host = page.locator('[name="data.host"]');
  await expect(host).toBeVisible();
  // From the first sight of it on, at every look until React has the page.
  const seen = await page.evaluate(async () => {
    const values = new Set<string>();
    const field = document.querySelector<HTMLInputElement>('[name="data.host"]');
    for (;;) {
      values.add(field?.value ?? "gone");
      if (!document.querySelector("[data-waking]")) return [...values];
      await new Promise(requestAnimationFrame);
    }
  });
  expect(seen).toEqual(["stored.db.test"]);
  await expect(host).toBeEnabled();
});

test("programs that read no scripts find no stored secret and no typed one in a form's HTML", async ({
  product,
  freshCookies,
  api,
}) => {
  const id = await edited(api, "sftp");
  const visitor = await requests.newContext({ baseURL: product.url, storageState: await freshCookies() });
  const html = await (await visitor.get(`/credentials/${id}/edit`)).text();
  expect(html).toContain("stored.sftp.test");
  expect(html).not.toContain("stored-s3cret");
  await visitor.dispose();
});
