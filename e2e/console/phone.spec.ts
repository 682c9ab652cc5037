import { expect, newCredential, test } from "../fixtures";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

test("no page has to be scrolled sideways on a phone", async ({ page, api }) => {
  test.setTimeout(90_000);
  const { id } = await newCredential(api, "postgresql", { name: `A-name-without-a-space-${"x".repeat(150)}` });
  const tabs = ["", "/configuration", "/tests", "/activity", "/edit"].map((tab) => `/credentials/${id}${tab}`);
  const pages = ["/credentials", "/credentials/new", "/credentials/new/sftp", "/credentials/new/postgresql", ...tabs];
  for (const path of [...pages, "/service-accounts", "/tokens", "/audit", "/import", "/settings", "/account"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    expect(content, path).toBeLessThanOrEqual(screen ?? 0);
  }
});

test("the menu leads everywhere on a phone", async ({ page }) => {
  await page.goto("/credentials");
  await page.getByRole("button", { name: "Menu" }).tap();
  await page.getByRole("dialog").getByRole("link", { name: "Audit log" }).tap();
  await expect(page.getByRole("heading", { level: 1, name: "Audit log" })).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
});
