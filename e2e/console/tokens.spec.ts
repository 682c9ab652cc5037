import { randomUUID } from "node:crypto";
import { request } from "@playwright/test";
import { expect, newCredential, test } from "../fixtures";

test("a service account gets a token that is shown once, works, and ends", async ({ page, product, api }) => {
  const { id } = await newCredential(api);
  const name = `Engine ${randomUUID()}`;
  await page.goto("/service-accounts");
  await page.getByRole("button", { name: "New service account" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByLabel("Name").fill("Production");
  await page.getByRole("button", { name: "Create the token" }).click();
  const once = page.getByRole("alertdialog", { name: "Copy the token now" });
  const token = (await once.getByTestId("once").textContent()) ?? "";
  expect(token).toMatch(/^lk_/);
  await once.getByRole("button", { name: "I have stored it" }).click();

  const row = page.getByRole("row", { name: /Production/ });
  await expect(row).toContainText(`${token.slice(0, 8)}…${token.slice(-4)}`);
  await page.reload();
  expect(await page.content()).not.toContain(token);
  const extraHTTPHeaders = { authorization: `Bearer ${token}` };
  const program = await request.newContext({ baseURL: product.url, extraHTTPHeaders });
  const fetched = async () => (await program.get(`/api/integrations/credentials/${id}/credentials`)).status();
  expect(await fetched()).toBe(200);
  const toggle = row.getByRole("switch", { name: "“Production” is on" });
  await toggle.click();
  await expect(toggle).not.toBeChecked();
  await expect.poll(fetched).toBe(401);
  await toggle.click();
  await expect(toggle).toBeChecked();
  await expect.poll(fetched).toBe(200);
  await row.getByRole("button", { name: "Actions for Production" }).click();
  await page.getByRole("menuitem", { name: "Revoke…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByText("None yet.")).toBeVisible();
  await expect.poll(fetched).toBe(401);
  await program.dispose();
});

test("a service account is renamed, disabled and deleted", async ({ page }) => {
  const name = `Engine ${randomUUID()}`;
  await page.goto("/service-accounts");
  await page.getByRole("button", { name: "New service account" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Name").fill(`${name} renamed`);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(`${name} renamed`);
  await page.getByRole("button", { name: "Disable" }).click();
  await expect(page.getByText("all its tokens are refused")).toBeVisible();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete for good" }).click();
  await expect(page).toHaveURL(/\/service-accounts$/);
  await expect(page.getByText(`${name} renamed`, { exact: true })).toHaveCount(0);
});

test("one's own token is made and listed", async ({ pageOf, newPerson }) => {
  const page = await pageOf(await newPerson("app_user"));
  await page.goto("/tokens");
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByLabel("Name").fill("My script");
  await page.getByRole("button", { name: "Create the token" }).click();
  await page.getByRole("button", { name: "I have stored it" }).click();
  await expect(page.getByRole("table", { name: "Your tokens" }).getByRole("row", { name: /My script/ })).toBeVisible();
  await expect(page.getByText("Everybody else's")).toHaveCount(0);
});
