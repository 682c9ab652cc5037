import { randomUUID } from "node:crypto";
import {
  type APIRequestContext,
  type Browser,
  type BrowserContext,
  test as base,
  expect,
  type Page,
  request as requests,
} from "@playwright/test";
import pg from "pg";
import { openDatabase } from "../deploy/database.mjs";
import { type Postgres, startPostgres } from "../test/servers/postgres";
import { type Product, startProduct } from "../test/servers/product";
import { type Sshd, startSshd } from "../test/servers/sshd";

export { expect };

export interface Person {
  email: string;
  password: string;
}

/** Where the tests' people are. */
const home = ["--organization", "Example Ltd"];

type Role = "org_admin" | "app_user" | "auditor" | "backoffice";

type Cookies = Awaited<ReturnType<typeof signIn>>;

/** No test lasts so long that a password checked this much before it would have to be checked again in it. */
const FRESH_MS = 100_000;

interface WorkerFixtures {
  /** Every visit of every page that it opens is over when the page can be typed into and clicked. */
  browser: Browser;
  /** A product of this worker's own, so that nothing in it changes under a test's feet. */
  product: Product;
  admin: Person;
  /** The native API as the administrator. */
  api: APIRequestContext;
  /** The administrator's cookies, of a session so young that its password counts as just checked. */
  freshCookies: () => Promise<Cookies>;
  sshd: Sshd;
  postgres: Postgres;
}

interface TestFixtures {
  /** The administrator's browser. Whatever it complains about fails the test. */
  page: Page;
  newPerson: (role: Role) => Promise<Person>;
  /** A browser of somebody else, watched like the first one. */
  pageOf: (person: Person) => Promise<Page>;
}

type BrowserFixture = ({ browser }: { browser: Browser }, use: (browser: Browser) => Promise<void>) => Promise<void>;

/** For every test that opens pages, whatever else it is built from. */
export const browserOfLivePages: [BrowserFixture, { scope: "worker" }] = [
  async ({ browser }, use) => {
    const open = browser.newContext.bind(browser);
    browser.newContext = async (options) => {
      const context = await open(options);
      if (options?.javaScriptEnabled !== false) context.on("page", visitUntilAlive);
      return context;
    };
    await use(browser);
  },
  { scope: "worker" },
];

export const test = base.extend<TestFixtures, WorkerFixtures>({
  browser: browserOfLivePages,
  product: [
    async ({ browserName: _ }, use) => {
      // The servers of test/servers are on this machine.
      const product = await startProduct({
        OUTBOUND_ALLOW: "127.0.0.0/8:1-65535,[::1]/128:1-65535,localhost:1-65535",
        LOG_LEVEL: "warn",
      });
      try {
        // Tests leave their credentials behind; the limits are tested where they are the subject.
        const limits = ["--per-provider", "1000", "--per-user", "1000"];
        await product.operate("organization", "limits", "--name", "Example Ltd", ...limits);
        await use(product);
      } finally {
        await product.stop();
      }
    },
    { scope: "worker", timeout: 240_000 },
  ],
  admin: [({ product }, use) => use(product.admin), { scope: "worker" }],
  api: [
    async ({ product, admin }, use) => {
      const token = await product.operate("token", "create", "--user", admin.email, ...home);
      const extraHTTPHeaders = { authorization: `Bearer ${token}` };
      const api = await requests.newContext({ baseURL: product.url, extraHTTPHeaders });
      await use(api);
      await api.dispose();
    },
    { scope: "worker", timeout: 180_000 },
  ],
  freshCookies: [
    async ({ product, admin }, use) => {
      let latest: { cookies: Cookies; at: number } | undefined;
      await use(async () => {
        if (!latest || Date.now() - latest.at > FRESH_MS) {
          latest = { cookies: await signIn(product, admin), at: Date.now() };
        }
        return latest.cookies;
      });
    },
    { scope: "worker" },
  ],
  sshd: [({ browserName: _ }, use) => whileUp(startSshd(), use), { scope: "worker" }],
  postgres: [({ browserName: _ }, use) => whileUp(startPostgres(), use), { scope: "worker", timeout: 180_000 }],

  baseURL: ({ product }, use) => use(product.url),
  storageState: async ({ freshCookies }, use) => use(await freshCookies()),
  page: async ({ page, product }, use) => {
    const complaints = watch(page, product.url);
    await use(page);
    expect(complaints).toEqual([]);
  },
  newPerson: async ({ product }, use) => {
    await use(async (role) => {
      const person = { email: `${role}-${randomUUID()}@example.com`, password: randomUUID() };
      const words = ["--email", person.email, "--password", person.password, "--role", role, ...home];
      await product.operate("user", "create", ...words);
      return person;
    });
  },
  pageOf: async ({ browser, product }, use, info) => {
    const opened: { context: BrowserContext; complaints: string[] }[] = [];
    await use(async (person) => {
      const storageState = await signIn(product, person);
      const context = await browser.newContext({ ...info.project.use, baseURL: product.url, storageState });
      const page = await context.newPage();
      opened.push({ context, complaints: watch(page, product.url) });
      return page;
    });
    for (const { context, complaints } of opened) {
      await context.close();
      expect(complaints).toEqual([]);
    }
  },
});

