import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type APIResponse, type BrowserContext, expect, type Page, type Response, test } from "@playwright/test";
import { type CredentialData, type Method, obtainedBy, type Provider } from "@/lib/providers/define";
import { Canaries, plantedValues, refusedValues } from "../test/canaries";
import { type Product, startProduct } from "../test/servers/product";

/**
 * Secrets are planted in every field of every kind of credential, through the API and the console, and looked for in
 * everything that the product shows, says and keeps.
 */
const marks = new Canaries();
const NAME = `Known ${randomUUID()}`;
const REQUEST_ID = `known-${randomUUID()}`;
const PATH = "/api/integrations/credentials";
const pages: string[] = [];
const ids: string[] = [];
const unread: string[] = [];
let seen = "";
let product: Product;
let context: BrowserContext;
let page: Page;
let token: string;

test.describe.configure({ mode: "serial", timeout: 120_000 });

test.beforeAll(async ({ browser }) => {
  test.setTimeout(180_000);
  product = await startProduct({ LOG_LEVEL: "debug" });
  token = await product.operate("token", "create", "--user", product.admin.email);
  marks.lookFor("an API token", Buffer.from(token));
  marks.lookFor("the administrator's password", Buffer.from(product.admin.password));
  context = await browser.newContext({ baseURL: product.url });
  page = await context.newPage();
  page.on("response", (response) => void look(response));
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(product.admin.email);
  await page.getByLabel("Password").fill(product.admin.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/credentials/);
});

test.afterAll(async () => {
  await context?.close();
  await product?.stop();
});

/** Reads an answer whole: head and body. What the browser has thrown away already is asked for again below. */
async function look(response: Response | APIResponse): Promise<string> {
  const body = await response.body().catch(() => Buffer.alloc(0));
  const text = `${JSON.stringify(response.headers())}\n${body.toString()}`;
  const found = marks.foundIn(text);
  if (found.length > 0) unread.push(`${response.url()}: ${found.join(", ")}`);
  seen += text.includes(NAME) ? NAME : "";
  return text;
}

/** One request with the API token, or with the browser's cookie when it is the console's. */
async function send(
  method: string,
  path: string,
  data?: unknown,
  more: Record<string, string> = {},
): Promise<APIResponse> {
  const own: Record<string, string> = path.startsWith("/api/")
    ? { authorization: `Bearer ${token}` }
    : { origin: product.url };
  const headers = { "x-request-id": REQUEST_ID, "content-type": "application/json", ...own, ...more };
  const response = await context.request.fetch(path, {
    method,
    headers,
    ...(data !== undefined && { data: JSON.stringify(data) }),
  });
  expect(marks.foundIn(await look(response)), `${method} ${path} ${response.status()}`).toEqual([]);
  return response;
}

async function catalogue(): Promise<{ id: string; method: Method }[]> {
  const folder = fileURLToPath(new URL("../lib/providers", import.meta.url));
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const found = await Promise.all(folders.map(({ name }) => definitionIn(name)));
  return found.flatMap((provider) => provider?.methods.map((method) => ({ id: provider.id, method })) ?? []);
}

const definitionIn = (name: string): Promise<Provider | undefined> =>
  import(`../lib/providers/${name}/definition.ts`).then(
    ({ definition }) => definition,
    () => undefined,
  );

test("secrets are taken through the API and come out of no answer", async () => {
  const kinds = await catalogue();
  expect(kinds.length).toBeGreaterThanOrEqual(9);
  for (const { id, method } of kinds) {
    for (const credentials of plantedValues(id, method, marks)) {
      const body = { provider: id, credential_type: method.type, credentials, name: `${NAME} ${randomUUID()}` };
      const made = await send("POST", PATH, body, { "idempotency-key": randomUUID() });
      // What is made by a sign-in may also be brought along whole, with its tokens.
      const whole =
        obtainedBy(method, credentials) === "values" || credentials.refresh_token || credentials.access_token;
      expect(made.status()).toBe(whole ? 201 : 400);
      if (made.status() !== 201) continue;
      ids.push((await made.json()).id);
      await send("PATCH", `${PATH}/${ids.at(-1)}`, { credentials }, { "content-type": "application/merge-patch+json" });
    }
  }
  expect((await send("GET", PATH)).status()).toBe(200);
});

test("refused values come out of no answer, of the API or of the console", async () => {
  for (const { id, method } of await catalogue()) {
    const [values = {} as CredentialData] = plantedValues(id, method, marks);
    for (const name of Object.keys(method.fields)) {
      const secret = marks.secret(`${id} ${method.type} ${name} refused`);
      for (const value of refusedValues(method, name, secret).slice(2)) {
        const bad = { ...values, [name]: value };
        const body = { provider: id, credential_type: method.type, credentials: bad };
        expect([400, 422]).toContain((await send("POST", PATH, body)).status());
        const tried = await send("POST", "/credentials/test", { provider: id, type: method.type, data: bad });
        expect(await tried.text()).toMatch(/"(code|error)"/);
      }
      const shapeless = { provider: id, type: secret, data: { [name]: secret } };
      expect((await send("POST", "/credentials/test", shapeless)).status()).toBe(422);
    }
  }
});

