import { readFile } from "node:fs/promises";
import { newDatabaseUser } from "../database-user";
import { changeCredential, expect, newCredential, newProgram, test } from "../fixtures";
import { expectClean, expectFitsPhone } from "../visual-checks";

const known = "Credentials whose present secret is known";

test("what a program read is disabled in one step, with a result for each, and leaves as a file", async ({
  page,
  product,
  api,
}) => {
  const [one, two, changed] = [await newCredential(api), await newCredential(api, "sftp"), await newCredential(api)];
  const program = await newProgram(product);
  for (const { id } of [one, two, changed]) expect((await program.fetchSecret(id)).status).toBe(200);
  await changeCredential(api, changed.id, { credentials: { password: "another-s3cret" } });
  await page.goto("/service-accounts");
  await page.getByRole("link", { name: program.name }).press("Enter");
  await page.getByRole("link", { name: "What did it read?" }).press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: `What ${program.name} knows` })).toBeVisible();
  const table = page.getByRole("table", { name: known });
  await expect(table.getByRole("row", { name: one.name })).toContainText("Once");
  await expect(table.getByRole("row", { name: changed.name })).toHaveCount(0);
  await expectClean(page, "what a program read");
  await expectFitsPhone(page, "what a program read");
  await page.getByRole("button", { name: "Select all 2" }).press("Enter");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export as CSV" }).press("Enter");
  const file = await readFile(await (await download).path(), "utf8");
  for (const { name } of [one, two]) expect(file).toContain(name);
  await page.getByRole("button", { name: "Disable 2…" }).press("Enter");
  const dialog = page.getByRole("alertdialog", { name: "Disable 2 credentials?" });
  await expectClean(page, "disable what was read");
  await dialog.getByRole("button", { name: "Disable" }).press("Enter");
  await expect(dialog.getByText("All 2 gone through")).toBeVisible();
  for (const { name } of [one, two]) {
    await expect(dialog.getByRole("listitem").filter({ hasText: name })).toContainText("Disabled");
  }
  await expectClean(page, "disabled what was read");
  await expectFitsPhone(page, "disabled what was read");
  await expect(dialog.getByRole("button", { name: "Close" }).first()).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);
  for (const { id, name } of [one, two]) {
    await expect(table.getByRole("row", { name })).toContainText("Disabled");
    await expect.poll(async () => (await program.fetchSecret(id)).status).not.toBe(200);
  }
});

test("what fails is told, and is tried again alone", async ({ page, product, api }) => {
  const [one, two] = [await newCredential(api), await newCredential(api)];
  const program = await newProgram(product);
  for (const { id } of [one, two]) await program.fetchSecret(id);
  await page.goto("/service-accounts");
  await page.getByRole("link", { name: program.name }).click();
  await page.getByRole("link", { name: "What did it read?" }).click();
  await page.getByRole("button", { name: "Select all 2" }).click();
  await page.getByRole("button", { name: "Disable 2…" }).click();
  const dialog = page.getByRole("alertdialog");
  // The first of the two never arrives.
  await page.route(
    "**/audit/exposed*",
    (route, sent) => (sent.method() === "POST" ? route.abort() : route.fallback()),
    {
      times: 1,
    },
  );
  await dialog.getByRole("button", { name: "Disable" }).click();
  await expect(dialog.getByText("All 2 gone through, 1 failed")).toBeVisible();
  await expectClean(page, "one could not be disabled");
  await dialog.getByRole("button", { name: "Try the failed ones again" }).press("Enter");
  await expect(dialog.getByText("All 2 gone through", { exact: true })).toBeVisible();
  for (const { id } of [one, two]) await expect.poll(async () => (await program.fetchSecret(id)).status).not.toBe(200);
});

