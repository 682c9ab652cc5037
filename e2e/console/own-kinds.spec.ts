import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, newProgram, test } from "../fixtures";
import { expectClean, expectFitsPhone } from "../visual-checks";

const KEY = "own-k1nd-s3cret";

test("a kind of one's own is made by a form, tried out, saved, used like any other, and kept while it is used", async ({
  page,
  product,
}) => {
  const asked: (string | undefined)[] = [];
  const service = createServer((request, response) => {
    asked.push(request.headers["x-acme-key"] as string | undefined);
    response.writeHead(request.headers["x-acme-key"] === KEY ? 200 : 401).end("{}");
  });
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;

  await page.goto("/settings");
  await page.getByRole("link", { name: "Look after them" }).click();
  await expect(page.getByText("No kind of your own yet")).toBeVisible();
  await page.getByRole("link", { name: "Add a kind" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("Acme Billing");
  await page.getByLabel("How requests are signed").selectOption("header");
  await page.getByLabel("Name of the header").fill("X-Acme-Key");
  await page.getByLabel("Path that the test asks for").fill("/v1/me");
  await page.getByRole("button", { name: "Make the definition" }).click();
  const text = page.getByLabel("Text (YAML)");
  await expect(text).toHaveValue(/id: own_acme_billing\n/);

  // A line that is not as it must be is named, and a click on it leads there.
  const good = await text.inputValue();
  await text.fill(good.replace("kind: password", "kind: passwort"));
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const problem = page.getByRole("button", { name: /^Line \d+, fields\[1\]\.kind: Must be one of/ });
  await problem.click();
  expect(
    await text.evaluate((area: HTMLTextAreaElement) => area.value.slice(area.selectionStart, area.selectionEnd)),
  ).toBe("    kind: passwort");
  await text.fill(good);

  await page.getByRole("button", { name: "Check, and show the fields" }).click();
  await page.getByLabel("Address", { exact: true }).fill(address);
  await page.getByLabel("API key").fill("wrong");
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await expect(page.getByText("It does not work", { exact: true })).toBeVisible();
  await page.getByLabel("API key").fill(KEY);
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await expect(page.getByText("It works", { exact: true })).toBeVisible();
  expect(asked).toEqual(["wrong", KEY]);
  await expectClean(page, "a definition that was tried out");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("link", { name: "Acme Billing" })).toBeVisible();

  await page.goto("/credentials/new");
  await page.keyboard.type("acme");
  await page.getByRole("link", { name: /^Acme Billing/ }).click();
  await page.getByLabel("Address", { exact: true }).fill(address);
  await page.getByLabel("API key").fill(KEY);
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await expect(page.getByText("It works", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page).toHaveURL(/\/credentials\/[0-9a-f-]{36}$/);
  await expect(page.getByText("Acme Billing · API key")).toBeVisible();
  expect(await page.content()).not.toContain(KEY);
  const id = page.url().split("/").at(-1) ?? "";
  const program = await newProgram(product);
  expect((await program.fetchSecret(id)).data).toEqual({ endpoint: address, apiKey: KEY });

  await page.goto("/settings/kinds/own_acme_billing");
  await page.getByRole("button", { name: "Delete…" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByRole("listitem")).toHaveText([/^Acme Billing: http:\/\/127\.0\.0\.1/]);
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectFitsPhone(page, "a kind of one's own");
  service.close();
});

test("an OpenAPI document makes a definition of its server and its way of signing", async ({ page }) => {
  await page.goto("/settings/kinds/new");
  await page.getByRole("radio", { name: "From an OpenAPI document" }).check();
  const document = {
    openapi: "3.1.0",
    info: { title: "Parcels" },
    servers: [{ url: "https://parcels.example.com/api" }],
    components: { securitySchemes: { key: { type: "apiKey", in: "query", name: "token" } } },
  };
  await page.getByLabel("Document (JSON or YAML)").fill("openapi: 3");
  await page.getByRole("button", { name: "Make the definition" }).click();
  await expect(page.getByText("Names no way of signing that is a key, a token or a password")).toBeVisible();
  await page.getByLabel("Document (JSON or YAML)").fill(JSON.stringify(document));
  await page.getByRole("button", { name: "Make the definition" }).click();
  await expect(page.getByLabel("Text (YAML)")).toHaveValue(/base_url: https:\/\/parcels\.example\.com\/api\n/);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("link", { name: "Parcels" })).toBeVisible();
  await page.getByRole("link", { name: "Parcels" }).click();
  await expect(page.getByText("0 credentials are of it.")).toBeVisible();
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page).toHaveURL(/\/settings\/kinds$/);
  await expect(page.getByRole("link", { name: "Parcels" })).toHaveCount(0);
});

test("a definition that somebody else saved meanwhile stands beside one's own, and nothing is lost", async ({
  page,
  api,
}) => {
  const id = `own_${randomUUID().replaceAll("-", "_")}`;
  const text = (label: string, help: string) => `schema: 1
id: ${id}
label: ${label}
credential_type: api_key

fields:
  - name: key
    kind: password
    label: Key
    help: ${help}
`;
  const save = async (method: "post" | "put", path: string, body: string) => {
    const answer = await api[method](path, { data: { text: body } });
    expect(answer.ok(), await answer.text()).toBe(true);
  };
  await save("post", "/api/integrations/kinds", text("Parcels", "From the portal."));
  await page.goto(`/settings/kinds/${id}`);
  const area = page.getByLabel("Text (YAML)");
  const saveIt = page.getByRole("button", { name: /^Save as version/ });
  const panel = page.getByRole("status").filter({ hasText: "Somebody else saved this kind" });

  // Other lines than theirs go on top of theirs.
  await area.fill(text("Parcels", "From the second page."));
  await save("put", `/api/integrations/kinds/${id}`, text("Letters", "From the portal."));
  await saveIt.click();
  await expect(panel).toContainText("Nothing was saved and nothing you typed is lost");
  await expect(panel.getByRole("row").filter({ hasText: "label: Letters" })).toContainText("label: Parcels");
  await expect(area).toHaveValue(text("Parcels", "From the second page."));
  await expectClean(page, "a definition that somebody else saved meanwhile");
  await panel.getByRole("button", { name: "Put my changes on top of theirs" }).click();
  await expect(panel).toHaveCount(0);
  await expect(area).toHaveValue(text("Letters", "From the second page."));

  // Of the same line only one can stay.
  await area.fill(text("Mine", "From the second page."));
  await save("put", `/api/integrations/kinds/${id}`, text("Theirs", "From the portal."));
  await saveIt.click();
  await expect(panel.getByRole("button", { name: "Keep my text instead of theirs" })).toBeVisible();
  await panel.getByRole("button", { name: "Drop mine, load theirs" }).click();
  await expect(area).toHaveValue(text("Theirs", "From the portal."));
  await area.fill(text("Mine", "From the portal."));
  await saveIt.click();
  await expect(page.getByRole("link", { name: "Mine", exact: true })).toBeVisible();
  expect((await api.delete(`/api/integrations/kinds/${id}`)).status()).toBe(204);
});
