import { expect, newCredential, newProgram, test } from "../fixtures";

test("a kept secret stays, a replaced one is new, and neither ever comes back", async ({ page, product, api }) => {
  const { id } = await newCredential(api);
  const program = await newProgram(product);
  await page.goto(`/credentials/${id}/edit`);
  await expect(page.getByText(/^Set .+ by /)).toBeVisible();
  await page.getByLabel("Tags").fill("one, two");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`${id}$`));
  expect((await program.fetchSecret(id)).data.password).toBe("stored-s3cret");
  await page.goto(`/credentials/${id}/edit`);
  await page.getByRole("radio", { name: "Replace" }).check();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Enter the new password, or keep the stored one")).toBeVisible();
  await page.getByLabel("New password").fill("replaced-s3cret");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`${id}$`));
  expect((await program.fetchSecret(id)).data.password).toBe("replaced-s3cret");
  for (const tab of ["", "/configuration", "/edit"]) {
    await page.goto(`/credentials/${id}${tab}`);
    expect(await page.content()).not.toContain("replaced-s3cret");
  }
});

test("a stored connection string says what the single fields do not, and gives way to them", async ({
  page,
  product,
  api,
}) => {
  const credentials = { connection_string: "postgresql://reader:s3cret@db.example.com:5432/app" };
  const { id } = await newCredential(api, "postgresql", { credentials });
  const program = await newProgram(product);
  await page.goto(`/credentials/${id}/edit`);
  await expect(page.getByText("Connection string is stored and says these: Host, Port")).toBeVisible();
  await expect(page.getByLabel("Host", { exact: true })).toBeDisabled();
  await page.getByLabel("Tags").fill("kept");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`${id}$`));
  expect((await program.fetchSecret(id)).data).toMatchObject(credentials);
  await page.goto(`/credentials/${id}/edit`);
  await page.getByRole("radio", { name: "Clear" }).check();
  await page.getByLabel("Host", { exact: true }).fill("other.example.com");
  await page.getByLabel("Database").fill("other");
  await page.getByLabel("User name").fill("writer");
  await page.getByLabel("Password", { exact: true }).fill("new-s3cret");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`${id}$`));
  const { data } = await program.fetchSecret(id);
  expect(data).toMatchObject({
    host: "other.example.com",
    database: "other",
    username: "writer",
    password: "new-s3cret",
  });
  expect(data).not.toHaveProperty("connection_string");
});

test("an optional secret can be cleared", async ({ page, product, api }) => {
  const credentials = { access_key_id: "ASIAIOSFODNN7EXAMPLE", secret_access_key: "abc", region: "eu-central-1" };
  const { id } = await newCredential(api, "aws_ses", {
    credential_type: "api_key",
    credentials: { ...credentials, access_key_id: "AKIAIOSFODNN7EXAMPLE", session_token: "old-token" },
  });
  const program = await newProgram(product);
  await page.goto(`/credentials/${id}/edit`);
  await page
    .getByRole("group", { name: "What to do with the stored session token" })
    .getByRole("radio", { name: "Clear" })
    .check();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`${id}$`));
  const { data } = await program.fetchSecret(id);
  expect(data).not.toHaveProperty("session_token");
  expect(data.secret_access_key).toBe("abc");
});

test("a new destination asks for the secret again, and the old one is not sent there", async ({ page, api, sshd }) => {
  const { id } = await newCredential(api, "sftp");
  await page.goto(`/credentials/${id}/edit`);
  await page.getByLabel("Host", { exact: true }).fill(sshd.host);
  await page.getByLabel("Port").fill(String(sshd.port));
  await expect(page.getByText(/The destination changed: enter the password again/)).toBeVisible();
  await expect(page.getByRole("radio", { name: "Keep" })).toBeDisabled();
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await expect(page.getByText("Enter the new password, or keep the stored one")).toBeVisible();
  await expect(page.getByLabel("New password")).toBeFocused();
  await page.getByLabel("Host", { exact: true }).fill("sftp.example.com");
  await page.getByLabel("Port").fill("22");
  await expect(page.getByRole("radio", { name: "Keep" })).toBeChecked();
});

test("leaving with unsaved changes is asked about", async ({ page, api }) => {
  const { id } = await newCredential(api);
  await page.goto(`/credentials/${id}/edit`);
  await page.getByLabel("Database").fill("typed");
  await page.getByRole("link", { name: "Audit log" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Leave without saving?" });
  await dialog.getByRole("button", { name: "Stay" }).click();
  await expect(page.getByLabel("Database")).toHaveValue("typed");
  await page.getByRole("link", { name: "Audit log" }).click();
  await dialog.getByRole("button", { name: "Leave" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Audit log" })).toBeVisible();
});

test("going back with unsaved changes is asked about too", async ({ page, api }) => {
  const { id } = await newCredential(api);
  await page.goto(`/credentials/${id}`);
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByLabel("Database").click();
  await page.keyboard.type("-typed");
  await page.evaluate(() => window.history.back());
  const dialog = page.getByRole("alertdialog", { name: "Leave without saving?" });
  await expect(dialog).toBeVisible();
  await expect(page).toHaveURL(/\/edit$/);
  await dialog.getByRole("button", { name: "Stay" }).click();
  await expect(page.getByLabel("Database")).toHaveValue("app-typed");
  await page.evaluate(() => window.history.back());
  await dialog.getByRole("button", { name: "Leave" }).click();
  await expect(page).toHaveURL(new RegExp(`${id}$`));
});

test("a name that is taken is said at the name", async ({ page, api }) => {
  const [first, second] = [await newCredential(api), await newCredential(api)];
  await page.goto(`/credentials/${second.id}/edit`);
  await page.getByLabel("Name", { exact: true }).fill(first.name);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Is already in use: choose another")).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
});
