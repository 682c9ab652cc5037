import { randomUUID } from "node:crypto";
import type { APIRequestContext } from "@playwright/test";
import { expect, newCredential, test } from "../fixtures";
import { expectClean, expectFitsPhone } from "../visual-checks";

interface Use {
  id: string;
  flow_id: string;
  task_name: string;
}

/** What a workflow system registers when one of its tasks is given a credential. */
async function registerUse(api: APIRequestContext, credential: string, more: object = {}): Promise<Use> {
  const data = { flow_id: randomUUID(), credential_id: credential, task_name: "Load orders", description: "", ...more };
  const answer = await api.post("/api/plugins/postgresql/instances", { data });
  expect(answer.status(), await answer.text()).toBe(201);
  return answer.json();
}

const registerMany = async (api: APIRequestContext, credential: string, count: number) => {
  for (let at = 1; at <= count; at++) await registerUse(api, credential, { task_name: `Task ${at}` });
};

/** What is left in the register would be told of above everybody's list. */
test.afterEach(async ({ api }) => {
  const left = (await (await api.get("/api/plugins/instances?limit=1000")).json()) as { id: string }[];
  for (const { id } of left) await api.delete(`/api/plugins/postgresql/instances/${id}`);
});

test("a credential's page says which tasks use it, since when and by whom", async ({ page, api, admin }) => {
  const { id } = await newCredential(api);
  await page.goto(`/credentials/${id}`);
  const card = page.getByRole("region", { name: /^Used by/ });
  await expect(card).toContainText("No task is registered as using it.");
  const use = await registerUse(api, id, { description: "Every night at two" });
  await page.reload();
  await expect(card.getByRole("heading")).toHaveText("Used by 1 task");
  const row = card.getByRole("row").nth(1);
  for (const text of ["Load orders", "Every night at two", use.flow_id, "just now", admin.email.split("@")[0] ?? ""])
    await expect(row).toContainText(text);
  await expectClean(page, "page of a credential that is used");
});

test("more uses than fit are shown a stretch at a time", async ({ page, api }) => {
  const { id } = await newCredential(api);
  await registerMany(api, id, 23);
  await page.goto(`/credentials/${id}`);
  const card = page.getByRole("region", { name: "Used by 23 tasks" });
  await expect(card.getByRole("row")).toHaveCount(21);
  await expect(card.getByText("20 of 23 shown")).toBeVisible();
  await card.getByRole("button", { name: "Show more" }).click();
  await expect(card.getByRole("row")).toHaveCount(24);
  await expect(card.getByRole("row").last()).toContainText("Task 1");
  await expect(card.getByRole("button", { name: "Show more" })).toHaveCount(0);
});

test("the list says how many tasks use each credential", async ({ page, api }) => {
  const mark = randomUUID().slice(0, 8);
  const [used, unused] = [
    await newCredential(api, "postgresql", { name: `Used ${mark}` }),
    await newCredential(api, "postgresql", { name: `Unused ${mark}` }),
  ];
  await registerMany(api, used.id, 2);
  await page.setViewportSize({ width: 1360, height: 860 });
  await page.goto(`/credentials?q=${mark}`);
  await expect(page.getByRole("columnheader", { name: "Used by" })).toBeVisible();
  await expect(page.getByRole("row", { name: used.name }).getByRole("cell", { name: "2 tasks" })).toBeVisible();
  await expect(page.getByRole("row", { name: unused.name }).getByRole("cell", { name: "None" })).toBeVisible();
});

test("deleting a used credential names the tasks that will fail, and asks for its name", async ({ page, api }) => {
  const { id, name } = await newCredential(api);
  await registerMany(api, id, 6);
  await page.goto(`/credentials/${id}`);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByText("6 tasks are registered as using it, and will fail from now on:")).toBeVisible();
  await expect(dialog.getByRole("list", { name: "Registered tasks" }).getByRole("listitem")).toHaveText([
    /^Task 6/,
    /^Task 5/,
    /^Task 4/,
    /^Task 3/,
    "and 2 more",
  ]);
  await expectClean(page, "delete dialog of a used credential");
  await expectFitsPhone(page, "delete dialog of a used credential");
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(dialog.getByText("This is not the name")).toBeVisible();
  await dialog.getByLabel(/^Type the name/).fill(name);
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(page).toHaveURL(/\/credentials$/);
  const left = await api.get(`/api/plugins/instances?credential_id=${id}`);
  expect(await left.json()).toHaveLength(6);
});

