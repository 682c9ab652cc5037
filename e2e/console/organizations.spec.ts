import { randomUUID } from "node:crypto";
import type { APIRequestContext, Page } from "@playwright/test";
import { type Product, startProduct } from "../../test/servers/product";
import { ageThePasswordChecks, test as base, expect, signIn } from "../fixtures";

/** A product of its own: with several organisations in it, commands elsewhere would have to say in which. */
const test = base.extend<object, { product: Product }>({
  product: [
    async ({ browserName: _ }, use) => {
      const product = await startProduct({ LOG_LEVEL: "warn" });
      await use(product);
      await product.stop();
    },
    { scope: "worker", timeout: 240_000 },
  ],
});

const PASSWORD = "correct horse battery staple";

async function create(page: Page, name: string): Promise<string> {
  await page.goto("/organizations");
  await page.getByRole("button", { name: "New organisation" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
  return new URL(page.url()).pathname.split("/")[2] ?? "";
}

/** An organisation with one administrator. */
async function withAdmin(product: Product, api: APIRequestContext) {
  const [name, email] = [`Org ${randomUUID()}`, `head-${randomUUID()}@example.com`];
  const { GUID: id }: { GUID: string } = await (await api.put("/v1.0/tenants", { data: { Name: name } })).json();
  const words = ["--email", email, "--role", "org_admin", "--password", PASSWORD, "--organization", name];
  await product.operate("user", "create", ...words);
  return { id, name, person: { email, password: PASSWORD } };
}

async function choose(page: Page, email: string, item: string): Promise<void> {
  await page
    .getByRole("row", { name: email })
    .getByRole("button", { name: /^Actions for/ })
    .click();
  await page.getByRole("menuitem", { name: item }).click();
}

test("an organisation is made, its first administrator invited, and comes in", async ({
  page,
  admin,
  product,
  browser,
}) => {
  const [name, email] = [`Acme ${randomUUID()}`, `first-${randomUUID()}@example.com`];
  await create(page, name);
  await expect(page.getByText("Nobody is here yet")).toBeVisible();
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: `Invite somebody to ${name}` });
  await expect(dialog.getByLabel("Role")).toHaveValue("org_admin");
  await dialog.getByLabel("E-mail address").fill(email);
  await dialog.getByRole("button", { name: "Make the link" }).click();
  const link = (await page.getByTestId("once").textContent()) ?? "";
  await page.getByRole("button", { name: "I have sent it" }).click();
  await expect(page.getByRole("row", { name: email })).toContainText("Pending");

  const context = await browser.newContext({ baseURL: product.url, storageState: { cookies: [], origins: [] } });
  const theirs = await context.newPage();
  await theirs.goto(link);
  await theirs.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await theirs.getByLabel("Password again").fill(PASSWORD);
  await theirs.getByRole("button", { name: "Set the password and sign in" }).click();
  await expect(theirs.getByRole("button", { name: new RegExp(`${name}`) })).toBeVisible();
  await theirs.goto("/people");
  await expect(theirs.getByRole("row", { name: email })).toContainText("Active");
  await expect(theirs.getByText(admin.email)).toHaveCount(0);
  await context.close();
});

