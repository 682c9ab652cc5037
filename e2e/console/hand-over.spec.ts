import { randomUUID } from "node:crypto";
import { type Page, request as requests } from "@playwright/test";
import type { Product } from "../../test/servers/product";
import { expect, type Person, test } from "../fixtures";
import { expectClean, expectFitsPhone } from "../visual-checks";

/** A credential that belongs to somebody. */
async function owned(product: Product, person: Person): Promise<string> {
  const token = await product.operate("token", "create", "--user", person.email, "--organization", "Example Ltd");
  const extraHTTPHeaders = { authorization: `Bearer ${token}` };
  const script = await requests.newContext({ baseURL: product.url, extraHTTPHeaders });
  const name = `Left behind ${randomUUID()}`;
  const credentials = { host: "sftp.example.com", username: "alice", password: "stored-s3cret" };
  const data = { provider: "sftp", credential_type: "user_password", credentials, name };
  const answer = await script.post("/api/integrations/credentials", { data });
  expect(answer.status(), await answer.text()).toBe(201);
  await script.dispose();
  return name;
}

/** Opens somebody's menu and chooses from it, without a mouse. */
async function choose(page: Page, { email }: Person, item: string): Promise<void> {
  await page.goto(`/people?q=${encodeURIComponent(email)}`);
  await page.getByRole("button", { name: /^Actions for/ }).press("Enter");
  await page.getByRole("menuitem", { name: item }).press("Enter");
}

const ownerOf = async (page: Page, name: string) => {
  await page.goto(`/credentials?q=${encodeURIComponent(name)}`);
  return page.getByRole("row", { name });
};

test("whoever takes over is chosen by keyboard, and has the credentials of whoever is deleted", async ({
  page,
  product,
  newPerson,
}) => {
  const [leaver, heir] = [await newPerson("app_user"), await newPerson("app_user")];
  const name = await owned(product, leaver);
  await choose(page, leaver, "Delete…");
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByRole("heading", { name: "Who takes over 1 credential?" })).toBeVisible();
  await expect(dialog.getByText("Chosen: You")).toBeVisible();
  await expectClean(page, "delete somebody who owns something");
  await expectFitsPhone(page, "delete somebody who owns something");
  await dialog.getByRole("searchbox").focus();
  await page.keyboard.type(heir.email);
  const found = dialog.getByRole("radio", { name: heir.email });
  await expect(found).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(found).toBeFocused();
  await page.keyboard.press("Space");
  await expect(dialog.getByText(`Chosen: ${heir.email.split("@")[0]}`)).toBeVisible();
  await dialog.getByRole("button", { name: "Delete for good" }).press("Enter");
  await expect(page.getByText("Nobody matches")).toBeVisible();
  await expect(await ownerOf(page, name)).toContainText(heir.email.split("@")[0] ?? "");
});

test("whoever is shut out hands over to oneself, or keeps what is theirs", async ({ page, product, newPerson }) => {
  const [leaver, waiting] = [await newPerson("app_user"), await newPerson("app_user")];
  const [handedOver, kept] = [await owned(product, leaver), await owned(product, waiting)];
  const dialog = page.getByRole("alertdialog", { name: /^Deactivate / });
  await choose(page, leaver, "Deactivate");
  await expect(dialog.getByRole("heading", { name: "Who takes over 1 credential?" })).toBeVisible();
  await expectClean(page, "deactivate somebody who owns something");
  await expectFitsPhone(page, "deactivate somebody who owns something");
  await dialog.getByRole("button", { name: "Deactivate" }).press("Enter");
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("table", { name: "People" })).toContainText("Inactive");
  await choose(page, waiting, "Deactivate");
  await dialog.getByRole("radio", { name: "Leave it with them" }).check();
  await dialog.getByRole("button", { name: "Deactivate" }).press("Enter");
  await expect(dialog).toHaveCount(0);
  await expect(await ownerOf(page, kept)).toContainText(waiting.email.split("@")[0] ?? "");
  await expect(await ownerOf(page, handedOver)).not.toContainText(leaver.email.split("@")[0] ?? "");
});

test("nothing is asked about whoever has nothing", async ({ page, newPerson }) => {
  const person = await newPerson("app_user");
  await choose(page, person, "Deactivate");
  await expect(page.getByRole("table", { name: "People" })).toContainText("Inactive");
  await choose(page, person, "Delete…");
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByText("No credential is theirs, and nothing is granted to them.")).toBeVisible();
  await expect(dialog.getByRole("searchbox")).toHaveCount(0);
});
