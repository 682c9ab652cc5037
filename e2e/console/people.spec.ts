import { randomUUID } from "node:crypto";
import type { Browser, Page } from "@playwright/test";
import type { Product } from "../../test/servers/product";
import { expect, type Person, signIn, test } from "../fixtures";

const NEW_PASSWORD = "a new password that is long";

const rowOf = (page: Page, { email }: Pick<Person, "email">) =>
  page.getByRole("table", { name: "People" }).getByRole("row", { name: email });

/** One of the things that can be done with somebody. */
async function choose(page: Page, who: Pick<Person, "email">, item: string): Promise<void> {
  await page.goto(`/people?q=${encodeURIComponent(who.email)}`);
  await rowOf(page, who)
    .getByRole("button", { name: /^Actions for/ })
    .click();
  await page.getByRole("menuitem", { name: item }).click();
}

/** The link that is shown once. */
async function takeLink(page: Page): Promise<string> {
  const once = page.getByRole("alertdialog", { name: "Send this link now" });
  await expect(once).toContainText("Latchkey sends no mail");
  const link = (await once.getByTestId("once").textContent()) ?? "";
  await once.getByRole("button", { name: "I have sent it" }).click();
  return link;
}

async function invite(page: Page, email: string, role = "app_user"): Promise<string> {
  await page.goto("/people");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Invite somebody" });
  await dialog.getByLabel("E-mail address").fill(email);
  await dialog.getByLabel("First name").fill("Ina");
  await dialog.getByLabel("Last name").fill("Invited");
  await dialog.getByLabel("Role").selectOption(role);
  await dialog.getByRole("button", { name: "Make the link" }).click();
  return takeLink(page);
}

/** A browser nobody is signed in to, and everything it asks for. */
async function freshPage(browser: Browser, { url }: Product) {
  const context = await browser.newContext({ baseURL: url, storageState: { cookies: [], origins: [] } });
  const page = await context.newPage();
  const heads: string[] = [];
  page.on("request", (request) => heads.push(`${request.url()} ${JSON.stringify(request.headers())}`));
  return { context, page, heads };
}

async function setPassword(page: Page, password: string): Promise<void> {
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByLabel("Password again").fill(password);
  await page.getByRole("button", { name: /and sign in$/ }).click();
  await expect(page).toHaveURL(/\/credentials/);
}

test("somebody invited sets a password by a link that no server sees in an address, once", async ({
  page,
  product,
  browser,
}) => {
  const email = `ina-${randomUUID()}@example.com`;
  const link = await invite(page, email, "auditor");
  const secret = new URL(link).hash.slice(1);
  expect(secret.length).toBeGreaterThanOrEqual(40);
  await page.goto(`/people?q=${email}`);
  await expect(rowOf(page, { email })).toContainText("Pending");
  await expect(rowOf(page, { email })).toContainText("Invitation");
  expect(await page.content()).not.toContain(secret);

  const invited = await freshPage(browser, product);
  await invited.page.goto(link);
  await expect(invited.page.getByRole("heading", { name: "Welcome, Ina Invited" })).toBeVisible();
  await expect(invited.page.getByLabel("E-mail address")).toHaveValue(email);
  await invited.page.getByLabel("Password", { exact: true }).fill("short");
  await invited.page.getByRole("button", { name: /and sign in$/ }).click();
  await expect(invited.page.getByText("At least 12 characters", { exact: true })).toBeVisible();
  await setPassword(invited.page, NEW_PASSWORD);
  await expect(invited.page.getByRole("button", { name: "Ina Invited" })).toBeVisible();
  expect(invited.heads.filter((head) => head.includes(secret))).toEqual([]);
  expect(product.output()).not.toContain(secret);
  await invited.page.goto(link);
  await expect(invited.page.getByRole("heading", { name: "This link does not work any more" })).toBeVisible();
  await invited.context.close();

  await page.reload();
  await expect(rowOf(page, { email })).toContainText("Active");
  await expect(rowOf(page, { email })).toContainText("Auditor");
  await signIn(product, { email, password: NEW_PASSWORD });
});

test("an invitation that is made again takes the place of the earlier one", async ({ page, product, browser }) => {
  const email = `again-${randomUUID()}@example.com`;
  const first = await invite(page, email);
  await choose(page, { email }, "Invite again…");
  await page.getByRole("button", { name: "Make the link" }).click();
  const second = await takeLink(page);
  const { page: visitor, context } = await freshPage(browser, product);
  await visitor.goto(first);
  await expect(visitor.getByRole("heading", { name: "This link does not work any more" })).toBeVisible();
  await visitor.goto(second);
  await visitor.reload();
  await expect(visitor.getByRole("heading", { name: "Welcome, Ina Invited" })).toBeVisible();
  await context.close();
});

test("a link opened while somebody else is signed in signs them out first", async ({ page, pageOf, newPerson }) => {
  const email = `other-${randomUUID()}@example.com`;
  const link = await invite(page, email);
  const here = await newPerson("app_user");
  const browser = await pageOf(here);
  await browser.goto(link);
  await expect(browser.getByRole("heading", { name: "Somebody else is signed in" })).toBeVisible();
  await expect(browser.getByText(here.email)).toBeVisible();
  await browser.getByRole("button", { name: "Sign out and go on" }).click();
  await setPassword(browser, NEW_PASSWORD);
  await expect(browser.getByRole("button", { name: "Ina Invited" })).toBeVisible();
});