test("what can be rotated of it is rotated in one step, and what a program read is known no more", async ({
  page,
  product,
  api,
  postgres,
}) => {
  const user = await newDatabaseUser(postgres);
  const { id, name } = await newCredential(api, "postgresql", { credentials: user.credentials });
  const fixed = await newCredential(api, "sftp");
  const program = await newProgram(product);
  for (const one of [id, fixed.id]) await program.fetchSecret(one);
  await page.goto("/service-accounts");
  await page.getByRole("link", { name: program.name }).press("Enter");
  await page.getByRole("link", { name: "What did it read?" }).press("Enter");
  const table = page.getByRole("table", { name: known });
  await page.getByRole("checkbox", { name: `Select: ${name}` }).press("Space");
  await page.getByRole("button", { name: "Rotate 1…" }).press("Enter");
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("button", { name: "Rotate", exact: true }).press("Enter");
  await expect(dialog.getByRole("listitem").filter({ hasText: name })).toContainText(
    "The new password is stored and works",
    { timeout: 20_000 },
  );
  await expectClean(page, "rotated what was read");
  await page.keyboard.press("Escape");
  await expect(table.getByRole("row", { name })).toHaveCount(0);
  await expect(table.getByRole("row", { name: fixed.name })).toBeVisible();
  expect(await user.signsIn(user.credentials.password)).toBe(false);
  expect(await user.signsIn((await program.fetchSecret(id)).data.password)).toBe(true);
});

test("access to all that a program read is taken away, and its token is revoked", async ({ page, product, api }) => {
  const { id, name } = await newCredential(api);
  const program = await newProgram(product);
  expect((await program.fetchSecret(id)).status).toBe(200);
  await page.goto("/service-accounts");
  await page.getByRole("link", { name: program.name }).click();
  await expect(page.getByRole("heading", { level: 1, name: program.name })).toBeVisible();
  const account = page.url();
  await page.getByRole("link", { name: "What did it read?" }).click();
  await page.getByRole("checkbox", { name: `Select: ${name}` }).check();
  await page.getByRole("button", { name: "Take access away from 1…" }).click();
  const dialog = page.getByRole("alertdialog", { name: `Take access to “${name}” away?` });
  await dialog.getByRole("button", { name: "Take away" }).click();
  await expect(dialog.getByRole("listitem")).toContainText("Access taken away");
  await expect.poll(async () => (await program.fetchSecret(id)).status).toBe(404);
  await page.goto(account);
  await page.getByRole("button", { name: /^Actions for/ }).press("Enter");
  await page.getByRole("menuitem", { name: "What did it read?" }).press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: /^What the token “.*” knows$/ })).toBeVisible();
  await expect(page.getByRole("row", { name })).toBeVisible();
  await page.getByRole("button", { name: "Revoke the token…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "What a token that is gone knows" })).toBeVisible();
  await expect.poll(async () => (await program.fetchSecret(id)).status).toBe(401);
});

test("an auditor asks about a span of days and a person, and can change nothing", async ({
  page,
  product,
  api,
  pageOf,
  newPerson,
}) => {
  const { id, name } = await newCredential(api);
  const program = await newProgram(product);
  expect((await program.fetchSecret(id)).status).toBe(200);
  const theirs = await pageOf(await newPerson("auditor"));
  await theirs.goto("/audit");
  await theirs.getByRole("link", { name: "What was read?" }).click();
  await expect(theirs.getByText("Choose the first and the last day")).toBeVisible();
  await expectClean(theirs, "nothing asked yet");
  await theirs.getByLabel("From").fill("2020-01-01");
  await theirs.getByLabel("To").fill("2099-01-01");
  await theirs.getByRole("button", { name: "Show these days" }).press("Enter");
  await expect(theirs.getByRole("table", { name: known }).getByRole("row", { name })).toBeVisible();
  await theirs.getByRole("checkbox", { name: `Select: ${name}` }).check();
  await expect(theirs.getByRole("button", { name: "Export as CSV" })).toBeEnabled();
  await expect(theirs.getByRole("button", { name: /^(Disable|Rotate|Take access)/ })).toHaveCount(0);
  const person = await newPerson("app_user");
  await page.goto(`/people?q=${person.email}`);
  await page.getByRole("table", { name: "People" }).getByRole("link").click();
  await page.getByRole("link", { name: "What do they know?" }).click();
  await expect(page.getByText("No present secret is known this way")).toBeVisible();
  await expectClean(page, "what a person knows");
  await expectFitsPhone(page, "what a person knows");
});
