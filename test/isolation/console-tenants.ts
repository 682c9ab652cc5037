import { randomUUID } from "node:crypto";
import { type APIRequestContext, test as base, expect, request as requests } from "@playwright/test";
import { Canaries } from "@/test/canaries";
import { browserOfLivePages, type Made, newCredential, type Person, signIn } from "../../e2e/fixtures";
import { freePort } from "../servers/peer";
import { type Product, startProduct } from "../servers/product";

/** The secrets of all organisations. */
export const marks = new Canaries();
export const OWNERS = "the owner's credential";

interface Vault {
  product: Product;
  owner: Tenant;
  stranger: Tenant;
  /** The API as the platform's administrator, in an organisation of its own. */
  operator: APIRequestContext;
  /** Requests with neither cookie nor token. */
  nobody: APIRequestContext;
}

/** Two organisations in one vault. */
export const test = base.extend<object, Vault>({
  browser: browserOfLivePages,
  product: [
    async ({ browserName: _ }, use) => {
      const product = await startProduct({ OUTBOUND_ALLOW: "127.0.0.0/8:1-65535", LOG_LEVEL: "warn" });
      await use(product);
      await product.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  owner: [
    ({ product }, use) => newTenant(product, marks.secret(OWNERS)).then(use),
    { scope: "worker", timeout: 120_000 },
  ],
  stranger: [
    ({ product }, use) => newTenant(product, marks.secret("the stranger's credential")).then(use),
    { scope: "worker", timeout: 120_000 },
  ],
  operator: [
    async ({ product }, use) => {
      const whose = ["--user", product.admin.email, "--organization", "Example Ltd"];
      await use(await bearer(product, await product.operate("token", "create", ...whose)));
    },
    { scope: "worker", timeout: 180_000 },
  ],
  nobody: [({ product }, use) => requests.newContext({ baseURL: product.url }).then(use), { scope: "worker" }],
  baseURL: ({ product }, use) => use(product.url),
});

/** Somebody with a browser's cookie and an API token, in contexts apart: neither one is sent with the other. */
export interface Member extends Person {
  console: APIRequestContext;
  api: APIRequestContext;
}

/** An organisation that has something of everything, made as its operator and its people would. */
export interface Tenant {
  id: string;
  name: string;
  admin: Member;
  user: Member;
  auditor: Member;
  /** The API as the service account, which fetched the credential. */
  program: APIRequestContext;
  account: Made;
  key: Made;
  /** Made by the user; it was fetched and its stored values were tested. */
  credential: Made;
  /** What nobody outside may ever read, but for the ids. */
  traces: string[];
}

const PATH = "/api/integrations/credentials";

/**
 * One that has nothing yet but what is made here, so that a list shows all of it.
 * @param secret the password of its credential
 */
export async function newTenant(product: Product, secret: string): Promise<Tenant> {
  const name = `Org ${randomUUID()}`;
  const id = await product.operate("organization", "create", "--name", name);
  // Each test leaves something behind; the limits are tested where they are the subject.
  await product.operate("organization", "limits", "--name", name, "--per-provider", "1000", "--per-user", "1000");
  const [admin, user, auditor] = await Promise.all([
    newMember(product, name, "org_admin"),
    newMember(product, name, "app_user"),
    newMember(product, name, "auditor"),
  ]);
  const account = await newAccount(admin.api);
  const everything = { subject_type: "service_account", subject_id: account.id, reach: "all", rights: ["use"] };
  await made(admin.api, "/api/access/grants", everything);
  const { token, ...key } = await newKey(admin.api, account.id);
  const program = await bearer(product, token);
  const username = `reader-${randomUUID()}`;
  const tag = `tag-${randomUUID()}`;
  const values = { host: "127.0.0.1", port: await freePort(), database: "app", username, password: secret };
  const body = { provider: "postgresql", credential_type: "user_password", credentials: values, tags: [tag] };
  const credential: Made = await made(user.api, PATH, { ...body, name: `Ledger ${randomUUID()}` });
  expect((await program.get(`${PATH}/${credential.id}/credentials`)).status()).toBe(200);
  expect(await (await user.api.post(`${PATH}/${credential.id}/test`)).json()).toMatchObject({ success: false });
  const people = [admin, user, auditor].map(({ email }) => email);
  const traces = [name, account.name, key.name, credential.name, username, tag, ...people];
  return { id, name, admin, user, auditor, program, account, key, credential, traces };
}

export async function newMember(product: Product, organization: string, role: string): Promise<Member> {
  const person = { email: `${role}-${randomUUID()}@example.com`, password: randomUUID() };
  const words = ["--email", person.email, "--organization", organization];
  await product.operate("user", "create", ...words, "--role", role, "--password", person.password);
  const token = await product.operate("token", "create", "--user", person.email, "--organization", organization);
  return { ...person, console: await browserOf(product, person), api: await bearer(product, token) };
}

/** A browser's requests after signing in: no page, the cookie alone. */
export const browserOf = async (product: Product, person: Person): Promise<APIRequestContext> =>
  requests.newContext({ baseURL: product.url, storageState: await signIn(product, person) });

type Kept = Awaited<ReturnType<APIRequestContext["storageState"]>>;

/** A browser's requests with cookies that were copied, and perhaps altered. */
export const browserWith = (product: Product, { cookies }: Kept, alter = (value: string) => value) =>
  requests.newContext({
    baseURL: product.url,
    storageState: { origins: [], cookies: cookies.map((cookie) => ({ ...cookie, value: alter(cookie.value) })) },
  });

const bearer = (product: Product, token: string): Promise<APIRequestContext> =>
  requests.newContext({ baseURL: product.url, extraHTTPHeaders: { authorization: `Bearer ${token}` } });

const newAccount = (api: APIRequestContext): Promise<Made> =>
  made(api, "/api/service-accounts", { name: `Engine ${randomUUID()}` });

const newKey = (api: APIRequestContext, account: string): Promise<Made & { token: string }> =>
  made(api, `/api/service-accounts/${account}/api-keys`, { name: `Key ${randomUUID()}` });

async function made<What = Made>(api: APIRequestContext, path: string, data: object): Promise<What> {
  const answer = await api.post(path, { data });
  expect(answer.status(), await answer.text()).toBe(201);
  return answer.json();
}

/** What can be named by an id. */
export interface Named {
  organization: string;
  credential: string;
  /** A registered use of it. */
  use: string;
  account: string;
  key: string;
  /** A kind of credential of its own. */
  kind: string;
  /** A receiver of its audit log. */
  stream: string;
  /** To see the credential, given to a person. */
  grant: string;
  group: string;
  /** What that person asks for over it. */
  request: string;
  person: string;
  /** Somebody invited, who has no password yet. */
  guest: string;
}

/** Ids of nothing. */
export const nothing = (): Named => ({
  organization: randomUUID(),
  credential: randomUUID(),
  use: randomUUID(),
  account: randomUUID(),
  key: randomUUID(),
  kind: `own_${randomUUID().replaceAll("-", "_")}`,
  stream: randomUUID(),
  grant: randomUUID(),
  group: randomUUID(),
  request: randomUUID(),
  person: randomUUID(),
  guest: randomUUID(),
});

/**
 * Fresh things of an organisation, which nobody has asked for yet. Its administrator made them. All but a kind of its
 * own, of which an organisation may have few.
 */
export async function somethingOf({ id, admin, user }: Tenant): Promise<Named> {
  const [credential, account] = [await newCredential(admin.api), await newAccount(admin.api)];
  const key = await newKey(admin.api, account.id);
  const use = await newUse(admin.api, credential.id);
  const { grant, request } = await asked(admin, user, credential.id);
  const group = (await made(admin.api, "/api/access/groups", { name: `Group ${randomUUID()}` })).id;
  const [person, guest] = [await newPerson(admin.api, id, randomUUID()), await newPerson(admin.api, id)];
  const named = { organization: id, credential: credential.id, account: account.id, key: key.id };
  return { ...nothing(), ...named, use, grant, group, request, person, guest };
}

/** The same, with a kind of its own and a receiver of its audit log. */
export async function everythingOf(tenant: Tenant): Promise<Named> {
  const { api } = tenant.admin;
  return { ...(await somethingOf(tenant)), kind: await newKind(api), stream: await newStream(api) };
}

/** An organisation may have five. */
async function newStream(api: APIRequestContext): Promise<string> {
  const there: Made[] = await (await api.get("/api/audit-streams")).json();
  for (const { id } of there.slice(0, -3)) await api.delete(`/api/audit-streams/${id}`);
  const settings = { kind: "webhook", url: "https://siem.example/in", signing_secret: `whsec_${"A".repeat(32)}` };
  return (await made(api, "/api/audit-streams", { name: `Stream ${randomUUID()}`, settings, force: true })).id;
}

/** A person is let see a credential, and asks for more. */
async function asked(admin: Member, user: Member, credential: string): Promise<{ grant: string; request: string }> {
  const { id } = await (await user.api.get("/api/profile/me")).json();
  const over = { subject_type: "user", subject_id: id, reach: "credential", key: credential, rights: ["see"] };
  const [grant] = await made<[Made]>(admin.api, "/api/access/grants", over);
  const request = { credential_id: credential, right: "edit", reason: "To change it" };
  return { grant: grant.id, request: (await made(user.api, "/api/access/requests", request)).id };
}

async function newKind(api: APIRequestContext): Promise<string> {
  const id = `own_${randomUUID().replaceAll("-", "_")}`;
  const text = `schema: 1\nid: ${id}\nlabel: Own\ncredential_type: api_key\nfields: [{ name: key, kind: password, label: Key }]\n`;
  const answer = await api.post("/api/integrations/kinds", { data: { text } });
  expect(answer.status(), await answer.text()).toBe(201);
  return id;
}

async function newUse(api: APIRequestContext, credential: string): Promise<string> {
  const data = { flow_id: randomUUID(), credential_id: credential, task_name: "Load", description: "" };
  const answer = await api.post("/api/plugins/postgresql/instances", { data });
  expect(answer.status(), await answer.text()).toBe(201);
  return (await answer.json()).id;
}

async function newPerson(api: APIRequestContext, organization: string, password?: string): Promise<string> {
  const GUID = randomUUID();
  const data = { GUID, Email: `${GUID}@example.com`, Password: password };
  const answer = await api.put(`/v1.0/tenants/${organization}/users`, { data });
  expect(answer.status(), await answer.text()).toBe(200);
  return GUID;
}

/** An organisation that nobody is in, for what ends organisations. */
export async function spareOrganization(operator: APIRequestContext): Promise<string> {
  const answer = await operator.put("/v1.0/tenants", { data: { Name: `Spare ${randomUUID()}` } });
  expect(answer.status(), await answer.text()).toBe(200);
  return (await answer.json()).GUID;
}

export const readers = ({ admin, user, auditor }: Tenant): Member[] => [admin, user, auditor];

/** All that an organisation has, but for when it was last used. */
export async function state(
  { program, admin }: Tenant,
  operator: APIRequestContext,
  { account, person, guest }: Named,
): Promise<string> {
  const answers = await Promise.all([
    program.get(PATH),
    operator.get("/api/admin/organizations"),
    admin.api.get("/api/plugins/instances"),
    admin.api.get("/api/service-accounts"),
    admin.api.get(`/api/service-accounts/${account}/api-keys`),
    admin.console.get("/people/feed?status=pending"),
    admin.console.get(`/people/feed?q=${person}`),
    admin.console.get(`/people/feed?q=${guest}`),
    admin.console.get(`/tokens/feed?whose=account&id=${account}`),
    admin.api.get("/api/integrations/kinds"),
    admin.api.get("/api/access/grants"),
    admin.api.get("/api/access/groups"),
    admin.api.get("/api/access/requests"),
  ]);
  const streams: { id: string; name: string; version: number }[] = await (
    await admin.api.get("/api/audit-streams")
  ).json();
  const texts = await Promise.all(answers.map((answer) => answer.text()));
  // How far each has come moves by itself.
  texts.push(...streams.map(({ id, name, version }) => `${id} ${name} ${version}`));
  return texts.join("\n").replace(/"(last_used_at|lastUsedAt|lastSignInAt)":[^,}]*/g, "");
}
