import type { Page } from "@playwright/test";
import { expect, prolongSignInWaits, signIn, test } from "../fixtures";

test.use({ storageState: { cookies: [], origins: [] } });

test("a stranger signs in and comes where they were going", async ({ page, admin }) => {
  await page.goto("/audit?outcome=refused");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Enter your e-mail address")).toBeVisible();
  await expect(page.getByLabel("E-mail address")).toBeFocused();
  await page.getByLabel("E-mail address").fill(admin.email);
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "E-mail address or password is wrong" })).toBeVisible();
  await expect(page.getByLabel("E-mail address")).toHaveValue(admin.email);
  await page.getByLabel("Password").fill(admin.password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/audit\?outcome=refused$/);
});

test("before the page is alive nothing is sent, and what a browser filled in early is signed in with", async ({
  page,
  admin,
}) => {
  const scripts = heldBack(page);
  await page.goto("/sign-in", { waitUntil: "commit" });
  await page.getByLabel("E-mail address").fill(admin.email);
  await page.getByLabel("Password").fill(admin.password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Sign in" })).toBeDisabled();
  await expect(page).toHaveURL(/\/sign-in$/);
  scripts.letIn();
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/credentials$/);
});

test("a browser without scripts puts nothing that was typed into an address", async ({ browser, product, admin }) => {
  const context = await browser.newContext({ baseURL: product.url, javaScriptEnabled: false });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(`${request.method()} ${request.url()}`));
  await page.goto("/sign-in");
  await expect(page.locator("noscript")).toBeVisible();
  await page.getByLabel("E-mail address").fill(admin.email);
  await page.getByLabel("Password").fill(admin.password);
  await page.keyboard.press("Enter");
  await page.getByLabel("Password").press("Enter");
  await page.reload();
  expect(asked.filter((one) => one.includes(encodeURIComponent(admin.password)))).toEqual([]);
  expect(asked.filter((one) => one.endsWith("/sign-in"))).toEqual(Array(2).fill(`GET ${product.url}/sign-in`));
  await context.close();
});

test("a browser that signed in before gets in while its account is slowed for strangers; an operator sees that and lifts it", async ({
  page,
  product,
  newPerson,
}) => {
  const person = await newPerson("app_user");
  const state = await signIn(product, person);
  const known = state.cookies.find(({ name }) => name.endsWith("latchkey-device"));
  expect(known).toMatchObject({ httpOnly: true, sameSite: "Strict", path: "/" });
  for (let at = 0; at < 5; at++)
    await expect(signIn(product, { ...person, password: "a wrong password" })).rejects.toThrow();
  await prolongSignInWaits(product);
  const attempt = async () => {
    await page.goto("/sign-in");
    await page.getByLabel("E-mail address").fill(person.email);
    await page.getByLabel("Password").fill(person.password);
    await page.getByRole("button", { name: "Sign in" }).click();
  };
  await attempt();
  await expect(page.getByText("Too many attempts")).toBeVisible();
  if (known) await page.context().addCookies([known]);
  await attempt();
  await expect(page).toHaveURL(/\/credentials$/);

  await page.context().clearCookies();
  await expect(product.command("sign-in", "blocks")).resolves.toContain(person.email);
  await expect(product.command("sign-in", "unblock", "--email", person.email)).resolves.toMatch(/^1\s*$/);
  await expect(product.command("sign-in", "blocks")).resolves.not.toContain(person.email);
  await attempt();
  await expect(page).toHaveURL(/\/credentials$/);
});

test("after signing in nobody is sent to another site", async ({ page, product, admin }) => {
  await page.goto("/sign-in?next=//evil.example/");
  await page.getByLabel("E-mail address").fill(admin.email);
  await page.getByLabel("Password").fill(admin.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(`${product.url}/credentials`);
});

test("signing out ends the session on the server too", async ({ pageOf, newPerson }) => {
  const page = await pageOf(await newPerson("app_user"));
  await page.goto("/credentials");
  const cookies = await page.context().cookies();
  await page.getByRole("button", { name: "account and theme" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.context().addCookies(cookies);
  await page.goto("/credentials");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("a session that ends under a form costs nobody what they typed", async ({ product, pageOf, newPerson }) => {
  const person = await newPerson("app_user");
  const page = await pageOf(person);
  await page.goto("/credentials/new/postgresql");
  await page.getByLabel("Host", { exact: true }).fill("db.example.com");
  await page.getByLabel("Database").fill("app");
  await page.getByLabel("User name").fill("reader");
  await page.getByLabel("Password", { exact: true }).fill("typed-s3cret");
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const dialog = page.getByRole("alertdialog", { name: "Your session has ended" });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole("link", { name: "Sign in in a new tab" })).toHaveAttribute("target", "_blank");
  // What the other tab does.
  await page.context().addCookies((await signIn(product, person)).cookies);
  await dialog.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "db.example.com:5432/app as reader" })).toBeVisible();
});

test("a form takes no typing before it would keep it", async ({ pageOf, newPerson }) => {
  const page = await pageOf(await newPerson("app_user"));
  const scripts = heldBack(page);
  await page.goto("/credentials/new/postgresql", { waitUntil: "commit" });
  const host = page.getByLabel("Host", { exact: true });
  await expect(host).toBeDisabled();
  await expect(page.getByRole("button", { name: "Save", exact: true })).toBeDisabled();
  scripts.letIn();
  await host.fill("db.example.com");
  await expect(host).toHaveValue("db.example.com");
});

/** The page's scripts come only when they are let in: until then it is what the server sent. */
function heldBack(page: Page) {
  let letIn = () => {};
  const gate = new Promise<void>((open) => {
    letIn = open;
  });
  void page.route("**/*.js", (route) => gate.then(() => route.continue()));
  return { letIn };
}
