import { expect, newCredential, test } from "../fixtures";

test("where a test is required, saving tests first and refuses what fails", async ({ page, api, sshd }) => {
  await page.goto("/settings");
  await page.getByRole("switch", { name: "Require a test before saving" }).check();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Settings saved")).toBeVisible();
  try {
    await page.goto("/credentials/new/sftp");
    await page.getByLabel("Host", { exact: true }).fill(sshd.host);
    await page.getByLabel("Port").fill(String(sshd.port));
    await page.getByRole("textbox", { name: "User name" }).fill(sshd.username);
    await page.getByLabel("Password", { exact: true }).fill("wrong");
    await page.getByRole("button", { name: "More options" }).click();
    await page.getByLabel("Test folder").fill(sshd.home);
    await page.getByRole("button", { name: "Test and save" }).click();
    await expect(page.getByText("It does not work", { exact: true })).toBeVisible();
    await expect(page).toHaveURL(/\/new\/sftp$/);
    await page.getByLabel("Password", { exact: true }).fill(sshd.password);
    await page.getByRole("button", { name: "Test and save" }).click();
    await expect(page).toHaveURL(/\/credentials\/[0-9a-f-]{36}$/);
  } finally {
    await page.goto("/settings");
    await page.getByRole("switch", { name: "Require a test before saving" }).uncheck();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page.getByText("Settings saved")).toBeVisible();
  }
  await newCredential(api);
});

test("the platform administrator changes the limits, the organisation's own only reads them", async ({
  page,
  pageOf,
  newPerson,
}) => {
  await page.goto("/settings");
  await page.getByLabel("Credentials of one person").fill("0");
  await page.getByRole("button", { name: "Save the limits" }).click();
  await expect(page.getByText("Must be a whole number from 1 to 999999")).toBeVisible();
  await page.getByLabel("Credentials of one person").fill("300");
  await page.getByRole("button", { name: "Save the limits" }).click();
  await expect(page.getByText("Limits saved")).toBeVisible();
  const other = await pageOf(await newPerson("org_admin"));
  await other.goto("/settings");
  await expect(other.getByText("300", { exact: true })).toBeVisible();
  await expect(other.getByRole("button", { name: "Save the limits" })).toHaveCount(0);
});
