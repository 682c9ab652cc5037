import { expect, newCredential, test } from "../fixtures";

test("a credential is made, tested and saved without a mouse", async ({ page, sshd }) => {
  await page.goto("/credentials/new");
  await expect(page.getByRole("searchbox", { name: "Search providers" })).toBeFocused();
  await page.keyboard.type("openssh");
  await expect(page.getByText("Enter opens SFTP server")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "New: SFTP server" })).toBeVisible();
  await page.getByRole("radio", { name: "User name and password" }).focus();
  for (const text of [sshd.host, undefined, sshd.username, sshd.password]) {
    await page.keyboard.press("Tab");
    if (text === undefined) {
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.type(String(sshd.port));
    } else await page.keyboard.type(text);
  }
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(sshd.home);
  await page.getByRole("button", { name: "Test", exact: true }).press("Enter");
  await expect(page.getByText("It works", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Save", exact: true }).press("Enter");
  await expect(page).toHaveURL(/\/credentials\/[0-9a-f-]{36}$/);
});

test("the first stop on every page leads past the navigation", async ({ page }) => {
  await page.goto("/audit");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the page" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
});

test("one shortcut finds credentials and pages from anywhere", async ({ page, api }) => {
  const { name } = await newCredential(api);
  await page.goto("/audit");
  await page.keyboard.press("Control+K");
  await page.keyboard.type(name);
  await expect(page.getByRole("option")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
  await page.keyboard.press("Control+K");
  await page.keyboard.type("settings");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
});

test("somebody is invited and edited without a mouse", async ({ page }) => {
  const email = `keys-${Date.now()}@example.com`;
  await page.goto("/people");
  await page.getByRole("button", { name: "Invite", exact: true }).press("Enter");
  await expect(page.getByRole("dialog").getByLabel("E-mail address")).toBeFocused();
  await page.keyboard.type(email);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("once")).toBeVisible();
  await page.getByRole("button", { name: "I have sent it" }).press("Enter");
  await expect(page.getByRole("button", { name: "Invite", exact: true })).toBeFocused();
  const menu = page.getByRole("row", { name: email }).getByRole("button", { name: /^Actions for/ });
  await menu.press("Enter");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: /^Edit/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(menu).toBeFocused();
});

test("a dialog keeps the focus, and gives it back when it closes", async ({ page, api }) => {
  const { id } = await newCredential(api);
  await page.goto(`/credentials/${id}`);
  const button = page.getByRole("button", { name: "Test", exact: true });
  await button.press("Enter");
  const dialog = page.getByRole("dialog");
  for (let stops = 0; stops < 6; stops++) {
    await page.keyboard.press("Tab");
    await expect(dialog.locator(":focus")).toHaveCount(1);
  }
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(button).toBeFocused();
  const more = page.getByRole("button", { name: "More actions" });
  await more.press("Enter");
  await page.getByRole("menuitem", { name: "Delete…" }).press("Enter");
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("alertdialog")).toHaveCount(0);
  await expect(more).toBeFocused();
});

test("what gets the focus is not covered, and opening the account menu moves nothing", async ({ page, api }) => {
  for (let made = 0; made < 12; made++) await newCredential(api);
  await page.goto("/credentials");
  await page.getByRole("button", { name: "account and theme" }).click();
  await expect(page.getByRole("menu")).toBeVisible();
  expect(await page.evaluate(() => window.scrollY)).toBe(0);
  await page.goto("/credentials/new/postgresql");
  const bar = page.getByRole("button", { name: "Save", exact: true });
  for (const label of ["TLS", "Name (optional)", "Tags"]) {
    await page.getByLabel(label).focus();
    const [field, save] = [await page.getByLabel(label).boundingBox(), await bar.boundingBox()];
    expect((field?.y ?? 0) + (field?.height ?? 0), label).toBeLessThanOrEqual(save?.y ?? 0);
  }
});
