import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect, newCredential, test } from "../fixtures";
import { expectReadable } from "../visual-checks";

/** Holds the answers of a list's feed until let go. */
async function held(page: Page, feed: RegExp) {
  let go = () => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  await page.route(feed, async (route) => {
    await gate;
    await route.continue();
  });
  return () => go();
}

const lists = [
  { path: "/credentials", feed: /\/credentials\/feed\?/, table: "Credentials" },
  { path: "/people", feed: /\/people\/feed\?/, table: "People" },
  { path: "/organizations", feed: /\/organizations\/feed\?/, table: "Organisations" },
];

for (const { path, feed, table } of lists) {
  test(`while other rows of ${path} are on their way, nothing false is said of them and nothing pales`, async ({
    page,
    api,
  }) => {
    await newCredential(api);
    await page.goto(path);
    const foot = page.getByText(/^(Looking…|Nothing found|\d+( of \d+)? shown.*)$/);
    await expect(foot).toContainText("shown");
    const letGo = await held(page, feed);
    await page.getByRole("searchbox").fill(`no-such-${randomUUID()}`);
    await expect(foot).toHaveText("Looking…");
    await expect(page.getByRole("table", { name: table })).toHaveAttribute("aria-busy", "true");
    await expectReadable(page);
    letGo();
    // The very paragraph that was there before says it: a new one would not be read out.
    await expect(foot).toHaveText("Nothing found");
    await expect(foot).toHaveAttribute("role", "status");
  });
}

test("Show more stays where it is while a search is on its way", async ({ page, api }) => {
  const mark = randomUUID().slice(0, 8);
  for (let made = 0; made < 51; made++) await newCredential(api, "sftp", { tags: [mark] });
  await page.goto(`/credentials?tag=${mark}`);
  const more = page.getByRole("button", { name: "Show more" });
  await expect(more).toBeVisible();
  const letGo = await held(page, /\/credentials\/feed\?/);
  await page.getByRole("searchbox").fill("sftp");
  await expect(page.getByText("Looking…")).toBeVisible();
  await expect(more).toBeVisible();
  letGo();
  await expect(page.getByText("50 shown", { exact: true })).toBeVisible();
  await expect(more).toBeVisible();
});
