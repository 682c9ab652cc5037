import { randomUUID } from "node:crypto";
import { expect, test } from "../fixtures";

test("nobody is offered their own end, and is told why", async ({ page, admin }) => {
  await page.goto(`/people?q=${encodeURIComponent(admin.email)}`);
  await page
    .getByRole("row", { name: admin.email })
    .getByRole("button", { name: /^Actions for/ })
    .click();
  await expect(page.getByRole("menuitem")).toHaveText(["Edit…", "Account", /^This is you\./]);
  await page.getByRole("menuitem", { name: "Edit…" }).click();
  await expect(page.getByRole("dialog").getByLabel("Role").getByRole("option")).toHaveText(["Platform administrator"]);
});

test("an organisation's administrator changes everybody but those of the platform", async ({
  admin,
  pageOf,
  newPerson,
}) => {
  const page = await pageOf(await newPerson("org_admin"));
  await page.goto(`/people?q=${encodeURIComponent(admin.email)}`);
  await page
    .getByRole("row", { name: admin.email })
    .getByRole("button", { name: /^Actions for/ })
    .click();
  await expect(page.getByRole("menuitem")).toHaveText(["Only a platform administrator changes another one."]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const roles = page.getByRole("dialog").getByLabel("Role").getByRole("option");
  await expect(roles).toHaveText(["Administrator", "User", "Auditor"]);
});

test("an auditor sees who is here and has nothing to change them with", async ({ admin, pageOf, newPerson }) => {
  const page = await pageOf(await newPerson("auditor"));
  await page.goto(`/people?q=${encodeURIComponent(admin.email)}`);
  await expect(page.getByRole("row", { name: admin.email })).toBeVisible();
  await expect(page.getByRole("button", { name: "Invite" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^Actions for/ })).toHaveCount(0);
});

test("a user finds no page of people", async ({ pageOf, newPerson }) => {
  const page = await pageOf(await newPerson("app_user"));
  await page.goto("/people");
  await expect(page.getByText("Not for your role").first()).toBeAttached();
  await expect(page.getByRole("link", { name: "People" })).toHaveCount(0);
});

test("search and filters stand in the address, and more people are a page further", async ({ page, api }) => {
  const word = randomUUID().slice(0, 8);
  const [tenant] = await (await api.get("/v1.0/tenants")).json();
  for (let made = 0; made < 52; made++) {
    const data = { FirstName: `Crowd ${word}`, LastName: String(made), Email: `${word}-${made}@example.com` };
    expect((await api.put(`/v1.0/tenants/${tenant.GUID}/users`, { data })).status()).toBe(200);
  }
  await page.goto("/people");
  await page.getByRole("searchbox", { name: "Search people" }).fill(word);
  await expect(page).toHaveURL(new RegExp(`q=${word}`));
  await expect(page.getByText("50 of 52 shown")).toBeVisible();
  await page.getByRole("button", { name: "Show more" }).click();
  await expect(page.getByText("52 of 52 shown, that is all")).toBeVisible();
  const emails = await page.getByText(new RegExp(`^${word}-\\d+@example.com$`)).allTextContents();
  expect(new Set(emails).size).toBe(52);
  await page.getByLabel("Status").selectOption({ label: "Pending" });
  await expect(page).toHaveURL(/status=pending/);
  await expect(page.getByText("50 of 52 shown")).toBeVisible();
  await page.getByLabel("Role").selectOption({ label: "Auditor" });
  await page.reload();
  await expect(page.getByLabel("Role")).toHaveValue("auditor");
  await expect(page.getByText("Nobody matches")).toBeVisible();
  await page.getByRole("button", { name: "Clear search and filters" }).click();
  await expect(page).toHaveURL(/\/people$/);
});

test("a list that fails says so, and can be asked for again", async ({ page }) => {
  await page.goto("/people");
  await page.route("**/people/feed*", (route) => route.abort());
  await page.getByRole("searchbox", { name: "Search people" }).fill(randomUUID());
  await expect(page.getByText("The server did not answer.").first()).toBeVisible();
  await page.unroute("**/people/feed*");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("Nobody matches")).toBeVisible();
});

test("a link that never was, and one that could not be looked at, say what to do", async ({ page }) => {
  await page.context().clearCookies();
  await page.goto("/join#nothing-of-the-kind");
  await expect(page.getByRole("heading", { name: "This link does not work any more" })).toBeVisible();
  await expect(page.getByText("Ask your administrator for a new one")).toBeVisible();
  await page.route("**/join", (route) => (route.request().method() === "POST" ? route.abort() : route.fallback()));
  await page.reload();
  await expect(page.getByRole("heading", { name: "Your link could not be looked at" })).toBeVisible();
  await page.unroute("**/join");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "This link does not work any more" })).toBeVisible();
});
