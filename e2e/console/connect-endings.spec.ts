import { execFileSync } from "node:child_process";
import type { Page } from "@playwright/test";
import { alive } from "../fixtures";
import { connectedHere, DRIVE, expect, expectTested, newProgram, test } from "../providers";
import { expectClean, expectFitsPhone } from "../visual-checks";

const connect = async (page: Page) => {
  const popup = page.waitForEvent("popup");
  await page.getByRole("button", { name: "Connect with Google" }).click();
  return popup;
};

test("a no at the provider is told as such, and nothing is stored", async ({ page, providers }) => {
  providers.google.next.answer = "refuse";
  await page.goto("/credentials/new/google");
  await connect(page);
  await expect(page.getByText("Access was not granted")).toBeVisible();
  await expect(page).toHaveURL(/new\/google$/);
});

test("a window that is closed is noticed, and one that ends after all is heard of", async ({ page, providers }) => {
  providers.google.next.answer = "linger";
  await page.goto("/credentials/new/google");
  const popup = await connect(page);
  await expect(page.getByText("Waiting for you to sign in with Google")).toBeVisible();
  await popup.getByText("Who are you?").waitFor();
  expect(await popup.evaluate(() => window.opener)).toBeNull();
  await popup.close();
  await expect(page.getByText("The window was closed before the sign-in ended")).toBeVisible();
  providers.google.next.answer = "agree";
  await connect(page);
  await connectedHere(page);
});

test("without a window the whole page goes there and comes back, to the credential or to the reason", async ({
  context,
  product,
  providers,
}) => {
  // Not the watched page: this one leaves our origin.
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.open = () => null;
  });
  providers.google.next.answer = "refuse";
  await page.goto("/credentials/new/google");
  await alive(page);
  await page.getByRole("button", { name: "Connect with Google" }).click();
  await expect(page).toHaveURL(/new\/google\?sign_in=denied$/);
  await expect(page.getByText("Access was not granted")).toBeVisible();
  await alive(page);
  providers.google.next.answer = "agree";
  await page.getByRole("button", { name: "Connect with Google" }).click();
  const id = await connectedHere(page);
  await expect(page.getByText("Connected with Google").first()).toBeVisible();
  await alive(page);
  providers.google.next.account = "somebody-else@example.com";
  await page.getByRole("button", { name: "Reconnect with Google" }).click();
  await expect(page).toHaveURL(`${product.url}/credentials/${id}?sign_in=wrong_account&credential_id=${id}`);
  await expect(page.getByText("Another account signed in")).toBeVisible();
});

test("another account than before changes nothing, and both are named", async ({ page, providers: { google } }) => {
  const { account } = google.next;
  await page.goto("/credentials/new/google");
  await connect(page);
  await connectedHere(page);
  google.next.account = "bob@example.com";
  const popup = page.waitForEvent("popup");
  await page.getByRole("button", { name: "Reconnect with Google" }).click();
  await popup;
  await expect(
    page.getByText(`This credential is connected as ${account}, and bob@example.com signed in.`),
  ).toBeVisible();
});

test("a permission that is missing is shown where it is looked for: on the page, in the test, in the list", async ({
  page,
  providers: { google },
}) => {
  google.next.without = [DRIVE];
  await page.goto("/credentials/new/google");
  await connect(page);
  await connectedHere(page);
  await expect(page.getByText("(asked for, not granted)")).toBeVisible();
  await expectTested(page, "It signs in, but lacks a permission");
  google.next.without = [];
  const popup = page.waitForEvent("popup");
  await page.getByRole("button", { name: "Reconnect with Google" }).click();
  await popup;
  await expect(page.getByText("(asked for, not granted)")).toBeHidden();
  await expectTested(page, "It works");
});

/** What a provider answers that gives access and nothing to renew it with. */
const dying =
  (change: object = {}) =>
  ({ refresh_token: _, ...answer }: Record<string, unknown>) => ({ body: { ...answer, ...change } });
const END = /This access ends at \d{4}-\d\d-\d\d \d\d:\d\d UTC: Google gave nothing to renew it with/;

test("access that cannot be renewed is named with its end when it comes, and on the page, until it is refused", async ({
  page,
  product,
  providers: { google },
}) => {
  google.alter = dying();
  await page.goto("/credentials/new/google");
  await connect(page);
  const id = await connectedHere(page);
  const toasts = page.getByRole("region", { name: /Notifications/ });
  await expect(toasts.getByText("Connected with Google, for a short time")).toBeVisible();
  await expect(toasts.getByText(END)).toBeVisible();
  await page.reload();
  await expect(page.getByText("This access ends, and cannot be renewed")).toBeVisible();
  await expect(page.getByText(END)).toHaveCount(1);
  await alive(page);
  const { fetchSecret } = await newProgram(product);
  expect((await fetchSecret(id)).status).toBe(200);
  const popup = page.waitForEvent("popup");
  await page.getByRole("button", { name: "Reconnect with Google" }).click();
  await popup;
  await expect(toasts.getByText(END)).toBeVisible();
  await expect(page.getByRole("main").getByText(END)).toHaveCount(1);

  google.alter = dying({ expires_in: 1 });
  const again = page.waitForEvent("popup");
  await page.getByRole("button", { name: "Reconnect with Google" }).click();
  await (await again).waitForEvent("close");
  await expect.poll(async () => (await fetchSecret(id)).status).toBe(500);
  await page.reload();
  await expect(page.getByText("The connection with Google has ended")).toBeVisible();
  await expect(page.getByText("This access ends, and cannot be renewed")).toBeHidden();
});

