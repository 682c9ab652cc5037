import { randomUUID } from "node:crypto";
import type { APIRequestContext, Browser, Page, Request } from "@playwright/test";
import type { Product } from "../servers/product";
import { builtActions, type Call } from "./actions";
import type { Member, Named, Tenant } from "./console-tenants";

/** The console's actions: what each is sent, and who may not send it. */
const actions = builtActions();

interface Who {
  owner: Tenant;
  leaver: Member;
}

export interface Act {
  page: (on: Named) => string;
  input: (on: Named, who: Who) => object;
  /** Names something by its id. */
  addressed?: boolean;
  /** It takes the platform's administrator, whoever else there is in an organisation. */
  platform?: boolean;
  /** How it answers the owner where there is nothing to do: what it does otherwise is shown in the console's own tests. */
  idle?: "conflict" | "not_found";
  /** It answers, and leaves everything as it is. */
  reads?: true;
  /** Who in the organisation may not do it. */
  powerless: ("admin" | "user" | "auditor")[];
}

const both: Act["powerless"] = ["user", "auditor"];
const onCredential = {
  page: ({ credential }: Named) => `/credentials/${credential}`,
  addressed: true,
  powerless: both,
};
const onAccount = { page: ({ account }: Named) => `/service-accounts/${account}`, addressed: true, powerless: both };

const onPerson = { page: () => "/people", addressed: true, powerless: both };
const onGroup = { page: ({ group }: Named) => `/groups/${group}`, addressed: true, powerless: both };
const onStream = { page: () => "/audit/streams", addressed: true, powerless: both };
const streamSettings = { kind: "webhook", url: "https://siem.example/in", signing_secret: `whsec_${"A".repeat(32)}` };
const onAccess = { page: ({ credential }: Named) => `/credentials/${credential}/access`, addressed: true };
const onKind = { page: ({ kind }: Named) => `/settings/kinds/${kind}`, addressed: true, powerless: both };
const readsKinds = { page: () => "/settings/kinds/new", reads: true, powerless: both } as const;
const definition = (id = `own_${randomUUID().replaceAll("-", "_")}`) =>
  `schema: 1\nid: ${id}\nlabel: Other\ncredential_type: api_key\nfields: [{ name: key, kind: password, label: Key }]\n`;
const everybody: Act["powerless"] = ["admin", "user", "auditor"];
const onOrganization = {
  page: ({ organization }: Named) => `/organizations/${organization}`,
  addressed: true,
  platform: true,
  powerless: everybody,
};

