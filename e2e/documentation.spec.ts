import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Page } from "@playwright/test";
import pg from "pg";
import {
  columnsOf,
  FLOWISE_INSERT,
  FLOWISE_TABLES,
  flowiseDatabase,
  flowiseKey,
  flowiseRow,
} from "../test/importers/flowise";
import { makeToken } from "../test/servers/key-services";
import { startProduct } from "../test/servers/product";
import { settingsFor } from "../test/servers/sign-in-providers";
import { commandsOf, type Pasted, pages, paste, typedIn } from "./documented";
import { connectedHere, expect, test as withProviders } from "./providers";

/** A hardware module in software, for keys.md. */
const token = makeToken();

/** A product that offers all that the pages speak of. Keys are rotated here, so it is nobody else's. */
const test = withProviders.extend({
  product: [
    async ({ providers, postgres }, use) => {
      const product = await startProduct({
        OUTBOUND_ALLOW: "127.0.0.0/8:1-65535,localhost:1-65535",
        SUPERAI_PASSWORD_GRANT: "on",
        MANAGED_DATABASE_URL: await makerAt(postgres),
        ...token.environment,
        ...settingsFor(providers),
      });
      for (const server of [providers.google, providers.microsoft])
        server.open(["google", "sharepoint"].map((name) => `${product.url}/api/integrations/${name}/callback`));
      await use(product);
      await product.stop();
    },
    { scope: "worker", timeout: 240_000 },
  ],
});
test.afterAll(() => token.remove());
test.describe.configure({ mode: "default" });
test.setTimeout(240_000);

const firstMinutes = commandsOf("README.md");
/** The README's variables without what it does with them; each page has a service account of its own name. */
const variables = () =>
  firstMinutes.slice(0, 1).map((block) => block.replaceAll("workflows", `workflows-${randomUUID()}`));
const covered: string[] = [];

function expectDone({ statuses, code, said }: Pasted, requests: number): void {
  expect(statuses.length).toBeGreaterThanOrEqual(requests);
  expect(
    statuses.filter((line) => !/^2\d\d /.test(line)),
    said.slice(-2_000),
  ).toEqual([]);
  expect(code, said.slice(-2_000)).toBe(0);
}

/** The name of a test of a page's commands, from top to bottom. */
function of(page: string, what: string): string {
  covered.push(page);
  return `${page}: ${what}`;
}

test(of("README.md", "the first five minutes end in a fetch of the new value"), async ({ product }) => {
  const done = await paste(product, firstMinutes);
  expectDone(done, 5);
  expect(done.said.trim().endsWith("}")).toBe(true);
  expect(done.said).toContain('"password":"second"');
  expect(done.said).toContain("It reaches nothing yet");
});

test(of("docs/access.md", "every command does what it says beside the running server"), async ({ product }) => {
  expectDone(await paste(product, [...variables(), ...commandsOf("docs/access.md")]), 1);
});

test(of("docs/api-native.md", "every line answers as it says"), async ({ product, page: browser, providers: _ }) => {
  const accounts = { ACCOUNT: await signedIn(browser, "sharepoint"), DRIVE_ACCOUNT: await signedIn(browser, "google") };
  const site = "contoso.sharepoint.com,11111111-1111-4111-8111-111111111111,22222222-2222-4222-8222-222222222220";
  const words = { "site_id=SITE": `site_id=${site}`, "drive_id=DRIVE": "drive_id=b!drive-one" };
  const blocks = [...variables(), ...commandsOf("docs/api-native.md")];
  expectDone(await paste(product, blocks, { variables: accounts, words }), 30);
});

test(of("docs/api-litegraph.md", "every line answers as it says"), async ({ product }) => {
  expectDone(await paste(product, [...variables(), ...commandsOf("docs/api-litegraph.md")]), 15);
});

