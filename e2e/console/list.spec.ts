import { randomUUID } from "node:crypto";
import { changeCredential, expect, newCredential, test } from "../fixtures";

test("search, filter and order stand in the address and survive a reload", async ({ page, api }) => {
  const mark = randomUUID().slice(0, 8);
  const first = await newCredential(api, "postgresql", { name: `Alpha ${mark}`, tags: [mark] });
  const second = await newCredential(api, "sftp", { name: `Beta ${mark}`, tags: [mark] });
  await newCredential(api, "sftp");
  await page.goto("/credentials");
  const rows = page.getByRole("table", { name: "Credentials" }).getByRole("row");
  await page.getByRole("searchbox", { name: "Search credentials" }).fill(mark);
  await expect(page).toHaveURL(new RegExp(`q=${mark}`));
  await expect(rows).toHaveCount(3);
  await page.getByRole("button", { name: "Name", exact: true }).click();
  await expect(page).toHaveURL(/sort=name/);
  await expect(rows.nth(1)).toContainText(first.name);
  await page.getByRole("button", { name: "Name", exact: true }).click();
  await expect(rows.nth(1)).toContainText(second.name);
  await expect(page.getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "descending");
  await page.getByLabel("Provider", { exact: true }).selectOption("postgresql");
  await expect(rows).toHaveCount(2);
  await page.reload();
  await expect(rows).toHaveCount(2);
  await expect(page.getByRole("searchbox")).toHaveValue(mark);
  await expect(page.getByLabel("Provider", { exact: true })).toHaveValue("postgresql");
});

test("a list filtered to nothing says what hides the rows, and one click brings them back", async ({ page, api }) => {
  await newCredential(api);
  await page.goto("/credentials?q=no-such-thing&health=failed");
  await expect(page.getByText("No credential matches")).toBeVisible();
  await expect(page.getByText(/Search: no-such-thing and Health: Fails hide all/)).toBeVisible();
  await page.getByRole("button", { name: "Clear all filters" }).click();
  await expect(page).toHaveURL(/\/credentials$/);
  await expect(page.getByRole("table", { name: "Credentials" }).getByRole("link").first()).toBeVisible();
});

test("at least fifteen rows fit a small laptop's screen, more when they are compact", async ({ page, api }) => {
  await page.setViewportSize({ width: 1360, height: 860 });
  for (let made = 0; made < 18; made++) await newCredential(api, made % 2 ? "sftp" : "postgresql");
  await page.goto("/credentials");
  const bottom = async (row: number) => {
    const box = await page.getByRole("table", { name: "Credentials" }).getByRole("row").nth(row).boundingBox();
    return (box?.y ?? Number.POSITIVE_INFINITY) + (box?.height ?? 0);
  };
  expect(await bottom(15)).toBeLessThanOrEqual(860);
  await page.getByRole("radio", { name: "Compact rows" }).check();
  await expect.poll(() => bottom(18)).toBeLessThanOrEqual(860);
  await page.reload();
  await expect(page.getByRole("radio", { name: "Compact rows" })).toBeChecked();
});

test("a long list is loaded piece by piece", async ({ page, api }) => {
  const mark = randomUUID().slice(0, 8);
  for (let made = 0; made < 53; made++) await newCredential(api, "postgresql", { tags: [mark] });
  await page.goto(`/credentials?tag=${mark}`);
  const rows = page.getByRole("table", { name: "Credentials" }).getByRole("row");
  await expect(rows).toHaveCount(51);
  await page.getByRole("button", { name: "Show more" }).click();
  await expect(rows).toHaveCount(54);
  await expect(page.getByText("53 shown, that is all")).toBeVisible();
});

test("a list that cannot be loaded says so in the table, and can be asked again", async ({ page }) => {
  await page.goto("/credentials");
  await page.route("**/credentials/feed?*", (route) => route.abort());
  await page.getByRole("searchbox").fill("anything");
  const table = page.getByRole("table", { name: "Credentials" });
  await expect(table.getByRole("alert")).toContainText("The server did not answer");
  await expect(page.getByRole("link", { name: "New credential" })).toBeVisible();
  await page.unroute("**/credentials/feed?*");
  await table.getByRole("button", { name: "Try again" }).click();
  await expect(table.getByRole("alert")).toHaveCount(0);
});

test("a row can be opened, disabled, enabled and its id copied", async ({ page, api }) => {
  const { id, name } = await newCredential(api);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`/credentials?q=${encodeURIComponent(name)}`);
  const row = page.getByRole("row", { name });
  await row.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Copy id" }).click();
  await expect(page.getByText("Id copied")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(id);
  await row.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Disable" }).click();
  await expect(row.getByText("Disabled", { exact: true })).toBeVisible();
  await row.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Enable" }).click();
  await expect(row.getByText("Disabled", { exact: true })).toHaveCount(0);
  await row.getByRole("link", { name }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
});

test("an old screen cannot overwrite what somebody else changed", async ({ page, api }) => {
  const { id, name } = await newCredential(api);
  await page.goto(`/credentials?q=${encodeURIComponent(name)}`);
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await changeCredential(api, id, { tags: ["meanwhile"] });
  await page.getByRole("menuitem", { name: "Disable" }).click();
  await expect(page.getByText("The credential was changed by somebody else")).toBeVisible();
  await expect(page.getByRole("row", { name }).getByText("meanwhile")).toBeVisible();
});
