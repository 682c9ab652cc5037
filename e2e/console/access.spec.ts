import type { Page } from "@playwright/test";
import { expect, newCredential, newProgram, test } from "../fixtures";
import { expectClean, expectFitsPhone } from "../visual-checks";

const table = (page: Page) => page.getByRole("table", { name: "Who may do what" });

/** Opens the dialog and chooses somebody in it. */
async function choose(page: Page, kind: "Program" | "Person", name: string) {
  await page.getByRole("button", { name: "Give access" }).click();
  const dialog = page.getByRole("dialog", { name: /^Give access to/ });
  await dialog.getByRole("radio", { name: kind, exact: true }).check();
  await dialog.getByRole("searchbox").fill(name);
  await dialog.getByRole("radio", { name }).check();
  return dialog;
}

test("a program fetches a credential from when it is given until it is taken away", async ({ page, product, api }) => {
  const { id } = await newCredential(api);
  const program = await newProgram(product, "nothing");
  expect((await program.fetchSecret(id)).status).toBe(404);
  await page.goto(`/credentials/${id}/access`);
  await expectClean(page, "access");
  const dialog = await choose(page, "Program", program.name);
  await expect(dialog.getByRole("checkbox", { name: /^Use/ })).toBeChecked();
  await dialog.getByLabel("Reason").fill("Loads the ledger at night");
  await dialog.getByLabel("Until").fill("2099-12-31");
  await expectClean(page, "give access");
  await dialog.getByRole("button", { name: "Give access" }).click();
  const row = table(page).getByRole("row", { name: program.name });
  await expect(row).toContainText("Loads the ledger at night");
  await expect(row).toContainText("31 Dec 2099");
  await expect.poll(async () => (await program.fetchSecret(id)).status).toBe(200);
  await expectFitsPhone(page, "access");
  await row.getByRole("button", { name: `Take away from ${program.name}` }).click();
  await expectClean(page, "take away");
  await page.getByRole("alertdialog").getByRole("button", { name: "Take away" }).click();
  await expect(row).toHaveCount(0);
  await expect.poll(async () => (await program.fetchSecret(id)).status).toBe(404);
});

test("access is given with the keyboard alone", async ({ page, product, api }) => {
  const { id } = await newCredential(api);
  const { name } = await newProgram(product, "nothing");
  await page.goto(`/credentials/${id}/access`);
  await page.getByRole("button", { name: "Give access" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: /^Give access to/ });
  await expect(dialog.getByRole("radio", { name: "Program" })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.type(name);
  await expect(dialog.getByRole("radio", { name })).toHaveCount(1);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await expect(dialog.getByRole("radio", { name })).toBeChecked();
  await page.keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);
  await expect(table(page).getByRole("row", { name })).toBeVisible();
  await expect(page.getByRole("button", { name: "Give access" })).toBeFocused();
});