test(of("docs/api-flowise.md", "every line answers as it says"), async ({ product }) => {
  expectDone(await paste(product, [...variables(), ...commandsOf("docs/api-flowise.md")]), 8);
});

test(of("docs/rotation.md", "a password is rotated at its server"), async ({ product, postgres }) => {
  const role = `rotated_${randomUUID().slice(0, 8)}`;
  await postgres.query(`CREATE ROLE ${role} LOGIN PASSWORD 'first of the rotation'`);
  const data = { host: postgres.host, port: postgres.port, database: "app", username: role, sslmode: "require" };
  const credentials = JSON.stringify({ ...data, password: "first of the rotation" });
  const create = `DATABASE=$(curl -s $API/integrations/credentials -H "Authorization: Bearer $USER_TOKEN" -H 'Content-Type: application/json' \
    -d '{"provider":"postgresql","credential_type":"user_password","name":"${role}","credentials":${credentials}}' | sed 's/.*"id":"\\([^"]*\\)".*/\\1/')`;
  const done = await paste(product, [...variables(), create, ...commandsOf("docs/rotation.md")]);
  // It is done at once, so there is nothing to call off.
  expect(done.statuses.filter((line) => /^409 DELETE /.test(line))).toHaveLength(1);
  expectDone({ ...done, statuses: done.statuses.filter((line) => !/^409 DELETE /.test(line)) }, 4);
  expect(done.said).toMatch(/"state":"done"/);
});

test(of("docs/importing.md", "what three systems kept comes in"), async ({ product, postgres }) => {
  const home = mkdtempSync(join(tmpdir(), "latchkey-home-"));
  const key = flowiseKey();
  const rows = [flowiseRow({ openAIApiKey: "sk-example" }, key), flowiseRow({ openAIApiKey: "sk-example-2" }, key)];
  const address = await flowiseAt(postgres, rows);
  const workflow = { id: randomUUID(), name: "Payments", type: "stripeApi", data: { secretKey: "sk" } };
  const connection = { supplier: { conn_type: "sftp", host: "sftp.example.com", login: "a", password: "b" } };
  const files = {
    ".flowise/database.sqlite": await flowiseDatabase(rows),
    ".flowise/encryption.key": `${key}\n`,
    "credentials.json": JSON.stringify([workflow]),
    "connections.json": JSON.stringify(connection),
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), content);
  }
  const words = { "postgresql://flowise:PASSWORD@db.example.com/flowise": address };
  try {
    expectDone(await paste(product, commandsOf("docs/importing.md"), { home, words }), 0);
  } finally {
    rmSync(home, { recursive: true });
  }
});

test(of("docs/keys.md", "the key moves to a hardware module, a new one comes of it, and back"), async ({ product }) => {
  const done = await paste(product, commandsOf("docs/keys.md"), { settings: token.environment });
  expectDone(done, 1);
  expect(done.said).toMatch(/the key is wrapped by pkcs11/);
  expect(done.said).toMatch(/everything is under key/);
});

test(
  of("docs/operate.md", "every question has an answer that works beside the running server"),
  async ({ product }) => {
    const home = mkdtempSync(join(tmpdir(), "latchkey-home-"));
    const settings = { ...token.environment, PORT: new URL(product.url).port };
    const done = await paste(product, commandsOf("docs/operate.md"), { home, settings });
    rmSync(home, { recursive: true });
    expectDone(done, 1);
    expect(done.said).not.toMatch(/^failure /m);
  },
);

test(of("docs/operating.md", "every command does what it says beside the running server"), async ({ product }) => {
  expectDone(await paste(product, commandsOf("docs/operating.md")), 1);
});

test(of("docs/audit-streams.md", "the key that seals are checked with is printed"), async ({ product }) => {
  const done = await paste(product, commandsOf("docs/audit-streams.md"));
  expectDone(done, 0);
  expect(done.said).toContain("BEGIN PUBLIC KEY");
});