export const acts: Record<string, Act> = {
  "credentials/create": {
    page: () => "/credentials/new/sftp",
    input: () => ({
      provider: "sftp",
      type: "user_password",
      data: { host: "h.example", port: 22, username: "u", password: "p" },
    }),
    powerless: ["auditor"],
  },
  "credentials/update": { ...onCredential, input: ({ credential: id }) => ({ id, change: { name: `Taken ${id}` } }) },
  "credentials/setActive": {
    ...onCredential,
    input: ({ credential: id }) => ({ id, active: false, expectedVersion: 1 }),
  },
  "credentials/remove": { ...onCredential, input: ({ credential: id }) => ({ id }) },
  "credentials/callOff": { ...onCredential, input: ({ credential: id }) => ({ id }), idle: "conflict" },
  "tokens/issue": {
    ...onAccount,
    input: ({ account: id }) => ({
      name: "t",
      owner: { kind: "service_account", id },
      scope: "read",
      limits: null,
      days: 1,
    }),
  },
  "tokens/setTokenActive": { ...onAccount, input: ({ key: id }) => ({ id, own: false, active: false }) },
  "tokens/change": { ...onAccount, input: ({ key: id }) => ({ id, own: false, expectedVersion: 1, name: "Taken" }) },
  "tokens/rotate": {
    ...onAccount,
    input: ({ key: id }) => ({ id, own: false, expectedVersion: 1, overlapSeconds: 60 }),
  },
  "tokens/endOverlap": { ...onAccount, input: ({ key: id }) => ({ id, own: false }) },
  "tokens/revoke": { ...onAccount, input: ({ key: id }) => ({ id, own: false }) },
  // To those who look after their own tokens alone, another one is not there.
  "tokens/narrowToUsed": {
    page: ({ key }) => `/tokens/${key}`,
    addressed: true,
    input: ({ key: id }) => ({ id }),
    idle: "conflict",
    powerless: ["auditor"],
  },
  "service-accounts/createAccount": {
    page: () => "/service-accounts",
    input: () => ({ name: `Made ${randomUUID()}`, description: "" }),
    powerless: both,
  },
  "service-accounts/updateAccount": {
    ...onAccount,
    input: ({ account: id }) => ({ id, change: { status: "inactive" } }),
  },
  "service-accounts/removeAccount": { ...onAccount, input: ({ account: id }) => ({ id }) },
  "access/grant": {
    ...onAccess,
    input: ({ credential: key, account: id }) => ({
      ...{ subject: { kind: "service_account", id }, reach: "credential", key, rights: ["use"] },
      ...{ expiresAt: null, reason: "" },
    }),
    powerless: both,
  },
  // Whoever it was given to may give it back.
  "access/takeAway": { ...onAccess, input: ({ grant: id }) => ({ ids: [id] }), powerless: ["auditor"] },
  // Nothing is granted to it: what is taken away is shown in the console's own tests.
  "access/takeAwayOver": {
    ...onAccess,
    input: ({ credential: credentialId, account: id }) => ({ credentialId, subject: { kind: "service_account", id } }),
    reads: true,
    powerless: ["auditor"],
  },
  "access/narrow": { ...onAccount, input: ({ account: id }) => ({ id }), idle: "conflict" },
  "access/ask": {
    ...onAccess,
    input: ({ credential: credentialId }) => ({ credentialId, right: "use", reason: "To load it" }),
    powerless: [],
  },
  // Somebody else's: nobody but whoever has asked takes a request back.
  "access/withdraw": { ...onAccess, input: ({ request: id }) => ({ id }), idle: "not_found", powerless: [] },
  "access/answer": {
    ...onAccess,
    input: ({ request: id }) => ({ id, isGranted: false, note: "", expiresAt: null }),
    powerless: both,
  },
  "exposed/exportCsv": {
    page: ({ account }) => `/audit/exposed?by=service_account:${account}`,
    addressed: true,
    input: ({ account, credential }) => ({ asked: { by: `service_account:${account}` }, ids: [credential] }),
    idle: "not_found",
    powerless: ["user"],
  },
  "groups/makeGroup": {
    page: () => "/groups",
    input: () => ({ name: `Made ${randomUUID()}`, description: "" }),
    powerless: both,
  },
  "groups/changeGroup": { ...onGroup, input: ({ group: id }) => ({ id, change: { name: `Taken ${id}` } }) },
  "groups/removeGroup": { ...onGroup, input: ({ group: id }) => ({ id }) },
  "streams/addStream": {
    page: () => "/audit/streams",
    input: () => ({
      name: `Made ${randomUUID()}`,
      settings: streamSettings,
      backlogLimit: 1_000,
      refuseFetchesWhenFull: false,
      force: true,
      from: "now",
    }),
    powerless: both,
  },
  "streams/changeStream": {
    ...onStream,
    input: ({ stream: id }) => ({ id, expectedVersion: 1, name: `Taken ${id}`, backlogLimit: 2_000 }),
  },
  "streams/testStream": { ...onStream, input: ({ stream: id }) => ({ id }), reads: true },
  "streams/stopStream": { ...onStream, input: ({ stream: id }) => ({ id }) },
  "streams/goOnWithStream": { ...onStream, input: ({ stream: id }) => ({ id }) },
  "streams/removeStream": { ...onStream, input: ({ stream: id }) => ({ id }) },
  "people/invite": {
    page: () => "/people",
    input: () => ({ email: `${randomUUID()}@example.com`, firstName: "", lastName: "", role: "app_user" }),
    powerless: both,
  },
  "people/inviteAgain": { ...onPerson, input: ({ guest: id }) => ({ id }) },
  "people/offerReset": { ...onPerson, input: ({ person: id }) => ({ id }) },
  "people/change": {
    ...onPerson,
    input: ({ person: id }) => ({ id, change: { firstName: "Taken", role: "auditor", expectedVersion: 1 } }),
  },
  "people/setActive": { ...onPerson, input: ({ person: id }) => ({ id, active: false }) },
  "people/remove": { ...onPerson, input: ({ person: id }) => ({ id }) },
  "people/confirmSetUp": { ...onPerson, input: ({ person: id }) => ({ kind: "person", id }), idle: "not_found" },
  "people/refuseSetUp": { ...onPerson, input: ({ person: id }) => ({ kind: "link", id }), idle: "not_found" },
  "organizations/create": {
    page: () => "/organizations",
    input: () => ({ name: `Made ${randomUUID()}` }),
    platform: true,
    powerless: everybody,
  },
  "organizations/change": {
    ...onOrganization,
    input: ({ organization: id }) => ({ id, change: { name: `Taken ${id}`, maxPerUser: 7 } }),
  },
  "organizations/remove": { ...onOrganization, input: ({ organization: id }) => ({ id, force: true }) },
  "account/confirmOwnPassword": {
    page: () => "/account",
    input: (_, { leaver }) => ({ password: leaver.password }),
    powerless: [],
  },
  "account/changeOwnPassword": {
    page: () => "/account",
    input: (_, { leaver }) => ({ present: leaver.password, next: `${leaver.password} anew` }),
    powerless: [],
  },
  "account/endOwnSessions": { page: () => "/account", input: () => ({}), powerless: [] },
  "kinds/add": { page: () => "/settings/kinds/new", input: () => ({ text: definition() }), powerless: both },
  "kinds/change": {
    ...onKind,
    input: ({ kind: id }) => ({ id, text: definition(id), expectedVersion: 1 }),
  },
  "kinds/describe": { ...readsKinds, input: () => ({ text: definition() }) },
  "kinds/tryOut": {
    ...readsKinds,
    input: () => ({
      text: `${definition()}authentication: [{ scheme: none }]\nbase_url: https://127.0.0.1:9\ntest: { path: / }\n`,
      values: {},
    }),
  },
  "kinds/draft": { ...readsKinds, input: () => ({ label: "A", scheme: "bearer", path: "/" }) },
  "kinds/draftOfDocument": {
    ...readsKinds,
    input: () => ({
      document: '{"components":{"securitySchemes":{"a":{"type":"http","scheme":"bearer"}}}}',
    }),
  },
  "kinds/remove": { ...onKind, input: ({ kind: id }) => ({ id, expectedVersion: 1 }) },
  // The last: afterwards nobody can be added to the owner by name.
  "settings/updateOwnOrganization": {
    page: () => "/settings",
    input: (_, { owner }) => ({ name: `${owner.name} again ${randomUUID()}` }),
    powerless: both,
  },
};