test("a form without whom, or without a right, says what is missing", async ({ page, api }) => {
  const { id } = await newCredential(api);
  await page.goto(`/credentials/${id}/access`);
  await page.getByRole("button", { name: "Give access" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("checkbox", { name: /^Use/ }).uncheck();
  await dialog.getByRole("button", { name: "Give access" }).click();
  await expect(dialog.getByText("Choose who gets it")).toBeVisible();
  await expect(dialog.getByText("Choose at least one")).toBeVisible();
});

test("what somebody else took away meanwhile is said, and the list is as it is", async ({ page, product, api }) => {
  const { id } = await newCredential(api);
  const { name } = await newProgram(product, "nothing");
  await page.goto(`/credentials/${id}/access`);
  await (await choose(page, "Program", name)).getByRole("button", { name: "Give access" }).click();
  const row = (on: Page) => table(on).getByRole("row", { name });
  await expect(row(page)).toBeVisible();
  const other = await page.context().newPage();
  await other.goto(`/credentials/${id}/access`);
  for (const one of [page, other]) await row(one).getByRole("button").click();
  for (const one of [other, page])
    await one.getByRole("alertdialog").getByRole("button", { name: "Take away" }).click();
  await expect(row(other)).toHaveCount(0);
  await expect(page.getByRole("alertdialog").getByRole("alert")).toContainText("Resource not found");
  await expect(row(page)).toHaveCount(0);
  await other.close();
});

test("whoever may only look asks for more, and takes it back", async ({ page, api, pageOf, newPerson }) => {
  const { id } = await newCredential(api);
  const person = await newPerson("app_user");
  await page.goto(`/credentials/${id}/access`);
  const dialog = await choose(page, "Person", person.email);
  await dialog.getByRole("checkbox", { name: /^See/ }).check();
  await dialog.getByRole("checkbox", { name: /^Use/ }).uncheck();
  await dialog.getByRole("button", { name: "Give access" }).click();
  await expect(dialog).toHaveCount(0);
  const theirs = await pageOf(person);
  await theirs.goto(`/credentials/${id}/access`);
  await expect(theirs.getByText("You may see this credential")).toBeVisible();
  await expect(theirs.getByRole("button", { name: "Give access" })).toHaveCount(0);
  await theirs.getByRole("button", { name: "Ask for access" }).click();
  await theirs.getByRole("button", { name: "Ask", exact: true }).click();
  await expect(theirs.getByText("Say what you need it for")).toBeVisible();
  await expectClean(theirs, "ask for access");
  await theirs.getByLabel("You would like to").selectOption("Edit");
  await theirs.getByLabel("Reason").fill("The password changes on Friday");
  await theirs.getByRole("button", { name: "Ask", exact: true }).click();
  await expect(theirs.getByText("You asked to edit it")).toBeVisible();
  await expectClean(theirs, "asked");
  await theirs.getByRole("button", { name: "Take the request back" }).click();
  await expect(theirs.getByRole("button", { name: "Ask for access" })).toBeVisible();
});

test("after saving, a credential is given to the program that uses it, with the command that fetches it", async ({
  page,
  product,
}) => {
  const program = await newProgram(product, "nothing");
  await saveOne(page);
  const question = page.getByRole("region", { name: "Who may use it?" });
  await expectClean(page, "who may use it");
  await expectFitsPhone(page, "who may use it");
  await question.getByRole("button", { name: "Let it be used" }).click();
  await expect(question.getByText("Choose who may use it, or skip this")).toBeVisible();
  await question.getByRole("searchbox").fill(program.name);
  await question.getByRole("radio", { name: program.name }).check();
  await question.getByRole("button", { name: "Let it be used" }).click();
  await expect(page.getByText(`${program.name} may use it`)).toBeVisible();
  const box = page.getByRole("region", { name: "How a program fetches it" });
  const id = new URL(page.url()).pathname.split("/")[2] ?? "";
  for (const language of ["curl", "TypeScript", "Python"]) {
    await box.getByRole("radio", { name: language }).check();
    await expect(box.locator("pre")).toContainText(`${product.url}/api/integrations/credentials/${id}/credentials`);
    await expect(box.locator("pre")).toContainText("LATCHKEY_TOKEN");
  }
  await expectClean(page, "the command");
  expect((await program.fetchSecret(id)).status).toBe(200);
  await page.getByRole("button", { name: "Done" }).click();
  await expect(box).toHaveCount(1);
});

test("whoever gives it to nobody yet skips that", async ({ page }) => {
  await saveOne(page);
  await page.getByRole("button", { name: "Skip for now" }).click();
  await expect(page.getByRole("region", { name: "Who may use it?" })).toHaveCount(0);
  await expect(page.getByRole("region", { name: "How a program fetches it" })).toBeVisible();
});

async function saveOne(page: Page): Promise<void> {
  await page.goto("/credentials/new/sftp");
  await page.getByLabel("Host", { exact: true }).fill("sftp.example.com");
  await page.getByRole("textbox", { name: "User name" }).fill("alice");
  await page.getByLabel("Password", { exact: true }).fill("stored-s3cret");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("region", { name: "Who may use it?" })).toBeVisible();
}
