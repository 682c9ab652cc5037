import { newDatabaseUser } from "../database-user";
import { expect, newCredential, newProgram, test } from "../fixtures";

test("a PostgreSQL password is rotated in the browser, and workflows get the new one at once", async ({
  page,
  product,
  api,
  postgres,
}) => {
  const program = await newProgram(product);
  const user = await newDatabaseUser(postgres);
  const { id, name } = await newCredential(api, "postgresql", { credentials: user.credentials });
  await page.goto(`/credentials/${id}`);
  await page.getByRole("button", { name: "Rotate password" }).click();
  const dialog = page.getByRole("dialog", { name: `Rotate the password of “${name}”` });
  await expect(dialog.getByText("Whatever else signs in as the same user must be changed by hand")).toBeVisible();
  await dialog.getByRole("button", { name: "Rotate the password" }).click();
  await expect(dialog.getByText("The new password is stored and works")).toBeVisible({ timeout: 20_000 });
  await expect(dialog.getByRole("listitem")).toHaveText([/Make a new password/, /Set it/, /Sign in/, /Store it/]);
  await dialog.getByRole("button", { name: "Close" }).first().click();
  await expect(page.getByText("Works", { exact: true })).toBeVisible();

  const { data } = await program.fetchSecret(id);
  expect(data.password).not.toBe(user.credentials.password);
  expect([await user.signsIn(data.password), await user.signsIn(user.credentials.password)]).toEqual([true, false]);
  await page.getByRole("link", { name: "Activity" }).click();
  await expect(page.getByRole("row", { name: /Rotated a secret/ })).toHaveCount(1);
});

test("a rotation that the server does not take says so, and the old password stays", async ({
  page,
  api,
  postgres,
}) => {
  const user = await newDatabaseUser(postgres);
  const credentials = { ...user.credentials, password: "not the password" };
  const { id } = await newCredential(api, "postgresql", { credentials });
  await page.goto(`/credentials/${id}`);
  await page.getByRole("button", { name: "Rotate password" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Rotate the password" }).click();
  await expect(dialog.getByText("Nothing was changed: the old password stays")).toBeVisible({
    timeout: 20_000,
  });
  await expect(dialog.getByText("The server refused this user name and password.")).toBeVisible();
  expect(await user.signsIn(user.credentials.password)).toBe(true);
});

test("a key that the server leaves to people is shown, waits on the page, and is switched once installed", async ({
  page,
  product,
  api,
  sshd,
}) => {
  const program = await newProgram(product);
  const place = { host: sshd.host, port: sshd.port, username: sshd.username, test_path: sshd.home };
  const private_key = sshd.newKey("-t", "ed25519");
  const { id } = await newCredential(api, "sftp", {
    credential_type: "key_file",
    credentials: { ...place, private_key },
  });
  const first = (await program.fetchSecret(id)).data;
  await page.goto(`/credentials/${id}`);
  await page.getByRole("button", { name: "Rotate key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Rotate the key" }).click();
  await expect(dialog.getByText("Install the new key on the server by hand")).toBeVisible({ timeout: 20_000 });
  const line = await dialog.getByText(/^ssh-ed25519 \S+ latchkey-/).textContent();
  await dialog.getByRole("button", { name: "Close" }).first().click();

  // It is found again after a reload, and does not switch before the key is there.
  await page.reload();
  await page.getByRole("button", { name: "Go on with the rotation" }).click();
  await dialog.getByRole("button", { name: "Verify and switch" }).click();
  await expect(dialog.getByText("The server refused this user name and key.")).toBeVisible({ timeout: 20_000 });
  expect((await program.fetchSecret(id)).data).toEqual(first);

  sshd.authorize(line ?? "");
  await dialog.getByRole("button", { name: "Verify and switch" }).click();
  await expect(dialog.getByText("The new key is stored and works. The old one still signs in")).toBeVisible({
    timeout: 20_000,
  });
  await expect(dialog.getByRole("figure", { name: /The old public key/ })).toContainText("ssh-ed25519 ");
  await dialog.getByRole("button", { name: "Close" }).first().click();
  await expect(page.getByRole("button", { name: "Go on with the rotation" })).toHaveCount(0);
  expect((await program.fetchSecret(id)).data.private_key).not.toBe(first.private_key);
});

test("a waiting rotation is called off, and who may not change the credential sees no button", async ({
  page,
  api,
  sshd,
  newPerson,
  pageOf,
}) => {
  const place = { host: sshd.host, port: sshd.port, username: sshd.username };
  const credentials = { ...place, private_key: sshd.newKey("-t", "ed25519") };
  const { id } = await newCredential(api, "sftp", { credential_type: "key_file", credentials });
  await page.goto(`/credentials/${id}`);
  await page.getByRole("button", { name: "Rotate key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Rotate the key" }).click();
  await dialog.getByRole("button", { name: "Call off" }).click({ timeout: 20_000 });
  await expect(dialog.getByText("Nothing was changed: the old key stays")).toBeVisible();
  const auditor = await pageOf(await newPerson("auditor"));
  await auditor.goto(`/credentials/${id}`);
  await expect(auditor.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(auditor.getByRole("button", { name: /Rotate/ })).toHaveCount(0);
});
