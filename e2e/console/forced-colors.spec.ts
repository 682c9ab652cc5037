import type { Locator } from "@playwright/test";
import { expect, newCredential, test } from "../fixtures";

test.use({ contextOptions: { forcedColors: "active" } });

/** What the eye has to tell states apart by, where the system chooses the colours. */
const look = (one: Locator) =>
  one.evaluate((element) => {
    const { backgroundColor, color, borderBottomColor, borderBottomWidth, outlineStyle } = getComputedStyle(element);
    return JSON.stringify([backgroundColor, color, borderBottomWidth === "0px" ? "" : borderBottomColor, outlineStyle]);
  });

test("what is chosen, on or current looks unlike what is not, when the system chooses the colours", async ({
  page,
  api,
}) => {
  const { id } = await newCredential(api);
  await page.goto("/credentials");
  const nav = page.getByRole("navigation", { name: "Main" });
  expect(await look(nav.getByRole("link", { name: "Credentials" }))).not.toBe(
    await look(nav.getByRole("link", { name: "Audit log" })),
  );
  const density = page.getByRole("radio", { name: "Comfortable rows" }).locator("..");
  expect(await look(density)).not.toBe(await look(page.getByRole("radio", { name: "Compact rows" }).locator("..")));
  const mine = page.getByRole("switch", { name: "Only mine" });
  const off = [await look(mine), await look(mine.locator("span"))];
  await mine.click();
  await expect(mine).toBeChecked();
  expect(await look(mine)).not.toBe(off[0]);

  await page.goto(`/credentials/${id}/edit`);
  const keep = page.getByRole("radio", { name: "Keep" }).locator("..");
  const replace = page.getByRole("radio", { name: "Replace" }).locator("..");
  const [kept, replaced] = [await look(keep), await look(replace)];
  expect(kept).not.toBe(replaced);
  await page.getByRole("radio", { name: "Replace" }).check();
  await expect.poll(async () => [await look(keep), await look(replace)]).toEqual([replaced, kept]);

  await page.goto(`/credentials/${id}`);
  const tabs = page.getByRole("navigation", { name: "Parts of this credential" });
  expect(await look(tabs.getByRole("link", { name: "Overview" }))).not.toBe(
    await look(tabs.getByRole("link", { name: "Tests" })),
  );
  await page.keyboard.press("Control+K");
  const options = page.getByRole("option");
  await expect(options.nth(1)).toBeVisible();
  expect(await look(options.nth(0))).not.toBe(await look(options.nth(1)));
});

test("every button has an edge, and a switch a thumb, when the system chooses the colours", async ({ page }) => {
  for (const path of ["/credentials", "/credentials/new/sftp", "/people", "/settings"]) {
    await page.goto(path);
    const borderless = await page.evaluate(() =>
      [...document.querySelectorAll("main :is(button, a)")]
        .filter((one) => one.className.includes("bg-accent") || one.className.includes("bg-bad"))
        .filter((one) => getComputedStyle(one).borderTopWidth === "0px")
        .map((one) => one.textContent),
    );
    expect(borderless, path).toEqual([]);
    const thumbless = await page.evaluate(() =>
      [...document.querySelectorAll('[role="switch"]')]
        .filter((one) => {
          const thumb = one.querySelector("span");
          return !thumb || getComputedStyle(thumb).backgroundColor === getComputedStyle(one).backgroundColor;
        })
        .map((one) => one.id),
    );
    expect(thumbless, path).toEqual([]);
  }
});
