import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { startProduct } from "../test/servers/product";
import { DRIVE, type SignInProviders, settingsFor, startSignInProviders } from "../test/servers/sign-in-providers";
import { test as base, expect, newProgram } from "./fixtures";

export { DRIVE, expect };

/** The product as an operator sets it up for all three providers, with a worker of its own. */
export const test = base.extend<{ calm: undefined }, { providers: SignInProviders }>({
  providers: [
    async ({ browserName: _ }, use) => {
      const providers = await startSignInProviders();
      await use(providers);
      await Promise.all(Object.values(providers).map((server) => server.stop()));
    },
    { scope: "worker", timeout: 180_000 },
  ],
  product: [
    async ({ providers }, use) => {
      const product = await startProduct({
        OUTBOUND_ALLOW: "127.0.0.0/8:1-65535,localhost:1-65535",
        LOG_LEVEL: "debug",
        ...settingsFor(providers),
      });
      const names = ["google", "microsoft", "sharepoint", "oauth2"];
      for (const server of [providers.google, providers.microsoft])
        server.open(names.map((name) => `${product.url}/api/integrations/${name}/callback`));
      try {
        await use(product);
      } finally {
        await product.stop();
      }
    },
    { scope: "worker", timeout: 240_000 },
  ],
  calm: [
    async ({ providers: { google, microsoft } }, use) => {
      for (const server of [google, microsoft]) {
        server.next = { answer: "agree", account: `ana-${randomUUID().slice(0, 8)}@example.com`, without: [] };
        server.accessTokenSeconds = 3_600;
        server.alter = undefined;
      }
      await use(undefined);
    },
    { auto: true },
  ],
});

/** The page of a credential that was just connected; its id. */
export async function connectedHere(page: Page): Promise<string> {
  await expect(page).toHaveURL(/\/credentials\/[0-9a-f-]{36}(\?.*)?$/);
  return /[0-9a-f-]{36}/.exec(page.url())?.[0] ?? "";
}

/** The test from the page of a credential, up to its outcome in words. */
export async function expectTested(page: Page, outcome: string): Promise<void> {
  await page.getByRole("button", { name: "Test", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: /^Test (now|again)$/ }).click();
  // The first test of a product starts a process, which takes its time on a busy machine.
  await expect(dialog.getByText(outcome, { exact: true })).toBeVisible({ timeout: 25_000 });
  await dialog.getByRole("button", { name: "Close" }).first().click();
}

export { newProgram };
