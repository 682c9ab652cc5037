import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";

/** The server does the next write, and its answer is lost on the way. */
async function loseNextAnswer(page: Page): Promise<void> {
  let isLost = false;
  await page.route("**/*", async (route) => {
    if (isLost || route.request().method() !== "POST") return route.fallback();
    isLost = true;
    await route.fetch();
    await route.abort();
  });
}

test.describe("a form that is sent again because its answer was lost makes nothing twice:", () => {
  test("a credential", async ({ page, api }) => {
    const name = `Lost ${randomUUID()}`;
    await page.goto("/credentials/new/openAIApi");
    await page.getByLabel("OpenAI API key").fill("sk-test-lost-answer");
    await page.getByLabel("Name (optional)").fill(name);
    await loseNextAnswer(page);
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("did not answer")).toBeVisible();
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
    const found = await (await api.get(`/api/integrations/credentials?q=${encodeURIComponent(name)}`)).json();
    expect(found).toHaveLength(1);
  });

  test("a service account and its token", async ({ page, product }) => {
    const name = `Lost ${randomUUID()}`;
    await page.goto("/service-accounts");
    await page.getByRole("button", { name: "New service account" }).click();
    await page.getByLabel("Name").fill(name);
    await loseNextAnswer(page);
    await page.getByRole("button", { name: "Create", exact: true }).click();
    await expect(page.getByText("did not answer")).toBeVisible();
    await page.getByRole("button", { name: "Create", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText(name);

    await page.getByRole("button", { name: "New token" }).click();
    await page.getByLabel("Name").fill("Only one");
    await page.unroute("**/*");
    await loseNextAnswer(page);
    await page.getByRole("button", { name: "Create the token" }).click();
    await expect(page.getByText("did not answer")).toBeVisible();
    await page.getByRole("button", { name: "Create the token" }).click();
    const once = page.getByRole("alertdialog", { name: "Copy the token now" });
    const token = (await once.getByTestId("once").textContent()) ?? "";
    await once.getByRole("button", { name: "I have stored it" }).click();
    await expect(page.getByRole("row", { name: /Only one/ })).toHaveCount(1);
    // The secret that arrived is the one that works.
    const answer = await fetch(`${product.url}/api/integrations/credentials`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(200);
  });

  test("an invited person", async ({ page }) => {
    const email = `lost-${randomUUID()}@example.com`;
    await page.goto("/people");
    await page.getByRole("button", { name: "Invite", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Invite somebody" });
    await dialog.getByLabel("E-mail address").fill(email);
    await loseNextAnswer(page);
    await dialog.getByRole("button", { name: "Make the link" }).click();
    await expect(dialog.getByText("did not answer")).toBeVisible();
    await dialog.getByRole("button", { name: "Make the link" }).click();
    const once = page.getByRole("alertdialog", { name: "Send this link now" });
    const link = (await once.getByTestId("once").textContent()) ?? "";
    await once.getByRole("button", { name: "I have sent it" }).click();
    await page.goto(link);
    await expect(page.getByText(email)).toBeVisible();
  });
});