test("a changed role signs the person out and holds from the next sign-in on", async ({
  page,
  product,
  pageOf,
  newPerson,
}) => {
  const person = await newPerson("app_user");
  const theirs = await pageOf(person);
  await theirs.goto("/credentials");
  await choose(page, person, "Edit…");
  await page.getByRole("dialog").getByLabel("First name").fill("Renamed");
  await page.getByRole("dialog").getByLabel("Role").selectOption("auditor");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(rowOf(page, person)).toContainText("Auditor");
  await expect(rowOf(page, person)).toContainText("Renamed");
  await theirs.goto("/credentials");
  await expect(theirs).toHaveURL(/\/sign-in/);
  await theirs.context().addCookies((await signIn(product, person)).cookies);
  await theirs.goto("/people");
  await expect(theirs.getByRole("table", { name: "People" })).toBeVisible();
});

test("a taken address is refused at its field, and a change of something changed meanwhile is told", async ({
  page,
  pageOf,
  newPerson,
}) => {
  const [person, taken] = [await newPerson("app_user"), await newPerson("app_user")];
  await choose(page, person, "Edit…");
  await page.getByRole("dialog").getByLabel("E-mail address").fill(taken.email);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Is already in use")).toBeVisible();
  const other = await pageOf(await newPerson("org_admin"));
  await choose(other, person, "Edit…");
  await other.getByRole("dialog").getByLabel("First name").fill("Faster");
  await other.getByRole("button", { name: "Save", exact: true }).click();
  await expect(rowOf(other, person)).toContainText("Faster");
  await page.getByRole("dialog").getByLabel("E-mail address").fill(person.email);
  await page.getByRole("dialog").getByLabel("First name").fill("Slower");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: "changed by somebody else" })).toBeVisible();
});

test("whoever is deactivated is out, browser and token, until they are let in again", async ({
  page,
  product,
  pageOf,
  newPerson,
  playwright,
}) => {
  const person = await newPerson("app_user");
  const theirs = await pageOf(person);
  const token = await product.operate("token", "create", "--user", person.email, "--organization", "Example Ltd");
  const extraHTTPHeaders = { authorization: `Bearer ${token}` };
  const script = await playwright.request.newContext({ baseURL: product.url, extraHTTPHeaders });
  const listed = async () => (await script.get("/api/integrations/credentials")).status();
  expect(await listed()).toBe(200);
  await choose(page, person, "Deactivate");
  await expect(rowOf(page, person)).toContainText("Inactive");
  await expect.poll(listed).toBe(401);
  await theirs.goto("/credentials");
  await expect(theirs).toHaveURL(/\/sign-in/);
  await choose(page, person, "Activate");
  await expect(rowOf(page, person)).toContainText("Active");
  await expect.poll(listed).toBe(200);
  await signIn(product, person);
  await script.dispose();
});

test("a link for a new password ends the sessions, and the old password once it is used", async ({
  page,
  product,
  browser,
  pageOf,
  newPerson,
}) => {
  const person = await newPerson("app_user");
  const theirs = await pageOf(person);
  await choose(page, person, "Offer a new password…");
  await page.getByRole("button", { name: "Make the link" }).click();
  const link = await takeLink(page);
  await expect(rowOf(page, person)).toContainText("New password");
  await theirs.goto("/credentials");
  await expect(theirs).toHaveURL(/\/sign-in/);
  await signIn(product, person);
  const visitor = await freshPage(browser, product);
  await visitor.page.goto(link);
  await expect(visitor.page.getByRole("heading", { name: "Choose a new password" })).toBeVisible();
  await setPassword(visitor.page, NEW_PASSWORD);
  await visitor.context.close();
  await signIn(product, { ...person, password: NEW_PASSWORD });
  await expect(signIn(product, person)).rejects.toThrow();
});

test("whoever is deleted takes their tokens with them and leaves their credentials to whoever deletes them", async ({
  page,
  product,
  pageOf,
  newPerson,
  playwright,
}) => {
  const person = await newPerson("app_user");
  const token = await product.operate("token", "create", "--user", person.email, "--organization", "Example Ltd");
  const extraHTTPHeaders = { authorization: `Bearer ${token}` };
  const script = await playwright.request.newContext({ baseURL: product.url, extraHTTPHeaders });
  const name = `Left behind ${randomUUID()}`;
  const credentials = { host: "sftp.example.com", username: "alice", password: "stored-s3cret" };
  const data = { provider: "sftp", credential_type: "user_password", credentials, name };
  expect((await script.post("/api/integrations/credentials", { data })).status()).toBe(201);
  const theirs = await pageOf(person);
  await choose(page, person, "Delete…");
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("The API token that acts as them stops within a second.");
  await expect(dialog).toContainText("Who takes over 1 credential?");
  await expect(dialog).toContainText("Chosen: You");
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(page.getByText("Nobody matches")).toBeVisible();
  await expect.poll(async () => (await script.get("/api/integrations/credentials")).status()).toBe(401);
  await theirs.goto("/credentials");
  await expect(theirs).toHaveURL(/\/sign-in/);
  await page.goto(`/credentials?q=${encodeURIComponent(name)}`);
  await expect(page.getByRole("row", { name })).not.toContainText("Nobody");
  await expect(page.getByRole("row", { name })).not.toContainText(person.email.split("@")[0] ?? "");
  await script.dispose();
});