test(
  of("docs/backup.md", "a backup is made beside the running server, and proves to be whole"),
  async ({ product }) => {
    const home = mkdtempSync(join(tmpdir(), "latchkey-home-"));
    try {
      const done = await paste(product, commandsOf("docs/backup.md"), { home });
      expectDone(done, 0);
      expect(done.said).toMatch(/ rows as of .*It opens with key [0-9a-f]{16}/);
      expect(done.said).toContain("Whole and ours");
    } finally {
      rmSync(home, { recursive: true });
    }
  },
);

test("no page has commands that are not run here", () => {
  const others = pages.filter((name) => commandsOf(name).length > 0 && !covered.includes(name));
  expect(others).toEqual([]);
});

test("what is typed in the folder is a script of the package, with the settings that these products are started by", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
  const commands = pages.flatMap(typedIn).filter((line) => /\bnpm /.test(line));
  expect(commands.length).toBeGreaterThan(2);
  for (const line of commands) {
    const [, name = ""] = /\bnpm (?:run )?([a-z:]+)$/.exec(line) ?? [];
    expect(Object.keys(scripts), line).toContain(name);
  }
  const named = pages.flatMap((name) => [...readFileSync(name, "utf8").matchAll(/`npm (?:run )?([a-z:]+)`/g)]);
  for (const [line, name] of named) expect(Object.keys(scripts), line).toContain(name);
});

test("every page that another one leads to is there, with the heading that is named", () => {
  const broken = pages.flatMap((name) =>
    [...readFileSync(name, "utf8").matchAll(/\]\((?!https?:)([^)#\s]*)(#[^)\s]*)?\)/g)].flatMap(([, path, anchor]) =>
      leadsSomewhere(path ? join(dirname(name), path) : name, anchor) ? [] : [`${name}: ${path}${anchor ?? ""}`],
    ),
  );
  expect(broken).toEqual([]);
});

function leadsSomewhere(path: string, anchor: string | undefined): boolean {
  try {
    if (anchor === undefined) return readFileSync(path).length > 0;
    const headings = [...readFileSync(path, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) => text);
    return headings.some(
      (text) =>
        `#${text
          .toLowerCase()
          .replace(/[^\p{L}\d -]/gu, "")
          .replaceAll(" ", "-")}` === anchor,
    );
  } catch {
    // A folder is there as well.
    return anchor === undefined && existsSync(path);
  }
}

/** The id of an account that a person has connected in the console. */
async function signedIn(browser: Page, provider: "google" | "sharepoint"): Promise<string> {
  await browser.goto(`/credentials/new/${provider}`);
  const popup = browser.waitForEvent("popup");
  await browser.getByRole("button", { name: /^Connect with/ }).press("Enter");
  await (await popup).waitForEvent("close");
  return connectedHere(browser);
}

interface Reachable {
  host: string;
  port: number;
  query: (sql: string) => Promise<unknown>;
}

/** A role that may make databases for organisations. */
async function makerAt({ host, port, query }: Reachable): Promise<string> {
  await query("CREATE ROLE documented_maker LOGIN CREATEROLE CREATEDB PASSWORD 'maker of databases'");
  return `postgresql://documented_maker:maker%20of%20databases@${host}:${port}/postgres?sslmode=require`;
}

/** A Flowise that keeps its credentials in PostgreSQL. */
async function flowiseAt({ host, port, query }: Reachable, rows: Parameters<typeof columnsOf>[0][]): Promise<string> {
  await query("CREATE ROLE documented_flowise LOGIN PASSWORD 'example'");
  await query("CREATE DATABASE flowise OWNER documented_flowise");
  const address = `postgresql://documented_flowise:example@${host}:${port}/flowise`;
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  await client.query(FLOWISE_TABLES);
  for (const row of rows) await client.query(`${FLOWISE_INSERT} VALUES ($1, $2, $3, $4, $5, $6, $7)`, columnsOf(row));
  await client.end();
  return address;
}