test("a secret that is typed into the console's forms does not come back", async () => {
  await page.goto("/credentials/new/sftp");
  await page.getByLabel("Host", { exact: true }).fill("127.0.0.1");
  await page.getByRole("textbox", { name: "User name" }).fill("alice");
  await page.getByLabel("Password", { exact: true }).fill(marks.secret("the form of the console"));
  await page.getByLabel("Name (optional)").fill(`${NAME} typed`);
  await page.getByRole("button", { name: /^Test/ }).first().click();
  await expect(page.getByText("OUTBOUND_ALLOW").first()).toBeVisible();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page).toHaveURL(/\/credentials\/[0-9a-f-]{36}$/);
  ids.push(new URL(page.url()).pathname.split("/")[2] ?? "");
  await page.goto(`/credentials/${ids.at(-1)}/edit`);
  await page.getByRole("radio", { name: "Replace" }).check();
  await page.getByLabel("New password").fill(marks.secret("the edit of the console"));
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/credentials/${ids.at(-1)}$`));
  await expect(page.getByRole("heading", { name: `${NAME} typed` })).toBeVisible();
});

test("a link, a password and a token are shown to those they are for, once", async ({ browser }) => {
  // Pages that are not looked into: these show what no other may.
  const [admin, guest] = [
    await context.newPage(),
    await (await browser.newContext({ baseURL: product.url })).newPage(),
  ];
  await admin.goto("/people");
  await admin.getByRole("button", { name: "Invite", exact: true }).click();
  await admin.getByRole("dialog").getByLabel("E-mail address").fill("guest@example.com");
  await admin.getByRole("button", { name: "Make the link" }).click();
  const link = (await admin.getByTestId("once").textContent()) ?? "";
  marks.lookFor("a one-time link", Buffer.from(new URL(link).hash.slice(1)));
  await admin.goto("/tokens");
  await admin.getByRole("button", { name: "New token" }).click();
  await admin.getByLabel("Name").fill(`${NAME} token`);
  await admin.getByRole("button", { name: "Create the token" }).click();
  for (const which of ["issued", "rotated"]) {
    const shown = (await admin.getByTestId("once").textContent()) ?? "";
    marks.lookFor(`a token that was ${which}`, Buffer.from(shown));
    await admin.getByRole("button", { name: "I have stored it" }).click();
    if (which === "rotated") break;
    await admin.getByRole("button", { name: `Actions for ${NAME} token` }).click();
    await admin.getByRole("menuitem", { name: "Rotate…" }).click();
    await admin.getByRole("dialog").getByRole("button", { name: "Rotate", exact: true }).click();
  }
  await admin.close();
  // Somebody else's browser is looked into again; the link shows it nothing of its secret.
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "Somebody else is signed in" })).toBeVisible();
  await guest.goto(link);
  const password = marks.secret("a password set by a link");
  await guest.getByLabel("Password", { exact: true }).fill(password);
  await guest.getByLabel("Password again").fill(password);
  await guest.getByRole("button", { name: "Set the password and sign in" }).click();
  await expect(guest).toHaveURL(/\/credentials/);
  await guest.context().close();
});

test("no page, no payload and no feed of the console holds one", async () => {
  const tabs = ["", "/configuration", "/tests", "/activity", "/edit"];
  const feeds = ["", "/history", "/changes?since=0", "/usage", "/tests"];
  const typed = ids.at(-1) ?? "";
  const kinds = [...new Set((await catalogue()).map(({ id }) => id))];
  pages.push("/credentials", "/credentials?q=known", "/credentials/new", "/audit", "/tokens", "/service-accounts");
  const [home] = await (await send("GET", "/api/admin/organizations")).json();
  pages.push("/people", "/organizations", `/organizations/${home.id}`);
  pages.push("/settings", "/account", ...kinds.map((id) => `/credentials/new/${id}`));
  for (const id of ids) pages.push(...tabs.map((tab) => `/credentials/${id}${tab}`));
  for (const path of pages) {
    for (const headers of [{}, { rsc: "1" }] as Record<string, string>[]) {
      const answer = await send("GET", path, undefined, { accept: "text/html", ...headers });
      expect([200, 404], path).toContain(answer.status());
    }
  }
  const read = [
    "/credentials/feed",
    "/credentials/feed/facets",
    "/people/feed",
    "/organizations/feed",
    "/tokens/feed",
    "/tokens/feed?whose=own",
    "/audit/export",
    ...ids.flatMap((id) => feeds.map((feed) => `/credentials/${id}/feed${feed}`)),
  ];
  for (const path of read) expect((await send("GET", path)).status(), path).toBe(200);
  for (const path of ["/credentials", "/audit", ...tabs.map((tab) => `/credentials/${typed}${tab}`)]) {
    await page.goto(path);
    await expect(page.getByText(NAME).first()).toBeAttached();
    expect(marks.foundIn(await page.content()), path).toEqual([]);
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.title]),
    );
    expect(marks.foundIn(kept)).toEqual([]);
  }
  expect(unread).toEqual([]);
  expect(seen).toContain(NAME);
});

test("neither what the process said nor the files of its data folder hold one", async () => {
  for (const { name, value } of await context.cookies()) {
    if (name.includes("session-token")) marks.lookFor("the session's cookie", Buffer.from(value.slice(0, 120)));
  }
  expect(marks.foundIn(product.output())).toEqual([]);
  expect(product.output()).toContain(REQUEST_ID);
  expect(filesWith(marks.spellings())).toEqual([]);
  // The database keeps names as they are, so a search that works finds them.
  expect(filesWith([NAME]).length).toBeGreaterThan(0);
});

/** The files under the data folder that hold one of these texts, whatever else is in them. */
function filesWith(texts: string[]): string[] {
  const list = join(tmpdir(), `latchkey-needles-${randomUUID()}`);
  writeFileSync(list, texts.join("\n"), { mode: 0o600 });
  try {
    const args = ["-r", "-l", "-a", "-i", "-F", "-f", list, product.folder];
    return execFileSync("grep", args, { env: { ...process.env, LC_ALL: "C" }, encoding: "utf8" })
      .trim()
      .split("\n");
  } catch (error) {
    // Nothing found.
    if ((error as { status?: number }).status === 1) return [];
    throw error;
  } finally {
    execFileSync("rm", ["-f", list]);
  }
}
