import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CuttingRelay, cuttingRelay } from "@/test/cutting-relay";
import { ownDatabase } from "@/test/own-database";

let relay: CuttingRelay;
let owner: pg.Client;
let organizations: typeof import("@/lib/organizations");
const first = { organization: "Example Ltd", email: "ana@example.test", password: "correct horse battery staple" };

beforeAll(async () => {
  const { url, ownerUrl } = await ownDatabase();
  relay = await cuttingRelay(url);
  process.env.DATABASE_URL = relay.url;
  owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  await (await import("@/lib/platform/readiness")).ready();
  organizations = await import("@/lib/organizations");
});
afterAll(async () => {
  await (await import("@/lib/platform/db")).disconnect();
  await relay.close();
  await owner.end();
});

/** As if nobody had ever set it up. */
async function emptied() {
  await owner.query(`BEGIN; SET LOCAL session_replication_role = replica;
    DELETE FROM audit_event; DELETE FROM audit_head; DELETE FROM user_account; DELETE FROM organization;
    DELETE FROM setup_token; COMMIT`);
}

/** What was cut off may be on its way to its end still: a server that is told to commit does so, whoever has gone. */
const atRest = () =>
  expect
    .poll(async () => {
      const { rows } = await owner.query(`SELECT count(*)::int AS busy FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`);
      return rows[0].busy;
    })
    .toBe(0);

const there = async () => {
  await atRest();
  const { rows } = await owner.query(`SELECT (SELECT count(*)::int FROM organization) AS organizations,
    (SELECT count(*)::int FROM user_account WHERE role = 'backoffice' AND status = 'active') AS administrators,
    (SELECT count(*)::int FROM audit_event) AS events`);
  return rows[0];
};
const NOTHING = { organizations: 0, administrators: 0, events: 0 };
const ALL = { organizations: 1, administrators: 1, events: 2 };

const ways = {
  "by the link": async () => {
    const token = (await organizations.issueSetupToken()) ?? "";
    return {
      act: () => organizations.setUp(token, first, "test-setup"),
      worksStill: () => organizations.isSetupToken(token),
    };
  },
  "by settings": async () => ({
    act: () => organizations.setUpUnattended(first, "test-setup"),
    worksStill: async () => true,
  }),
};

test.each(Object.entries(ways))(
  "the first set-up %s, cut off at any statement, is there whole or can be done again",
  async (_, begin) => {
    for (const moment of ["before it arrives", "before its answer"] as const) {
      for (let request = 1; ; request++) {
        await emptied();
        const { act, worksStill } = await begin();
        relay.cutAt(request, moment);
        const firstTry = await act().then(
          () => "done",
          (error) => error.code,
        );
        if (!relay.wasCut()) {
          expect(firstTry).toBe("done");
          break;
        }
        const now = await there();
        expect([NOTHING, ALL], `${moment}, request ${request}`).toContainEqual(now);
        if (now.organizations === 0) {
          expect(await worksStill()).toBe(true);
          await act();
        }
        expect(await there()).toEqual(ALL);
      }
    }
  },
);

test("of several set-ups at once, one is made, and the link is spent with it", async () => {
  await emptied();
  const token = (await organizations.issueSetupToken()) ?? "";
  const outcomes = await Promise.allSettled([
    organizations.setUp(token, first, "test-setup"),
    organizations.setUp(token, { ...first, organization: "Second Ltd" }, "test-setup"),
    organizations.setUpUnattended({ ...first, organization: "Third Ltd" }, "test-setup"),
  ]);
  const made = outcomes.filter((one) => one.status === "fulfilled" && one.value !== false);
  expect(made).toHaveLength(1);
  expect(await there()).toEqual(ALL);
  expect(await organizations.isSetupToken(token)).toBe(false);
});

test("a password that is too short costs no link", async () => {
  await emptied();
  const token = (await organizations.issueSetupToken()) ?? "";
  await expect(organizations.setUp(token, { ...first, password: "short" }, "test-setup")).rejects.toMatchObject({
    code: "invalid",
  });
  expect(await organizations.isSetupToken(token)).toBe(true);
});
