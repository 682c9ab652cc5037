import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { expect, newCredential, newProgram, test } from "../fixtures";

/**
 * The main job, whole: an administrator changes a credential in the browser, sees it tested against the real system
 * before anything is stored, saves it, and every workflow that holds its id uses the new value at once.
 */
test("a new SFTP credential is tested, saved, changed and fetched", async ({ page, product, sshd }) => {
  const program = await newProgram(product);
  const name = `Partner files ${randomUUID()}`;
  await page.goto("/credentials");
  await page.getByRole("link", { name: "New credential" }).click();
  await page.getByRole("link", { name: /^SFTP server/ }).click();
  await page.getByLabel("Host", { exact: true }).fill(sshd.host);
  await page.getByLabel("Port").fill(String(sshd.port));
  await page.getByRole("textbox", { name: "User name" }).fill(sshd.username);
  await page.getByLabel("Password", { exact: true }).fill(sshd.password);
  await page.getByRole("button", { name: "More options" }).click();
  await page.getByLabel("Test folder").fill(sshd.home);
  await page.getByLabel("Name (optional)").fill(name);
  await expect(page.getByRole("status").filter({ hasText: "Not tested" })).toBeVisible();
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await expect(page.getByText("It works", { exact: true })).toBeVisible();
  await expect(page.getByText("ssh-ed25519 SHA256:")).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "Tested just now: it works" })).toBeVisible();
  await page.getByRole("button", { name: "Save", exact: true }).click();

  await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
  await expect(page.getByText("Works", { exact: true })).toBeVisible();
  const id = new URL(page.url()).pathname.split("/")[2] ?? "";
  const first = await program.fetchSecret(id);
  expect(first).toMatchObject({ status: 200, data: { password: sshd.password, host_key: sshd.hostKey } });

  const key = sshd.newKey("-t", "ed25519");
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByText("Private key", { exact: true }).click();
  await page.getByRole("textbox", { name: "Private key" }).fill(key);
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await expect(page.getByText("It works", { exact: true })).toBeVisible();
  expect((await program.fetchSecret(id)).data).toEqual(first.data);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`${id}$`));
  await expect(page.getByText("SFTP server · Private key")).toBeVisible();
  const second = await program.fetchSecret(id);
  expect(second.data.private_key).toContain("PRIVATE KEY");
  expect(second.data).not.toHaveProperty("password");

  await page.getByRole("link", { name: "Tests" }).click();
  await expect(page.getByRole("region", { name: "The last tests" }).getByRole("group")).toHaveCount(3);
  await page.getByRole("link", { name: "Activity" }).click();
  await expect(page.getByRole("row", { name: /Fetched a secret/ })).toHaveCount(3);
});

test("a pasted address fills the PostgreSQL form, which is tested and saved", async ({ page, product, postgres }) => {
  const program = await newProgram(product);
  const { host, port, database, username, password } = postgres;
  await page.goto("/credentials/new/postgresql");
  const address = `postgres://${username}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
  await paste(page, page.getByLabel("Have it in one piece?"), address);
  await expect(page.getByText("Filled in: Host, Port, Database, User name, Password")).toBeVisible();
  await expect(page.getByLabel("Host", { exact: true })).toHaveValue(host);
  await page.getByRole("button", { name: "More options" }).click();
  await page.getByRole("textbox", { name: "Certificate authority" }).fill(postgres.authority);
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await expect(page.getByText("It works", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(`${host}:${port}/${database} as ${username}`);
  const id = new URL(page.url()).pathname.split("/")[2] ?? "";
  expect((await program.fetchSecret(id)).data).toMatchObject({ host, port, database, username, password });
});

test("an address typed by hand fills the form, and what it cannot read is said", async ({ page }) => {
  await page.goto("/credentials/new/postgresql");
  const box = page.getByLabel("Have it in one piece?");
  await box.pressSequentially("postgres://");
  await box.press("Enter");
  await expect(page.getByText("This cannot be read. Must name a host or an IP address")).toBeVisible();
  await expect(box).toHaveValue("postgres://");
  await box.pressSequentially("ana:secret@db.example.com:6432/shop");
  await box.press("Enter");
  await expect(page.getByLabel("Host", { exact: true })).toHaveValue("db.example.com");
  await expect(page.getByLabel("Port")).toHaveValue("6432");
  await expect(box).toHaveValue("");
});

test("a credential's page shows the command that fetches it, and the command does", async ({ page, product, api }) => {
  const program = await newProgram(product);
  const { id } = await newCredential(api);
  await page.goto(`/credentials/${id}`);
  const shown = page.getByRole("region", { name: "How a program fetches it" }).locator("pre code");
  await expect(shown).toContainText(product.url);
  const command = (await shown.textContent()) ?? "";
  const printed = execFileSync("sh", ["-c", command], {
    env: { ...process.env, LATCHKEY_TOKEN: program.token },
    encoding: "utf8",
  });
  expect(JSON.parse(printed)).toEqual((await program.fetchSecret(id)).data);
});

test("a key file fills the SFTP form and chooses the way to sign in", async ({ page, sshd }) => {
  await page.goto("/credentials/new/sftp");
  const buffer = Buffer.from(sshd.newKey("-t", "ed25519"));
  await page
    .getByLabel("File to fill the form from")
    .setInputFiles({ name: "id_ed25519", mimeType: "text/plain", buffer });
  await expect(page.getByRole("radio", { name: "Private key" })).toBeChecked();
  await expect(page.getByRole("textbox", { name: "Private key" })).toHaveValue(/BEGIN OPENSSH PRIVATE KEY/);
});

async function paste(page: import("@playwright/test").Page, field: import("@playwright/test").Locator, text: string) {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate((value) => navigator.clipboard.writeText(value), text);
  await field.focus();
  await page.keyboard.press("ControlOrMeta+V");
}
