import { type APIRequestContext, expect } from "@playwright/test";
import {
  browserOf,
  browserWith,
  everythingOf,
  type Member,
  marks,
  type Named,
  newTenant,
  nothing,
  OWNERS,
  readers,
  spareOrganization,
  state,
  type Tenant,
  test,
} from "../test/isolation/console-tenants";
import {
  apiDoors,
  ask,
  consolePaths,
  cursorOf,
  difference,
  forgeries,
  namedIn,
  PATH,
  tracesIn,
  unnamed,
} from "../test/isolation/doors";

/**
 * Two organisations in one vault. At every door the stranger is blocked, in words that tell nothing, and the owner
 * still gets in. The doors are those that the source and the build have, so a new one is tried as well.
 */
test.describe.configure({ mode: "default", timeout: 180_000 });

/** Routes of the console that take something, and answer no GET. */
const WRITES = ["/credentials/test", "/credentials/rotate", "/credentials/sign-in", "/import/run"];
/** Doors at which the owner finds nothing to do here; what they do otherwise is shown by the contract tests. */
const IDLE = /\/narrowing$/;
/** What people have is for those who look after them, at home as well. */
const isClosed = (path: string, { user }: Tenant, by: Member) => by === user && path.startsWith("/people/");
/** A token is for those who look after tokens, and for its owner: to others it is not there. */
const isHidden = (path: string, { user }: Tenant, by: Member) => by === user && path.startsWith("/tokens/");
/** Feeds of the platform's administrator alone. */
const PLATFORM = ["/organizations/feed"];

test("the audit log of something of another organisation is that of nothing", async ({ owner, stranger }) => {
  const [theirs, none] = [await everythingOf(owner), nothing()];
  for (const by of readers(stranger)) {
    for (const path of ["/audit?targetId=", "/audit?q="]) {
      const foreign = await ask(by.console, "GET", path + theirs.credential);
      const unknown = await ask(by.console, "GET", path + none.credential);
      expect(difference([foreign, theirs], [unknown, none]), path).toBe("");
    }
  }
  for (const by of [owner.admin, owner.auditor]) {
    const answer = await ask(by.console, "GET", `/audit?targetId=${theirs.credential}`);
    expect(answer.text).toContain(owner.admin.email);
    expect(answer.text).toContain("Created a credential");
  }
});

test("a page of another organisation is a page that does not exist", async ({ browser, product, owner, stranger }) => {
  const [theirs, none] = [await everythingOf(owner), nothing()];
  const [foreign, random] = [theirs, none].map((of) => namedIn(consolePaths("page.tsx"), of)) as [string[], string[]];
  expect(foreign.length).toBeGreaterThanOrEqual(6);
  for (const by of readers(stranger)) {
    const context = await browser.newContext({ baseURL: product.url, storageState: await by.console.storageState() });
    const page = await context.newPage();
    for (const [at, path] of foreign.entries()) {
      for (const headers of [{ accept: "text/html" }, { rsc: "1" }]) {
        const seen = await ask(by.console, "GET", path, undefined, headers);
        const unseen = await ask(by.console, "GET", random[at] ?? "", undefined, headers);
        expect(difference([seen, theirs], [unseen, none]), path).toBe("");
        expect(tracesIn(seen.text, owner), path).toEqual([]);
      }
      await page.goto(path);
      const shown = await page.getByRole("main").textContent();
      await page.goto(random[at] ?? "");
      expect(await page.getByRole("main").textContent(), path).toBe(shown);
    }
    await context.close();
  }
  for (const path of foreign) expect((await ask(owner.admin.console, "GET", path)).status, path).toBe(200);
});

test("a feed of another organisation is refused like one of nothing", async ({ owner, stranger }) => {
  const [theirs, none] = [await everythingOf(owner), nothing()];
  const [foreign, random] = [theirs, none].map((of) => namedIn(consolePaths("route.ts"), of)) as [string[], string[]];
  expect(foreign.length).toBeGreaterThanOrEqual(5);
  for (const [at, path] of foreign.entries()) {
    for (const by of readers(stranger)) {
      const refused = await ask(by.console, "GET", path);
      expect(refused.status, path).toBe(isClosed(path, stranger, by) ? 403 : 404);
      expect(difference([refused, theirs], [await ask(by.console, "GET", random[at] ?? ""), none]), path).toBe("");
    }
    for (const by of readers(owner)) {
      const wanted = isClosed(path, owner, by) ? 403 : isHidden(path, owner, by) ? 404 : 200;
      expect((await ask(by.console, "GET", path)).status, path).toBe(wanted);
    }
  }
});

