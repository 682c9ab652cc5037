import { expect, newCredential, test } from "../fixtures";

test("an auditor sees metadata and the log, and nothing to change them with", async ({ api, pageOf, newPerson }) => {
  const { id, name } = await newCredential(api);
  const page = await pageOf(await newPerson("auditor"));
  await page.goto(`/credentials?q=${encodeURIComponent(name)}`);
  await expect(page.getByRole("row", { name })).toBeVisible();
  await expect(page.getByRole("link", { name: "New credential" })).toHaveCount(0);
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await expect(page.getByRole("menuitem")).toHaveText(["Open", "Copy id"]);
  await page.goto(`/credentials/${id}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
  for (const button of ["Edit", "Test", "More actions"]) {
    await expect(page.getByRole("button", { name: button, exact: true })).toHaveCount(0);
  }
  await page.goto(`/credentials/${id}/edit`);
  await expect(page.getByText("You can look at this credential, but not change it.")).toBeVisible();
  await page.goto("/audit");
  await expect(page.getByRole("table", { name: "Audit events" })).toBeVisible();
  await page.goto("/service-accounts");
  await expect(page.getByRole("heading", { level: 1, name: "Service accounts" })).toBeVisible();
  await expect(page.getByRole("button", { name: "New service account" })).toHaveCount(0);
  await page.goto("/settings");
  await expect(page.getByText("Not for your role").first()).toBeAttached();
});

test("a user sees their own credentials and no part of the organisation's rest", async ({ api, pageOf, newPerson }) => {
  const { name } = await newCredential(api);
  const page = await pageOf(await newPerson("app_user"));
  await page.goto("/credentials");
  await expect(page.getByText("Nobody has given you access to a credential yet")).toBeVisible();
  await expect(page.getByText(name)).toHaveCount(0);
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link")).toHaveText([
    "Credentials",
    "API tokens",
    "Access requests",
  ]);
  for (const path of ["/audit", "/service-accounts", "/import", "/settings"]) {
    await page.goto(path);
    await expect(page.getByText("Not for your role").first()).toBeAttached();
  }
});
