import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { asIfFromBefore, expect, newCredential, newProgram, test } from "../fixtures";
import { expectClean, expectFitsPhone } from "../visual-checks";

/** Opens the dialog on the page of whoever gets something. */
async function give(page: Page, over: string) {
  await page.getByRole("button", { name: "Give access" }).click();
  const dialog = page.getByRole("dialog", { name: /^Give access to/ });
  await dialog.getByRole("radio", { name: over, exact: true }).check();
  return dialog;
}

test("a program gets what it needs on its own page, and several grants are taken away at once", async ({
  page,
  product,
  api,
}) => {
  const tag = `tag-${randomUUID()}`;
  const [one, tagged] = [await newCredential(api), await newCredential(api, "sftp", { tags: [tag] })];
  const program = await newProgram(product, "nothing");
  await page.goto("/service-accounts");
  await page.getByRole("link", { name: program.name }).click();
  await expect(page.getByText("it can fetch no credential until somebody gives it access")).toBeVisible();
  const byName = await give(page, "One credential");
  await byName.getByRole("searchbox").fill(one.name);
  await byName.getByRole("radio", { name: one.name }).check();
  await expectClean(page, "give access to a program");
  await byName.getByRole("button", { name: "Give access" }).click();
  await expect(byName).toHaveCount(0);
  const byTag = await give(page, "A tag");
  await byTag.getByRole("button", { name: "Give access" }).click();
  await expect(byTag.getByText("Choose what it is about")).toBeVisible();
  await byTag.getByLabel("Tag", { exact: true }).fill(tag);
  await byTag.getByRole("button", { name: "Give access" }).click();
  await expect(byTag).toHaveCount(0);
  for (const { id } of [one, tagged]) expect((await program.fetchSecret(id)).status).toBe(200);
  await page.reload();
  const worked = page.getByRole("table", { name: "What it worked with" });
  await expect(worked.getByRole("row", { name: one.name })).toBeVisible();
  await expect(worked.getByRole("row", { name: tagged.name })).toBeVisible();
  await expectClean(page, "a program's access");
  await expectFitsPhone(page, "a program's access");
  await page.getByRole("checkbox", { name: `Select: ${one.name}` }).check();
  await page.getByRole("checkbox", { name: `Select: Every credential tagged “${tag}”` }).check();
  await page.getByRole("button", { name: "Take away 2…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Take away" }).click();
  await expect(page.getByText("it can fetch no credential until somebody gives it access")).toBeVisible();
  for (const { id } of [one, tagged]) await expect.poll(async () => (await program.fetchSecret(id)).status).toBe(404);
});

test("whoever is in a group reaches what is given to it, and nothing more once out of it", async ({
  page,
  api,
  pageOf,
  newPerson,
}) => {
  const { id, name } = await newCredential(api);
  const person = await newPerson("app_user");
  const theirs = await pageOf(person);
  await theirs.goto("/credentials");
  await expect(theirs.getByText("Nobody has given you access to a credential yet")).toBeVisible();
  const group = `Team ${randomUUID()}`;
  await page.goto("/groups");
  await page.getByRole("button", { name: "New group" }).click();
  await page.getByLabel("Name").fill(group);
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: group })).toBeVisible();
  await page.getByRole("button", { name: "Add somebody" }).click();
  const add = page.getByRole("dialog", { name: `Add somebody to ${group}` });
  await add.getByRole("searchbox").fill(person.email);
  await add.getByRole("radio", { name: person.email }).check();
  await expectClean(page, "add somebody");
  await add.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("table", { name: "Members" }).getByRole("row", { name: person.email })).toBeVisible();
  const dialog = await give(page, "One credential");
  await dialog.getByRole("searchbox").fill(name);
  await dialog.getByRole("radio", { name }).check();
  await dialog.getByRole("button", { name: "Give access" }).click();
  await expect(dialog).toHaveCount(0);
  await expectClean(page, "a group");
  await expectFitsPhone(page, "a group");
  await theirs.goto(`/credentials/${id}`);
  await expect(theirs.getByRole("heading", { level: 1, name })).toBeVisible();
  await page.getByRole("link", { name: person.email.split("@")[0] ?? "" }).click();
  await expect(page.getByText(`Through the group ${group}`)).toBeVisible();
  await expectClean(page, "a person");
  await expectFitsPhone(page, "a person");
  await page.goBack();
  await page.getByRole("button", { name: /^Remove / }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("Nobody is in it yet.")).toBeVisible();
  await theirs.reload();
  await expect(theirs.getByRole("heading", { level: 1, name })).toHaveCount(0);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete for good" }).click();
  await expect(page).toHaveURL(/\/groups$/);
  await expect(page.getByText(group, { exact: true })).toHaveCount(0);
  await expectClean(page, "groups");
});

