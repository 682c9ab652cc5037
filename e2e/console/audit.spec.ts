import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { ageThePasswordChecks, changeCredential, expect, newCredential, test } from "../fixtures";
import { expectClean, expectFitsPhone } from "../visual-checks";

test("the audit log is filtered by what, whom and outcome", async ({ page, api }) => {
  const { name } = await newCredential(api);
  await page.goto("/audit");
  await page.getByLabel("Person or thing").fill(name);
  await page.getByLabel("What happened").selectOption({ label: "Created a credential" });
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page).toHaveURL(/action=credential\.created/);
  const rows = page.getByRole("table", { name: "Audit events" }).getByRole("row");
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText(name);
  await page.getByLabel("Outcome").selectOption("refused");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page.getByText("No event matches")).toBeVisible();
  await page.getByRole("link", { name: "Clear the filter" }).click();
  await expect(rows.nth(1)).toBeVisible();
});

test("fields of people, service accounts and organisations are named as on their forms", async ({
  page,
  api,
  newPerson,
}) => {
  const mark = randomUUID();
  const { email } = await newPerson("app_user");
  const account = await (await api.post("/api/service-accounts", { data: { name: `Words ${mark}` } })).json();
  await api.patch(`/api/service-accounts/${account.id}`, { data: { status: "inactive" } });
  await page.goto(`/people?q=${email}`);
  await page.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Edit…" }).click();
  await page.getByLabel("First name").fill("Ana");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  const told: [string, string, string][] = [
    [
      "action=organization.updated",
      "Changed the organisation",
      "Credentials of one provider, Credentials of one person",
    ],
    [`q=${email}&action=user.updated`, "Changed a person", "First name"],
    [`q=${mark}&action=service_account.updated`, "Changed a service account", "Status"],
  ];
  for (const [filter, what, fields] of told) {
    await page.goto(`/audit?${filter}`);
    await expect(page.getByRole("row").filter({ hasText: what }).first()).toContainText(fields);
  }
});

test("older events are a page further", async ({ page, api }) => {
  for (let made = 0; made < 26; made++) {
    const { id } = await newCredential(api);
    await api.delete(`/api/integrations/credentials/${id}`);
  }
  await page.goto("/audit");
  await page.getByRole("link", { name: "Older events" }).click();
  await expect(page).toHaveURL(/before=\d+/);
  await page.getByRole("link", { name: "Newest" }).click();
  await expect(page).not.toHaveURL(/before=/);
});

test("the export asks for the password when the last check is old, then gives the file", async ({
  page,
  admin,
  api,
  product,
}) => {
  const { name } = await newCredential(api);
  await page.goto(`/audit?q=${encodeURIComponent(name)}`);
  await ageThePasswordChecks(product);
  await page.getByRole("button", { name: "Export as CSV" }).click();
  const dialog = page.getByRole("dialog", { name: "Confirm your password" });
  await dialog.getByLabel("Password").fill("not the password");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(dialog.getByText("Is not your password")).toBeVisible();
  const waiting = page.waitForEvent("download");
  await dialog.getByLabel("Password").fill(admin.password);
  await dialog.getByRole("button", { name: "Confirm" }).click();
  const file = await (await waiting).path();
  expect(readFileSync(file, "utf8")).toContain(name);
});

test("a change of a credential shows what was and what is, to eyes and to screen readers, and of a secret its name alone", async ({
  page,
  api,
}) => {
  const [name, password, database] = [`Changed ${randomUUID()}`, `pw-${randomUUID()}`, "long_".repeat(40)];
  const { id, name: before } = await newCredential(api, "postgresql", { tags: ["kept", "old"] });
  await changeCredential(api, id, {
    name,
    tags: ["kept", "new"],
    expires_at: "2031-12-01T12:00:00Z",
    credentials: { host: "db2.example.com", database, sslmode: "require", password },
  });
  const read = (tls: string) =>
    [
      "Changed a credential version 2",
      `Name: from ${before} to ${name}`,
      "Tags: added new; removed old",
      "Expiry: from never to 1 Dec 2031",
      `Database: from app to ${database.slice(0, 79)}…`,
      "Host: from db.example.com to db2.example.com",
      `TLS: from nothing to ${tls} Password`,
    ].join(" ");
  await page.goto(`/credentials/${id}/activity`);
  const newest = page.getByRole("table", { name: "What happened to this credential" }).getByRole("row").nth(1);
  await expect(newest.getByRole("cell").nth(2)).toHaveAccessibleName(read("Encrypt only"));
  await expect(newest.getByTitle(database)).toBeVisible();
  await expect(newest.getByText("→")).toHaveCount(5);
  await expectFitsPhone(page, "activity");
  await expectClean(page, "activity");
  await page.goto(`/audit?q=${encodeURIComponent(name)}`);
  const logged = page.getByRole("table", { name: "Audit events" }).getByRole("row").nth(1);
  await expect(logged.getByRole("cell").nth(2)).toHaveAccessibleName(read("require"));
  await expectFitsPhone(page, "audit log");
  await expectClean(page, "audit log");
  expect(await page.content()).not.toContain(password);
});