test("what the platform set up is shown to the administrator, who confirms or refuses it", async ({
  product,
  browser,
  api,
}) => {
  const { id, person } = await withAdmin(product, api);
  const made = async () => {
    const Email = `set-up-${randomUUID()}@example.com`;
    expect((await api.put(`/v1.0/tenants/${id}/users`, { data: { Email, Password: PASSWORD } })).status()).toBe(200);
    return Email;
  };
  const [wanted, unwanted] = [await made(), await made()];
  const enter = async (email: string) => {
    const storageState = await signIn(product, { email, password: PASSWORD });
    return (await browser.newContext({ baseURL: product.url, storageState })).newPage();
  };
  const waiting = await enter(wanted);
  await waiting.goto("/account");
  await expect(waiting.getByText("Your access waits for a confirmation")).toBeVisible();
  const page = await enter(person.email);
  await page.goto("/people");
  const row = page.getByRole("row", { name: wanted });
  await expect(row).toContainText("Waiting for confirmation");
  await expect(row).not.toContainText("Active");
  await page.getByLabel("Status").selectOption("Waiting for confirmation");
  await expect(page.getByRole("row", { name: unwanted })).toBeVisible();
  await expect(page.getByRole("row", { name: person.email })).toHaveCount(0);
  await page.getByLabel("Status").selectOption("Active");
  await expect(row).toHaveCount(0);
  await page.getByRole("button", { name: `Confirm access for ${wanted}` }).click();
  await expect(page.getByRole("button", { name: `Confirm access for ${wanted}` })).toHaveCount(0);
  await expect(row).toContainText("Active");
  await page.getByRole("button", { name: `Refuse access for ${unwanted}` }).click();
  await expect(page.getByText("Set up by the platform")).toHaveCount(0);
  await waiting.goto("/credentials");
  await expect(waiting.getByText("Your access waits for a confirmation")).toHaveCount(0);
});

