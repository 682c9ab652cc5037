import { expect, test } from "@playwright/test";
import { startProduct } from "../../test/servers/product";

test("the first start's link makes the first administrator, once", async ({ browser }) => {
  test.setTimeout(180_000);
  const nobody = { LATCHKEY_ADMIN_EMAIL: "", LATCHKEY_ADMIN_PASSWORD: "", LATCHKEY_ORGANIZATION: "" };
  const product = await startProduct(nobody);
  try {
    const page = await browser.newPage({ baseURL: product.url });
    await expect.poll(() => product.output()).toContain("Set up ");
    const link = /Set up\s+(\S+)/.exec(product.output())?.[1] ?? "";
    await page.goto(link);
    await page.getByLabel("Organisation").fill("Acme GmbH");
    await page.getByLabel("Your name").fill("Ana");
    await page.getByLabel("E-mail address").fill("ana@example.com");
    await page.getByLabel("Password").fill("short");
    await page.getByRole("button", { name: "Set up" }).click();
    await expect(page.getByText("At least 12 characters", { exact: true })).toBeVisible();
    await page.getByLabel("Password").fill("correct horse battery staple");
    await page.getByRole("button", { name: "Set up" }).click();
    await expect(page).toHaveURL(`${product.url}/credentials`);
    await expect(page.getByText("No credentials yet")).toBeVisible();
    await expect(page.getByRole("button", { name: "Ana Acme GmbH" })).toBeVisible();
    await page.goto(link);
    await expect(page.getByRole("heading", { name: "This link is not valid any more" })).toBeVisible();
    await page.close();
  } finally {
    await product.stop();
  }
});