test("a feed asked for another organisation, or for somebody of one, tells of nothing", async ({
  product,
  owner,
  stranger,
  operator: platform,
}) => {
  const [theirs, none] = [await everythingOf(owner), nothing()];
  // A refusal is on record at home, with the id that was asked for.
  theirs.organization = await spareOrganization(platform);
  const asked = (on: Named) => [
    `/people/feed?organization=${on.organization}`,
    `/tokens/feed?whose=account&id=${on.account}`,
    `/tokens/feed?whose=person&id=${on.person}`,
    `/tokens/feed?whose=account&id=${on.account}&organization=${on.organization}`,
    ...PLATFORM,
  ];
  for (const by of readers(stranger)) {
    for (const [at, path] of asked(theirs).entries()) {
      const [foreign, unknown] = [
        await ask(by.console, "GET", path),
        await ask(by.console, "GET", asked(none)[at] ?? ""),
      ];
      expect(difference([foreign, theirs], [unknown, none]), path).toBe("");
      expect(tracesIn(foreign.text, owner), path).toEqual([]);
    }
  }
  const operator = await browserOf(product, product.admin);
  // By their names: a page holds fifty, and other tests leave more behind.
  const named = (name: string) => `q=${encodeURIComponent(name)}`;
  expect((await ask(operator, "GET", `/organizations/feed?${named(owner.name)}`)).text).toContain(owner.name);
  const inside = { ...theirs, organization: owner.id };
  const people = `${asked(inside)[0]}&${named(owner.user.email)}`;
  expect((await ask(operator, "GET", people)).text).toContain(owner.user.email);
  expect((await ask(operator, "GET", asked(inside)[3] ?? "")).text).toContain(theirs.key);
  expect((await ask(owner.admin.console, "GET", asked(theirs)[1] ?? "")).text).toContain(theirs.key);
});

test("a history is that of a credential: nothing else of the organisation has one", async ({ owner }) => {
  await everythingOf(owner);
  const made: { user_id: string }[] = await (await owner.program.get(PATH)).json();
  const people = new Set(made.map(({ user_id }) => user_id));
  expect(people.size).toBe(2);
  for (const id of [owner.id, owner.account.id, owner.key.id, ...people]) {
    const { status, text } = await ask(owner.user.console, "GET", `/credentials/${id}/feed/history`);
    expect(status, text).toBe(404);
  }
});

test("lists, searches and exports hold one's own alone", async ({ product, owner, stranger }) => {
  const [credential, cursor] = [owner.credential, await cursorOf(owner)];
  const foreign = [...owner.traces, owner.id, credential.id, owner.account.id, owner.key.id];
  const paths = [
    ...unnamed(consolePaths("page.tsx")),
    ...unnamed(consolePaths("route.ts")).filter((path) => !WRITES.includes(path)),
    `/credentials/feed?q=${encodeURIComponent(credential.name)}`,
    `/audit/export?targetId=${credential.id}`,
    "/api/auth/session",
  ];
  const lists = [PATH, `${PATH}/provider/postgresql`, `${PATH}?cursor=${cursor}`, "/api/service-accounts"];
  for (const by of readers(stranger)) {
    for (const [door, path] of [
      ...paths.map((path) => [by.console, path] as const),
      ...lists.map((path) => [by.api, path] as const),
    ]) {
      const { status, text } = await ask(door, "GET", path);
      expect(status, path).toBeLessThan(500);
      // What was searched for stands in the search box.
      expect(
        foreign.filter((one) => text.includes(one) && !path.includes(encodeURIComponent(one))),
        path,
      ).toEqual([]);
    }
  }
  // Somebody who has no more of anything than a list shows: other tests leave a lot behind in the owner's organisation.
  const another = await newTenant(product, marks.secret("another organisation's credential"));
  for (const [path, text] of [
    ["/credentials", another.credential.name],
    ["/credentials/feed", another.credential.name],
    ["/audit/export", another.credential.name],
    ["/service-accounts", another.account.name],
    ["/tokens", another.key.name],
    ["/tokens/feed", another.key.name],
    ["/people", another.user.email],
    ["/people/feed", another.user.email],
    ["/settings", another.name],
  ] as const) {
    expect((await ask(another.admin.console, "GET", path)).text, path).toContain(text);
  }
});

test("the API answers for a stranger as for nothing, and changes nothing", async ({ owner, stranger, operator }) => {
  const [theirs, none] = [await everythingOf(owner), nothing()];
  const before = await state(owner, operator, theirs);
  const random = apiDoors(none);
  for (const [at, [method, path, data]] of apiDoors(theirs).entries()) {
    for (const { api } of readers(stranger)) {
      const refused = await ask(api, method, path, data);
      const [, nowhere = "", nothingness] = random[at] ?? [];
      // LiteGraph's dialect refuses a known caller with 401.
      expect(/^\/(v|litegraph)/.test(path) ? [401] : [403, 404], path).toContain(refused.status);
      expect(difference([refused, theirs], [await ask(api, method, nowhere, nothingness), none]), path).toBe("");
    }
  }
  const mixed = `/api/service-accounts/${stranger.account.id}/api-keys/${theirs.key}`;
  for (const method of ["PATCH", "DELETE"]) expect((await ask(stranger.admin.api, method, mixed, {})).status).toBe(404);
  expect(await state(owner, operator, theirs)).toBe(before);
  for (const [method, path, data] of apiDoors(theirs)) {
    const { status } = await ask(owner.admin.api, method, path, data);
    if (method === "POST" && IDLE.test(path)) expect(status, path).toBe(409);
    else expect(status, `${method} ${path}`).toBeLessThan(300);
  }
});