/** One of them, as its page calls it. @throws Error for an unknown name */
export function callOf(name: string, on: Named, who: Who): Call {
  const [act, id] = [acts[name], actions.get(name)];
  if (!act || id === undefined) throw new Error(`There is no action ${name}`);
  return { id, page: act.page(on), input: act.input(on, who) };
}

/** How the owner's browser comes to send an action. */
export const clicks: Record<string, (page: Page, on: Named) => Promise<void>> = {
  "credentials/setActive": async (page, { credential }) => {
    await page.goto(`/credentials/${credential}`);
    await page.getByRole("button", { name: "More actions" }).click();
    // Asked first: a task is registered as using it.
    await page.getByRole("menuitem", { name: "Disable…" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Disable" }).click();
  },
  "credentials/remove": async (page, { credential }) => {
    await page.goto(`/credentials/${credential}`);
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Delete…" }).click();
    const dialog = page.getByRole("alertdialog");
    const name = (await dialog.getByText(/^Type the name to delete it: /).innerText()).replace(/^.*?: /, "");
    await dialog.getByLabel(/^Type the name/).fill(name);
    await dialog.getByRole("button", { name: "Delete for good" }).click();
  },
  "service-accounts/updateAccount": async (page, { account }) => {
    await page.goto(`/service-accounts/${account}`);
    await page.getByRole("button", { name: "Disable" }).click();
  },
  "tokens/setTokenActive": async (page, { account }) => {
    await page.goto(`/service-accounts/${account}`);
    await page.getByRole("switch").click();
  },
  "people/setActive": async (page, { person }) => {
    await page.goto(`/people?q=${person}`);
    await page.getByRole("button", { name: /^Actions for/ }).click();
    await page.getByRole("menuitem", { name: "Deactivate" }).click();
  },
  "tokens/revoke": async (page, { account }) => {
    await page.goto(`/service-accounts/${account}`);
    await page.getByRole("button", { name: /^Actions for/ }).click();
    await page.getByRole("menuitem", { name: "Revoke…" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  },
};

/** The action that a click in somebody's browser sends. It is caught on the way and never arrives. */
export async function caught(browser: Browser, product: Product, by: Member, click: (page: Page) => Promise<void>) {
  const context = await browser.newContext({ baseURL: product.url, storageState: await by.console.storageState() });
  const page = await context.newPage();
  const request = new Promise<Request>((resolve) => {
    void page.route("**", (route, sent) => {
      if (sent.method() !== "POST" || !sent.headers()["next-action"]) return route.fallback();
      resolve(sent);
      return route.abort();
    });
  });
  await click(page);
  const sent = await request;
  await context.close();
  return sent;
}

/** The same request again, as it was but for the cookie. */
export async function replay(sent: Request, by: APIRequestContext, { url }: Product): Promise<string> {
  const { cookie: _, ...headers } = sent.headers();
  const data = sent.postDataBuffer() ?? "";
  return (await by.post(sent.url(), { headers: { ...headers, origin: url }, data })).text();
}
