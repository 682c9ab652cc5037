import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import {
  columnsOf,
  FLOWISE_INSERT,
  FLOWISE_TABLES,
  type FlowiseRow,
  flowiseDatabase,
  flowiseKey,
  flowiseRow,
} from "../../test/importers/flowise";
import { expect, newProgram, test } from "../fixtures";
import { expectClean } from "../visual-checks";

const key = flowiseKey();
const secretOf = (row: FlowiseRow) => ({ openAIApiKey: `sk-of-${row.id}` });
const openAi = (more: Partial<FlowiseRow> = {}): FlowiseRow => {
  const id = more.id ?? randomUUID();
  return flowiseRow({ openAIApiKey: `sk-of-${id}` }, key, { name: `Flow ${id}`, id, ...more });
};
const fileOf = (bytes: Uint8Array, name = "database.sqlite") => ({
  name,
  mimeType: "application/octet-stream",
  buffer: Buffer.from(bytes),
});

test.beforeEach(async ({ page }) => {
  await page.goto("/import");
});

async function previewFlowise(page: Page, bytes: Uint8Array, passphrase = key): Promise<void> {
  await page.getByLabel("SQLite file", { exact: false }).last().setInputFiles(fileOf(bytes));
  await page.getByLabel("Encryption key").fill(passphrase);
  await page.getByRole("button", { name: "Preview" }).click();
}

const rowsOf = (page: Page) => page.getByRole("table", { name: "Rows of the source" });

test("a Flowise database is previewed, then imported, and its flows' ids fetch what it held", async ({
  page,
  product,
}) => {
  const [one, two] = [openAi(), openAi({ credentialName: "ourOwnApi" })];
  await previewFlowise(page, await flowiseDatabase([one, two]));
  await expect(page.getByRole("heading", { name: "Preview" })).toBeFocused();
  await expect(rowsOf(page).getByRole("row", { name: one.name })).toContainText("Will be imported");
  await expect(rowsOf(page).getByRole("row", { name: two.name })).toContainText("not known here");
  const { fetchSecret } = await newProgram(product);
  expect((await fetchSecret(one.id)).status).toBe(404);
  await page.getByRole("button", { name: "Import 2 credentials" }).click();
  await expect(page.getByRole("heading", { name: "Result" })).toBeFocused();
  await expect(page.getByText("2 credentials imported")).toBeVisible();
  for (const row of [one, two]) {
    expect(await fetchSecret(row.id)).toMatchObject({ status: 200, data: secretOf(row) });
  }
  await expect(page.getByLabel("Encryption key")).toHaveValue("");
  await page.getByRole("link", { name: one.name }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(one.name);
  await page.goto("/audit");
  await expect(
    page.getByRole("table", { name: "Audit events" }).getByText("Imported a credential").first(),
  ).toBeVisible();
});

test("a wrong key is said at its field, and nothing is imported", async ({ page, product }) => {
  const row = openAi();
  await previewFlowise(page, await flowiseDatabase([row]), flowiseKey());
  await expect(page.getByLabel("Encryption key")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByText("It does not open the one encrypted credential", { exact: false })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Import/ })).toHaveCount(0);
  expect((await (await newProgram(product)).fetchSecret(row.id)).status).toBe(404);
  await page.getByLabel("Encryption key").fill(key);
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.getByRole("button", { name: "Import 1 credential" })).toBeVisible();
});

test("rows that cannot be taken are named, can be looked at alone, and keep nobody else out", async ({ page }) => {
  const good = openAi();
  const locked = flowiseRow({ openAIApiKey: "x" }, flowiseKey(), { name: `Locked ${randomUUID()}` });
  const elsewhere = openAi({ encryptedData: "FlowiseCredential_prod" });
  await previewFlowise(page, await flowiseDatabase([good, locked, elsewhere]));
  await page.getByRole("radio", { name: "Cannot be decrypted 2" }).check();
  await expect(rowsOf(page).getByRole("row")).toHaveCount(3);
  await expect(rowsOf(page).getByRole("row", { name: locked.name })).toContainText("saved under another one");
  await expect(rowsOf(page).getByRole("row", { name: elsewhere.name })).toContainText("AWS Secrets Manager");
  await page.getByRole("button", { name: "Import 1 credential" }).click();
  await expect(page.getByText("1 credential imported")).toBeVisible();
  await expect(page.getByText("2 credentials could not be taken", { exact: false })).toBeVisible();
  await previewFlowise(page, await flowiseDatabase([good]));
  await expect(page.getByText("There is nothing to import")).toBeVisible();
  await expect(rowsOf(page).getByRole("row", { name: good.name })).toContainText("Already here");
});

test("a database of many megabytes arrives whole", async ({ page }) => {
  const row = openAi();
  // What Next by itself would pass on of a body is ten megabytes.
  const bytes = await flowiseDatabase([row, ...bulk(13)]);
  expect(bytes.length).toBeGreaterThan(12_000_000);
  await previewFlowise(page, bytes);
  await expect(page.getByRole("button", { name: "Import 1 credential" })).toBeVisible({ timeout: 30_000 });
});

/** Rows of nearly a megabyte each, which are no credentials. */
const bulk = (count: number) => Array.from({ length: count }, () => openAi({ encryptedData: "A".repeat(950_000) }));

