import { expect } from "@playwright/test";
import { act, builtActions, expectRefusal, submit } from "../test/isolation/actions";
import { acts, callOf, caught, clicks, replay } from "../test/isolation/acts";
import {
  browserOf,
  everythingOf,
  type Named,
  newMember,
  nothing,
  readers,
  somethingOf,
  spareOrganization,
  state,
  test,
} from "../test/isolation/console-tenants";
import { difference, forgeries, tracesIn } from "../test/isolation/doors";

/** The console's actions, each for the owner, for a stranger, for nobody and from another site. */
test.describe.configure({ timeout: 180_000 });

const actions = builtActions();

/** Actions of visitors nobody knows yet. */
const open = ["setup/setUpAction", "join/openJoinLink", "join/acceptJoinLink"];

test("every action of the build is tried here", () => {
  expect([...actions.keys()].sort()).toEqual([...Object.keys(acts), ...open].sort());
});

/** What an action works on: a kind and a receiver of the organisation's own for those of them, of which it may have few. */
const thingsFor = (name: string) => (/^(kinds|streams)\//.test(name) ? everythingOf : somethingOf);

for (const [name, { addressed, platform, idle, reads, powerless }] of Object.entries(acts)) {
  test(`${name} works for the owner and for nobody else`, async ({ product, owner, stranger, operator, nobody }) => {
    const [none, ours] = [nothing(), { origin: product.url }];
    const theirs = await thingsFor(name)(owner);
    if (platform) theirs.organization = await spareOrganization(operator);
    const personal = name.startsWith("account/");
    const leaver = personal ? await newMember(product, owner.name, "app_user") : owner.user;
    const person = personal ? leaver : platform ? product.admin : owner.admin;
    // Signed in anew: some of them ask for a password that was checked a short while ago.
    const by = { api: owner.admin.api, console: await browserOf(product, person) };
    const call = (on: Named) => callOf(name, on, { owner, leaver });
    const before = await state(owner, operator, theirs);
    for (const one of addressed ? readers(stranger) : []) {
      const [foreign, unknown] = [await act(one.console, call(theirs), ours), await act(one.console, call(none), ours)];
      expectRefusal(foreign, one === stranger.admin && !platform ? "not_found" : /not_found|forbidden/, one.email);
      expect(difference([foreign, theirs], [unknown, none])).toBe("");
      expect(tracesIn(foreign.text, owner)).toEqual([]);
    }
    expectRefusal(await act(nobody, call(theirs), ours), "unauthenticated", "nobody");
    expectRefusal(await act(by.api, call(theirs), ours), "unauthenticated", "an API token");
    for (const role of powerless) expectRefusal(await act(owner[role].console, call(theirs), ours), "forbidden", role);
    for (const [why, headers] of Object.entries(forgeries(product))) {
      for (const send of [act, submit]) {
        expect((await send(by.console, call(theirs), headers)).result?.ok, `${send.name} ${why}`).not.toBe(true);
      }
    }
    await by.console.get(call(theirs).page, { headers: { ...ours, "next-action": call(theirs).id } });
    expect(await state(owner, operator, theirs)).toBe(before);
    const done = await act(by.console, call(theirs), ours);
    if (idle) return expectRefusal(done, idle, "the owner");
    expect(done.result).toMatchObject({ ok: true });
    if (reads) expect(await state(owner, operator, theirs)).toBe(before);
    else if (!personal) expect(await state(owner, operator, theirs)).not.toBe(before);
  });
}

test("a form without any script runs an action when it is of our own pages", async ({ product, owner, operator }) => {
  const theirs = await somethingOf(owner);
  const before = await state(owner, operator, theirs);
  const call = callOf("service-accounts/updateAccount", theirs, { owner, leaver: owner.user });
  await submit(owner.admin.console, call, { origin: product.url });
  expect(await state(owner, operator, theirs)).not.toBe(before);
});

test("the set-up action makes nothing once the vault is set up", async ({ product, owner, operator, nobody }) => {
  const input = { organization: "Mine", name: "Me", email: "me@example.com", password: "twelve letters", token: "x" };
  const call = { id: actions.get("setup/setUpAction") ?? "", page: "/setup", input };
  const before = await (await operator.get("/api/admin/organizations")).text();
  expectRefusal(await act(nobody, call, { origin: product.url }), "not_found", "nobody");
  for (const headers of Object.values(forgeries(product))) {
    expect((await act(owner.admin.console, call, headers)).result?.ok).not.toBe(true);
  }
  expect(await (await operator.get("/api/admin/organizations")).text()).toBe(before);
});

test("a one-time link that is none opens nothing, from our own pages or any other", async ({
  product,
  owner,
  nobody,
}) => {
  const input = { secret: "x".repeat(43), password: "twelve letters" };
  const callTo = (name: string, sent: object) => ({ id: actions.get(name) ?? "", page: "/join", input: sent });
  const ours = { origin: product.url };
  const opened = await act(nobody, callTo("join/openJoinLink", { secret: input.secret }), ours);
  expect(opened.result).toEqual({ ok: true, value: null });
  expectRefusal(await act(nobody, callTo("join/acceptJoinLink", input), ours), "not_found", "nobody");
  for (const headers of Object.values(forgeries(product))) {
    for (const name of ["join/openJoinLink", "join/acceptJoinLink"]) {
      const sent = name === "join/openJoinLink" ? { secret: input.secret } : input;
      expect((await act(owner.admin.console, callTo(name, sent), headers)).result?.ok, name).not.toBe(true);
    }
  }
});

for (const [name, click] of Object.entries(clicks)) {
  test(`${name} as a browser sent it is the owner's alone`, async ({ browser, product, owner, stranger, operator }) => {
    const theirs = await thingsFor(name)(owner);
    const before = await state(owner, operator, theirs);
    const sent = await caught(browser, product, owner.admin, (page) => click(page, theirs));
    expect(sent.headers()["next-action"]).toBe(actions.get(name));
    expect(await replay(sent, stranger.admin.console, product)).toContain('"not_found"');
    expect(await state(owner, operator, theirs)).toBe(before);
    expect(await replay(sent, owner.admin.console, product)).toContain('"ok":true');
    expect(await state(owner, operator, theirs)).not.toBe(before);
  });
}