test("a request is answered by whoever manages the credential", async ({ page, api, pageOf, newPerson }) => {
  const { id, name } = await newCredential(api);
  const person = await newPerson("app_user");
  const theirs = await pageOf(person);
  await page.goto(`/people?q=${person.email}`);
  await page.getByRole("table", { name: "People" }).getByRole("link").click();
  const dialog = await give(page, "One credential");
  await dialog.getByRole("searchbox").fill(name);
  await dialog.getByRole("radio", { name }).check();
  await dialog.getByRole("checkbox", { name: /^See/ }).check();
  await dialog.getByRole("checkbox", { name: /^Use/ }).uncheck();
  await dialog.getByRole("button", { name: "Give access" }).click();
  await expect(dialog).toHaveCount(0);
  const asks = async (reason: string) => {
    await theirs.goto(`/credentials/${id}/access`);
    await theirs.getByRole("button", { name: "Ask for access" }).click();
    await theirs.getByLabel("You would like to").selectOption("Edit");
    await theirs.getByLabel("Reason").fill(reason);
    await theirs.getByRole("button", { name: "Ask", exact: true }).click();
    await expect(theirs.getByText("You asked to edit it")).toBeVisible();
  };
  const answers = async (reason: string) => {
    await page.goto("/requests");
    const main = page.getByRole("navigation", { name: "Main" });
    await expect(main.getByRole("link", { name: /^Access requests\s*\d+ waiting$/ })).toBeVisible();
    const row = page.getByRole("table", { name: "Waiting for an answer" }).getByRole("row", { name: reason });
    await row.getByRole("button", { name: /^Answer/ }).click();
    return page.getByRole("dialog", { name: new RegExp(`asks to edit “${name}”`) });
  };
  const first = `First ${randomUUID()}`;
  await asks(first);
  const declining = await answers(first);
  await declining.getByRole("radio", { name: "Decline" }).check();
  await declining.getByLabel("Note").fill("Ana changes it on Friday");
  await expectClean(page, "answer a request");
  await declining.getByRole("button", { name: "Decline" }).click();
  await expect(declining).toHaveCount(0);
  await theirs.reload();
  await expect(theirs.getByText("Ana changes it on Friday")).toBeVisible();
  const second = `Second ${randomUUID()}`;
  await asks(second);
  const granting = await answers(second);
  await granting.getByLabel("Until").fill("2099-12-31");
  await granting.getByRole("button", { name: "Grant it" }).click();
  await expect(granting).toHaveCount(0);
  await expectClean(page, "requests");
  await expectFitsPhone(page, "requests");
  await theirs.goto(`/credentials/${id}`);
  await expect(theirs.getByRole("link", { name: "Edit", exact: true })).toBeVisible();
  await theirs.goto("/requests");
  await expect(
    theirs.getByRole("table", { name: "Your own requests" }).getByRole("row", { name: second }),
  ).toContainText("Granted");
});

test("a program that reaches everything from before is narrowed to what it used, after a look at that", async ({
  page,
  product,
  api,
}) => {
  const [used, other] = [await newCredential(api), await newCredential(api)];
  const program = await newProgram(product, "nothing");
  await page.goto("/service-accounts");
  await page.getByRole("link", { name: program.name }).click();
  const dialog = await give(page, "Everything");
  await dialog.getByRole("button", { name: "Give access" }).click();
  await expect(dialog).toHaveCount(0);
  expect((await program.fetchSecret(used.id)).status).toBe(200);
  // So many that their names take more than one line.
  for (let more = 0; more < 4; more++) await newProgram(product);
  await asIfFromBefore(product);
  await page.goto("/service-accounts");
  await expectClean(page, "service accounts from before");
  await page.getByRole("list").getByRole("link", { name: program.name }).click();
  await page.getByRole("button", { name: "Narrow it to what it used…" }).click();
  const look = page.getByRole("alertdialog", { name: `Narrow ${program.name} to one credential?` });
  await expect(look.getByRole("row", { name: used.name })).toBeVisible();
  await expectClean(page, "narrow it");
  await look.getByRole("button", { name: "Narrow it" }).click();
  await expect(page.getByRole("checkbox", { name: `Select: ${used.name}` })).toBeVisible();
  await expect(page.getByText("It reaches every credential")).toHaveCount(0);
  await expect.poll(async () => (await program.fetchSecret(other.id)).status).toBe(404);
  expect((await program.fetchSecret(used.id)).status).toBe(200);
});

test("a token's own page shows what it can do and what it used, and narrows it to that by keyboard", async ({
  page,
  product,
  api,
}) => {
  const [used, other] = [await newCredential(api), await newCredential(api)];
  const program = await newProgram(product);
  expect((await program.fetchSecret(used.id)).status).toBe(200);
  await page.goto("/service-accounts");
  await page.getByRole("link", { name: program.name }).press("Enter");
  await page.getByRole("table", { name: "API tokens" }).getByRole("link").press("Enter");
  const table = page.getByRole("table", { name: "What it may do" });
  await expect(table.getByRole("row", { name: used.name })).not.toContainText("Not in 90 days");
  await expect(table.getByRole("row", { name: other.name })).toContainText("Not in 90 days");
  await expect(page.getByRole("link", { name: program.name })).toBeVisible();
  await expectClean(page, "a token");
  await expectFitsPhone(page, "a token");
  await page.getByRole("button", { name: "Narrow it to what it used…" }).press("Enter");
  const look = page.getByRole("alertdialog", { name: /^Narrow “.*” to one credential\?$/ });
  await expect(look.getByRole("row", { name: used.name })).toBeVisible();
  await expectClean(page, "narrow a token");
  await look.getByRole("button", { name: "Narrow it" }).press("Enter");
  await expect(look).toHaveCount(0);
  await expect(table.getByRole("row", { name: other.name })).toHaveCount(0);
  await expect(page.getByText("only 1 credential")).toBeVisible();
  expect((await program.fetchSecret(used.id)).status).toBe(200);
  await expect.poll(async () => (await program.fetchSecret(other.id)).status).toBe(404);
  await page.getByRole("button", { name: /^Actions for/ }).press("Enter");
  await page.getByRole("menuitem", { name: "Revoke…" }).press("Enter");
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).press("Enter");
  await expect(page.getByText("It is revoked, and works nowhere any more.")).toBeVisible();
});
