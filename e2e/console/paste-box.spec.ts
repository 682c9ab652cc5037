import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../fixtures";

/** However a text comes into the box, it fills the form, or the box says why not, and the text is in no answer. */
const boxOf = (page: Page) => page.getByLabel("Have it in one piece?");

const ADDRESS = "postgresql://ana:s3cret@db.example.com:6432/shop?sslmode=require";
const WRAPPED = ` export DATABASE_URL="${ADDRESS.replace("postgresql:", "postgresql+psycopg2:")}" `;
const TABLE = "\ufeffAccess key ID,Secret access key\r\nAKIAIOSFODNN7EXAMPLE,wJalrXUtnFEMI+abc=\r\n";

const ways: Record<string, (page: Page, box: Locator, text: string) => Promise<void>> = {
  pasted: async (page, box, text) => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.evaluate((value) => navigator.clipboard.writeText(value), text);
    await box.focus();
    await page.keyboard.press("ControlOrMeta+V");
  },
  "inserted by a keyboard": async (page, box, text) => {
    await box.focus();
    await page.keyboard.insertText(text);
  },
  dropped: async (page, box, text) => {
    const dataTransfer = await page.evaluateHandle((value) => {
      const carried = new DataTransfer();
      carried.setData("text/plain", value);
      return carried;
    }, text);
    await box.dispatchEvent("drop", { dataTransfer });
  },
  "dropped as a file": async (page, box, text) => {
    const dataTransfer = await page.evaluateHandle((value) => {
      const carried = new DataTransfer();
      carried.items.add(new File([value], "settings"));
      return carried;
    }, text);
    await box.dispatchEvent("drop", { dataTransfer });
  },
};

for (const [way, bring] of Object.entries(ways)) {
  test(`text that is ${way} fills the form, or is refused with a reason`, async ({ page }) => {
    await page.goto("/credentials/new/postgresql");
    const said = page.getByRole("status").filter({ hasText: /Filled in|cannot be read/ });
    await bring(page, boxOf(page), "postgresql://ana:s3@cret@db.example.com/shop");
    await expect(said).toHaveText("This cannot be read. Write @ in a user name or password as %40.");
    await expect(page.getByLabel("Host", { exact: true })).toHaveValue("");
    await boxOf(page).fill("");
    await bring(page, boxOf(page), WRAPPED);
    await expect(said).toHaveText("Filled in: Host, Port, Database, User name, Password, TLS");
    await expect(page.getByLabel("Host", { exact: true })).toHaveValue("db.example.com");
    await expect(page.getByLabel("Password", { exact: true })).toHaveValue("s3cret");
    await expect(boxOf(page)).toHaveValue("");
  });

  test(`lines that are ${way} stay lines`, async ({ page }) => {
    await page.goto("/credentials/new/aws_ses");
    await bring(page, boxOf(page), TABLE);
    await expect(page.getByText("Filled in: Access key ID, Secret access key", { exact: true })).toBeVisible();
    await expect(page.getByLabel("Access key ID")).toHaveValue("AKIAIOSFODNN7EXAMPLE");
  });
}

test("a placeholder is left out, and a password typed for another place with it", async ({ page }) => {
  await page.goto("/credentials/new/postgresql");
  await page.getByLabel("Password", { exact: true }).fill("of-another-server");
  await ways.pasted?.(page, boxOf(page), "postgresql://postgres.ref:[YOUR-PASSWORD]@pooler.example.com:6543/postgres");
  await expect(page.getByText("Left empty: Password. The address holds a placeholder", { exact: false })).toBeVisible();
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
  await expect(page.getByRole("textbox", { name: "User name" })).toHaveValue("postgres.ref");
});

test("a kind of the catalogue fills itself from the string that its own tools write", async ({ page }) => {
  await page.goto("/credentials/new/sqlServer");
  const text = "Server=tcp:db.example.com,1444;Initial Catalog=shop;User ID=ana;Password=s3cret;Encrypt=True";
  await ways.pasted?.(page, boxOf(page), text);
  await expect(page.getByText("Filled in: Host, Port, Database, User, Password")).toBeVisible();
  await expect(page.getByLabel("Host", { exact: true })).toHaveValue("db.example.com");
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue("s3cret");
  await expect(boxOf(page)).toHaveValue("");
});

test("parameters that no field holds are named", async ({ page }) => {
  await page.goto("/credentials/new/postgresql");
  await ways.pasted?.(page, boxOf(page), `${ADDRESS}&channel_binding=require`);
  await expect(page.getByText("No field here holds channel_binding")).toBeVisible();
});

test("a key that must be converted first is refused in the words of the key's own field", async ({ page }) => {
  await page.goto("/credentials/new/sftp");
  await ways.pasted?.(page, boxOf(page), "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n");
  await expect(page.getByText("Is a PuTTY key; convert it with puttygen")).toBeVisible();
});

test("a text written behind another one waits for its end", async ({ page }) => {
  await page.goto("/credentials/new/postgresql");
  const box = boxOf(page);
  await box.pressSequentially("postgres://ana:secret@db");
  await page.keyboard.insertText(".example.com/shop");
  await expect(page.getByLabel("Host", { exact: true })).toHaveValue("");
  await box.press("Enter");
  await expect(page.getByLabel("Host", { exact: true })).toHaveValue("db.example.com");
});
