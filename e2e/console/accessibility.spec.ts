import { expect, newCredential, newProgram, test } from "../fixtures";
import { expectClean } from "../visual-checks";

test("every page is free of what axe finds", async ({ page, product, api }) => {
  test.setTimeout(300_000);
  const { id } = await newCredential(api, "postgresql", { tags: ["one"], expires_at: "2020-01-01T00:00:00Z" });
  await (await newProgram(product)).fetchSecret(id);
  const tabs = ["", "/configuration", "/access", "/tests", "/activity", "/edit"].map(
    (tab) => `/credentials/${id}${tab}`,
  );
  const account = (await (await api.get("/api/service-accounts")).json()) as { id: string }[];
  const [home] = (await (await api.get("/api/admin/organizations")).json()) as { id: string }[];
  const paths = [
    ...["/credentials", "/credentials?q=no-such-thing", "/credentials/new", "/credentials/new/sftp"],
    ...[
      "/credentials/new/postgresql",
      "/credentials/new/aws_ses",
      "/credentials/nothing",
      "/credentials/uses",
      ...tabs,
    ],
    ...[
      "/service-accounts",
      `/service-accounts/${account[0]?.id}`,
      "/tokens",
      "/requests",
      "/groups",
      "/people",
      "/people?q=no-such-person",
      "/organizations",
      "/organizations?q=no-such-organisation",
      `/organizations/${home?.id}`,
      "/audit",
      "/audit/streams",
      "/import",
      "/settings",
      "/account",
    ],
  ];
  for (const path of paths) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeAttached();
    await expectClean(page, path);
  }
});

test("dialogs, menus and a failed form are free of what axe finds", async ({ page, api }) => {
  const { id } = await newCredential(api);
  await page.goto("/credentials/new/sftp");
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await expect(page.getByText("Host is required")).toBeVisible();
  await expectClean(page, "form with errors");
  await page.goto(`/credentials/${id}`);
  await page.getByRole("button", { name: "More actions" }).click();
  await expect(page.getByRole("menu")).toBeVisible();
  await expectClean(page, "menu");
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await expect(page.getByText("Nobody fetched it in the last 30 days")).toBeVisible();
  await expectClean(page, "delete dialog");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Rotate password" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectClean(page, "rotate dialog");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+K");
  await expect(page.getByRole("option").first()).toBeVisible();
  await expectClean(page, "palette");
});

test("dialogs of people and tokens are free of what axe finds", async ({ page, api, newPerson }) => {
  const { email } = await newPerson("app_user");
  const dialogs: [string, string][] = [
    ["Edit…", "Save"],
    ["Offer a new password…", "Make the link"],
    ["Delete…", "Deactivate instead"],
  ];
  for (const [item, button] of dialogs) {
    await page.goto(`/people?q=${email}`);
    await page.getByRole("button", { name: /^Actions for/ }).click();
    await expectClean(page, "menu of a person");
    await page.getByRole("menuitem", { name: item }).click();
    await expect(page.getByRole("button", { name: button })).toBeVisible();
    await expectClean(page, item);
  }
  const account = await (await api.post("/api/service-accounts", { data: { name: `Axe ${email}` } })).json();
  await page.goto(`/service-accounts/${account.id}`);
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByLabel("Name").fill("Looked at");
  await page.getByRole("button", { name: "Create the token" }).click();
  await expect(page.getByTestId("once")).toBeVisible();
  await expectClean(page, "shown once");
  await page.getByRole("button", { name: "I have stored it" }).click();
  for (const item of ["Edit…", "Rotate…"]) {
    await page.getByRole("button", { name: "Actions for Looked at" }).click();
    await page.getByRole("menuitem", { name: item }).click();
    await expectClean(page, item);
    if (item === "Edit…") await page.keyboard.press("Escape");
  }
  await page.getByRole("dialog").getByRole("button", { name: "Rotate", exact: true }).click();
  await page.getByRole("button", { name: "I have stored it" }).click();
  await expect(page.getByText("Not used since the rotation.")).toBeVisible();
  await expectClean(page, "an old secret that still works");
});

test("dialogs of organisations are free of what axe finds", async ({ page, api }) => {
  await page.goto("/organizations");
  await page.getByRole("button", { name: "New organisation" }).click();
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByText("Name is required")).toBeVisible();
  await expectClean(page, "a new organisation");
  const [home] = (await (await api.get("/api/admin/organizations")).json()) as { id: string }[];
  await page.goto(`/organizations/${home?.id}`);
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await expectClean(page, "invite");
});

test("the sign-in page is free of what axe finds", async ({ page }) => {
  await page.context().clearCookies();
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Enter your password")).toBeVisible();
  await expectClean(page, "/sign-in");
  await page.goto("/setup?token=x");
  await expectClean(page, "/setup");
  await page.goto("/join#nothing");
  await expect(page.getByRole("heading", { name: "This link does not work any more" })).toBeVisible();
  await expectClean(page, "/join");
});
