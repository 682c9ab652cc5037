import { randomUUID } from "node:crypto";
import { expect, newCredential, test } from "../fixtures";

for (const zone of ["Pacific/Auckland", "America/Los_Angeles"]) {
  test.describe(zone, () => {
    test.use({ timezoneId: zone });

    test("days of the audit filter are days where the reader is", async ({ page, api }) => {
      const { name } = await newCredential(api, "sftp", { name: `Day ${randomUUID()}` });
      const day = (later: number) =>
        page.evaluate((days) => {
          const at = new Date();
          at.setDate(at.getDate() + days);
          return [at.getFullYear(), at.getMonth() + 1, at.getDate()]
            .map((part) => String(part).padStart(2, "0"))
            .join("-");
        }, later);
      await page.goto(`/audit?q=${encodeURIComponent(name)}`);
      const rows = page.getByRole("table", { name: "Audit events" }).getByRole("row");
      await expect(rows).toHaveCount(2);
      await page.getByLabel("From").fill(await day(0));
      await page.getByLabel("To", { exact: true }).fill(await day(0));
      await expect(page).toHaveURL(new RegExp(`to=.*zone=${encodeURIComponent(zone)}`));
      await expect(rows).toHaveCount(2);
      await page.getByLabel("From").fill(await day(-1));
      await page.getByLabel("To", { exact: true }).fill(await day(-1));
      await expect(page.getByText("No event matches")).toBeVisible();
    });

    test("a day on which a credential expires is one day, wherever it is shown", async ({ page, api }) => {
      const { id } = await newCredential(api);
      await page.goto(`/credentials/${id}/edit`);
      await page.getByLabel("Expires").fill("2031-12-01");
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page).toHaveURL(/\/credentials\/[0-9a-f-]{36}$/);
      const shown = page.getByText("1 Dec 2031");
      await expect(shown).toBeVisible();
      await expect(shown).toHaveAttribute("title", /Dec 1, 2031, 11:59:59/);
      await page.goto(`/credentials/${id}/edit`);
      await expect(page.getByLabel("Expires")).toHaveValue("2031-12-01");
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByText("Nothing was changed")).toBeVisible();
    });
  });
}