test("Flowise's PostgreSQL is read at its address", async ({ page, postgres }) => {
  const schema = `flowise_${randomUUID().slice(0, 8)}`;
  const row = openAi();
  await postgres.query(`CREATE DATABASE ${schema} OWNER app_reader`);
  const { Client } = (await import("pg")).default;
  const { port, username: user, password } = postgres;
  const client = new Client({ host: "localhost", port, user, password, database: schema });
  await client.connect();
  await client.query(FLOWISE_TABLES);
  await client.query(`${FLOWISE_INSERT} VALUES ($1, $2, $3, $4, $5, $6, $7)`, columnsOf(row));
  await client.end();
  await page.getByRole("radio", { name: "Database address" }).check();
  const address = page.getByLabel("Database address").last();
  await page.getByLabel("Encryption key").fill(key);
  await address.fill(`postgresql://${user}:wrong@localhost:${port}/${schema}`);
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.getByText("refused this user name and password", { exact: false })).toBeVisible();
  await address.fill(`postgresql://${user}:${password}@localhost:${port}/${schema}`);
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByRole("button", { name: "Import 1 credential" }).click();
  await expect(page.getByText("1 credential imported")).toBeVisible();
});

test("exports of n8n and Airflow come in by the same road", async ({ page, product }) => {
  const [n8nName, conn] = [`Stripe ${randomUUID()}`, `pg-${randomUUID()}`];
  const n8n = [{ id: randomUUID().slice(0, 8), name: n8nName, type: "stripeApi", data: { secretKey: "sk-n8n" } }];
  await page.getByRole("radio", { name: "n8n" }).check();
  await page.getByLabel("Export file").setInputFiles(fileOf(Buffer.from(JSON.stringify(n8n)), "credentials.json"));
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByRole("button", { name: "Import 1 credential" }).click();
  await expect(page.getByText("1 credential imported")).toBeVisible();
  await page.getByRole("radio", { name: "Apache Airflow" }).check();
  const airflow = `${conn}=postgres://reader:p%40ss@db.example.com:5432/app?sslmode=require\n`;
  await page.getByLabel("Export file").setInputFiles(fileOf(Buffer.from(airflow), "connections.env"));
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByRole("button", { name: "Import 1 credential" }).click();
  const link = rowsOf(page).getByRole("link", { name: conn });
  const id = (await link.getAttribute("href"))?.split("/").at(-1) ?? "";
  const { fetchSecret } = await newProgram(product);
  expect((await fetchSecret(id)).data).toMatchObject({ host: "db.example.com", password: "p@ss", sslmode: "require" });
});

test("what came in and can be tested is tested from the result, with an outcome for each", async ({
  page,
  postgres,
}) => {
  const { port, username: user, password } = postgres;
  const place = { host: "localhost", port, database: "postgres", user };
  const rows = [
    { name: `Good ${randomUUID()}`, data: { ...place, password } },
    { name: `Bad ${randomUUID()}`, data: { ...place, password: "wrong" } },
    { name: `Open ${randomUUID()}`, data: { host: "localhost" } },
  ];
  const [good, bad, open] = rows;
  const n8n = rows.map((row) => ({ ...row, id: randomUUID().slice(0, 8), type: "postgres" }));
  await page.getByRole("radio", { name: "n8n" }).check();
  await page.getByLabel("Export file").setInputFiles(fileOf(Buffer.from(JSON.stringify(n8n)), "credentials.json"));
  await page.getByRole("button", { name: "Preview" }).click();
  const line = (name = "") => rowsOf(page).getByRole("row", { name });
  await expect(line(open?.name)).toContainText("needs what is missing: password");
  await expect(page.getByRole("button", { name: "Test all that can be tested" })).toHaveCount(0);
  await page.getByRole("button", { name: "Import 3 credentials" }).click();
  await expect(line(good?.name)).toContainText("Next: Test it.");
  await expect(page.getByText("2 of what came in can be tested")).toBeVisible();
  await page.getByRole("button", { name: "Test all that can be tested" }).click();
  await expect(page.getByText("2 tested, 1 work")).toBeVisible({ timeout: 30_000 });
  await expect(line(good?.name)).toContainText("Works");
  await expect(line(good?.name)).not.toContainText("Next:");
  await expect(line(bad?.name)).toContainText("Wrong credentials");
  await expect(line(bad?.name)).toContainText("Next: Read on its page what the test says to do.");
  await expectClean(page, "tested report");
});

test("rows of Airflow that are still encrypted open with its key, which need not be given for others", async ({
  page,
}) => {
  const [name, sealed] = [`fernet-${randomUUID()}`, FERNET];
  const rows = [{ conn_id: name, conn_type: "slack", password: sealed.token, is_encrypted: "True" }];
  await page.getByRole("radio", { name: "Apache Airflow" }).check();
  await page.getByLabel("Export file").setInputFiles(fileOf(Buffer.from(JSON.stringify(rows)), "connections.json"));
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(rowsOf(page).getByRole("row", { name })).toContainText("Still encrypted in this export: password");
  await page.getByLabel("Fernet key").fill(flowiseKey());
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.getByText("A Fernet key is 44 characters", { exact: false })).toBeVisible();
  await page.getByLabel("Fernet key").fill(sealed.key);
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.getByRole("button", { name: "Import 1 credential" })).toBeVisible();
});

/** The vector of the Fernet specification. */
const FERNET = {
  key: "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=",
  token: "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==",
};

test("a preview is forgotten when the form changes", async ({ page }) => {
  await previewFlowise(page, await flowiseDatabase([openAi()]));
  await expect(page.getByRole("heading", { name: "Preview" })).toBeVisible();
  await page.getByLabel("Workspace").fill("elsewhere");
  await expect(page.getByRole("heading", { name: "Preview" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^Import/ })).toHaveCount(0);
});

test("a form with errors and a report are free of what axe finds", async ({ page }) => {
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.getByText("Choose a file")).toBeVisible();
  await expectClean(page, "form with errors");
  await previewFlowise(page, await flowiseDatabase([openAi(), openAi({ encryptedData: "FlowiseCredential_x" })]));
  await expect(page.getByRole("heading", { name: "Preview" })).toBeVisible();
  await expectClean(page, "report");
});
