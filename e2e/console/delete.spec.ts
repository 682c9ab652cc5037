import { expect, newCredential, newProgram, test } from "../fixtures";

test("an unused credential is deleted without typing its name", async ({ page, api }) => {
  const { id, name } = await newCredential(api);
  await page.goto(`/credentials/${id}`);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByText("Nobody fetched it in the last 30 days.")).toBeVisible();
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(page).toHaveURL(/\/credentials$/);
  await page.goto(`/credentials/${id}`);
  await expect(page.getByText("Nothing here").first()).toBeVisible();
  await page.goto(`/credentials?q=${encodeURIComponent(name)}`);
  await expect(page.getByText("No credential matches")).toBeVisible();
});

test("a used one says who would miss it, offers to disable, and asks for the name", async ({ page, product, api }) => {
  const { id, name } = await newCredential(api);
  const program = await newProgram(product);
  expect((await program.fetchSecret(id)).status).toBe(200);
  await page.goto(`/credentials/${id}`);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByRole("listitem")).toContainText(program.name);
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(dialog.getByText("This is not the name")).toBeVisible();
  await dialog.getByRole("button", { name: "Disable instead" }).click();
  await expect(page.getByText("Disabled", { exact: true })).toBeVisible();
  expect((await program.fetchSecret(id)).status).toBe(403);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await dialog.getByLabel(/^Type the name/).fill(name);
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(page).toHaveURL(/\/credentials$/);
  expect((await program.fetchSecret(id)).status).toBe(404);
});