test("only a service account gets plaintext, and only its own organisation's", async ({ owner, stranger }) => {
  const path = `${PATH}/${owner.credential.id}/credentials`;
  for (const { api, console } of [...readers(owner), ...readers(stranger)]) {
    expect((await ask(api, "GET", path)).status).toBe(403);
    expect((await ask(console, "GET", path)).status).toBe(401);
  }
  const refused = await ask(stranger.program, "GET", path);
  const none = nothing();
  const unknown = await ask(stranger.program, "GET", `${PATH}/${none.credential}/credentials`);
  expect(refused.status).toBe(404);
  expect(difference([refused, none], [unknown, none])).toBe("");
  const fetched = await owner.program.get(path);
  expect(fetched.status()).toBe(200);
  expect(marks.foundIn(await fetched.text())).toEqual([OWNERS]);
});

test("the console's connection test knows no stranger's credential, nor any other site", async ({
  product,
  owner,
  stranger,
  nobody,
}) => {
  const { id } = owner.credential;
  const tried = (by: APIRequestContext, data: object, headers: object) =>
    ask(by, "POST", "/credentials/test", data, headers);
  const ours = { origin: product.url };
  const none = nothing();
  for (const change of [undefined, { mode: "merge", values: { host: "127.0.0.2" } }]) {
    const refused = await tried(stranger.admin.console, { id, change }, ours);
    expect(refused.text).toContain('"not_found"');
    const unknown = await tried(stranger.admin.console, { id: none.credential, change }, ours);
    expect(difference([refused, none], [unknown, none])).toBe("");
  }
  for (const headers of Object.values(forgeries(product))) {
    expect((await tried(owner.admin.console, { id }, headers)).status).toBe(403);
  }
  expect((await tried(nobody, { id }, ours)).status).toBe(401);
  expect((await tried(owner.auditor.console, { id }, ours)).text).toContain('"forbidden"');
  expect((await tried(owner.user.console, { id }, ours)).text).toContain('"report"');
});

test("nobody rotates what is another organisation's, or sends somebody's browser to do it", async ({
  product,
  owner,
  stranger,
  nobody,
}) => {
  const [{ id }, none, ours] = [owner.credential, nothing(), { origin: product.url }];
  const rotate = (by: APIRequestContext, on: string, headers: object) =>
    ask(by, "POST", "/credentials/rotate", { id: on }, headers);
  const refused = await rotate(stranger.admin.console, id, ours);
  expect(refused.text).toContain('"not_found"');
  const unknown = await rotate(stranger.admin.console, none.credential, ours);
  expect(difference([refused, none], [unknown, none])).toBe("");
  expect((await rotate(owner.auditor.console, id, ours)).text).toContain('"forbidden"');
  for (const headers of Object.values(forgeries(product))) {
    expect((await rotate(owner.admin.console, id, headers)).status).toBe(403);
  }
  expect((await rotate(nobody, id, ours)).status).toBe(401);
});

test("a cookie does nothing at the API, a token nothing at the console", async ({ product, owner }) => {
  const on = await everythingOf(owner);
  for (const [method, path, data] of apiDoors(on)) {
    const headers = { origin: product.url };
    expect((await ask(owner.admin.console, method, path, data, headers)).status, `${method} ${path}`).toBe(401);
  }
  const feeds = consolePaths("route.ts").filter((path) => ![...WRITES, ...PLATFORM].includes(path));
  // Signed in anew: an export asks for a password that was checked a short while ago.
  for (const [by, inside, outside] of [
    [await browserOf(product, owner.admin), 200, 200],
    [owner.admin.api, 307, 401],
  ] as const) {
    if (outside === 401) for (const path of PLATFORM) expect((await ask(by, "GET", path)).status, path).toBe(401);
    for (const path of namedIn(consolePaths("page.tsx"), on))
      expect((await ask(by, "GET", path)).status, path).toBe(inside);
    for (const path of [...namedIn(feeds, on), ...unnamed(feeds)]) {
      expect((await ask(by, "GET", path)).status, path).toBe(outside);
    }
  }
});

test("a cookie is worth nothing after signing out, nor is an altered one", async ({ product, owner }) => {
  const page = `/credentials/${owner.credential.id}`;
  const [kept, left] = [await browserOf(product, owner.user), await browserOf(product, owner.user)];
  const copied = await browserWith(product, await left.storageState());
  const altered = await browserWith(product, await kept.storageState(), (value) => `${value.slice(0, -8)}AAAAAAAA`);
  expect((await ask(copied, "GET", page)).status).toBe(200);
  const { csrfToken } = await (await left.get("/api/auth/csrf")).json();
  await left.post("/api/auth/signout", { form: { csrfToken, json: "true" } });
  for (const by of [left, copied, altered]) {
    expect((await ask(by, "GET", page)).status).toBe(307);
    expect((await ask(by, "GET", `${page}/feed`)).status).toBe(401);
    const tried = await ask(by, "POST", "/credentials/test", { id: owner.credential.id }, { origin: product.url });
    expect(tried.status).toBe(401);
  }
  expect((await ask(kept, "GET", `${page}/feed`)).status).toBe(200);
});
