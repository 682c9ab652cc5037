import { randomUUID } from "node:crypto";
import { expect, newCredential, test } from "../fixtures";

test("the way back from a credential leads to the list as one left it", async ({ page, api }) => {
  const mark = randomUUID().slice(0, 8);
  const { name } = await newCredential(api, "sftp", { tags: [mark] });
  await page.goto(`/credentials?q=${encodeURIComponent(name)}&tag=${mark}&sort=name`);
  await page.getByRole("link", { name }).click();
  await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: "Credentials" }).click();
  await expect(page).toHaveURL(new RegExp(`/credentials\\?.*tag=${mark}`));
  await expect(page).toHaveURL(/sort=name/);
  // What was filtered later counts, not what one came with.
  await page.getByRole("button", { name: new RegExp(`Remove the filter .*${mark}`) }).click();
  await page.getByRole("link", { name }).first().click();
  await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: "Credentials" }).click();
  await expect(page).toHaveURL(/\/credentials\?(?=.*q=)(?=.*sort=name)(?!.*tag=)/);
});

for (const path of ["/credentials?q=some-word&sort=name", "/people?q=some-word", "/organizations?q=some-word"]) {
  test(`a list whose session has ended leads back to itself after signing in: ${path}`, async ({
    page,
    context,
    admin,
  }) => {
    await page.goto(path);
    await context.clearCookies();
    await page.getByRole("searchbox").fill("another word");
    await page.getByRole("link", { name: "Sign in" }).click();
    await page.getByLabel("E-mail address").fill(admin.email);
    await page.getByLabel("Password").fill(admin.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(new RegExp(`${path.split("?")[0]}\\?.*q=another`));
  });
}

test("a form takes the focus in its first field, and what was saved in its heading", async ({ page }) => {
  const name = `Focus ${randomUUID()}`;
  await page.goto("/credentials");
  await page.getByRole("link", { name: "New credential" }).click();
  await page.getByRole("link", { name: /^SFTP/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("SFTP");
  await expect(page.getByLabel("Host", { exact: true })).toBeFocused();
  await page.keyboard.type("focus.example.com");
  await page.getByLabel("User name", { exact: true }).fill("u");
  await page.getByLabel("Password", { exact: true }).fill("p");
  await page.getByLabel("Name", { exact: false }).last().fill(name);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page).toHaveURL(/\/credentials\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
});

test("an address that nothing answers at keeps the frame for who is signed in", async ({ page, browser, product }) => {
  for (const path of ["/nothing/here", "/credential", "/people/x/y/z"]) {
    const answer = await page.goto(path);
    expect(answer?.status()).toBe(404);
    await expect(page.getByRole("heading", { level: 1, name: "Nothing here" })).toBeAttached();
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Audit log" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Audit log" })).toBeVisible();
  }
  const stranger = await browser.newContext({
    baseURL: product.url,
    storageState: { cookies: [], origins: [] },
  });
  const bare = await stranger.newPage();
  expect((await bare.goto("/nothing/here"))?.status()).toBe(404);
  await expect(bare.getByRole("navigation", { name: "Main" })).toHaveCount(0);
  await stranger.close();
});

test("what is typed into a secret's field is legible while one asks for it", async ({ page }) => {
  await page.goto("/credentials/new/sftp");
  const password = page.getByLabel("Password", { exact: true });
  await password.fill("typed-by-me");
  await expect(password).toHaveAttribute("type", "password");
  const eye = page.getByRole("button", { name: "Show what you type" });
  await eye.click();
  await expect(eye).toHaveAttribute("aria-pressed", "true");
  await expect(password).toHaveAttribute("type", "text");
  await expect(password).toHaveValue("typed-by-me");
  await eye.press("Enter");
  await expect(password).toHaveAttribute("type", "password");
});

test("a required field says so to a screen reader, an optional one does not", async ({ page }) => {
  await page.goto("/credentials/new/sftp");
  await expect(page.getByRole("textbox", { name: "Host" })).toHaveAttribute("required", "");
  await expect(page.getByRole("textbox", { name: /^Tags/ })).not.toHaveAttribute("required", "");
});
