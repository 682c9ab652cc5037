import { expect, type Page, test } from "@playwright/test";
import { expectClean, expectReadable } from "./visual-checks";

const show = (page: Page, content: string) =>
  page.setContent(`<html lang="en"><head><title>A page</title></head><body><main>${content}</main></body></html>`);

test("what is wrong with a page is found, as often as it is asked, and what is right is let be", async ({ page }) => {
  await show(page, '<h1>Head</h1><p style="color: #aaa; background: #fff">Pale</p><img src="data:,">');
  for (const _ of ["at first", "again"]) {
    await expect(expectClean(page, "both")).rejects.toThrow(/color-contrast: p.*image-alt: img/s);
    await expect(expectReadable(page)).rejects.toThrow("color-contrast: p");
  }
  await show(page, "<h1>Head</h1><p>Plain</p>");
  await expectClean(page, "nothing wrong");
  await expectReadable(page);
});