test("disabling a used credential asks first, on its page and in the list; an unused one is disabled at once", async ({
  page,
  api,
}) => {
  const { id, name } = await newCredential(api);
  await registerUse(api, id, { task_name: "Nightly load" });
  await page.goto(`/credentials/${id}`);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Disable…" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("One task is registered as using it, and will fail until then:");
  await expect(dialog.getByRole("listitem")).toContainText("Nightly load");
  await expectClean(page, "disable dialog");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await page.goto(`/credentials?q=${encodeURIComponent(name)}`);
  const row = page.getByRole("row", { name });
  await row.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Disable…" }).click();
  await dialog.getByRole("button", { name: "Disable" }).click();
  await expect(row.getByText("Disabled", { exact: true })).toBeVisible();
  await expect(dialog).toHaveCount(0);
  await row.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Enable", exact: true }).click();
  await expect(row.getByText("Disabled", { exact: true })).toHaveCount(0);
});

test("uses of a deleted credential are told of above the list, and named with it", async ({ page, api }) => {
  const { id, name } = await newCredential(api);
  const { flow_id } = await registerUse(api, id, { task_name: "Orphaned load" });
  await page.goto("/credentials");
  await expect(page.getByRole("table", { name: "Credentials" })).toBeVisible();
  await expect(page.getByText(/registered tasks? uses? /)).toHaveCount(0);
  expect((await api.delete(`/api/integrations/credentials/${id}`)).status()).toBe(204);
  await page.reload();
  await expect(page.getByText("One registered task uses a deleted credential")).toBeVisible();
  await page.getByRole("link", { name: "Show it" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Uses of deleted credentials");
  const row = page.getByRole("table", { name: "Uses of deleted credentials" }).getByRole("row").nth(1);
  for (const text of ["Orphaned load", flow_id, name, id]) await expect(row).toContainText(text);
  await expectClean(page, "uses of deleted credentials");
  await expectFitsPhone(page, "uses of deleted credentials");
});

test("somebody who sees some credentials alone is told of the uses of those alone", async ({
  page,
  api,
  newPerson,
  pageOf,
}) => {
  const { id, name } = await newCredential(api);
  await registerUse(api, id, { task_name: "Somebody else's" });
  expect((await api.delete(`/api/integrations/credentials/${id}`)).status()).toBe(204);
  await page.goto("/credentials/uses");
  await expect(page.getByRole("cell", { name })).toBeVisible();
  const theirs = await pageOf(await newPerson("app_user"));
  await theirs.goto("/credentials");
  await expect(theirs.getByText(/uses a deleted credential/)).toHaveCount(0);
  await theirs.goto("/credentials/uses");
  await expect(theirs.getByText("Nothing to mend")).toBeVisible();
});

test("what uses it stands in the audit log in words", async ({ page, api }) => {
  const { id } = await newCredential(api);
  const task = `Audited ${randomUUID()}`;
  const { id: use } = await registerUse(api, id, { task_name: task });
  const path = `/api/plugins/postgresql/instances/${use}`;
  expect((await api.put(path, { data: { credential_id: null } })).status()).toBe(200);
  expect((await api.delete(path)).status()).toBe(204);
  await page.goto(`/audit?q=${encodeURIComponent(task)}`);
  const rows = page.getByRole("table", { name: "Audit events" }).getByRole("row");
  await expect(rows.nth(1)).toContainText("Took a registered use out");
  await expect(rows.nth(2)).toContainText("Changed a registered use");
  await expect(rows.nth(2)).toContainText("Credential");
  await expect(rows.nth(3)).toContainText("Registered a use");
});
