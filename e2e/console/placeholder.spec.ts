import { startPeer } from "../../test/servers/peer";
import { expect, test } from "../fixtures";

/** A value that cannot well be the right one is named at its field, and before anything is sent; one's own word counts more. */
test("a placeholder is named as soon as it stands there, stops the test, and is tried when one insists", async ({
  page,
}) => {
  const peer = await startPeer((socket) => socket.end());
  await page.goto("/credentials/new/sftp");
  await page.getByLabel("Host", { exact: true }).fill(peer.host);
  await page.getByLabel("Port").fill(String(peer.port));
  await page.getByRole("textbox", { name: "User name" }).fill("anna");
  const password = page.getByLabel("Password", { exact: true });
  await password.fill("changeme");
  await expect(page.getByText("Looks like a placeholder. Enter the value itself, unless this is it.")).toBeVisible();
  await password.fill("[YOUR-PASSWORD]");
  await expect(page.getByText("Is a placeholder, not the value itself", { exact: false })).toBeVisible();
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await expect(page.getByText("Nothing was sent.")).toBeVisible();
  await expect(password).toHaveAttribute("aria-invalid", "true");
  expect(peer.connections()).toBe(0);
  await page.getByRole("button", { name: "Test as entered" }).click();
  await expect(page.getByText("Nothing was sent.")).toBeHidden();
  await expect(page.getByText("Look up the host name")).toBeVisible();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page).toHaveURL(/\/credentials\/[0-9a-f-]{36}$/);
  await peer.stop();
});

test("what belongs in another field, and a space that nobody sees, are named at the field", async ({ page }) => {
  await page.goto("/credentials/new/aws_ses");
  const secret = page.getByLabel("Secret access key");
  await secret.fill("AKIAIOSFODNN7EXAMPLE");
  await expect(page.getByText("Is the ID of an access key.", { exact: false })).toBeVisible();
  await secret.fill("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
  await expect(page.getByText("Is the ID of an access key.", { exact: false })).toBeHidden();
  await page.goto("/credentials/new/postgresql");
  await page.getByLabel("Password", { exact: true }).fill("a password ");
  await expect(page.getByText("Begins or ends with a space", { exact: false })).toBeVisible();
});
