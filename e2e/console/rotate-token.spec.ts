import { randomUUID } from "node:crypto";
import { type APIRequestContext, type Locator, type Page, request } from "@playwright/test";
import type { Product } from "../../test/servers/product";
import { expect, test } from "../fixtures";

/** A service account's page, with one token that is used by a program. */
async function tokenInUse(page: Page, product: Product) {
  await page.goto("/service-accounts");
  await page.getByRole("button", { name: "New service account" }).click();
  await page.getByLabel("Name").fill(`Engine ${randomUUID()}`);
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByLabel("Name").fill("Production");
  await page.getByRole("button", { name: "Create the token" }).click();
  const token = await takeToken(page);
  return { row: page.getByRole("row", { name: /Production/ }), status: await programWith(product, token) };
}

async function takeToken(page: Page): Promise<string> {
  const once = page.getByRole("alertdialog", { name: "Copy the token now" });
  const token = (await once.getByTestId("once").textContent()) ?? "";
  await once.getByRole("button", { name: "I have stored it" }).click();
  return token;
}

/** What the API answers to whoever has this token. */
async function programWith(product: Product, token: string): Promise<() => Promise<number>> {
  const extraHTTPHeaders = { authorization: `Bearer ${token}` };
  const program: APIRequestContext = await request.newContext({ baseURL: product.url, extraHTTPHeaders });
  return async () => (await program.get("/api/integrations/credentials")).status();
}

async function choose(page: Page, row: Locator, item: string): Promise<void> {
  await row.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

async function rotate(page: Page, row: Locator, overlap: string): Promise<string> {
  await choose(page, row, "Rotate…");
  const dialog = page.getByRole("dialog", { name: /^Rotate/ });
  await dialog.getByLabel("The old secret").selectOption({ label: overlap });
  await dialog.getByRole("button", { name: "Rotate", exact: true }).click();
  return takeToken(page);
}

test("a rotated token works by both secrets, shows who still uses the old one, and can be ended early", async ({
  page,
  product,
}) => {
  const { row, status: old } = await tokenInUse(page, product);
  expect(await old()).toBe(200);
  const next = await programWith(product, await rotate(page, row, "Works for another day"));
  await expect(row).toContainText("Not used since the rotation.");
  expect(await next()).toBe(200);
  expect(await old()).toBe(200);
  await expect(async () => {
    await row.getByRole("button", { name: "Look again" }).click();
    await expect(row).toContainText(/It was used (just now|\d+ s ago)/, { timeout: 500 });
  }).toPass();
  await row.getByRole("button", { name: "End now: the old secret of Production" }).click();
  await expect(row).not.toContainText("The old secret");
  await expect.poll(old, { intervals: [100] }).toBe(401);
  expect(await next()).toBe(200);
});

test("a rotation without overlap ends the old secret at once", async ({ page, product }) => {
  const { row, status: old } = await tokenInUse(page, product);
  expect(await old()).toBe(200);
  const next = await programWith(product, await rotate(page, row, "Ends at once"));
  await expect.poll(old, { intervals: [100] }).toBe(401);
  expect(await next()).toBe(200);
  await expect(row).not.toContainText("The old secret");
});

test("scopes and expiry are shown and changed, and hold", async ({ page, product }) => {
  await page.goto("/tokens");
  const name = `Script ${randomUUID()}`;
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("It may").selectOption("all");
  await page.getByRole("button", { name: "Create the token" }).click();
  const extraHTTPHeaders = { authorization: `Bearer ${await takeToken(page)}` };
  const script = await request.newContext({ baseURL: product.url, extraHTTPHeaders });
  const data = () => ({ name: `Made ${randomUUID()}` });
  const creates = async () => (await script.post("/api/service-accounts", { data: data() })).status();
  const row = page.getByRole("row", { name: new RegExp(name) });
  await expect(row).toContainText("Everything");
  expect(await creates()).toBe(201);
  await choose(page, row, "Edit…");
  await page.getByRole("dialog").getByLabel("Name").fill(`${name} less`);
  await page.getByRole("dialog").getByLabel("It may").selectOption("read");
  await page.getByRole("dialog").getByLabel("Expires").selectOption("30");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(row).toContainText(`${name} less`);
  await expect(row).toContainText("Read");
  await expect(row).toContainText(/in (29|30) days/);
  await expect.poll(creates).toBe(403);
  await script.dispose();
});

test("a token without a name, and one that can be guessed, are shown for what they are and rotated", async ({
  page,
  api,
  newPerson,
}) => {
  const person = await newPerson("app_user");
  const [tenant] = await (await api.get("/v1.0/tenants")).json();
  const users: { GUID: string; Email: string }[] = await (await api.get(`/v1.0/tenants/${tenant.GUID}/users`)).json();
  const UserGUID = users.find(({ Email }) => Email === person.email)?.GUID;
  const chosen = `${randomUUID()}${randomUUID()}`;
  for (const data of [
    { UserGUID, BearerToken: chosen, GraphGUIDs: [randomUUID()] },
    { UserGUID, Name: `Weak ${UserGUID}`, BearerToken: "default" },
  ]) {
    expect((await api.put(`/v1.0/tenants/${tenant.GUID}/credentials`, { data })).status()).toBe(200);
  }
  await page.goto("/tokens");
  const table = page.getByRole("table", { name: "Everybody else's tokens" });
  const nameless = table.getByRole("row", { name: `Unnamed token …${chosen.slice(-4)}` });
  await expect(nameless).toContainText("one graph");
  await expect(nameless).toContainText(person.email.split("@")[0] ?? "");
  const weak = table.getByRole("row", { name: `Weak ${UserGUID}` });
  await expect(weak).toContainText("Too easy to guess");
  expect(await page.content()).not.toContain(chosen);
  await weak.getByRole("button", { name: /^Rotate/ }).click();
  const dialog = page.getByRole("dialog", { name: /^Rotate/ });
  await expect(dialog.getByLabel("The old secret")).toHaveValue("0");
  await dialog.getByRole("button", { name: "Rotate", exact: true }).click();
  expect(await takeToken(page)).toMatch(/^lk_/);
  await expect(weak).not.toContainText("Too easy to guess");
});

test("an auditor sees everybody's tokens and changes none", async ({ page, product, pageOf, newPerson }) => {
  const { row } = await tokenInUse(page, product);
  await rotate(page, row, "Works for another hour");
  const auditor = await pageOf(await newPerson("auditor"));
  await auditor.goto(page.url());
  const seen = auditor.getByRole("row", { name: /Production/ });
  await expect(seen).toContainText("Not used since the rotation.");
  await expect(seen).toContainText("On");
  await expect(seen.getByRole("switch")).toHaveCount(0);
  await expect(seen.getByRole("button")).toHaveText(["Look again"]);
});
