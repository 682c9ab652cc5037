import type { Page } from "@playwright/test";
import { freePort, startPeer } from "../../test/servers/peer";
import { expect, newCredential, test } from "../fixtures";

interface Place {
  host: string;
  port: number;
  username: string;
  password: string;
}

async function fillSftp(page: Page, { host, port, username, password }: Place): Promise<void> {
  await page.goto("/credentials/new/sftp");
  await page.getByLabel("Host", { exact: true }).fill(host);
  await page.getByLabel("Port").fill(String(port));
  await page.getByRole("textbox", { name: "User name" }).fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
}

const press = (page: Page) => page.getByRole("button", { name: /^Test( again)?$/ }).click();
const report = (page: Page) => page.getByRole("region", { name: "Connection test" });

test("a wrong password fails at the sign-in, marks the field and stores nothing", async ({ page, sshd }) => {
  await fillSftp(page, { ...sshd, password: "not-the-password" });
  await press(page);
  await expect(report(page).getByText("It does not work", { exact: true })).toBeVisible();
  await expect(report(page).getByRole("listitem").filter({ hasText: "Sign in: failed" })).toBeVisible();
  await expect(page.getByLabel("Password", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByRole("status").filter({ hasText: "Tested just now: it does not work" })).toBeVisible();
  await page.goto(`/credentials?q=${sshd.username}&health=failed`);
  await expect(page.getByText("No credential matches")).toBeVisible();
});

test("another host key than the known one gets no password", async ({ page, sshd }) => {
  await fillSftp(page, sshd);
  await page.getByRole("button", { name: "More options" }).click();
  await page.getByRole("textbox", { name: "Host key" }).fill(`ssh-ed25519 SHA256:${"A".repeat(43)}`);
  await press(page);
  await expect(report(page).getByRole("listitem").filter({ hasText: "host key: failed" })).toBeVisible();
  await expect(report(page).getByRole("listitem").filter({ hasText: "Sign in: not reached" })).toBeVisible();
});

test("an address inside the network is refused with the line that would allow it", async ({ page }) => {
  await fillSftp(page, { host: "10.1.2.3", port: 22, username: "alice", password: "s3cret" });
  await press(page);
  await expect(report(page).getByText("Connections go to public addresses only")).toBeVisible();
  await expect(report(page).getByText(/OUTBOUND_ALLOW=\S*10\.1\.2\.3/)).toBeVisible();
});

test("a server that is down is told apart from wrong values", async ({ page, sshd }) => {
  await fillSftp(page, { ...sshd, port: await freePort() });
  await press(page);
  await expect(report(page).getByText("The other side does not answer", { exact: true })).toBeVisible();
  await expect(page.getByLabel("Port")).toHaveAttribute("aria-invalid", "true");
});

test("a slow test shows how long it has been waiting, and can be stopped", async ({ page }) => {
  const silent = await startPeer(() => undefined);
  await fillSftp(page, { host: silent.host, port: silent.port, username: "alice", password: "s3cret" });
  await press(page);
  await expect(report(page).getByRole("listitem").filter({ hasText: "Connect: passed" })).toBeVisible();
  await expect(report(page).getByText(/^[1-9] s$/)).toBeVisible();
  await report(page).getByRole("button", { name: "Cancel the test" }).click();
  await expect(report(page).getByText("Nothing is saved by it")).toBeVisible();
  await expect.poll(silent.open).toBe(0);
  await silent.stop();
});

test("a form with gaps says which, and goes to the first", async ({ page }) => {
  await page.goto("/credentials/new/sftp");
  await press(page);
  await expect(page.getByLabel("Host", { exact: true })).toBeFocused();
  await expect(page.getByText("Host is required")).toBeVisible();
  await expect(page.getByText("Password is required")).toBeVisible();
  await expect(report(page).getByText("Nothing is saved by it")).toBeVisible();
});

test("a credential saved untested says so, and can be tested later", async ({ page, api, sshd }) => {
  const credentials = { host: sshd.host, port: sshd.port, username: sshd.username, password: sshd.password };
  const { id } = await newCredential(api, "sftp", { credentials: { ...credentials, test_path: sshd.home } });
  await page.goto(`/credentials/${id}`);
  await expect(page.getByText("Not tested")).toBeVisible();
  await page.getByRole("button", { name: "Test", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("It works", { exact: true })).toBeVisible();
  await dialog.getByRole("button", { name: "Close" }).first().click();
  await expect(page.getByText("Works", { exact: true })).toBeVisible();
});

test("what cannot be tested has no button for it", async ({ page }) => {
  await page.goto("/credentials/new/agentflowApi");
  await expect(page.getByText("Latchkey cannot test this kind of credential")).toBeVisible();
  await expect(page.getByRole("button", { name: "Test" })).toHaveCount(0);
});