async function whileUp<Server extends { stop: () => Promise<void> }>(
  starting: Promise<Server>,
  use: (server: Server) => Promise<void>,
): Promise<void> {
  const server = await starting;
  await use(server);
  await server.stop();
}

/** A refusal that the page shows is no fault of the page; the browser logs it all the same. */
const REFUSED = /Failed to load resource: the server responded with a status of 4\d\d/;

/** Collects what no page may do: complain, break its content security policy, or ask anybody but our own server. */
function watch(page: Page, origin: string): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    const isBad = message.type() === "error" || message.type() === "warning" || /Content Security Policy/.test(text);
    // What a test breaks on purpose.
    if (isBad && !REFUSED.test(text) && !text.includes("net::ERR_FAILED")) complaints.push(`console: ${text}`);
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== origin) complaints.push(`request to ${url.origin}`);
  });
  return complaints;
}

/**
 * Waits until React has all of a page that came whole from the server. Clicks are faster here than a person's: what
 * comes before is lost.
 */
export async function alive(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const controls = [...document.querySelectorAll("main :is(button, input, textarea, select)")];
    return controls.every((control) => Object.keys(control).some((key) => key.startsWith("__reactProps")));
  });
}

/** A visit is over when the page can be typed into and clicked. */
function visitUntilAlive(page: Page): void {
  const visit = page.goto.bind(page);
  page.goto = async (url, options) => {
    const answer = await visit(url, options);
    if (options?.waitUntil !== "commit") await alive(page);
    return answer;
  };
}

/** Signs in without a page, as the sign-in form does. Whether it worked shows in the session, not in the status. */
export async function signIn(product: Product, { email, password }: Person) {
  const visitor = await requests.newContext({ baseURL: product.url });
  const { csrfToken } = await (await visitor.get("/api/auth/csrf")).json();
  await visitor.post("/api/auth/callback/credentials", { form: { csrfToken, email, password, json: "true" } });
  expect(await (await visitor.get("/api/auth/session")).json()).toMatchObject({ user: { email } });
  const state = await visitor.storageState();
  await visitor.dispose();
  return state;
}

/** As if everybody who is signed in had last been asked for their password longer ago than that counts. */
export const ageThePasswordChecks = (product: Product): Promise<void> =>
  inDatabase(product, "UPDATE session SET password_checked_at = now() - interval '301 seconds'");

/** As if whoever is slowed at signing in had tried for so long that their waits are long. */
export const prolongSignInWaits = (product: Product): Promise<void> =>
  inDatabase(product, "UPDATE rate_limit SET expire = expire + 600000 WHERE key LIKE 'sign-in-wait:%'");

/** As if whoever reaches everything had done so before access was given one by one. */
export const asIfFromBefore = (product: Product): Promise<void> =>
  inDatabase(product, "UPDATE access_grant SET from_before = true WHERE reach = 'all'");

async function inDatabase({ folder }: Product, statement: string): Promise<void> {
  const database = await openDatabase(folder);
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  await client.query(statement);
  await client.end();
  await database.leave();
}

export interface Made {
  id: string;
  name: string;
}

const values: Record<string, { credential_type: string; credentials: Record<string, unknown> }> = {
  postgresql: {
    credential_type: "user_password",
    credentials: { host: "db.example.com", port: 5432, database: "app", username: "reader", password: "stored-s3cret" },
  },
  sftp: {
    credential_type: "user_password",
    credentials: { host: "sftp.example.com", port: 22, username: "alice", password: "stored-s3cret" },
  },
};

/** A credential made by a program, under a name of its own. */
export async function newCredential(api: APIRequestContext, provider = "postgresql", more: object = {}): Promise<Made> {
  const body = { provider, ...values[provider], name: `${provider} ${randomUUID()}`, ...more };
  const answer = await api.post("/api/integrations/credentials", { data: body });
  expect(answer.status(), await answer.text()).toBe(201);
  return answer.json();
}

/** What somebody else does to a credential meanwhile. */
export async function changeCredential(api: APIRequestContext, id: string, change: object): Promise<void> {
  const headers = { "content-type": "application/merge-patch+json" };
  const answer = await api.patch(`/api/integrations/credentials/${id}`, { headers, data: JSON.stringify(change) });
  expect(answer.status(), await answer.text()).toBe(200);
}

/** Lets a program fetch every credential there is. */
export const letUseEverything = (product: Product, name: string): Promise<string> =>
  product.operate("grant", "add", "--service-account", name, "--everything", "--right", "use", ...home);

/** A program with a token of its own, which may use everything or nothing yet: what it fetches is what workflows get. */
export async function newProgram(product: Product, reaches: "everything" | "nothing" = "everything") {
  const name = `Engine ${randomUUID()}`;
  await product.operate("service-account", "create", "--name", name, ...home);
  if (reaches === "everything") await letUseEverything(product, name);
  const token = await product.operate("token", "create", "--service-account", name, ...home);
  const fetchSecret = async (id: string) => {
    const program = await requests.newContext({
      baseURL: product.url,
      extraHTTPHeaders: { authorization: `Bearer ${token}` },
    });
    const answer = await program.get(`/api/integrations/credentials/${id}/credentials`);
    const fetched = { status: answer.status(), data: await answer.json() };
    await program.dispose();
    return fetched;
  };
  return { name, token, fetchSecret };
}
