import { expect, newCredential, test } from "../fixtures";
import { expectFitsPhone } from "../visual-checks";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

test("no page has to be scrolled sideways on a phone", async ({ page, api }) => {
  const { id } = await newCredential(api, "postgresql", { name: `A-name-without-a-space-${"x".repeat(150)}` });
  const tabs = ["", "/configuration", "/tests", "/activity", "/edit"].map((tab) => `/credentials/${id}${tab}`);
  const pages = ["/credentials", "/credentials/new", "/credentials/new/sftp", "/credentials/new/postgresql", ...tabs];
  const [home] = (await (await api.get("/api/admin/organizations")).json()) as { id: string }[];
  const others = [
    "/people",
    "/people?q=no-such-person",
    "/organizations",
    `/organizations/${home?.id}`,
    "/join#nothing",
  ];
  for (const path of [
    ...pages,
    ...others,
    "/credentials/uses",
    "/service-accounts",
    "/tokens",
    "/requests",
    "/groups",
    "/audit",
    "/import",
    "/settings",
    "/account",
  ]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectFitsPhone(page, path);
  }
});

test("a rotated token and its old secret fit a phone, and are managed there", async ({ page, api }) => {
  const account = await (await api.post("/api/service-accounts", { data: { name: `Phone ${Date.now()}` } })).json();
  const name = `A-token-without-a-space-${"x".repeat(150)}`;
  expect((await api.post(`/api/service-accounts/${account.id}/api-keys`, { data: { name } })).status()).toBe(201);
  await page.goto(`/service-accounts/${account.id}`);
  await page.getByRole("button", { name: /^Actions for/ }).tap();
  await page.getByRole("menuitem", { name: "Rotate…" }).tap();
  await page.getByRole("dialog").getByRole("button", { name: "Rotate", exact: true }).tap();
  await page.getByRole("button", { name: "I have stored it" }).tap();
  await expect(page.getByText("Not used since the rotation.")).toBeVisible();
  await expectFitsPhone(page, "a rotated token");
  await page.getByRole("button", { name: /^End now/ }).tap();
  await expect(page.getByText("Not used since the rotation.")).toHaveCount(0);
});

test("the menu leads everywhere on a phone", async ({ page }) => {
  await page.goto("/credentials");
  await page.getByRole("button", { name: "Menu" }).tap();
  await page.getByRole("dialog").getByRole("link", { name: "Audit log" }).tap();
  await expect(page.getByRole("heading", { level: 1, name: "Audit log" })).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("on a phone the test is one tap away from any field, and its report one more", async ({ page, sshd }) => {
  await page.goto("/credentials/new/sftp");
  const inView = (name: string) =>
    page.getByRole("button", { name, exact: true }).evaluate((button) => {
      const { top, bottom } = button.getBoundingClientRect();
      const at = document.elementFromPoint(button.getBoundingClientRect().left + 5, (top + bottom) / 2);
      return top >= 0 && bottom <= window.innerHeight && button.contains(at);
    });
  for (const label of ["Host", "User name", "Password"]) {
    await page.getByLabel(label, { exact: true }).focus();
    expect(await inView("Test"), label).toBe(true);
    expect(await inView("Save"), label).toBe(true);
  }
  await page.getByLabel("Host", { exact: true }).fill(sshd.host);
  await page.getByLabel("Port", { exact: true }).fill(String(sshd.port));
  await page.getByLabel("User name", { exact: true }).fill("nobody-here");
  await page.getByLabel("Password", { exact: true }).fill("wrong");
  await page.getByRole("button", { name: "Test", exact: true }).tap();
  await expect(page.getByText(/^Tested .*: it does not work/)).toBeVisible();
  await page.getByRole("button", { name: "Report" }).tap();
  const report = page.getByRole("complementary", { name: "Connection test" });
  await expect(report.getByText("It does not work", { exact: true })).toBeInViewport();
  await expectFitsPhone(page, "a form with a failed test");
});