test("a taken name is refused at its field, and the list is searched on the server", async ({ page }) => {
  const name = `Taken ${randomUUID()}`;
  const id = await create(page, name);
  await page.goto("/organizations");
  await page.getByRole("button", { name: "New organisation" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByText("Is already in use")).toBeVisible();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("searchbox", { name: "Search organisations" }).fill(name.slice(6, 30));
  await expect(page.getByText("1 of 1 shown")).toBeVisible();
  await expect(page.getByRole("link", { name })).toHaveAttribute("href", `/organizations/${id}`);
  await page.getByRole("searchbox", { name: "Search organisations" }).fill(randomUUID());
  await expect(page.getByText("No organisation matches")).toBeVisible();
});

test("limits and settings of another organisation hold there", async ({ page, api, product, pageOf }) => {
  const { id, person } = await withAdmin(product, api);
  await page.goto(`/organizations/${id}`);
  await page.getByLabel("Credentials of one person").fill("321");
  await page.getByRole("button", { name: "Save the limits" }).click();
  await expect(page.getByText("Limits saved")).toBeVisible();
  await page.getByRole("switch", { name: "Require a test before saving" }).check();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Settings saved")).toBeVisible();
  const theirs = await pageOf(person);
  await theirs.goto("/settings");
  await expect(theirs.getByText("321", { exact: true })).toBeVisible();
  await expect(theirs.getByRole("switch", { name: "Require a test before saving" })).toBeChecked();
});

test("a disabled organisation is shut out, and let in again", async ({ page, api, product, pageOf }) => {
  const { id, person } = await withAdmin(product, api);
  const theirs = await pageOf(person);
  await page.goto(`/organizations/${id}`);
  await page.getByRole("button", { name: "Disable", exact: true }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Disable" }).click();
  await expect(page.getByText("nobody of it signs in")).toBeVisible();
  await theirs.goto("/credentials");
  await expect(theirs).toHaveURL(/\/sign-in/);
  await page.getByRole("button", { name: "Enable" }).click();
  await expect(page.getByText("nobody of it signs in")).toHaveCount(0);
  await signIn(product, person);
});

test("the last administrator stays one, and the refusal says what to do first", async ({ page, api, product }) => {
  const { id, person } = await withAdmin(product, api);
  const refused = "This is the organisation's last active administrator: make another one first";
  await page.goto(`/organizations/${id}`);
  await choose(page, person.email, "Edit…");
  await page.getByRole("dialog").getByLabel("Role").selectOption("auditor");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert").filter({ hasText: refused })).toBeVisible();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await choose(page, person.email, "Delete…");
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete for good" }).click();
  await expect(page.getByRole("alert").filter({ hasText: refused })).toBeVisible();
  await page.keyboard.press("Escape");
  await choose(page, person.email, "Deactivate");
  await expect(page.getByRole("listitem").filter({ hasText: refused })).toBeVisible();
  await expect(page.getByRole("row", { name: person.email })).toContainText("Active");
});

test("a full organisation goes with everything in it once its name is typed, after a password check", async ({
  page,
  admin,
  api,
  product,
}) => {
  const { id, name, person } = await withAdmin(product, api);
  await page.goto(`/organizations/${id}`);
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const dialog = page.getByRole("alertdialog", { name: `Delete “${name}”?` });
  await expect(dialog).toContainText("1 person, signed out and gone");
  await dialog.getByRole("button", { name: "Delete with everything in it" }).click();
  await expect(dialog.getByText("This is not the name")).toBeVisible();
  await dialog.getByLabel("Type the name").fill(name);
  await ageThePasswordChecks(product);
  await dialog.getByRole("button", { name: "Delete with everything in it" }).click();
  const password = page.getByRole("dialog", { name: "Confirm your password" });
  await password.getByLabel("Password").fill(admin.password);
  await password.getByRole("button", { name: "Confirm" }).click();
  await expect(page).toHaveURL(/\/organizations$/);
  await expect(page.getByRole("link", { name })).toHaveCount(0);
  await expect(signIn(product, person)).rejects.toThrow();
  await page.goto(`/organizations/${id}`);
  await expect(page.getByText("Nothing here").first()).toBeAttached();
});

test("what came into an empty organisation meanwhile stands in the way of deleting it", async ({ page, product }) => {
  const name = `Empty ${randomUUID()}`;
  await create(page, name);
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("It is empty");
  await product.operate("service-account", "create", "--name", "Late", "--organization", name);
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(dialog.getByRole("alert")).toContainText("The organisation is not empty");
  await expect(dialog).toContainText("1 service account");
  await dialog.getByLabel("Type the name").fill(name);
  await dialog.getByRole("button", { name: "Delete with everything in it" }).click();
  await expect(page).toHaveURL(/\/organizations$/);
});

test("one's own organisation has no end here, and nothing of another's credentials is shown", async ({
  page,
  api,
  product,
}) => {
  await page.goto("/organizations");
  await page.getByRole("link", { name: "Example Ltd" }).click();
  await expect(page.getByText("You are in it")).toBeVisible();
  for (const name of ["Disable", "Delete"]) {
    await expect(page.getByRole("button", { name, exact: true })).toHaveCount(0);
  }
  const { id, person, name } = await withAdmin(product, api);
  const words = ["--user", person.email, "--organization", name];
  const token = await product.operate("token", "create", ...words);
  const headers = { authorization: `Bearer ${token}` };
  const secretName = `Hidden ${randomUUID()}`;
  const credentials = { host: "hidden.example.com", username: "alice", password: "stored-s3cret" };
  const data = { provider: "sftp", credential_type: "user_password", credentials, name: secretName };
  expect((await page.request.post("/api/integrations/credentials", { headers, data })).status()).toBe(201);
  await page.goto(`/organizations/${id}`);
  await expect(page.getByRole("row", { name: person.email })).toBeVisible();
  const content = await page.content();
  for (const hidden of [secretName, "hidden.example.com"]) expect(content).not.toContain(hidden);
});

for (const role of ["org_admin", "auditor", "app_user"] as const) {
  test(`a person of role ${role} finds no page of organisations`, async ({ pageOf, newPerson, api, product }) => {
    const { id, name } = await withAdmin(product, api);
    const page = await pageOf(await newPerson(role));
    for (const path of ["/organizations", `/organizations/${id}`]) {
      await page.goto(path);
      await expect(page.getByText("Not for your role").first()).toBeAttached();
      expect(await page.content()).not.toContain(name);
    }
    await expect(page.getByRole("link", { name: "Organisations" })).toHaveCount(0);
    expect((await page.request.get("/organizations/feed")).status()).toBe(403);
    expect((await page.request.get(`/people/feed?organization=${id}`)).status()).toBe(403);
  });
}