test("without a window, the page that one comes back to says what the access lacks", async ({
  context,
  providers: { google },
}) => {
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.open = () => null;
  });
  google.alter = dying();
  google.next.without = [DRIVE];
  await page.goto("/credentials/new/google");
  await alive(page);
  await page.getByRole("button", { name: "Connect with Google" }).click();
  await connectedHere(page);
  await expect(page.getByText("Connected with Google, with fewer permissions than were asked for")).toBeVisible();
  await expect(page.getByText(END)).toHaveCount(1);
  google.next.without = [];
  await alive(page);
  await page.getByRole("button", { name: "Reconnect with Google" }).click();
  await expect(page.getByText("Connected with Google, for a short time")).toBeVisible();
  await expect(page.getByText(END)).toHaveCount(1);
});

test("a state that nobody knows, and a browser that did not begin it, are told what to do", async ({
  page,
  browser,
  api,
  product,
  providers,
}) => {
  await page.goto(`/api/integrations/google/callback?code=x&state=${"z".repeat(43)}`);
  await expect(page.getByRole("heading", { name: "This sign-in is over" })).toBeVisible();
  expect(new URL(page.url()).search).toBe("");
  const stranger = await (
    await browser.newContext({ baseURL: product.url, storageState: { cookies: [], origins: [] } })
  ).newPage();
  providers.google.next.answer = "agree";
  const { authorization_url } = await (await api.get("/api/integrations/google/authorize")).json();
  await stranger.goto(authorization_url);
  await expect(stranger.getByRole("heading", { name: "This sign-in was started in another browser" })).toBeVisible();
  await stranger.context().close();
});

test("no code, state, key of a browser or token is in a page, an address kept, the log or a file", async ({
  page,
  product,
  api,
  providers: { google },
}) => {
  const seen: string[] = [];
  const answers: string[] = [];
  page.on("popup", (popup) => popup.on("request", (request) => seen.push(request.url())));
  page.on("response", async (response) => answers.push(await response.text().catch(() => "")));
  await page.goto("/credentials/new/google");
  await connect(page);
  const id = await connectedHere(page);
  await page.goto(`/credentials/${id}/configuration`);
  const { data } = await (await newProgram(product)).fetchSecret(id);
  const query = new URL(seen.find((url) => url.includes("/callback?")) ?? "").searchParams;
  const cookies = await page.context().cookies(`${product.url}/api`);
  const key = cookies.find(({ name }) => name === "latchkey-connect");
  expect(key).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/api" });
  const state = String(query.get("state"));
  const tokens = [data.access_token, data.refresh_token, google.clientSecret];
  for (const secret of [...tokens, query.get("code"), state, key?.value]) {
    expect(secret).toMatch(/^\S{20,}$/);
    expect(product.output()).not.toContain(secret);
    expect(filesWith(product, String(secret))).toEqual([]);
  }
  for (const secret of [...tokens, query.get("code"), key?.value]) {
    expect(answers.join("")).not.toContain(secret);
    expect(await page.content()).not.toContain(secret);
    expect(page.url()).not.toContain(secret);
  }
  // The log is kept, and knows of the callback.
  expect(product.output()).toContain("/integrations/{provider}/callback");
  expect((await api.get(`/api/integrations/credentials/${id}`)).ok()).toBe(true);
});

/** The files of the data folder that hold a text. */
function filesWith({ folder }: { folder: string }, text: string): string[] {
  try {
    return execFileSync("grep", ["-r", "-l", "-a", "-F", "-e", text, folder], { encoding: "utf8" }).trim().split("\n");
  } catch (error) {
    // Nothing found.
    if ((error as { status?: number }).status === 1) return [];
    throw error;
  }
}

test("the redirect address is copied by keyboard before anything is saved", async ({ page, context, product }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/credentials/new/sharepoint");
  await page.getByRole("button", { name: "Copy the redirect address" }).press("Enter");
  await expect(page.getByText("Copied the redirect address")).toBeAttached();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    `${product.url}/api/integrations/sharepoint/callback`,
  );
});

test("connecting is free of what axe finds and fits a phone", async ({ page, providers: { google } }) => {
  const check = async (where: string) => {
    await expectClean(page, where);
    await expectFitsPhone(page, where);
  };
  for (const provider of ["google", "sharepoint", "microsoft"]) {
    await page.goto(`/credentials/new/${provider}`);
    await expect(page.getByRole("button", { name: /^Connect with/ })).toBeVisible();
    await check(provider);
  }
  google.next.answer = "refuse";
  await page.goto("/credentials/new/google");
  await connect(page);
  await expect(page.getByText("Access was not granted")).toBeVisible();
  await check("an ending");
  google.next = { answer: "agree", account: "carol@example.com", without: [DRIVE] };
  await connect(page);
  await connectedHere(page);
  await page.getByRole("button", { name: "Change permissions" }).click();
  await check("the card");
  await page.goto(`/api/integrations/google/callback?state=${"z".repeat(43)}`);
  await check("the callback's page");
});
